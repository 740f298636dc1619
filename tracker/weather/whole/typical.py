"""Typical years: months of many years under one calendar year, whole and in order."""

from typing import Final

import numpy as np

from tracker.errors import InvalidWeather
from tracker.units import IntArray, UtcArray
from tracker.weather.files.raw import RawWeather
from tracker.weather.whole.grid import DAY_S, Series, step_of

YEARS: Final = {365: "2022", 366: "2024"}  # 2022 lies amid two leap years, where the sun's date drifts least


def typical_year(place: str, raw: RawWeather) -> Series:
    """The rows of a typical year under one calendar year; InvalidWeather unless it is whole and in order."""
    step_s = step_of(place, raw.label_local)
    rows, per_day = raw.label_local.size, DAY_S // step_s
    days, rest = divmod(rows, per_day)
    if days not in YEARS or rest:
        raise InvalidWeather(
            f"{place}: {rows:,} rows, a typical year has {365 * per_day:,} or {366 * per_day:,}; "
            f"{_first_break(raw, YEARS[365], step_s)}; get a whole copy"
        )
    labels = _calendar(raw.label_local, YEARS[days], step_s)
    if not np.array_equal(_date_code(raw.label_local), _date_code(labels)):
        raise InvalidWeather(f"{place}: {_first_break(raw, YEARS[days], step_s)}; get a whole copy")
    return Series(label_local=labels, step_s=step_s, values=dict(raw.values))


def _calendar(labels: UtcArray, year: str, step_s: int) -> UtcArray:
    """Equal steps through a year from the first label's time after New Year, at most one step."""
    new_year = labels[0].astype("datetime64[Y]").astype("datetime64[s]")
    start = np.datetime64(year, "s") + min(labels[0] - new_year, np.timedelta64(step_s, "s"))
    return np.asarray(start + np.arange(labels.size) * np.timedelta64(step_s, "s"))


def _date_code(labels: UtcArray) -> IntArray:
    """A number that is the same for the same month, day and time of any year."""
    months = labels.astype("datetime64[M]")
    into_month_s = (labels - months.astype("datetime64[s]")).astype(np.int64)
    return np.asarray(months.astype(np.int64) % 12 * 31 * DAY_S + into_month_s)


def _first_break(raw: RawWeather, year: str, step_s: int) -> str:
    due = _calendar(raw.label_local, year, step_s)
    wrong = np.flatnonzero(_date_code(raw.label_local) != _date_code(due))
    if not wrong.size:
        first, last = _day_and_time(raw.label_local[0]), _day_and_time(raw.label_local[-1])
        return f"they run from {first} to {last}"
    i = int(wrong[0])
    found, expected = _day_and_time(raw.label_local[i]), _day_and_time(due[i])
    return f"line {raw.first_line + i} is {found} where {expected} is due"


def _day_and_time(label: np.datetime64) -> str:
    return str(label.astype("datetime64[m]"))[5:].replace("T", " ")
