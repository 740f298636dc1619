"""Which months a series covers, and whether what it sums to may be called a year's."""

from typing import Final

import numpy as np

from tracker.units import HOURS_PER_YEAR, MONTHS_PER_YEAR, FloatArray, IntArray
from tracker.weather.series import Weather

HOURS_OF_MONTH: Final = 24 * np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
LARGEST_LEFT_OUT: Final = 1.0 / 3.0  # chosen: of any calendar month, which the rest of it still stands for


def hours_of_months(local_month: IntArray, step_s: float) -> FloatArray:
    """Hours of each calendar month (12,), January first, in steps (T,) that lie in these months 1 to 12."""
    steps = np.bincount(local_month - 1, minlength=MONTHS_PER_YEAR)
    return np.asarray(steps * (step_s / 3600.0), dtype=np.float64)


def covers_whole_years(weather: Weather) -> bool:
    """Whether every calendar month is there as often as the others, by a third more or less.

    Only then no season weighs more than in a year. The months may be of different years: July to June is one.
    """
    hours = hours_of_months(weather.local_month, weather.step_s)
    years = max(1, round(float(np.sum(hours)) / HOURS_PER_YEAR))
    times = hours / (years * HOURS_OF_MONTH)
    return bool(np.all(np.abs(times - 1.0) <= LARGEST_LEFT_OUT))
