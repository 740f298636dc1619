"""What times alone decide, for all sites that share them."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tracker.pv.daylight import extraterrestrial_on
from tracker.sun.earth_fixed import earth_fixed
from tracker.units import FloatArray, IntArray, UtcArray
from tracker.weather.series import Weather, month_at


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Times:
    """The sun over the Earth (3, T) and its light outside the air (T,), and the month of standard time (T,).

    Months count from 0.
    """

    fixed: FloatArray
    extra_w_m2: FloatArray
    month: IntArray


def times_of(weather: Weather) -> Times:
    """Of a weather's intervals; sites one after the other mostly have the same, which are kept."""
    step = np.timedelta64(round(weather.step_s), "s")
    first, size = weather.utc[0], weather.utc.size
    if weather.utc[-1] - first == (size - 1) * step:  # in order and none left out
        return _without_gaps(first, step, size, weather.utc_offset_h)
    return _times(weather.utc, weather.utc_offset_h)


@lru_cache(maxsize=2)
def _without_gaps(first: np.datetime64, step: np.timedelta64, size: int, utc_offset_h: float) -> Times:
    return _times(first + np.arange(size) * step, utc_offset_h)


def _times(utc: UtcArray, utc_offset_h: float) -> Times:
    return Times(
        fixed=earth_fixed(utc),
        extra_w_m2=extraterrestrial_on(utc),
        month=month_at(utc, utc_offset_h) - 1,
    )
