"""What a meter counted, and which intervals of a weather it counted over."""

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from tracker.errors import InvalidInput
from tracker.study.metering.calendar_shift import in_year_of
from tracker.units import BoolArray, FloatArray, IntArray, UtcArray
from tracker.weather.series import Weather

ON_EDGE: Final = 0.01  # of a weather interval: nearer than this two times are the same; loggers jitter
NONE: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Metered:
    """Energy of the whole array in N intervals in order of time, that do not overlap; NaN where unknown.

    missing_intervals says how many more there should be between the first and the last, those with NaN
    included. poa_w_m2 and temp_module_c (N,) are means measured in the modules' plane and at their back, NaN
    where unknown, None where nobody did. resets_utc are the file's readings that were lower than the one
    before.
    """

    source: str
    start_utc: UtcArray
    end_utc: UtcArray
    energy_kwh: FloatArray
    missing_intervals: int
    poa_w_m2: FloatArray | None = None
    temp_module_c: FloatArray | None = None
    resets_utc: UtcArray = field(default_factory=lambda: np.array([], dtype="datetime64[ms]"))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Matched:
    """B blocks of time that meter and weather both cover without a gap, as short as their edges allow.

    block (T,) is the block of each interval of the weather, NONE where it has none; start_utc and
    energy_kwh (B,) are those of the blocks; block_of_metered (N,) is that of each interval of the meter,
    counted_intervals says how many are in one.
    """

    block: IntArray
    block_of_metered: IntArray
    start_utc: UtcArray
    energy_kwh: FloatArray
    counted_intervals: int


def matched(metered: Metered, weather: Weather) -> Matched:
    """The blocks between times that are edges of both, where neither lacks anything.

    So meters may count in shorter or longer intervals than the weather's, and nothing is divided. Raises
    InvalidInput when there is no such block.
    """
    start, end = (_edges(utc, weather) for utc in (metered.start_utc, metered.end_utc))
    begins = np.append(True, _on_edge(start[1:]) | (start[1:] - end[:-1] > ON_EDGE))
    first = np.flatnonzero(begins)
    last = np.append(first[1:], begins.size) - 1
    energy_kwh = np.add.reduceat(metered.energy_kwh, first)
    number = np.round(_slots(weather)).astype(np.int64)
    lower, upper = (np.round(edge).astype(np.int64) for edge in (start[first], end[last]))
    covered = np.searchsorted(number, upper) - np.searchsorted(number, lower) == upper - lower
    whole = _on_edge(start[first]) & _on_edge(end[last]) & covered & (upper > lower)
    whole &= np.isfinite(energy_kwh)
    if not whole.any():
        raise InvalidInput(_apart(metered, weather))
    block_of_metered = np.repeat(np.where(whole, np.cumsum(whole) - 1, NONE), last - first + 1)
    block = np.searchsorted(lower[whole], number, side="right") - 1
    inside = (block >= 0) & (number < upper[whole][block])
    return Matched(
        block=np.where(inside, block, NONE),
        start_utc=metered.start_utc[first][whole],
        block_of_metered=block_of_metered,
        energy_kwh=energy_kwh[whole],
        counted_intervals=int(np.sum(block_of_metered != NONE)),
    )


def metered_in_weather_year(metered: Metered, weather: Weather) -> Metered:
    """The same intervals moved, date by date, into the weather's year; raises as `in_year_of` does."""
    start = in_year_of(metered.start_utc, weather, metered.source)
    length = metered.end_utc.astype("datetime64[ms]") - metered.start_utc.astype("datetime64[ms]")
    kept = np.flatnonzero(~np.isnat(start))
    order = kept[np.argsort(start[kept], kind="stable")]
    return replace(
        metered,
        start_utc=start[order],
        end_utc=np.asarray(start[order] + length[order], dtype="datetime64[ms]"),
        energy_kwh=metered.energy_kwh[order],
        poa_w_m2=None if metered.poa_w_m2 is None else metered.poa_w_m2[order],
        temp_module_c=None if metered.temp_module_c is None else metered.temp_module_c[order],
    )


def _slots(weather: Weather) -> FloatArray:
    """The number of each interval (T,) on the weather's grid, counted from its first."""
    return _edges(weather.utc, weather) - 0.5


def _edges(utc: UtcArray, weather: Weather) -> FloatArray:
    """Times in intervals of the weather since the beginning of its first; whole numbers are edges."""
    since_s = (utc - weather.utc[0]) / np.timedelta64(1, "ms") / 1000.0
    return np.asarray(since_s / weather.step_s + 0.5, dtype=np.float64)


def _on_edge(edges: FloatArray) -> BoolArray:
    return np.asarray(np.abs(edges - np.round(edges)) <= ON_EDGE)


def _apart(metered: Metered, weather: Weather) -> str:
    return (
        f"{metered.source} was metered from {metered.start_utc[0]}Z to {metered.end_utc[-1]}Z and no stretch "
        f"of it is whole under the {weather.utc.size} intervals of {weather.step_s:.0f} s that are compared "
        f"of {weather.source}, {weather.utc[0]}Z to {weather.utc[-1]}Z: give weather and records of that "
        "time, or move dates with --recorded-any-year; stamps must meet the edges of the weather's intervals"
    )
