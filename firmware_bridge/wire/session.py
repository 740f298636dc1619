"""One conversation with one device, sans-IO: told the time, it says what to send and until when to wait."""

from dataclasses import dataclass
from typing import Final

from firmware_bridge.errors import BridgeError, LinkLost, LocalProtocolError, RemoteProtocolError
from firmware_bridge.wire.codec import SEQUENCES, decode_contents, encode_frame
from firmware_bridge.wire.receiver import FrameReceiver
from firmware_bridge.wire.schema import FIRST_ADDRESS, LAST_ADDRESS, SPECS, Message

SHOWN_BYTES: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait for an answer, and how often to ask for it."""

    reply_within_s: float = 0.3
    tries: int = 3


@dataclass(slots=True, kw_only=True)
class _Outstanding:
    message: Message
    sequence: int
    frame: bytes
    tries_left: int
    deadline_s: float
    heard: bytes = b""


class Session:
    """Requests to the device at one address, one at a time.

    A retry carries its request's sequence number, so that the device answers it from memory instead of
    executing it twice. Sessions on the same line share its receiver.
    """

    def __init__(self, *, address: int, receiver: FrameReceiver, patience: Patience) -> None:
        if not FIRST_ADDRESS <= address <= LAST_ADDRESS:
            raise LocalProtocolError(
                f"address {address} does not exist; give the device one of {FIRST_ADDRESS} to {LAST_ADDRESS}"
            )
        self.address = address
        self._receiver = receiver
        self._patience = patience
        self._next_sequence = 0
        self._outstanding: _Outstanding | None = None

    @property
    def deadline_s(self) -> float | None:
        """When to call `expire`, or None while nothing is outstanding."""
        return None if self._outstanding is None else self._outstanding.deadline_s

    def request(self, message: Message, now_s: float) -> bytes:
        """Bytes to send. Raises LocalProtocolError while an earlier request is outstanding."""
        if self._outstanding is not None:
            raise LocalProtocolError(
                f"device {self.address} still owes an answer to {_name(self._outstanding.message)}; await it"
            )
        frame = encode_frame(self.address, self._next_sequence, message)
        self._outstanding = _Outstanding(
            message=message,
            sequence=self._next_sequence,
            frame=frame,
            tries_left=self._patience.tries - 1,
            deadline_s=now_s + self._patience.reply_within_s,
        )
        self._next_sequence = (self._next_sequence + 1) % SEQUENCES
        return frame

    def receive(self, data: bytes) -> Message | None:
        """The answer that was waited for, or None while it has not arrived; anything else is ignored."""
        frames = self._receiver.feed(data)
        reply = next(filter(None, map(self._matching, frames)), None)
        waiting = self._outstanding
        if reply is not None:
            self._outstanding = None
        elif waiting is not None:  # whole frames, if only an echo or another's, are no nonsense
            waiting.heard = b"" if frames else (waiting.heard + data)[:SHOWN_BYTES]
        return reply

    def expire(self, now_s: float) -> bytes:
        """Bytes to send again at the deadline; nothing before it.

        Raises LinkLost after the last try when the line stayed silent, RemoteProtocolError when there
        was talk on it that is no answer.
        """
        waiting = self._outstanding
        if waiting is None or now_s < waiting.deadline_s:
            return b""
        if waiting.tries_left == 0:
            self._outstanding = None
            raise self._given_up(waiting)
        waiting.tries_left -= 1
        waiting.deadline_s = now_s + self._patience.reply_within_s
        return waiting.frame

    def abandon(self) -> None:
        """Wait no longer for an answer; the next request may go out, a late answer is ignored."""
        self._outstanding = None

    def _matching(self, contents: bytes) -> Message | None:
        waiting = self._outstanding
        if waiting is None or contents[0] != self.address or contents[1] != waiting.sequence:
            return None
        try:
            message = decode_contents(contents).message
        except RemoteProtocolError:  # checked, but from a protocol we do not know: not our answer
            return None
        return message if _name(message) in SPECS[type(waiting.message)].answers else None

    def _given_up(self, waiting: _Outstanding) -> BridgeError:
        tries = self._patience.tries
        asked = f"device {self.address}: no answer to {_name(waiting.message)} in {tries} tries"
        if waiting.heard:
            return RemoteProtocolError(
                f"{asked}, only bytes that are none of its frames (first: {waiting.heard.hex(' ')}); "
                "check protocol, speed and wiring"
            )
        return LinkLost(f"{asked} of {self._patience.reply_within_s:g} s; check power, cable and address")


def _name(message: Message) -> str:
    return type(message).__name__
