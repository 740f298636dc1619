"""Measured series on one grid: short gaps interpolated, days with longer ones left out, both counted."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tracker.errors import InvalidWeather
from tracker.units import SECONDS_PER_HOUR, BoolArray, FloatArray, IntArray, UtcArray
from tracker.weather.files.raw import RawWeather
from tracker.weather.splitting.sunlight import Sunlight
from tracker.weather.whole.coverage import LARGEST_LEFT_OUT
from tracker.weather.whole.grid import DAY_S, Series, step_of

LONGEST_FILLED_H: Final = 3.0  # chosen: of sunlight in one day; weather keeps its clearness for some hours
MOST_STEPS_A_ROW: Final = 100  # chosen: one wrong stamp must not ask for a century of minutes


def measured_series(place: str, raw: RawWeather, whole_years: bool) -> Series:
    """Rows on a grid of equal steps, NaN where a row or a value is missing.

    The grid covers whole calendar years if that is asked, or if the rows hold them; else what the rows span.
    InvalidWeather where time runs back, rows are off the grid or span less than a day.
    """
    _refuse_time_running_back(place, raw)
    step_s = step_of(place, raw.label_local)
    _refuse_few_rows(place, raw, step_s)
    by_month = whole_years or _holds_whole_years(raw, step_s)
    grid = _of_years(raw, step_s) if by_month else _span(raw, step_s)
    at = _places(place, raw, grid, step_s)
    values = {name: _laid_out(column, at, grid.size) for name, column in raw.values.items()}
    return Series(label_local=grid, step_s=step_s, values=values, by_month=by_month)


def days_to_leave_out(place: str, gaps: BoolArray, sun: Sunlight, parts: NDArray[Any]) -> BoolArray:
    """Steps (T,) of the solar days in which more than LONGEST_FILLED_H of sunlight is a gap.

    Whole days go, so that mornings and evenings stay even. InvalidWeather where a part would lose more than
    LARGEST_LEFT_OUT of its steps; `parts` (T,) names each step's: its month, or the same for all.
    """
    day = sun.solar_day - sun.solar_day.min()
    gap_h = np.bincount(day, weights=gaps & sun.lit) * sun.step_s / SECONDS_PER_HOUR
    out = np.asarray(gap_h[day] > LONGEST_FILLED_H)
    names, index = np.unique(parts, return_inverse=True)
    share = np.bincount(index, weights=out) / np.bincount(index)
    if share.max() > LARGEST_LEFT_OUT:
        worst = int(share.argmax())
        raise InvalidWeather(
            f"{place}: {out.sum():,} of {out.size:,} steps lie on days with more than {LONGEST_FILLED_H:g} h "
            f"of sunlight without data, {100.0 * share[worst]:.0f} % of {names[worst]} among them; at most "
            f"{100.0 * LARGEST_LEFT_OUT:.0f} % of it is left out; use a more complete series, or cut it"
        )
    return out


def straight(values: FloatArray) -> FloatArray:
    """Values (T,) with unknown ones on a straight line between their neighbours; NaN if all are unknown."""
    known = np.isfinite(values)
    if not known.any():
        return values
    steps = np.arange(values.size)
    return np.where(known, values, np.interp(steps, steps[known], values[known]))


def without(columns: Mapping[str, FloatArray], out: BoolArray) -> dict[str, FloatArray]:
    """The columns (T,) without the steps that are left out."""
    return {name: column[~out] for name, column in columns.items()}


def _refuse_time_running_back(place: str, raw: RawWeather) -> None:
    labels = raw.label_local
    back = np.flatnonzero(np.diff(labels) <= np.timedelta64(0, "s"))
    if back.size:
        i = int(back[0])
        raise InvalidWeather(
            f"{place}: line {raw.first_line + i + 1} ({labels[i + 1]}) is not after line "
            f"{raw.first_line + i} ({labels[i]}); sort the rows and drop doubled ones"
        )


def _refuse_few_rows(place: str, raw: RawWeather, step_s: int) -> None:
    """Less than a day, or less than one row in a hundred."""
    labels = raw.label_local
    steps = int((labels[-1] - labels[0]).astype(np.int64)) // step_s + 1
    if steps * step_s < DAY_S:
        raise InvalidWeather(
            f"{place}: its {labels.size:,} rows span {steps * step_s / SECONDS_PER_HOUR:g} h; a measured "
            "series has 24 h or more"
        )
    if steps > MOST_STEPS_A_ROW * labels.size:
        raise InvalidWeather(
            f"{place}: {labels.size:,} rows from {labels[0]} to {labels[-1]}, which is {steps:,} steps of "
            f"{step_s} s; check the stamps, or use a more complete series"
        )


def _holds_whole_years(raw: RawWeather, step_s: int) -> bool:
    """Whether each month of all calendar years that it touches has enough rows."""
    centre = raw.label_local + _to_centre(raw)
    ends = centre[[0, -1]].astype("datetime64[Y]") + np.array([0, 1])
    months = np.arange(*ends.astype("datetime64[M]"), dtype="datetime64[M]")
    lengths_s = np.diff(np.append(months, months[-1] + 1).astype("datetime64[s]")).astype(np.int64)
    month = (centre.astype("datetime64[M]") - months[0]).astype(np.int64)
    rows = np.bincount(month, minlength=months.size)
    return bool(np.all(rows * step_s >= (1.0 - LARGEST_LEFT_OUT) * lengths_s))


def _span(raw: RawWeather, step_s: int) -> UtcArray:
    """Labels of equal steps from the first row's to the last one's."""
    step = np.timedelta64(step_s, "s")
    return np.asarray(np.arange(raw.label_local[0], raw.label_local[-1] + step, step))


def _to_centre(raw: RawWeather) -> np.timedelta64:
    return np.timedelta64(round(raw.centre_after_label_s or 0.0), "s")


def _of_years(raw: RawWeather, step_s: int) -> UtcArray:
    """Labels of equal steps whose centres cover the calendar years that the rows lie in."""
    step, to_centre = np.timedelta64(step_s, "s"), _to_centre(raw)
    first, last = raw.label_local[[0, -1]] + to_centre
    start = first.astype("datetime64[Y]").astype("datetime64[s]")
    end = (last.astype("datetime64[Y]") + 1).astype("datetime64[s]")
    return np.asarray(np.arange(start + (first - start) % step, end, step) - to_centre)


def _places(place: str, raw: RawWeather, grid: UtcArray, step_s: int) -> IntArray:
    after_s = (raw.label_local - grid[0]).astype(np.int64)
    off = np.flatnonzero(after_s % step_s)
    if off.size:
        i = int(off[0])
        raise InvalidWeather(
            f"{place}: line {raw.first_line + i} ({raw.label_local[i]}) is off the grid of {step_s} s; "
            "resample the series to equal steps"
        )
    return np.asarray(after_s // step_s)


def _laid_out(column: FloatArray, at: IntArray, size: int) -> FloatArray:
    laid = np.full(size, np.nan)
    laid[at] = column
    return laid
