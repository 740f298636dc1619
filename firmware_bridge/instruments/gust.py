"""Gusts from an anemometer's own samples."""

import math
from collections import deque
from dataclasses import dataclass
from typing import Final

GUST_S: Final = 3.0  # a gust is the highest mean over 3 s (WMO Guide to Instruments, WMO-No. 8, I-5.1)
WINDOW_S: Final = 60.0  # chosen: shorter than WMO's ten minutes; how long calm must last is decided elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Gust:
    """A gust, and when its newest sample was measured."""

    gust_m_s: float
    measured_s: float


class GustMeter:
    """The highest 3 s mean of the last `window_s`. With samples further apart, the highest sample.

    Raises ValueError for a window shorter than a gust.
    """

    def __init__(self, window_s: float = WINDOW_S) -> None:
        if not GUST_S <= window_s < math.inf:
            raise ValueError(f"window is {window_s} s; it must be at least {GUST_S} s")
        self._window_s = window_s
        self._samples: deque[tuple[float, float]] = deque()
        self._means: deque[tuple[float, float]] = deque()

    def add(self, wind_m_s: float, measured_s: float) -> None:
        """One more sample. One that is not newer than the last is the same one, or from another clock."""
        if self._samples and measured_s <= self._samples[-1][0]:
            return
        self._samples.append((measured_s, wind_m_s))
        while self._samples[0][0] <= measured_s - GUST_S:
            self._samples.popleft()
        self._means.append((measured_s, sum(wind for _, wind in self._samples) / len(self._samples)))
        while self._means[0][0] <= measured_s - self._window_s:
            self._means.popleft()

    def gust(self) -> Gust | None:
        """The gust up to the newest sample, None before the first."""
        if not self._means:
            return None
        return Gust(gust_m_s=max(mean for _, mean in self._means), measured_s=self._means[-1][0])
