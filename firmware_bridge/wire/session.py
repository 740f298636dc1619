"""One conversation with one device, sans-IO: told the time, it says what to send and until when to wait."""

from dataclasses import dataclass, replace
from typing import Final, Self

from firmware_bridge.errors import BridgeError, LinkLost, LocalProtocolError, RemoteProtocolError
from firmware_bridge.wire.codec import LONGEST_FRAME, SEQUENCES, decode_contents, encode_frame
from firmware_bridge.wire.receiver import FrameReceiver
from firmware_bridge.wire.reported import Reports
from firmware_bridge.wire.schedule import LineSpeed
from firmware_bridge.wire.schema import (
    BROADCAST,
    CALLS,
    FIRST_ADDRESS,
    LAST_ADDRESS,
    SPECS,
    Message,
    Move,
    Status,
)

SHOWN_BYTES: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait for an answer, and how often to ask for it; see docs/decisions/0002-wire-format.md.

    Each wait is `backoff` times the one before, up to `longest_s`, and the time that request and answer are
    on the line. Commands are tried most often; a question will be asked again anyway, and one to a device
    that did not answer the last time soonest gives up. `at` gives the same for a line of another speed.
    """

    reply_within_s: float = 0.05
    tries: int = 10
    tries_of_questions: int = 5
    tries_if_lost: int = 2
    backoff: float = 1.25
    longest_s: float = 0.3
    byte_s: float = LineSpeed().bytes_s(1)

    def at(self, baud: int) -> Self:
        """The same on a line of this speed."""
        return replace(self, byte_s=LineSpeed(baud=baud).bytes_s(1))

    def wait_s(self, tries_made: int) -> float:
        """How long to wait after the next try."""
        longest_s = max(self.longest_s, self.reply_within_s)
        on_the_line_s = 2 * LONGEST_FRAME * self.byte_s
        return min(self.reply_within_s * self.backoff**tries_made, longest_s) + on_the_line_s

    def total_s(self, tries: int) -> float:
        """How long that many tries take in vain."""
        return sum(map(self.wait_s, range(tries)))

    def tries_for(self, message: Message, *, lost: bool) -> int:
        """How often to say this."""
        if SPECS[type(message)].renews_lease:
            return self.tries
        return min(self.tries, self.tries_if_lost if lost else self.tries_of_questions)


@dataclass(slots=True, kw_only=True)
class _Outstanding:
    message: Message
    sequence: int
    frame: bytes
    tries: int
    deadline_s: float
    tries_made: int = 1
    heard: bytes = b""


class Session:
    """Requests to the device at one address, one at a time.

    A retry carries its request's sequence number, so that the device answers it from memory instead of
    executing it twice. Sessions on the same line share its receiver, and what devices report unasked.
    """

    def __init__(
        self, *, address: int, receiver: FrameReceiver, patience: Patience, reports: Reports | None = None
    ) -> None:
        if not FIRST_ADDRESS <= address <= LAST_ADDRESS:
            raise LocalProtocolError(
                f"address {address} does not exist; give the device one of {FIRST_ADDRESS} to {LAST_ADDRESS}"
            )
        self.address = address
        self._receiver = receiver
        self._reports = Reports() if reports is None else reports
        self._patience = patience
        self._next_sequence = 0
        self._outstanding: _Outstanding | None = None
        self._lost = False

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
        to = BROADCAST if isinstance(message, CALLS) else self.address
        frame = encode_frame(to, self._next_sequence, message)
        self._outstanding = _Outstanding(
            message=message,
            sequence=self._next_sequence,
            frame=frame,
            tries=self._patience.tries_for(message, lost=self._lost),
            deadline_s=now_s + self._patience.wait_s(0),
        )
        self._next_sequence = (self._next_sequence + 1) % SEQUENCES
        return frame

    def receive(self, data: bytes) -> Message | None:
        """The answer that was waited for, or None while it has not arrived.

        What is reported unasked goes to the reports; anything else is ignored.
        """
        frames = self._receiver.feed(data)
        reply = None
        for contents in frames:
            reply = self._matching(contents) or reply
            self._reports.hear(contents)
        waiting = self._outstanding
        if reply is not None:
            self._outstanding, self._lost = None, False
            self._reports.answered(self.address)
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
        if waiting.tries_made >= waiting.tries:
            self._outstanding, self._lost = None, True
            raise self._given_up(waiting)
        waiting.deadline_s = now_s + self._patience.wait_s(waiting.tries_made)
        waiting.tries_made += 1
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
        return message if _answers(message, waiting.message) else None

    def _given_up(self, waiting: _Outstanding) -> BridgeError:
        tries = waiting.tries_made
        asked = f"device {self.address}: no answer to {_name(waiting.message)} in {tries} tries"
        if waiting.heard:
            return RemoteProtocolError(
                f"{asked}, only bytes that are none of its frames (first: {waiting.heard.hex(' ')}); "
                "check protocol, speed and wiring"
            )
        return LinkLost(f"{asked} over {self._patience.total_s(tries):.2g} s; check power, cable and address")


def _answers(reply: Message, request: Message) -> bool:
    """Whether a reply fits its request; the status after a move carries its targets.

    One with other targets answers another host, whose sequence number happens to be the same.
    """
    if _name(reply) not in SPECS[type(request)].answers:
        return False
    if not (isinstance(request, Move) and isinstance(reply, Status)):
        return True
    wanted = request.azimuth_counts, request.elevation_counts
    return wanted == (reply.azimuth_target_counts, reply.elevation_target_counts)


def _name(message: Message) -> str:
    return type(message).__name__
