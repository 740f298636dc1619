"""Measured series: whole calendar years, small gaps filled from the days around them and counted."""

from typing import Final

import numpy as np
import pandas as pd

from tracker.errors import InvalidWeather
from tracker.units import SECONDS_PER_HOUR, BoolArray, FloatArray, IntArray, UtcArray
from tracker.weather.grid import DAY_S, Series, step_of
from tracker.weather.raw import NEEDED, RawWeather

LONGEST_GAP_H: Final = 48.0  # chosen: a day copied from its neighbours is weather, a week is invention
LARGEST_FILLED_PERCENT: Final = 2.0  # chosen: below the year-to-year scatter of annual insolation


def measured_series(place: str, raw: RawWeather) -> Series:
    """A measured series over whole calendar years, gaps filled from the days before and after.

    A step lacking irradiance or temperature takes the mean of the same time on the nearest days before and
    after that have it, in every column, so that the beam closure survives. InvalidWeather where time runs
    back, a gap exceeds LONGEST_GAP_H, or more than LARGEST_FILLED_PERCENT of the steps would be filled.
    """
    _refuse_time_running_back(place, raw)
    step_s = step_of(place, raw.label_local)
    grid = _whole_years(raw.label_local, step_s)
    at = _places(place, raw, grid, step_s)
    values = {name: _laid_out(column, at, grid.size) for name, column in raw.values.items()}
    gaps = np.asarray(np.any([np.isnan(values[name]) for name in NEEDED], axis=0))
    _refuse_long_gaps(place, grid, gaps, step_s)
    filled = {name: _filled(column, gaps, DAY_S // step_s) for name, column in values.items()}
    return Series(label_local=grid, step_s=step_s, values=filled, filled_steps=int(gaps.sum()))


def _refuse_time_running_back(place: str, raw: RawWeather) -> None:
    labels = raw.label_local
    back = np.flatnonzero(np.diff(labels) <= np.timedelta64(0, "s"))
    if back.size:
        i = int(back[0])
        raise InvalidWeather(
            f"{place}: line {raw.first_line + i + 1} ({labels[i + 1]}) is not after line "
            f"{raw.first_line + i} ({labels[i]}); sort the rows and drop doubled ones"
        )


def _whole_years(labels: UtcArray, step_s: int) -> UtcArray:
    start = labels[0].astype("datetime64[Y]").astype("datetime64[s]")
    end = (labels[-1].astype("datetime64[Y]") + 1).astype("datetime64[s]")
    phase = (labels[0] - start) % np.timedelta64(step_s, "s")
    return np.asarray(np.arange(start, end, np.timedelta64(step_s, "s")) + phase)


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


def _refuse_long_gaps(place: str, grid: UtcArray, gaps: BoolArray, step_s: int) -> None:
    edges = np.flatnonzero(np.diff(np.concatenate(([False], gaps, [False])).astype(np.int8)))
    starts, lengths = edges[::2], edges[1::2] - edges[::2]
    longest_h = float(lengths.max(initial=0)) * step_s / SECONDS_PER_HOUR
    percent = 100.0 * float(gaps.mean())
    if longest_h > LONGEST_GAP_H or percent > LARGEST_FILLED_PERCENT:
        first = grid[starts[lengths.argmax()]]
        raise InvalidWeather(
            f"{place}: {gaps.sum():,} of {gaps.size:,} steps of its calendar years lack irradiance or "
            f"temperature ({percent:.1f} %), {longest_h:g} h of them from {first} on; "
            f"at most {LONGEST_GAP_H:g} h in a row and {LARGEST_FILLED_PERCENT:g} % are filled; "
            "use a more complete year"
        )


def _filled(column: FloatArray, gaps: BoolArray, per_day: int) -> FloatArray:
    known = pd.DataFrame(np.where(gaps, np.nan, column).reshape(-1, per_day))
    before, after = known.ffill(), known.bfill()
    mean = (before.fillna(after) + after.fillna(before)) / 2.0
    return np.where(gaps, mean.to_numpy().ravel(), column)
