"""Measured series on one grid: short gaps interpolated, days with longer ones left out, both counted."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from tracker.errors import InvalidWeather
from tracker.units import SECONDS_PER_HOUR, BoolArray, FloatArray, IntArray, UtcArray
from tracker.weather.grid import Series, step_of
from tracker.weather.raw import RawWeather
from tracker.weather.sunlight import Sunlight

LONGEST_FILLED_H: Final = 3.0  # chosen: of sunlight in one day; weather keeps its clearness for some hours
MOST_STEPS_A_ROW: Final = 100  # chosen: one wrong stamp must not ask for a century of minutes
LARGEST_LEFT_OUT: Final = 1.0 / 3.0  # chosen: of any calendar month, which the rest of it still stands for


def measured_series(place: str, raw: RawWeather, whole_years: bool) -> Series:
    """Rows on a grid of equal steps, NaN where a row or a value is missing; whole calendar years if asked.

    InvalidWeather where time runs back or rows are off the grid.
    """
    _refuse_time_running_back(place, raw)
    step_s = step_of(place, raw.label_local)
    grid = _grid(place, raw, step_s, whole_years)
    at = _places(place, raw, grid, step_s)
    values = {name: _laid_out(column, at, grid.size) for name, column in raw.values.items()}
    return Series(label_local=grid, step_s=step_s, values=values)


def days_to_leave_out(place: str, gaps: BoolArray, sun: Sunlight, months: UtcArray) -> BoolArray:
    """Steps (T,) of the solar days in which more than LONGEST_FILLED_H of sunlight is a gap.

    Whole days go, so that mornings and evenings stay even. InvalidWeather where a calendar month would lose
    more than LARGEST_LEFT_OUT of its steps; `months` (T,) names each step's month.
    """
    day = sun.solar_day - sun.solar_day.min()
    gap_h = np.bincount(day, weights=gaps & sun.lit) * sun.step_s / SECONDS_PER_HOUR
    out = np.asarray(gap_h[day] > LONGEST_FILLED_H)
    names, index = np.unique(months, return_inverse=True)
    share = np.bincount(index, weights=out) / np.bincount(index)
    if share.max() > LARGEST_LEFT_OUT:
        worst = int(share.argmax())
        raise InvalidWeather(
            f"{place}: {out.sum():,} of {out.size:,} steps lie on days with more than {LONGEST_FILLED_H:g} h "
            f"of sunlight without data, {100.0 * share[worst]:.0f} % of {names[worst]} among them; at most "
            f"{100.0 * LARGEST_LEFT_OUT:.0f} % of a month is left out; use a more complete year"
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


def _grid(place: str, raw: RawWeather, step_s: int, whole_years: bool) -> UtcArray:
    """Labels of equal steps, whose centres cover the calendar years of the file's or just its span."""
    labels, step = raw.label_local, np.timedelta64(step_s, "s")
    steps = int((labels[-1] - labels[0]) // step)
    if steps > MOST_STEPS_A_ROW * labels.size:
        raise InvalidWeather(
            f"{place}: {labels.size:,} rows from {labels[0]} to {labels[-1]}, which is {steps:,} steps of "
            f"{step_s} s; check the stamps, or use a more complete series"
        )
    if not whole_years:
        return np.asarray(np.arange(labels[0], labels[-1] + step, step))
    to_centre = np.timedelta64(round(raw.centre_after_label_s or 0.0), "s")
    first, last = labels[0] + to_centre, labels[-1] + to_centre
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
