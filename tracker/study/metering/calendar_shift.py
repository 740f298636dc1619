"""Times of one year under the dates of another, for records that are put under a typical year's weather."""

import numpy as np

from tracker.errors import InvalidInput
from tracker.units import UtcArray
from tracker.weather.series import Weather


def in_year_of(utc: UtcArray, weather: Weather, source: str) -> UtcArray:
    """The same local dates and hours (N,) in the weather's calendar year; NaT where it has no such date.

    Local is the weather's standard time. The sun then stands up to 0.4 deg from where it stood: leap days
    shift the dates. Raises InvalidInput for times of more than a year and for a weather of several.
    """
    offset = np.timedelta64(round(weather.utc_offset_h * 3600.0), "s")
    local = np.asarray(utc.astype("datetime64[ms]") + offset, dtype="datetime64[ms]")
    _demand_a_year(local, weather, source)
    month = local.astype("datetime64[M]")
    year = (weather.local_year[0] - 1970).astype("datetime64[Y]").astype("datetime64[M]")
    wanted = year + (month - month.astype("datetime64[Y]").astype("datetime64[M]"))
    moved = wanted.astype("datetime64[ms]") + (local - month.astype("datetime64[ms]"))
    there = moved.astype("datetime64[M]") == wanted
    return np.asarray(np.where(there, moved - offset, np.datetime64("NaT", "ms")))


def _demand_a_year(local: UtcArray, weather: Weather, source: str) -> None:
    years = np.unique(weather.local_year)
    if years.size != 1:
        raise InvalidInput(
            f"{weather.source} holds the years {years[0]} to {years[-1]}, and dates of another year can be "
            "put under one only; give weather of one year"
        )
    days = float((local.max() - local.min()) / np.timedelta64(1, "D"))
    if days > 366.0:
        raise InvalidInput(
            f"{source} covers {days:.0f} days, and no date may come twice under the weather of one year; "
            "cut it to 365 days"
        )
