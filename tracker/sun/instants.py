"""UTC as whole ticks: what is a time, what could be misread, and what is too far away."""

from datetime import datetime
from typing import Any, Final

import numpy as np

from tracker.sun.nodes import END_DAY, FIRST_DAY, YEARS
from tracker.units import IntArray, UtcArray, distinct

SECONDS_PER_DAY: Final = 86_400
TICKS_PER_DAY: Final = {
    np.dtype(f"datetime64[{unit}]"): SECONDS_PER_DAY * per_s
    for unit, per_s in (("s", 1), ("ms", 10**3), ("us", 10**6), ("ns", 10**9))
}
FINER: Final = ("ps", "fs", "as")
EXAMPLE: Final = "np.datetime64('2025-06-21T04:00', 'us')"


def as_ticks(utc: object) -> tuple[UtcArray, int]:
    """The times as datetime64 of a unit from s to ns, any shape, and how many such units a day has.

    Takes numpy datetime64, which is UTC, and zoned times of pandas and datetime, which are converted.
    Raises ValueError for what could be misread: naive pandas or datetime times, text, numbers.
    """
    times = utc if isinstance(utc, np.ndarray) else _from_others(utc)
    per_day = TICKS_PER_DAY.get(times.dtype)
    if per_day is not None:
        return times, per_day
    if times.dtype.kind != "M":
        raise ValueError(
            f"utc has dtype {times.dtype}; give numpy datetime64 in UTC such as {EXAMPLE}, "
            "or times with a zone: index.tz_localize('Asia/Shanghai')"
        )
    unit = np.datetime_data(times.dtype)
    kept = unit[0] if unit[1] == 1 and unit[0] in ("ms", "us", "ns") else "ns" if unit[0] in FINER else "us"
    times = times.astype(f"datetime64[{kept}]")
    return times, TICKS_PER_DAY[times.dtype]


def checked_years(ticks: IntArray, per_day: int) -> range:
    """First to last year of the ticks. Raises ValueError for NaT and outside the supported years."""
    low, high = int(ticks.min()), int(ticks.max())
    first, last = low // per_day, high // per_day
    if first < FIRST_DAY or last >= END_DAY:
        refuse(low if first < FIRST_DAY else high, per_day)
    return range(year_of(first), year_of(last) + 1)


def refuse(tick: int, per_day: int) -> None:
    """Raise the ValueError for a tick outside the supported years, or for NaT."""
    if tick == np.iinfo(np.int64).min:
        raise ValueError("utc holds NaT; drop or fill the missing times first, such as utc[~np.isnat(utc)]")
    raise ValueError(
        f"utc is in the year {year_of(tick // per_day)}; give years from {YEARS[0]} to {YEARS[1]}"
    )


def years_among(ticks: IntArray, per_day: int) -> list[int]:
    """The years that occur, for times that may lie decades apart; in pieces, to stay small."""
    flat, piece = ticks.reshape(-1), 1_000_000
    days = {
        int(day) for at in range(0, flat.size, piece) for day in distinct(flat[at : at + piece] // per_day)
    }
    return sorted({year_of(day) for day in days})


def year_of(day: int) -> int:
    """The calendar year of a day counted from 1970-01-01."""
    return int(np.datetime64(day, "D").astype("datetime64[Y]").astype(np.int64)) + 1970


def _from_others(utc: Any) -> UtcArray:
    """Numpy times of what is no array: a zoned time is converted, a naive one refused."""
    if isinstance(utc, np.datetime64):
        return np.asarray(utc)
    times = getattr(utc, "dt", utc)  # a pandas Series keeps its zone there
    if isinstance(utc, datetime) and utc != utc:  # pandas' NaT
        return np.asarray(np.datetime64("NaT", "us"))
    if hasattr(times, "tz") and hasattr(times, "tz_convert"):  # pandas: an index, a series' dt or one time
        _refuse_naive(times.tz)
        naive = (
            times.tz_convert("UTC").tz_localize(None)
            if times is utc
            else times.tz_convert("UTC").dt.tz_localize(None)
        )
        return np.asarray(naive.to_numpy())
    if isinstance(utc, datetime):
        _refuse_naive(utc.tzinfo)
        offset = utc.utcoffset()
        return np.asarray(np.datetime64(utc.replace(tzinfo=None), "us") - np.timedelta64(offset, "us"))
    return np.asarray(utc)


def _refuse_naive(zone: object) -> None:
    if zone is None:
        raise ValueError(
            "utc has no time zone; say which: times.tz_localize('UTC') or times.tz_localize('Asia/Shanghai')"
        )
