"""How far a gain can be trusted: the spread of the paired gain, not of the two yields."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from tracker.units import FloatArray, IntArray
from tracker.weather.series import Weather

Z_90: Final = 1.2815515655446004  # standard normal quantile of 0.9
DRAWS: Final = 1000
SHARED_RATIO: Final = 0.01  # chosen, see the decision record: of tracked over fixed energy, 1 sigma
SEED: Final = 20240606  # chosen; fixed, so that the same inputs give the same interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Standard deviations of a net gain, percentage points, by cause.

    transposition: what two models of the sky's light make of it. weather: which days the series happens to
    hold. shared: what both models and all draws have in common, and therefore do not show.
    """

    transposition: float
    weather: float
    shared: float

    @property
    def total(self) -> float:
        """All together, taken as independent."""
        return float(np.linalg.norm([self.transposition, self.weather, self.shared]))


def gain_percent(of_kwh: float, over_kwh: float) -> float:
    """Gain of one energy over another: 100 (of / over - 1)."""
    return 100.0 * (of_kwh / over_kwh - 1.0)


def transposition_spread(gain_one_percent: float, gain_other_percent: float) -> float:
    """Half the difference of the gains that two transposition models give for the same mountings."""
    return abs(gain_one_percent - gain_other_percent) / 2.0


def shared_spread(net_percent: float) -> float:
    """What a relative error in the ratio of the two energies does to their gain, percentage points."""
    return SHARED_RATIO * (100.0 + net_percent)


def resampled_kwh(net_wh: Mapping[str, FloatArray], weather: Weather) -> dict[str, FloatArray]:
    """Totals (DRAWS,) of each mounting over series drawn anew: whole days, within their own month.

    A day stays whole and all mountings see the same draw, so what they share cancels in the gain
    (Efron and Tibshirani 1993, chapter 8: blocks). Seeded.
    """
    day, month_of_day = _days(weather)
    daily_kwh = {name: np.bincount(day, weights=wh) / 1000.0 for name, wh in net_wh.items()}
    counts = _draws(month_of_day)
    return {name: counts @ kwh for name, kwh in daily_kwh.items()}


def weather_spread(of_kwh: FloatArray, over_kwh: FloatArray) -> float:
    """Standard deviation of the gain over resampled totals (DRAWS,), percentage points."""
    return float(np.std(100.0 * of_kwh / over_kwh))


def _days(weather: Weather) -> tuple[IntArray, IntArray]:
    local_s = weather.utc.astype("datetime64[s]").astype(np.int64) + round(weather.utc_offset_h * 3600.0)
    _, first, day = np.unique(local_s // 86400, return_index=True, return_inverse=True)
    return day, weather.local_month[first]


def _draws(month_of_day: IntArray) -> FloatArray:
    rng = np.random.default_rng(SEED)
    counts = np.zeros((DRAWS, month_of_day.size))
    for month in np.unique(month_of_day):
        days = np.flatnonzero(month_of_day == month)
        counts[:, days] = rng.multinomial(days.size, np.full(days.size, 1.0 / days.size), size=DRAWS)
    return counts
