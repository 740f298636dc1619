"""Air temperature and wind of a synthetic year around their monthly means."""

from typing import Final

import numpy as np
from numpy.random import Generator
from scipy import optimize, special

from tracker.units import FloatArray, IntArray
from tracker.weather.synthetic.clearness import HOURS
from tracker.weather.synthetic.climates import MonthlyClimate
from tracker.weather.synthetic.sampling import autoregressive, monthly_quantiles, monthly_sums

# Cosines of the day: order, size relative to the day's range, phase in rad of the hour angle from midnight.
# Least squares on the mean day of the SWERA Shenzhen year; a third one is 0.006.
HARMONICS: Final = ((1, 0.457, 3.963), (2, 0.121, 0.758))
RANGE_PER_CLEARNESS_C: Final = (16.7, -2.6)  # least squares of the same year's daily range over its daily Kt
SMALLEST_RANGE_C: Final = 0.5
WIND_DIURNAL: Final = 0.35  # chosen: in standard deviations, for SWERA's 2.2 m/s at night and 3.3 at 13 h
WINDIEST_HOUR: Final = 14.0


def air_temperature(
    climate: MonthlyClimate, daily_clearness: FloatArray, month_index: IntArray, rng: Generator
) -> FloatArray:
    """Air temperature (T,) in C: monthly mean, a daily anomaly that persists, and the diurnal harmonics."""
    days = daily_clearness.size
    anomaly = autoregressive(rng, days, climate.temp_air_lag1)
    daily_c = anomaly * np.array(climate.temp_air_std_c)[month_index[::HOURS]]
    hours = np.arange(days * HOURS) + 0.5
    slow_c = np.interp(hours, np.arange(days) * HOURS + 12.0, daily_c)
    range_c = np.maximum(np.polyval(RANGE_PER_CLEARNESS_C, daily_clearness), SMALLEST_RANGE_C)
    angle = 2.0 * np.pi * hours / HOURS
    cycle = sum(size * np.cos(n * angle - phase) for n, size, phase in HARMONICS)
    raw_c: FloatArray = slow_c + np.repeat(range_c, HOURS) * cycle
    bias_c = monthly_sums(raw_c, month_index) / np.bincount(month_index, minlength=12)
    return np.asarray(raw_c + (np.array(climate.temp_air_c) - bias_c)[month_index])


def wind_speed(climate: MonthlyClimate, month_index: IntArray, rng: Generator) -> FloatArray:
    """Hourly mean wind (T,) in m/s: Weibull by month, persistent from hour to hour, strongest after noon.

    The order comes from an AR(1) Gaussian with a diurnal wave, the values from the month's quantiles.
    """
    hours = np.arange(month_index.size) + 0.5
    wave = WIND_DIURNAL * np.cos(2.0 * np.pi * (hours - WINDIEST_HOUR) / HOURS)
    order = autoregressive(rng, month_index.size, climate.wind_lag1) + wave
    quantiles = monthly_quantiles(order, month_index)
    mean, std = np.array(climate.wind_speed_m_s), np.array(climate.wind_std_m_s)
    shape = np.array([weibull_shape(float(s / m)) for m, s in zip(mean, std, strict=True)])
    scale = mean / special.gamma(1.0 + 1.0 / shape)
    return scale[month_index] * (-np.log1p(-quantiles)) ** (1.0 / shape[month_index])


def weibull_shape(variation: float) -> float:
    """The Weibull shape whose standard deviation over mean is `variation`, 0.2 to 2."""

    def excess(shape: float) -> float:
        second, first = special.gamma(1.0 + 2.0 / shape), special.gamma(1.0 + 1.0 / shape)
        return float(second / first**2 - 1.0 - variation**2)

    return float(optimize.brentq(excess, 0.5, 6.0))
