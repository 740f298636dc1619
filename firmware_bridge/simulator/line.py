"""The serial side of simulated heads on one line: frames in, frames out, sans-IO.

A repeated ordered command is answered from memory and not carried out twice, whatever else was heard in
between; one that is older than one already obeyed is refused: a frame held up on the way cannot undo a
newer one. STOP, STOW and DISABLE are
not ordered: they are always carried out, whoever sends them.
"""

from collections.abc import Sequence
from typing import Final

from firmware_bridge.errors import RemoteProtocolError
from firmware_bridge.simulator import answers, commands
from firmware_bridge.simulator.config import SimulatedDevice
from firmware_bridge.simulator.device import Head
from firmware_bridge.simulator.reporting import Reporting
from firmware_bridge.wire.codec import SEQUENCES, decode_contents, encode_frame
from firmware_bridge.wire.receiver import FrameReceiver
from firmware_bridge.wire.schema import (
    BROADCAST,
    CALLS,
    FIRST_REPLY_ID,
    SPECS,
    GetParameters,
    Hello,
    Message,
    Option,
    Refusal,
)

AHEAD: Final = SEQUENCES // 2  # serial number arithmetic, RFC 1982, section 3.2
RENEWING_IDS: Final = frozenset(spec.wire_id for spec in SPECS.values() if spec.renews_lease)
ORDERED_IDS: Final = frozenset(spec.wire_id for spec in SPECS.values() if spec.ordered)


class Station:
    """One head with its memory of the conversation."""

    def __init__(self, head: Head) -> None:
        self.head = head
        self.silent = False
        self._boot_nonce = head.boot_nonce
        self._greeted: Hello | None = None
        self._newest_sequence = 0
        self._heard: bytes | None = None
        self._obeyed: bytes | None = None  # the newest ordered request, and what was answered to it
        self._answer = b""
        self._reporting = Reporting(head.alarms)

    def hear(self, contents: bytes) -> bytes:
        """The answer to checked contents addressed to this head or to all; empty when there is none."""
        if self.silent or not self.head.powered or contents[2] >= FIRST_REPLY_ID:
            return b""
        self._forget_if_restarted()
        if contents[2] in RENEWING_IDS:
            self.head.hear_host()
        if contents[0] == BROADCAST:
            return self._hear_call(contents)
        self._reporting.host_spoke()
        if contents != self._heard:
            self._heard = contents
            self.head.lease.host_goes_on()
        if contents == self._obeyed and not self._is_ahead(contents[1]):
            return self._answer
        return encode_frame(contents[0], contents[1], self._reply(contents))

    def _forget_if_restarted(self) -> None:
        if self._boot_nonce != self.head.boot_nonce:
            self._boot_nonce = self.head.boot_nonce
            self._greeted = self._heard = self._obeyed = None

    def speak(self) -> bytes:
        """What this head says unasked, now; for a head alone on its line, where the option is set."""
        head = self.head
        wanted = head.parameters.options & Option.FAULT_REPORTS and head.powered and not self.silent
        if not wanted or not self._reporting.due(head.alarms, head.uptime_ms):
            return b""
        sequence = self._reporting.sequence % SEQUENCES
        return encode_frame(head.address, sequence, answers.fault_report(head))

    def _hear_call(self, contents: bytes) -> bytes:
        message = _decoded(contents)
        if isinstance(message, CALLS):
            if not commands.called(self.head, message):
                return b""
            return encode_frame(self.head.address, contents[1], answers.here(self.head))
        if message is not None and SPECS[type(message)].broadcast:
            commands.obey_broadcast(self.head, message)
        return b""

    def _reply(self, contents: bytes) -> Message:
        message = _decoded(contents)
        if message is None:
            return answers.refused(self.head, Refusal.UNKNOWN_MESSAGE)
        if isinstance(message, Hello):
            return self._greet(message, contents[1])
        late = self._is_late(contents[1])
        if isinstance(message, GetParameters):
            return answers.parameters(self.head)
        reason = self._out_of_order(message, late)
        if reason is not None:
            return answers.refused(self.head, reason)
        reason = commands.obey(self.head, message)
        reply = answers.status(self.head) if reason is None else answers.refused(self.head, reason)
        if contents[2] in ORDERED_IDS:
            self._obeyed, self._answer = contents, encode_frame(contents[0], contents[1], reply)
        return reply

    def _greet(self, hello: Hello, sequence: int) -> Message:
        known = self._greeted
        if known is None or hello.host_nonce != known.host_nonce or hello.greeting > known.greeting:
            self._greeted, self._newest_sequence = hello, sequence
        return answers.greeting(self.head)

    def _is_late(self, sequence: int) -> bool:
        if not self._is_ahead(sequence):
            return True
        self._newest_sequence = sequence
        return False

    def _is_ahead(self, sequence: int) -> bool:
        return 0 < (sequence - self._newest_sequence) % SEQUENCES < AHEAD

    def _out_of_order(self, message: Message, late: bool) -> Refusal | None:
        if not SPECS[type(message)].ordered:
            return None
        if self._greeted is None:
            return Refusal.NOT_GREETED
        return Refusal.STALE_SEQUENCE if late else None


class SimulatedLine:
    """Heads on one line, and what they say to bytes that arrive on it."""

    def __init__(self, devices: Sequence[SimulatedDevice]) -> None:
        self._everybody = tuple(Station(Head(device)) for device in devices)
        self.receiver = FrameReceiver()

    @property
    def stations(self) -> dict[int, Station]:
        """By the address that each has now; of several with the same, the last."""
        return {station.head.address: station for station in self._everybody}

    def receive(self, data: bytes) -> bytes:
        """All answers to bytes in any chunks."""
        return b"".join(map(self._dispatch, self.receiver.feed(data)))

    def advance(self, dt_ms: int) -> None:
        """Let time pass for every head."""
        for station in self._everybody:
            station.head.advance(dt_ms)

    def unasked(self) -> bytes:
        """What heads say of themselves now; ask after time has passed."""
        return b"".join(station.speak() for station in self._everybody)

    def _dispatch(self, contents: bytes) -> bytes:
        heard = contents[0]
        return b"".join(
            station.hear(contents)
            for station in self._everybody
            if heard in (BROADCAST, station.head.address)
        )


def _decoded(contents: bytes) -> Message | None:
    try:
        return decode_contents(contents).message
    except RemoteProtocolError:  # well checked, so from a newer host: refused, not ignored
        return None
