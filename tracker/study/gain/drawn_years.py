"""Other years that this place could have had, drawn from the days of the one that is known."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from tracker.study.gain.day_classes import local_days
from tracker.units import FloatArray, IntArray, distinct
from tracker.weather.series import Weather

DRAWS: Final = 1000
SEED: Final = 20240606  # chosen; fixed, so that the same inputs give the same interval
YEARLY_RATIO: Final = 0.04  # chosen, see the decision record: of a year's global light, one sigma
ENOUGH_YEARS: Final = 5  # chosen: fewer say less about the next one than YEARLY_RATIO does
WHOLE_YEAR_H: Final = 8500.0  # some days may be left out
FLATTEST: Final = 1e-9  # Wh: days that differ by less do not differ


def yearly_kwh(net_wh: Mapping[str, FloatArray], weather: Weather) -> dict[str, FloatArray]:
    """Totals (N,) of each mounting over a sample of years: the series' own if it has enough, else drawn."""
    years, of_year = np.unique(weather.local_year, return_inverse=True)
    hours = np.bincount(of_year) * weather.step_s / 3600.0
    whole = np.flatnonzero(hours >= WHOLE_YEAR_H)
    if whole.size < ENOUGH_YEARS:
        return drawn_kwh(net_wh, weather)
    return {
        name: np.bincount(of_year, weights=wh, minlength=years.size)[whole] / 1000.0
        for name, wh in net_wh.items()
    }


def drawn_kwh(net_wh: Mapping[str, FloatArray], weather: Weather) -> dict[str, FloatArray]:
    """Totals (DRAWS,) of each mounting over years drawn anew: whole days, within their own month.

    A day stays whole and all mountings see the same draw, so what they share cancels in the gain (Efron and
    Tibshirani 1993, chapter 8: blocks). Days drawn one by one would make years far too alike, so each draw
    is a sunny year or a dull one: its days are weighted by how bright they are in their month, as much as
    it takes for the year's global light to vary by YEARLY_RATIO. Seeded.
    """
    day, first = local_days(weather)
    bright_wh = np.bincount(day, weights=weather.ghi_w_m2).astype(np.float64) * (weather.step_s / 3600.0)
    daily_kwh = {name: np.bincount(day, weights=wh) / 1000.0 for name, wh in net_wh.items()}
    counts = _draws(weather.local_month[first], bright_wh)
    return {name: counts @ kwh for name, kwh in daily_kwh.items()}


def _draws(month_of_day: IntArray, bright_wh: FloatArray) -> FloatArray:
    """How often each day occurs in each year drawn, (DRAWS, days)."""
    rng = np.random.default_rng(SEED)
    months = [np.flatnonzero(month_of_day == month) for month in distinct(month_of_day)]
    sunny = rng.standard_normal(DRAWS) * _slope([bright_wh[days] for days in months])
    counts = np.zeros((DRAWS, month_of_day.size))
    for days in months:
        weights = np.exp(sunny[:, None] * _standard(bright_wh[days]))
        counts[:, days] = rng.multinomial(days.size, weights / weights.sum(axis=1, keepdims=True))
    return counts


def _slope(months: list[FloatArray]) -> float:
    """What a standard deviation of brightness must weigh for years to vary as they do; 0 where they can't.

    To first order a month answers a tilt of its days' weights by their standard deviation for each day.
    """
    wanted = YEARLY_RATIO * sum(float(np.sum(days)) for days in months)
    drawn_variance = sum(days.size * float(np.var(days)) for days in months)
    answer = sum(days.size * float(np.std(days)) for days in months)
    if answer < FLATTEST or wanted**2 <= drawn_variance:
        return 0.0
    return float(np.sqrt(wanted**2 - drawn_variance)) / answer


def _standard(days: FloatArray) -> FloatArray:
    deviation = float(np.std(days))
    return (days - np.mean(days)) / deviation if deviation > FLATTEST else np.zeros_like(days)
