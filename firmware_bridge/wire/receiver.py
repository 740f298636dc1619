"""Bytes in, checked contents out, whatever the chunks; everything else is dropped and counted."""

from collections import Counter
from enum import Enum
from typing import Final

from firmware_bridge.wire.checksum import crc32c
from firmware_bridge.wire.codec import (
    CHECKSUM_BYTES,
    DELIMITER,
    HEADER_BYTES,
    LONGEST_STUFFED,
    PAYLOAD_BYTES,
)
from firmware_bridge.wire.schema import LAST_ADDRESS
from firmware_bridge.wire.stuffing import unstuff


class Drop(Enum):
    """Why something between two delimiters was not taken."""

    TOO_LONG = "longer than any frame"
    BAD_STUFFING = "length bytes do not add up"
    TOO_SHORT = "shorter than any frame"
    BAD_CHECKSUM = "checksum differs"
    NO_SUCH_ADDRESS = "from or to an address that nobody can have"
    WRONG_LENGTH = "payload of another length than its message has"


class FrameReceiver:
    """Finds frames in a stream and holds at most one frame's bytes between calls.

    After any damage it is in step again at the next delimiter. `dropped` counts what was lost, and why.
    """

    LONGEST_HELD: Final = LONGEST_STUFFED + 1

    def __init__(self) -> None:
        self.dropped: Counter[Drop] = Counter()
        self._pending = b""

    @property
    def pending_bytes(self) -> int:
        """How many bytes of an unfinished frame are held."""
        return len(self._pending)

    def feed(self, data: bytes) -> list[bytes]:
        """Contents (address to payload) of all frames that end in `data`, in order."""
        pieces = (self._pending + data).split(DELIMITER)
        # One byte more than the longest frame is enough to know, at its delimiter, that it was too long.
        self._pending = pieces.pop()[: self.LONGEST_HELD]
        return [contents for piece in pieces if piece and (contents := self._checked(piece)) is not None]

    def _checked(self, piece: bytes) -> bytes | None:
        result = _open(piece)
        if isinstance(result, bytes):
            return result
        self.dropped[result] += 1
        return None


def _open(piece: bytes) -> bytes | Drop:
    if len(piece) > LONGEST_STUFFED:
        return Drop.TOO_LONG
    plain = unstuff(piece)
    if plain is None:
        return Drop.BAD_STUFFING
    if len(plain) < HEADER_BYTES + CHECKSUM_BYTES:
        return Drop.TOO_SHORT
    contents = plain[:-CHECKSUM_BYTES]
    if crc32c(contents) != int.from_bytes(plain[-CHECKSUM_BYTES:], "little"):
        return Drop.BAD_CHECKSUM
    if contents[0] > LAST_ADDRESS:  # a frame of 4 bytes and its checksum, one byte late, can look like this
        return Drop.NO_SUCH_ADDRESS
    payload_bytes = len(contents) - HEADER_BYTES
    if PAYLOAD_BYTES.get(contents[2], payload_bytes) != payload_bytes:
        return Drop.WRONG_LENGTH
    return contents
