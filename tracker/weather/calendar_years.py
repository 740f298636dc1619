"""Weather of several years as years, and as new years made of their months: how much one year differs."""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any, Final

import numpy as np

from tracker.units import MONTHS_PER_YEAR, BoolArray, IntArray, UtcArray
from tracker.weather.series import Counts, Weather, standard_time
from tracker.weather.whole.coverage import HOURS_OF_MONTH, LARGEST_LEFT_OUT, hours_of_months

YEAR: Final = 2022  # the calendar that resampled years carry, as typical years do


def years(weather: Weather) -> tuple[Weather, ...]:
    """The calendar years of the weather, in local standard time, of which every month is there by two thirds.

    What was counted belongs to the whole series: a part of it carries no counts.
    """
    whole = [year for year in np.unique(weather.local_year) if _is_whole(weather, int(year))]
    if len(whole) == 1 and bool((weather.local_year == whole[0]).all()):
        return (weather,)
    return tuple(_picked(weather, weather.local_year == year) for year in whole)


def month_draws(year_count: int, seed: int, n: int) -> IntArray:
    """Which of year_count years each month of n new years comes from, (n, 12), drawn evenly (PCG64).

    With monthly energies (years, 12) at hand, energies[draws, range(12)].sum(axis=1) are those of the new
    years, without computing any of them again.
    """
    if year_count < 1 or n < 1:
        raise ValueError(f"{year_count} years to draw from and {n} to make; give at least one of both")
    rng = np.random.Generator(np.random.PCG64(seed))
    return rng.integers(0, year_count, size=(n, MONTHS_PER_YEAR))


def resampled_months(weather: Weather, seed: int, n: int) -> Iterator[Weather]:
    """New years, n of them, under one calendar year; months come from where `month_draws` drew them.

    29 February is dropped. ValueError unless the weather has a whole calendar year.
    """
    whole = years(weather)
    if not whole:
        raise ValueError(f"{weather.source} has no whole calendar year; give at least one")
    for draw in month_draws(len(whole), seed, n):
        yield _of_months([_month(whole[year], month) for month, year in enumerate(draw, 1)])


def _is_whole(weather: Weather, year: int) -> bool:
    hours = hours_of_months(weather.local_month[weather.local_year == year], weather.step_s)
    return bool(np.all(hours >= (1.0 - LARGEST_LEFT_OUT) * HOURS_OF_MONTH))


def _month(year: Weather, month: int) -> Weather:
    here = (year.local_month == month) & ~_on_leap_day(year)
    picked = _picked(year, here)
    later = MONTHS_PER_YEAR * (YEAR - int(year.local_year[0]))
    return replace(picked, utc=_moved(picked.utc, year.utc_offset_h, later))


def _moved(utc: UtcArray, utc_offset_h: float, months: int) -> UtcArray:
    """Instants the same time of the same day of the month, that many months later."""
    offset = np.timedelta64(round(utc_offset_h * 3600.0), "s")
    local = (utc + offset).astype("datetime64[s]")
    month = local.astype("datetime64[M]")
    into_month = local - month.astype("datetime64[s]")
    return np.asarray((month + months).astype("datetime64[s]") + into_month - offset)


def _on_leap_day(weather: Weather) -> BoolArray:
    local = standard_time(weather.utc, weather.utc_offset_h).astype("datetime64[D]")
    day = (local - local.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64)
    return np.asarray((weather.local_month == 2) & (day == 28))


def _of_months(months: list[Weather]) -> Weather:
    arrays: dict[str, Any] = {
        name: np.concatenate([getattr(month, name) for month in months]) for name in _array_names(months[0])
    }
    return replace(months[0], **arrays, kind="resampled year")


def _picked(weather: Weather, here: BoolArray) -> Weather:
    """Some of the steps; what was counted for all of them is not known for these."""
    arrays: dict[str, Any] = {name: getattr(weather, name)[here] for name in _array_names(weather)}
    return replace(weather, **arrays, filled_steps=0, counts=Counts())


def _array_names(weather: Weather) -> list[str]:
    return [each.name for each in fields(Weather) if isinstance(getattr(weather, each.name), np.ndarray)]
