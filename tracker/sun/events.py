"""Sunrise, sunset, transit and day length, polar day and night included."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tracker.sun.sky import Sun
from tracker.units import SECONDS_PER_HOUR, BoolArray, FloatArray, UtcArray, wrap_180

RISE_AND_SET_DEG: Final = -0.8333  # the sun's centre at sunrise, as SPA takes it: radius and refraction
SECONDS_PER_DAY: Final = 86_400.0
SECONDS_PER_DEGREE: Final = SECONDS_PER_DAY / 360.0
ROUNDS: Final = 4  # each leaves 3e-4 of the error, which starts at 17 minutes
TOLERANCE_DEG: Final = 1e-8  # 2 us of the sun's motion, near the clock's own step
MOST_STEPS: Final = 120  # every third halves the bracket: 40 halvings of 12 hours are 40 ns
HOURS_PER_DAY: Final = 24.0
SECOND: Final = np.timedelta64(1, "s")
NEVER: Final = np.datetime64("NaT", "us")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SunDays:
    """Solar days, from one lower culmination to the next, every array of one shape.

    A day without sunrise or without sunset has NaT there. day_length_h is the time above the horizon: 24 in
    polar day, 0 in polar night.
    """

    sunrise_utc: UtcArray
    transit_utc: UtcArray
    sunset_utc: UtcArray
    day_length_h: FloatArray


def sun_days(dates: UtcArray, sun: Sun, *, elevation_deg: float = RISE_AND_SET_DEG) -> SunDays:
    """The solar days of calendar dates T over the places S of a `Sun`, shape (S,) + T.

    A date is that of local mean solar time: its transit is the one within 17 minutes of 12 h there. Civil
    dates are the same, but for the few islands on the other side of the date line. Sunrise and sunset are
    where the sun's centre without refraction passes elevation_deg (-6 for civil twilight).
    Raises ValueError for NaT and years out of range.
    """
    days: UtcArray = np.asarray(dates, dtype="datetime64[D]")
    if np.isnat(days).any():
        raise ValueError("dates hold NaT; drop them first, such as dates[~np.isnat(dates)]")
    bare = sun.without_air()
    longitude_deg = (bare.longitude_deg + 180.0) % 360.0 - 180.0
    ahead = _span(longitude_deg[..., np.newaxis] * SECONDS_PER_DEGREE)
    noon: UtcArray = days.reshape(-1) - (ahead - np.timedelta64(12, "h"))
    midnight, transit, next_midnight = (_culmination(bare, noon, half_days) for half_days in (-1, 0, 1))
    morning = _half_day(bare, midnight, transit, elevation_deg)
    evening = _half_day(bare, transit, next_midnight, elevation_deg)
    shape = (*bare.shape, *days.shape)
    light_h = np.minimum((morning.light_s + evening.light_s) / SECONDS_PER_HOUR, HOURS_PER_DAY)
    return SunDays(
        sunrise_utc=np.where(np.isnat(morning.rise), evening.rise, morning.rise).reshape(shape),
        transit_utc=transit.reshape(shape),
        sunset_utc=np.where(np.isnat(evening.set), morning.set, evening.set).reshape(shape),
        day_length_h=light_h.reshape(shape),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _HalfDay:
    """Between two culminations: the passage upward or downward (NaT if none), and how long the sun is up."""

    rise: UtcArray
    set: UtcArray
    light_s: FloatArray


def _culmination(bare: Sun, noon: UtcArray, half_days: int) -> UtcArray:
    """When the sun crosses the meridian, above (half_days even) or below the pole."""
    utc = noon + half_days * np.timedelta64(12, "h")
    for _ in range(ROUNDS):
        past_deg = wrap_180(_hour_angle_deg(bare, utc) - 180.0 * half_days)
        utc = utc - _span(past_deg * SECONDS_PER_DEGREE)
    return utc


def _hour_angle_deg(bare: Sun, utc: UtcArray) -> FloatArray:
    east, north, up = np.moveaxis(bare.direction_enu(utc, each=True), -1, 0)
    latitude_rad = np.radians(bare.latitude_deg)[..., np.newaxis]
    return np.asarray(np.degrees(np.arctan2(-east, up * np.cos(latitude_rad) - north * np.sin(latitude_rad))))


def _half_day(bare: Sun, start: UtcArray, end: UtcArray, threshold_deg: float) -> _HalfDay:
    span_s = (end - start) / SECOND

    def above_deg(after_s: FloatArray) -> FloatArray:
        return bare.angles(start + _span(after_s), each=True).elevation_deg - threshold_deg

    first_deg, last_deg = above_deg(np.zeros(span_s.shape)), above_deg(span_s)
    passes = (first_deg < 0.0) != (last_deg < 0.0)
    after_s = _passage(above_deg, span_s, first_deg, last_deg, passes)
    at, rising = start + _span(after_s), last_deg >= 0.0
    whole_s = np.where(first_deg < 0.0, 0.0, span_s)
    return _HalfDay(
        rise=np.where(passes & rising, at, NEVER),
        set=np.where(passes & ~rising, at, NEVER),
        light_s=np.where(passes, np.where(rising, span_s - after_s, after_s), whole_s),
    )


def _passage(
    function: Callable[[FloatArray], FloatArray],
    high: FloatArray,
    at_low: FloatArray,
    at_high: FloatArray,
    wanted: BoolArray,
) -> FloatArray:
    """Where the function passes 0 between 0 and high; meaningless where it is not wanted.

    False position in the Illinois form (the end that stays has its value halved), with every third step a
    bisection, so that a grazing sun cannot stall it.
    """
    low, middle = np.zeros_like(high), 0.5 * high
    for step in range(MOST_STEPS):
        if step % 3 == 2:
            middle = 0.5 * (low + high)
        else:
            middle = low + (high - low) * np.where(
                wanted, at_low / np.where(wanted, at_low - at_high, 1.0), 0.5
            )
        value = function(middle)
        if not np.any(wanted & (np.abs(value) > TOLERANCE_DEG)):
            break
        below = (value < 0.0) == (at_low < 0.0)  # on the side of the low end
        at_low, at_high = np.where(below, value, 0.5 * at_low), np.where(below, 0.5 * at_high, value)
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return middle


def _span(seconds: FloatArray) -> NDArray[np.timedelta64]:
    return np.round(seconds * 1e6).astype("timedelta64[us]")
