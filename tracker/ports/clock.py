"""Time as somebody else's business."""

from typing import Protocol

import numpy as np


class Clock(Protocol):
    """A monotonic clock and the UTC that belongs to it."""

    def now_s(self) -> float:
        """Monotonic seconds from an arbitrary zero."""
        ...

    def utc(self) -> np.datetime64:
        """UTC now."""
        ...

    def wait_until(self, now_s: float) -> bool:
        """Return True when the clock has reached the time given, False when woken before."""
        ...
