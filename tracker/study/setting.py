"""What all mountings of one comparison share."""

from dataclasses import dataclass, replace

from tracker.plant import Plant
from tracker.pv import Daylight, Models, PanelYield, daylight_of, yield_of
from tracker.sun import SunPosition, sun_position
from tracker.units import FloatArray
from tracker.weather.series import Weather


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Setting:
    """One plant under one weather: T intervals with the sun at their centres, light already divided."""

    plant: Plant
    weather: Weather
    models: Models
    sun: SunPosition
    daylight: Daylight

    @property
    def intervals(self) -> int:
        """T, how many intervals the weather has."""
        return int(self.weather.utc.size)

    def yield_of(self, normal_enu: FloatArray) -> PanelYield:
        """Light and power of one head looking along (T, 3) or (3,)."""
        array = self.plant.array
        return yield_of(normal_enu, self.daylight, array.head, array.panels)


def setting_of(plant: Plant, weather: Weather, models: Models) -> Setting:
    """The sun and the light for a comparison. Raises ValueError for unknown models."""
    sun = sun_position(weather.utc, plant.site)
    daylight = daylight_of(weather, sun, plant.site, models)
    return Setting(plant=plant, weather=weather, models=models, sun=sun, daylight=daylight)


def under(setting: Setting, transposition: str) -> Setting:
    """The same plant, weather and sun under another transposition model."""
    models = replace(setting.models, transposition=transposition)
    daylight = daylight_of(setting.weather, setting.sun, setting.plant.site, models)
    return replace(setting, models=models, daylight=daylight)
