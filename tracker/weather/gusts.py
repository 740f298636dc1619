"""Gusts at the height of the heads' wind sensor, from the mean wind that weather gives."""

from typing import Final

import numpy as np

from tracker.units import FloatArray
from tracker.weather.series import Weather

WEATHER_HEIGHT_M: Final = 10.0  # the height of surface wind by the convention of the WMO
ROUGHNESS_M: Final = 0.03  # open flat ground with grass, where weather stations stand


def gusts_m_s(
    weather: Weather,
    *,
    gust_factor: float,
    height_m: float,
    weather_height_m: float,
    exponent: float,
) -> FloatArray:
    """Gusts (T,) in m/s at height_m by the power law; NaN where nobody knows the wind.

    A measured gust is only moved to that height. Where there is none the step's mean serves, times
    gust_factor, the usual gust over the mean of such a step: 1.5 suits hours. Unknown wind stows nothing in
    the yield, Weather.unknown_wind_steps of them.
    """
    means = weather.wind_speed_m_s * gust_factor
    gusts = (
        means if weather.gust_m_s is None else np.where(np.isnan(weather.gust_m_s), means, weather.gust_m_s)
    )
    return np.asarray(gusts * power_law(height_m, weather_height_m, exponent))


def power_law(height_m: float, from_height_m: float, exponent: float) -> float:
    """Wind at height_m over wind at from_height_m: (h / h0)^exponent; ValueError unless both are above 0."""
    if min(height_m, from_height_m) <= 0.0:
        raise ValueError(f"heights are {height_m:g} and {from_height_m:g} m; give heights above 0 m")
    return float((height_m / from_height_m) ** exponent)


def log_law(height_m: float, from_height_m: float, roughness_m: float = ROUGHNESS_M) -> float:
    """Wind at height_m over wind at from_height_m in neutral air: ln(h / z0) / ln(h0 / z0).

    ValueError unless both heights are above the roughness length.
    """
    if min(height_m, from_height_m) <= roughness_m or roughness_m <= 0.0:
        raise ValueError(
            f"heights are {height_m:g} and {from_height_m:g} m, roughness is {roughness_m:g} m; give heights "
            "above the roughness and roughness above 0 m"
        )
    return float(np.log(height_m / roughness_m) / np.log(from_height_m / roughness_m))


def exponent_of(roughness_m: float, height_m: float, from_height_m: float = WEATHER_HEIGHT_M) -> float:
    """The power law's exponent that agrees with the log law between two different heights."""
    return float(np.log(log_law(height_m, from_height_m, roughness_m)) / np.log(height_m / from_height_m))
