"""A number that another program keeps up to date in a text file."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tracker.named_files import text_of

LARGEST_BYTES: Final = 1000  # a number and its line end; a file that only grows is no reading
CLOCK_TOLERANCE_S: Final = 2.0  # a time stamp from further ahead is no reading of now


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamped:
    """A number, and when it was written on the clock's monotonic seconds."""

    value: float
    written_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberFile:
    """The file, and what its number may be; the file's own time is the number's."""

    path: Path
    low: float
    high: float

    def read(self, now_s: float) -> Stamped | None:
        """The number in the file; None while there is no file, or nothing in it that can be believed."""
        try:
            number, stamp_s = text_of(self.path, LARGEST_BYTES), self.path.stat().st_mtime
            value = float(number)
        except (OSError, ValueError):
            return None
        age_s = time.time() - stamp_s
        if not self.low <= value <= self.high or age_s < -CLOCK_TOLERANCE_S:
            return None
        return Stamped(value=value, written_s=now_s - max(0.0, age_s))
