"""One conversation with one head in a language of lines, sans-IO; fits `link.Conversation`.

These languages have no sequence numbers, so an answer that came too late would be taken for the next one:
before every question all that has arrived is thrown away, and after trouble what arrives for a while.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from firmware_bridge.dialects.requests import Obeyed
from firmware_bridge.dialects.text import LONGEST_LINE, LineReader
from firmware_bridge.errors import BridgeError, LinkLost, LocalProtocolError, RemoteProtocolError
from firmware_bridge.wire.schema import Message
from firmware_bridge.wire.session import SHOWN_BYTES, Patience

STALE_FOR_S: Final = 0.2  # chosen: as long as Hamlib waits for an answer
REMEMBERED_LINES: Final = 16


class Language(Protocol):
    """How one dialect says things; pure."""

    @property
    def terminators(self) -> bytes:
        """Bytes that end a line."""
        ...

    def said(self, message: Message, attempt: int) -> bytes:
        """A message as bytes; later attempts, from 1, may say it in other words.

        Raises LocalProtocolError for a message that this dialect has no words for.
        """
        ...

    def silence_s(self, message: Message) -> float | None:
        """How long nobody objecting means that it is done; None when it is answered."""
        ...

    def understood(self, message: Message, lines: Sequence[str]) -> Message | None:
        """The answer in what was heard since the message was sent; None while it is not whole."""
        ...


@dataclass(slots=True)
class _Outstanding:
    message: Message
    deadline_s: float
    attempts: int = 0  # none yet: what is heard before the first is thrown away
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=REMEMBERED_LINES))
    heard: bytes = b""
    undisputed: bool = False


class TextSession:
    """Requests to one head, one at a time."""

    def __init__(self, language: Language, patience: Patience) -> None:
        self._language, self._patience = language, patience
        self._reader = LineReader(language.terminators)
        self._outstanding: _Outstanding | None = None
        self._stale = False

    @property
    def deadline_s(self) -> float | None:
        """When to call `expire`, or None while nothing is outstanding."""
        return None if self._outstanding is None else self._outstanding.deadline_s

    def request(self, message: Message, now_s: float) -> bytes:
        """Nothing to send yet: first the line is emptied, then `expire` gives the bytes.

        Raises LocalProtocolError while an earlier request is outstanding.
        """
        if self._outstanding is not None:
            earlier = type(self._outstanding.message).__name__
            raise LocalProtocolError(f"the device still owes an answer to {earlier}; await it")
        self._outstanding = _Outstanding(message, now_s + (STALE_FOR_S if self._stale else 0.0))
        return b""

    def receive(self, data: bytes) -> Message | None:
        """The answer that was waited for, or None while it has not arrived; anything else is ignored."""
        lines = self._reader.feed(data)
        waiting = self._outstanding
        if waiting is None or waiting.attempts == 0:
            return None
        waiting.heard = (waiting.heard + data)[:SHOWN_BYTES]
        answer: Message | None = None
        for line in lines:
            waiting.lines.append(line)
            answer = answer or self._language.understood(waiting.message, tuple(waiting.lines))
        if answer is None and waiting.undisputed:
            answer = Obeyed()
        if answer is not None:
            self._stale = waiting.attempts > 1
            self._outstanding = None
        return answer

    def expire(self, now_s: float) -> bytes:
        """Bytes to send at the deadline; nothing before it.

        Raises LinkLost after the last try when the line stayed silent, RemoteProtocolError when there was
        talk on it that is no answer.
        """
        waiting = self._outstanding
        if waiting is None or now_s < waiting.deadline_s:
            return b""
        silence_s = self._language.silence_s(waiting.message)
        if waiting.attempts > 0 and silence_s is not None:
            waiting.undisputed = True
            return b""
        if waiting.attempts == self._patience.tries:
            self.abandon()
            raise self._given_up(waiting)
        waiting.attempts += 1
        said = self._language.said(waiting.message, waiting.attempts - 1)
        on_the_line_s = (len(said) + LONGEST_LINE // 2) * self._patience.byte_s
        quiet_s = self._patience.reply_within_s if silence_s is None else silence_s
        waiting.deadline_s = now_s + quiet_s + on_the_line_s
        self._reader.clear()
        waiting.lines.clear()
        return said

    def abandon(self) -> None:
        """Wait no longer for an answer; what still arrives is thrown away before the next request."""
        if self._outstanding is not None:
            self._stale = True
        self._outstanding = None

    def _given_up(self, waiting: _Outstanding) -> BridgeError:
        asked = f"no answer to {type(waiting.message).__name__} in {self._patience.tries} tries"
        if waiting.heard:
            return RemoteProtocolError(
                f"{asked}, only other talk (first: {waiting.heard!r}); check protocol, speed and wiring"
            )
        return LinkLost(f"{asked} of {self._patience.reply_within_s:g} s; check power, cable and protocol")
