"""A series made whole: what is impossible or missing replaced as far as it can be known, and counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tracker.errors import InvalidWeather
from tracker.units import BoolArray, FloatArray
from tracker.weather.files.raw import IRRADIANCE
from tracker.weather.reading import Decomposition
from tracker.weather.series import AS_GIVEN, ASSUMED_TEMP_C, Counts
from tracker.weather.splitting.decomposition import Air
from tracker.weather.splitting.sunlight import Sunlight
from tracker.weather.whole import limits, quality
from tracker.weather.whole.light import Columns, completed, interpolated
from tracker.weather.whole.measured import days_to_leave_out, straight

MOST_IMPOSSIBLE: Final = 0.05  # chosen: more is a wrong unit or a wrong clock, not a faulty sensor


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mended:
    """Columns of those of T steps that are `kept` (T,), what was done for it, and by which decomposition."""

    columns: Columns
    kept: BoolArray
    filled_steps: int
    counts: Counts
    decomposition: str


def as_given(columns: Columns) -> Mended:
    """A series that is whole: its night offsets become 0, nothing else happens."""
    return Mended(
        columns=columns | _without_offsets(columns),
        kept=np.ones(columns["ghi_w_m2"].size, dtype=bool),
        filled_steps=0,
        counts=Counts(negative=_negative_steps(columns)),
        decomposition=AS_GIVEN,
    )


def mended(place: str, columns: Columns, sun: Sunlight, parts: NDArray[Any], model: Decomposition) -> Mended:
    """Columns (T,) of raw fields with all light and temperatures known, days that cannot be left out.

    Light follows from closure, then from the decomposition, then from its neighbours' clearness; temperature
    from a straight line. InvalidWeather where too much of one of the `parts` (T,) is missing.
    """
    light = completed(columns | _without_offsets(columns), sun, _air(columns), model)
    temp_c = _temperature(columns["temp_air_c"])
    temp_gap = np.isnan(columns["temp_air_c"]) if np.isfinite(columns["temp_air_c"]).any() else ~sun.lit
    gaps = sun.lit & (_unknown(light.columns) | temp_gap)
    kept = ~days_to_leave_out(place, gaps, sun, parts)
    whole = columns | interpolated(light.columns, sun) | {"temp_air_c": temp_c}
    if not kept.any() or _unknown(whole)[kept].any():
        raise InvalidWeather(f"{place}: no day has enough light to go by; use a more complete series")
    decomposed = int((light.decomposed & kept).sum())
    all_given = kept & ~_unknown(columns)
    return Mended(
        columns={name: column[kept] for name, column in whole.items()},
        kept=kept,
        filled_steps=int((gaps & kept).sum()),
        counts=Counts(
            closed=int((light.closed & kept).sum()),
            decomposed=decomposed,
            left_out=int((~kept).sum()),
            negative=_negative_steps(columns),
            unclosed=int((limits.disagree(light.columns, sun) & all_given).sum()),
            temp_assumed=0 if np.isfinite(columns["temp_air_c"]).any() else int(kept.sum()),
        ),
        decomposition=model if decomposed else AS_GIVEN,
    )


def possible_only(place: str, columns: Columns, sun: Sunlight) -> tuple[Columns, int]:
    """The columns (T,) with impossible values as unknown, and at how many steps there were any.

    InvalidWeather where they are so many that it must be the unit or the clock.
    """
    wrong = {name: _impossible(name, column, sun) for name, column in columns.items()}
    steps = int(np.any(list(wrong.values()), axis=0).sum())
    if steps > MOST_IMPOSSIBLE * sun.utc.size:
        often = max(wrong, key=lambda name: int(wrong[name].sum()))
        raise InvalidWeather(
            f"{place}: {steps:,} of {sun.utc.size:,} steps hold values that cannot be, most of them {often}; "
            f"at most {100.0 * MOST_IMPOSSIBLE:g} % are taken for faults; check units, time zone and place"
        )
    return {name: np.where(wrong[name], np.nan, column) for name, column in columns.items()}, steps


def dew_point_c(temp_air_c: FloatArray, relative_humidity_percent: FloatArray) -> FloatArray:
    """Dew point by the Magnus formula with the constants of Alduchov and Eskridge (1996); NaN if unknown."""
    humid = np.log(np.clip(relative_humidity_percent, 1.0, 100.0) / 100.0)
    gamma = humid + 17.625 * temp_air_c / (243.04 + temp_air_c)
    return np.asarray(243.04 * gamma / (17.625 - gamma))


def _impossible(name: str, column: FloatArray, sun: Sunlight) -> BoolArray:
    beyond = quality.beyond(name, column) if name in quality.BOUNDS else np.isinf(column)
    return beyond | ~limits.possible(name, column, sun) if name in IRRADIANCE else beyond


def _without_offsets(columns: Mapping[str, FloatArray]) -> Columns:
    return {name: quality.without_offsets(columns[name]) for name in IRRADIANCE}


def _negative_steps(columns: Mapping[str, FloatArray]) -> int:
    return int(np.any([columns[name] < 0.0 for name in IRRADIANCE], axis=0).sum())


def _unknown(columns: Mapping[str, FloatArray]) -> BoolArray:
    return np.asarray(np.any([np.isnan(columns[name]) for name in IRRADIANCE], axis=0))


def _air(columns: Mapping[str, FloatArray]) -> Air:
    dew_c = dew_point_c(columns["temp_air_c"], columns["relative_humidity_percent"])
    return Air(pressure_pa=columns["pressure_pa"], dew_point_c=dew_c)


def _temperature(given_c: FloatArray) -> FloatArray:
    return straight(given_c) if np.isfinite(given_c).any() else np.full(given_c.size, ASSUMED_TEMP_C)
