"""What wind does to the tracked row: which gusts it was given, and how often it lay flat for them."""

from dataclasses import dataclass

import numpy as np

from tracker.plant import Plant
from tracker.study.mountings.orientation import Orientation
from tracker.study.setting import Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class WindStow:
    """How the weather's wind became gusts at the heads' sensor, and of how many steps it took the tracking.

    unknown_wind_steps stow nothing; in measured_gust_steps the gust was measured, in all others it is the
    step's mean times gust_factor. stowed_steps count steps in whose middle heads lie flat for wind, nights
    included, stowed_daylight_steps those with the sun up.
    """

    gust_factor: float
    height_m: float
    weather_height_m: float
    shear_exponent: float
    stow_gust_m_s: float
    steps: int
    measured_gust_steps: int
    unknown_wind_steps: int
    stowed_steps: int
    stowed_daylight_steps: int
    says: str


def wind_stow(setting: Setting, orientation: Orientation) -> WindStow | None:
    """The wind of a row that real drives hold; None for rows that no wind stows."""
    if orientation.stowed is None:
        return None
    weather, plant = setting.weather, setting.plant
    measured = 0 if weather.gust_m_s is None else int(np.sum(np.isfinite(weather.gust_m_s)))
    stowed = int(np.sum(orientation.stowed))
    by_day = int(np.sum(orientation.stowed & setting.daylight.up))
    counts = (
        f"heads lie flat from {plant.safety.stow_gust_m_s:g} m/s on, in {stowed:,} of {setting.intervals:,} "
        f"steps ({by_day:,} of them by day); {weather.unknown_wind_steps:,} steps without wind stow nothing"
    )
    return WindStow(
        gust_factor=plant.safety.gust_factor,
        height_m=plant.wind.height_m,
        weather_height_m=plant.wind.weather_height_m,
        shear_exponent=plant.wind.shear_exponent,
        stow_gust_m_s=plant.safety.stow_gust_m_s,
        steps=setting.intervals,
        measured_gust_steps=measured,
        unknown_wind_steps=weather.unknown_wind_steps,
        stowed_steps=stowed,
        stowed_daylight_steps=by_day,
        says=f"{_gusts(plant, weather.step_s, measured)}; {counts}",
    )


def _gusts(plant: Plant, step_s: float, measured: int) -> str:
    wind = plant.wind
    first = f"gusts are measured in {measured:,} steps, else" if measured else "gusts are"
    return (
        f"{first} means of {step_s / 60.0:g} min times {plant.safety.gust_factor:g}, taken from "
        f"{wind.weather_height_m:g} to {wind.height_m:g} m with exponent {wind.shear_exponent:g}"
    )
