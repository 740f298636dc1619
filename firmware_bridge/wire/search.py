"""Finding every device on a line by its serial number, sans-IO, whatever addresses they have.

A call to a range of serial numbers is answered by all in it at once, so several answers garble each other.
Silence means nobody, one clean answer one device (perhaps louder than others, so the rest of the range is
searched too), anything else several: the range is halved.
"""

from dataclasses import dataclass
from typing import Final

from firmware_bridge.wire.codec import SEQUENCES, decode_contents, encode_frame
from firmware_bridge.wire.receiver import FrameReceiver
from firmware_bridge.wire.schema import BROADCAST, SPECS, FindSerial, Here

HIGHEST_SERIAL: Final = 2**32 - 1
HERE_ID: Final = SPECS[Here].wire_id


@dataclass(slots=True)
class _Range:
    low: int
    high: int
    tries: int = 0


class SerialSearch:
    """Send `call()`, `receive` what arrives within an answer's time, then call again until it is empty.

    `found` has addresses by serial number; `unclear` serial numbers that never answered cleanly, such as one
    that two devices share. Each silent range and each unclear number is called `repeats` times, because an
    answer may get lost on a bad line.
    """

    def __init__(self, *, low: int = 0, high: int = HIGHEST_SERIAL, repeats: int = 3) -> None:
        """Raises ValueError for a range without numbers, or fewer than one call for each."""
        if not 0 <= low <= high <= HIGHEST_SERIAL or repeats < 1:
            raise ValueError(
                f"serial numbers {low} to {high}, {repeats} calls; use 0 to {HIGHEST_SERIAL}, at least once"
            )
        self.found: dict[int, int] = {}
        self.unclear: list[int] = []
        self._repeats = repeats
        self._open = [_Range(low, high)]
        self._sequence = 0
        self._heard = b""
        self._calling: bytes | None = None

    def call(self) -> bytes:
        """What to send to all next; empty when everybody is found."""
        if self._calling is not None:
            self._conclude(self._calling)
        if not self._open:
            self._calling = None
            return b""
        self._sequence = (self._sequence + 1) % SEQUENCES
        message = FindSerial(serial_low=self._open[-1].low, serial_high=self._open[-1].high)
        self._calling, self._heard = encode_frame(BROADCAST, self._sequence, message), b""
        return self._calling

    def receive(self, data: bytes) -> None:
        """What has arrived on the line since the call."""
        self._heard += data[: SEQUENCES * FrameReceiver.LONGEST_HELD - len(self._heard)]

    def _conclude(self, call: bytes) -> None:
        answers = self._answers()
        now = self._open.pop()
        self.found |= answers
        noisy = bool(self._heard.replace(call, b"").strip(b"\0")) and not answers
        if answers:
            self._open += _between(now, sorted(answers))
        elif noisy and now.low < now.high:
            middle = (now.low + now.high) // 2
            self._open += [_Range(middle + 1, now.high), _Range(now.low, middle)]
        elif now.tries + 1 < self._repeats:
            self._open.append(_Range(now.low, now.high, now.tries + 1))
        elif noisy:
            self.unclear.append(now.low)

    def _answers(self) -> dict[int, int]:
        answers = {}
        for contents in FrameReceiver().feed(self._heard):
            if contents[2] != HERE_ID or contents[1] != self._sequence:
                continue
            message = decode_contents(contents).message
            if isinstance(message, Here) and self._open[-1].low <= message.serial <= self._open[-1].high:
                answers[message.serial] = contents[0]
        return answers


def _between(whole: _Range, serials: list[int]) -> list[_Range]:
    lows = [whole.low, *(serial + 1 for serial in serials)]
    highs = [*(serial - 1 for serial in serials), whole.high]
    return [_Range(low, high) for low, high in zip(lows, highs, strict=True) if low <= high]
