"""When bytes are on a shared line: how long a request, its answer and the turns between take."""

from dataclasses import dataclass
from typing import Final

from firmware_bridge.wire.codec import LONGEST_FRAME, PAYLOAD_BYTES
from firmware_bridge.wire.schema import SPECS, Message

BITS_PER_BYTE: Final = 10  # a start bit, eight of data, a stop bit
FRAME_AROUND_BYTES: Final = LONGEST_FRAME - max(PAYLOAD_BYTES.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSpeed:
    """Of a half-duplex line; `turnaround_s` is from the last byte of one side to the first of the other."""

    baud: int = 115200
    turnaround_s: float = 0.002

    def bytes_s(self, count: int) -> float:
        """How long that many bytes take."""
        return count * BITS_PER_BYTE / self.baud

    def exchange_s(self, request_bytes: int, answer_bytes: int) -> float:
        """From the first byte of a request until the next request may begin."""
        return self.bytes_s(request_bytes + answer_bytes) + 2.0 * self.turnaround_s


def frame_bytes(message: type[Message]) -> int:
    """How long a message is on the line, delimiters included."""
    return FRAME_AROUND_BYTES + PAYLOAD_BYTES[SPECS[message].wire_id]
