"""Global irradiance of a synthetic year: clearness of each day, then of each hour within it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator
from scipy.special import betaincinv

from tracker.units import FloatArray, IntArray
from tracker.weather.synthetic.climates import MonthlyClimate
from tracker.weather.synthetic.sampling import autoregressive, monthly_quantiles, monthly_sums, solve_rising

HOURS: Final = 24
DAILY_RANGE: Final = (0.05, 0.75)  # Hollands and Huget (1983, Solar Energy 30, 195-209) at a mean of 0.45
NO_SUN: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Light:
    """What the sun allows in T = 24 D hours: sine of its elevation at centres, extraterrestrial normal; (T,).

    month_index is 0 to 11 for every hour, in local standard time.
    """

    sine: FloatArray
    extra_normal_w_m2: FloatArray
    month_index: IntArray

    @property
    def extra_horizontal_w_m2(self) -> FloatArray:
        """Extraterrestrial irradiance on the horizontal plane, (T,)."""
        return self.extra_normal_w_m2 * self.sine


def daily_clearness(climate: MonthlyClimate, light: Light, rng: Generator) -> FloatArray:
    """Clearness index Kt of each day, (D,).

    An AR(1) Gaussian sequence mapped onto Kt's distribution, as Graham, Hollands and Unny (1988, Solar
    Energy 40, 83-92) do; the distribution is a beta with the climate's monthly mean and scatter, because
    the universal curves (Bendt et al. 1981; Hollands and Huget 1983) scatter by 0.20, Shenzhen's months
    by 0.12.
    """
    month_index = light.month_index[::HOURS]
    available = monthly_sums(light.extra_horizontal_w_m2, light.month_index)
    mean = 1000.0 * np.array(climate.ghi_kwh_m2) / available
    low, high = DAILY_RANGE
    centre = ((mean - low) / (high - low))[month_index]
    spread = (np.array(climate.clearness_std) / (high - low))[month_index]
    weight = centre * (1.0 - centre) / spread**2 - 1.0
    sequence = autoregressive(rng, month_index.size, climate.clearness_lag1)
    quantiles = monthly_quantiles(sequence, month_index)
    drawn = betaincinv(centre * weight, (1.0 - centre) * weight, quantiles)
    return np.asarray(low + (high - low) * drawn)


def hourly_clearness(daily: FloatArray, light: Light, rng: Generator) -> FloatArray:
    """Clearness index kt of each hour, (T,), not negative; 0 at night. Days (D,) give the mean level.

    Aguiar and Collares-Pereira (1992, Solar Energy 49, 167-174): kt = mean(Kt, h) + sigma(Kt, h) y with y
    an AR(1) through the hours of a day.
    """
    kt_day = np.repeat(daily, HOURS)
    sine = np.maximum(light.sine, NO_SUN)
    level = -0.19 + 1.12 * kt_day + 0.24 * np.exp(-8.0 * kt_day)
    steepness = 0.32 - 1.6 * (kt_day - 0.5) ** 2
    air = 0.19 + 2.27 * kt_day**2 - 2.51 * kt_day**3
    mean: FloatArray = level + steepness * np.exp(-air / sine)
    at_zenith = 0.14 * np.exp(-20.0 * (kt_day - 0.35) ** 2)
    toward_horizon = 3.0 * (kt_day - 0.45) ** 2 + 16.0 * kt_day**5
    sigma = at_zenith * np.exp(toward_horizon * (1.0 - sine))
    return np.where(light.sine > 0.0, np.maximum(mean + sigma * _within_days(daily, rng), 0.0), 0.0)


def global_irradiance(climate: MonthlyClimate, light: Light, rng: Generator) -> FloatArray:
    """GHI (T,) in W/m2, below clear sky in each hour, each month's sum the climate's."""
    daily = daily_clearness(climate, light, rng)
    raw = hourly_clearness(daily, light, rng) * light.extra_horizontal_w_m2
    wanted_daily = daily * light.extra_horizontal_w_m2.reshape(-1, HOURS).sum(axis=1)
    shape = raw * np.repeat(wanted_daily / raw.reshape(-1, HOURS).sum(axis=1), HOURS)
    limit = clear_sky_w_m2(light.sine)
    factor = solve_rising(
        lambda scale: monthly_sums(np.minimum(shape * scale[light.month_index], limit), light.month_index),
        1000.0 * np.array(climate.ghi_kwh_m2),
        0.0,
        3.0,
    )
    return np.asarray(np.minimum(shape * factor[light.month_index], limit))


def clear_sky_w_m2(sine: FloatArray) -> FloatArray:
    """GHI under a clean clear sky by Haurwitz (1945): 1098 sin h exp(-0.059 / sin h); 0 below the horizon."""
    return np.where(sine > 0.0, 1098.0 * sine * np.exp(-0.059 / np.maximum(sine, NO_SUN)), 0.0)


def _within_days(daily: FloatArray, rng: Generator) -> FloatArray:
    """Standard AR(1) noise through each day on its own, (24 D,)."""
    kicks = rng.standard_normal((daily.size, HOURS))
    lag1 = 0.38 + 0.06 * np.cos(7.4 * daily - 2.5)
    for hour in range(1, HOURS):  # a recursion through the hours, all days at once
        kicks[:, hour] = lag1 * kicks[:, hour - 1] + np.sqrt(1.0 - lag1**2) * kicks[:, hour]
    return np.asarray(kicks.ravel())
