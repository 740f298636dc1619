"""Clocks for the loop: the machine's own, and one that is moved by hand."""

import threading
import time
from collections.abc import Callable

import numpy as np


class RealClock:
    """Monotonic seconds and UTC of this machine; setting `wake` ends a wait early."""

    def __init__(self, wake: threading.Event) -> None:
        self._wake = wake

    def now_s(self) -> float:
        """Seconds of the monotonic clock."""
        return time.monotonic()

    def utc(self) -> np.datetime64:
        """UTC of the system clock, in microseconds."""
        return np.datetime64(time.time_ns() // 1000, "us")

    def wait_until(self, now_s: float) -> bool:
        """Sleep until the monotonic clock reads `now_s`, or until woken."""
        woken = self._wake.wait(max(0.0, now_s - time.monotonic()))
        self._wake.clear()
        return not woken


class LockstepClock:
    """Virtual time that passes only when waited for; `advance(seconds)` takes the simulated world along.

    Time is kept in whole milliseconds, so that many small waits add up exactly.
    """

    def __init__(self, start_utc: np.datetime64, advance: Callable[[float], None]) -> None:
        self._start_ms = int(start_utc.astype("datetime64[ms]").astype(np.int64))
        self._now_ms = 0
        self._advance = advance

    def now_s(self) -> float:
        """Seconds since the start."""
        return self._now_ms / 1000

    def utc(self) -> np.datetime64:
        """UTC of the virtual world."""
        return np.datetime64(self._start_ms + self._now_ms, "ms")

    def wait_until(self, now_s: float) -> bool:
        """Let the world pass up to `now_s`; nobody wakes it early."""
        step_ms = round(now_s * 1000) - self._now_ms
        if step_ms > 0:
            self._advance(step_ms / 1000)
            self._now_ms += step_ms
        return True
