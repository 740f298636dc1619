"""What all mountings of one comparison share."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from tracker.array.sky_view import skyline_view
from tracker.plant import Plant
from tracker.pv import (
    Daylight,
    Models,
    PanelYield,
    Shade,
    daylight_of,
    hidden_daylight,
    mean_yield,
    on_heads,
    yield_of,
)
from tracker.pv.irradiance import plane_irradiance
from tracker.pv.temperature import CELL_MODELS
from tracker.study.field_shade import shade_of
from tracker.sun import SunPosition, sun_position
from tracker.units import BoolArray, FloatArray
from tracker.weather.gusts import power_law
from tracker.weather.series import Weather

ROW_HEIGHT_M: Final = 1.5  # chosen: of the middle of rows and fixed planes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Setting:
    """One plant under one weather: T intervals with the sun at their centres, light already divided.

    hidden (T,) says where the skyline hides the sun's centre; daylight heeds it, open_daylight does not.
    Without a horizon both are the same value. head_daylight is daylight where cells are as warm as on heads;
    the same value where one temperature model serves all.
    """

    plant: Plant
    weather: Weather
    models: Models
    sun: SunPosition
    hidden: BoolArray
    open_daylight: Daylight
    daylight: Daylight
    head_daylight: Daylight

    @property
    def intervals(self) -> int:
        """T, how many intervals the weather has."""
        return int(self.weather.utc.size)

    def daylight_on(self, *, on_heads: bool) -> Daylight:
        """The daylight with the cells as warm as on heads, or as in rows and on fixed planes."""
        return self.head_daylight if on_heads else self.daylight

    def yield_of(
        self, normal_enu: FloatArray, shade: Shade | None = None, *, on_heads: bool = False
    ) -> PanelYield:
        """Light and power of one head looking along (T, 3) or (3,), in the shade if there is any.

        The mean of heads that go their own ways, (H, T, 3). Unless on_heads the cells are as warm as in rows.
        """
        if normal_enu.ndim == 3:
            shades = [None if shade is None else shade.of_head(head) for head in range(len(normal_enu))]
            pairs = zip(normal_enu, shades, strict=True)
            return mean_yield([self.yield_of(*each, on_heads=on_heads) for each in pairs])
        array, horizon = self.plant.array, self.plant.horizon
        skyline = None if horizon is None else skyline_view(horizon).sky_at
        daylight = self.daylight_on(on_heads=on_heads)
        return yield_of(normal_enu, daylight, array.head, array.panels, skyline=skyline, shade=shade)

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
    return _lit(plant, weather, models, sun, hidden)


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
    return _lit(plant, weather, models, setting.sun, setting.hidden)


def with_windier_heads(setting: Setting, ratio: float) -> Setting:
    """The same with that much more wind on heads than their temperature model takes."""
    heads = on_heads(setting.daylight, heads_wind(setting.plant), windier=ratio)
    return replace(setting, head_daylight=heads)


def pivots_over_rows(plant: Plant) -> float:
    """Wind at the height of the heads' pivots over that at the height of rows."""
    return heads_wind(plant) / rows_wind(plant)


def heads_over_rows(setting: Setting) -> float:
    """Wind on heads over that on rows as the temperature models of both take it."""
    plant, models = setting.plant, setting.models
    heads = CELL_MODELS[models.head_temperature].share_at_panel(heads_wind(plant))
    return heads / CELL_MODELS[models.temperature].share_at_panel(rows_wind(plant))


def rows_wind(plant: Plant) -> float:
    """Wind at the height of rows over the weather's."""
    return _wind_at(ROW_HEIGHT_M, plant)


def heads_wind(plant: Plant) -> float:
    """Wind at the height of the heads' pivots over the weather's."""
    return _wind_at(plant.array.head.pivot_height_m, plant)


def _wind_at(height_m: float, plant: Plant) -> float:
    return power_law(height_m, plant.wind.weather_height_m, plant.wind.shear_exponent)


def _lit(plant: Plant, weather: Weather, models: Models, sun: SunPosition, hidden: BoolArray) -> Setting:
    daylight = under_open_sky = daylight_of(weather, sun, plant.site, models, rows_wind(plant))
    if plant.horizon is not None:
        daylight = hidden_daylight(under_open_sky, hidden, plant.site)
    return Setting(
        plant=plant,
        weather=weather,
        models=models,
        sun=sun,
        hidden=hidden,
        open_daylight=under_open_sky,
        daylight=daylight,
        head_daylight=on_heads(daylight, heads_wind(plant)),
    )
