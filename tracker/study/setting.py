"""What all mountings of one comparison share."""

from dataclasses import dataclass, replace

import numpy as np

from tracker.array.sky_view import skyline_view
from tracker.plant import Plant
from tracker.pv import Daylight, Models, PanelYield, Shade, daylight_of, hidden_daylight, mean_yield, yield_of
from tracker.pv.irradiance import plane_irradiance
from tracker.study.field_shade import shade_of
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

    def yield_of(self, normal_enu: FloatArray, shade: Shade | None = None) -> PanelYield:
        """Light and power of one head looking along (T, 3) or (3,), in the shade if there is any.

        The mean of heads that go their own ways, (H, T, 3).
        """
        if normal_enu.ndim == 3:
            shades = [None if shade is None else shade.of_head(head) for head in range(len(normal_enu))]
            return mean_yield([self.yield_of(*each) for each in zip(normal_enu, shades, strict=True)])
        array, horizon = self.plant.array, self.plant.horizon
        skyline = None if horizon is None else skyline_view(horizon).sky_at
        return yield_of(normal_enu, self.daylight, array.head, array.panels, skyline=skyline, shade=shade)

    def open_poa(self, normal_enu: FloatArray) -> FloatArray:
        """Light (D,) on normals (T, 3) or (3,) with nothing in front of the sky, W/m2.

        The mean of heads that go their own ways, (H, T, 3).
        """
        if normal_enu.ndim == 3:
            return np.asarray(np.mean([self.open_poa(normal) for normal in normal_enu], axis=0))
        daylight = self.open_daylight
        return plane_irradiance(daylight.sky, daylight.normals(normal_enu)).total_w_m2

    def shade_on(self, normal_enu: FloatArray) -> Shade | None:
        """What heads that look along (T, 3) or (H, T, 3) take from each other; None for a lone head."""
        normal_enu = normal_enu[..., self.daylight.up, :]
        return shade_of(self.plant.array, self.plant.horizon, normal_enu, self.daylight.sky.sun_enu)


def setting_of(plant: Plant, weather: Weather, models: Models) -> Setting:
    """The sun and the light for a comparison. Raises ValueError for unknown models."""
    models = replace(models.with_panels(plant.array.panels), decomposition=weather.decomposition)
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


def relit(
    setting: Setting,
    *,
    weather: Weather | None = None,
    models: Models | None = None,
    albedo: float | None = None,
) -> Setting:
    """The same plant, times and sun under other light: another weather on the same grid, models or ground."""
    weather, models = weather or setting.weather, models or setting.models
    site = setting.plant.site if albedo is None else replace(setting.plant.site, albedo=albedo)
    plant = replace(setting.plant, site=site)
    daylight = daylight_of(weather, setting.sun, site, models)
    return replace(
        setting,
        plant=plant,
        weather=weather,
        models=models,
        open_daylight=daylight,
        daylight=_behind(daylight, setting.hidden, plant),
    )


def _behind(daylight: Daylight, hidden: BoolArray, plant: Plant) -> Daylight:
    return daylight if plant.horizon is None else hidden_daylight(daylight, hidden, plant.site)
