"""The whole chain for one orientation: light, glass, temperature, modules, system losses, inverter."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Final, TypeAlias

import numpy as np

from tracker.plant import Head, Panels, Site
from tracker.pv.dc import nominal_power_w, temperature_factor
from tracker.pv.incidence import effective_irradiance
from tracker.pv.inverter import ac_power_w
from tracker.pv.irradiance import plane_irradiance
from tracker.pv.shade import Shade, shaded_plane
from tracker.pv.sky import TRANSPOSITIONS, Light, Sky, behind_skyline
from tracker.pv.temperature import cell_temperature_c
from tracker.sun import SunPosition
from tracker.units import BoolArray, FloatArray
from tracker.weather.series import Weather

SOLAR_CONSTANT_W_M2: Final = 1366.1  # ASTM E490, as pvlib takes it
SkylineView: TypeAlias = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """Names of the models in the chain; only the transposition can be chosen so far."""

    transposition: str = "perez"
    decomposition: str = "none: beam and diffuse as given"
    temperature: str = "noct-sam, 45 C open rack"
    inverter: str = "pvwatts"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Daylight:
    """The D of T intervals with the apparent sun above the horizon at their centre; arrays (D,).

    up (T,) says which ones they are. No other interval yields anything.
    """

    up: BoolArray
    sky: Sky
    temp_air_c: FloatArray
    wind_speed_m_s: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PanelYield:
    """One head at one orientation, every array (T,), 0 at night: light, then power after each effect.

    The light is that before shading; where heads shade each other the rest is the mean of the heads.
    """

    poa_w_m2: FloatArray
    after_shading_w: FloatArray
    after_incidence_w: FloatArray
    after_temperature_w: FloatArray
    after_system_w: FloatArray
    ac_w: FloatArray


def daylight_of(weather: Weather, sun: SunPosition, site: Site, models: Models) -> Daylight:
    """What every orientation shares, computed once; sun (T,) at the centres of the weather's intervals.

    Raises ValueError for a transposition model that is not in the table.
    """
    if models.transposition not in TRANSPOSITIONS:
        raise ValueError(
            f"transposition {models.transposition!r} is unknown; choose one of {', '.join(TRANSPOSITIONS)}"
        )
    up = sun.apparent_elevation_deg > 0.0
    light = Light(
        zenith_rad=np.radians(90.0 - sun.apparent_elevation_deg[up]),
        dni_w_m2=weather.dni_w_m2[up],
        dhi_w_m2=weather.dhi_w_m2[up],
        extra_w_m2=extraterrestrial_w_m2(day_of_year(weather)[up]),
    )
    diffuse = TRANSPOSITIONS[models.transposition](light)
    sky = Sky(
        sun_enu=sun.direction_enu[up],
        beam_w_m2=light.dni_w_m2,
        circumsolar_w_m2=diffuse.circumsolar_w_m2,
        dome_w_m2=diffuse.dome_w_m2,
        horizon_w_m2=diffuse.horizon_w_m2,
        ground_w_m2=weather.ghi_w_m2[up] * site.albedo,
    )
    return Daylight(
        up=up, sky=sky, temp_air_c=weather.temp_air_c[up], wind_speed_m_s=weather.wind_speed_m_s[up]
    )


def hidden_daylight(daylight: Daylight, hidden: BoolArray, site: Site) -> Daylight:
    """The same daylight with the sun behind the skyline in `hidden` (T,) intervals."""
    return replace(daylight, sky=behind_skyline(daylight.sky, hidden[daylight.up], site.albedo))


def yield_of(
    normal_enu: FloatArray,
    daylight: Daylight,
    head: Head,
    panels: Panels,
    *,
    skyline: SkylineView | None = None,
    shade: Shade | None = None,
) -> PanelYield:
    """Light and power of one head whose panel normal is (T, 3) or (3,); normals at night do not matter.

    skyline gives the share (D,) of the even sky that a skyline leaves to normals (D, 3); shade is what
    neighbours leave. The inverter sees the mean of shaded heads, the cells' temperature the light they use.
    """
    normal = np.broadcast_to(normal_enu, (daylight.up.size, 3))[daylight.up]
    plane = plane_irradiance(daylight.sky, normal)
    if skyline is not None:
        plane = replace(plane, dome_w_m2=plane.dome_w_m2 * skyline(normal))
    left = plane if shade is None else shaded_plane(plane, shade, panels)
    poa, used, effective = plane.total_w_m2, left.total_w_m2, effective_irradiance(left, normal[:, 2])
    cell_c = cell_temperature_c(
        poa_w_m2=used,
        temp_air_c=daylight.temp_air_c,
        wind_speed_m_s=daylight.wind_speed_m_s,
        module_efficiency=panels.dc_capacity_w / (1000.0 * head.area_m2),
    )
    shaded_w, lit_w = (nominal_power_w(light, panels.dc_capacity_w) for light in (used, effective))
    warm_w = np.maximum(lit_w * temperature_factor(cell_c, panels.gamma_per_c), 0.0)
    system_w = warm_w * (1.0 - panels.system_losses_percent / 100.0)
    ac_w = ac_power_w(
        system_w,
        dc_capacity_w=panels.dc_capacity_w,
        dc_ac_ratio=panels.dc_ac_ratio,
        efficiency=panels.inverter_efficiency,
    )
    poa, shaded_w, lit_w, warm_w, system_w, ac_w = (
        _with_nights(daylight.up, part) for part in (poa, shaded_w, lit_w, warm_w, system_w, ac_w)
    )
    return PanelYield(
        poa_w_m2=poa,
        after_shading_w=shaded_w,
        after_incidence_w=lit_w,
        after_temperature_w=warm_w,
        after_system_w=system_w,
        ac_w=ac_w,
    )


def mean_yield(heads: Sequence[PanelYield]) -> PanelYield:
    """The mean of several heads' yields."""
    mean = {
        part.name: np.mean([getattr(head, part.name) for head in heads], axis=0)
        for part in fields(PanelYield)
    }
    return PanelYield(**mean)


def extraterrestrial_w_m2(day_of_year: FloatArray) -> FloatArray:
    """Normal irradiance outside the air on a day of the year, any shape (Spencer 1971)."""
    day_rad = 2.0 * np.pi / 365.0 * (day_of_year - 1.0)
    return np.asarray(
        SOLAR_CONSTANT_W_M2
        * (
            1.00011
            + 0.034221 * np.cos(day_rad)
            + 0.00128 * np.sin(day_rad)
            + 0.000719 * np.cos(2.0 * day_rad)
            + 0.000077 * np.sin(2.0 * day_rad)
        )
    )


def day_of_year(weather: Weather) -> FloatArray:
    """Day 1 to 366 of the UTC year for each interval, (T,)."""
    days = weather.utc.astype("datetime64[D]")
    first = days.astype("datetime64[Y]").astype("datetime64[D]")
    return np.asarray((days - first).astype(np.int64) + 1.0)


def _with_nights(up: BoolArray, by_day: FloatArray) -> FloatArray:
    whole = np.zeros(up.size)
    whole[up] = by_day
    return whole
