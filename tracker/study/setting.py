"""What all mountings of one comparison share."""

from dataclasses import dataclass, replace

import numpy as np

from tracker.plant import Plant
from tracker.pv import Daylight, Models, PanelYield, daylight_of, hidden_daylight, yield_of
from tracker.sun import SunPosition, sun_position
from tracker.units import BoolArray, FloatArray
from tracker.weather.series import Weather


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Setting:
    """One plant under one weather: T intervals with the sun at their centres, light already divided.

    hidden (T,) says where the skyline hides the sun's centre; daylight heeds it, open_daylight does not.
    Without a horizon both are the same value.
    """

    plant: Plant
    weather: Weather
    models: Models
    sun: SunPosition
    hidden: BoolArray
    open_daylight: Daylight
    daylight: Daylight

    @property
    def intervals(self) -> int:
        """T, how many intervals the weather has."""
        return int(self.weather.utc.size)

    def yield_of(self, normal_enu: FloatArray) -> PanelYield:
        """Light and power of one head looking along (T, 3) or (3,)."""
        return self._yield_under(self.daylight, normal_enu)

    def open_yield_of(self, normal_enu: FloatArray) -> PanelYield:
        """The same with nothing in front of the sky."""
        return self._yield_under(self.open_daylight, normal_enu)

    def _yield_under(self, daylight: Daylight, normal_enu: FloatArray) -> PanelYield:
        array = self.plant.array
        return yield_of(normal_enu, daylight, array.head, array.panels)


def setting_of(plant: Plant, weather: Weather, models: Models) -> Setting:
    """The sun and the light for a comparison. Raises ValueError for unknown models."""
    sun = sun_position(weather.utc, plant.site)
    hidden = np.zeros(weather.utc.size, dtype=np.bool_)
    if plant.horizon is not None:
        hidden = plant.horizon.hides(sun.azimuth_deg, sun.apparent_elevation_deg)
    daylight = daylight_of(weather, sun, plant.site, models)
    return Setting(
        plant=plant,
        weather=weather,
        models=models,
        sun=sun,
        hidden=hidden,
        open_daylight=daylight,
        daylight=_behind(daylight, hidden, plant),
    )


def under(setting: Setting, transposition: str) -> Setting:
    """The same plant, weather and sun under another transposition model."""
    models = replace(setting.models, transposition=transposition)
    daylight = daylight_of(setting.weather, setting.sun, setting.plant.site, models)
    behind = _behind(daylight, setting.hidden, setting.plant)
    return replace(setting, models=models, open_daylight=daylight, daylight=behind)


def _behind(daylight: Daylight, hidden: BoolArray, plant: Plant) -> Daylight:
    return daylight if plant.horizon is None else hidden_daylight(daylight, hidden, plant.site)
