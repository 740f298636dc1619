"""What every orientation shares, computed once: the models, the sky's light and the air."""

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np

from tracker.model_names import NO_SPECTRUM, OPEN_RACK, PVWATTS
from tracker.plant import Panels, Site
from tracker.pv.incidence import COATED, COVERS
from tracker.pv.sky import TRANSPOSITIONS, Light, Sky, behind_skyline
from tracker.pv.spectrum import SPECTRA, spectral_factor
from tracker.pv.temperature import CELL_MODELS, CellModel
from tracker.sun import SunPosition
from tracker.units import BoolArray, FloatArray, IntArray, UtcArray
from tracker.weather.series import Weather, once_a_day

SOLAR_CONSTANT_W_M2: Final = 1366.1  # ASTM E490, as pvlib takes it


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """Names of the models in the chain; what the plant names counts before what is chosen here.

    Modules and inverter are facts of the plant alone: `tracker.plant.Panels` names them. temperature is that
    of the cells of rows and fixed planes, head_temperature of those on heads; empty, it is the same.
    """

    transposition: str = "perez"
    decomposition: str = "none: beam and diffuse as given"
    incidence: str = COATED
    spectrum: str = NO_SPECTRUM
    temperature: str = OPEN_RACK
    head_temperature: str = ""
    modules: str = PVWATTS
    inverter: str = PVWATTS

    def with_panels(self, panels: Panels) -> "Models":
        """The same models with what the panels name in their place."""
        temperature = panels.temperature_model or self.temperature
        return replace(
            self,
            temperature=temperature,
            head_temperature=panels.head_temperature_model or self.head_temperature or temperature,
            spectrum=panels.spectral_model or self.spectrum,
            modules=panels.module or PVWATTS,
            inverter=panels.inverter or panels.inverter_model or PVWATTS,
        )

    def light_as(self, other: "Models") -> bool:
        """Whether both make the same of sky and air, whatever the modules and the inverter."""
        return replace(self, modules=other.modules, inverter=other.inverter) == other

    @property
    def knows_heights(self) -> bool:
        """Whether the wind that cools some cells is that at their own height."""
        names = (self.temperature, self.head_temperature or self.temperature)
        return any(CELL_MODELS[name].at_height for name in names)

    @property
    def one_for_all(self) -> bool:
        """Whether cells on heads are as warm as those in rows, in the same light."""
        return self.head_temperature in ("", self.temperature) and not self.knows_heights


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Daylight:
    """The D of T intervals with the apparent sun above the horizon at their centre; arrays (D,).

    up (T,) says which ones they are, rows (D,) their numbers. No other interval yields anything.
    weather is whole, (T,). warming_c_m2_w: how much a W/m2 that turns to heat warms the cells in this wind.
    spectrum: power from this light over that from as much of the reference spectrum; None: not modelled.
    """

    up: BoolArray
    rows: IntArray
    sky: Sky
    temp_air_c: FloatArray
    warming_c_m2_w: FloatArray
    weather: Weather
    models: Models
    spectrum: FloatArray | None = None

    @property
    def cells(self) -> CellModel:
        """The model of the cells' temperature."""
        return CELL_MODELS[self.models.temperature]

    @property
    def month(self) -> IntArray:
        """Month 1 to 12 in local standard time, (D,)."""
        return self.weather.local_month.take(self.rows)

    def every(self, stride: int) -> "Daylight":
        """One in so many daylight intervals, from the middle of the first ones; the others yield nothing."""
        kept = slice(stride // 2, None, stride)
        sky = {part.name: getattr(self.sky, part.name)[kept] for part in fields(self.sky)}
        return replace(
            self,
            rows=self.rows[kept],
            sky=Sky(**sky),
            temp_air_c=self.temp_air_c[kept],
            warming_c_m2_w=self.warming_c_m2_w[kept],
            spectrum=None if self.spectrum is None else self.spectrum[kept],
        )

    def normals(self, normal_enu: FloatArray) -> FloatArray:
        """Of normals (T, 3) those by day, (D, 3); the one normal (3,) of a plane that stays as it is."""
        return normal_enu if normal_enu.ndim == 1 else normal_enu.take(self.rows, axis=0)

    def whole(self, by_day: FloatArray, at_night: float = 0.0) -> FloatArray:
        """Values (D,) of daylight intervals among all (T,)."""
        values = np.zeros(self.up.size)
        if at_night:
            values += at_night
        values[self.rows] = by_day
        return values


def daylight_of(
    weather: Weather, sun: SunPosition, site: Site, models: Models, wind_share: float = 1.0
) -> Daylight:
    """What every orientation shares, computed once; sun (T,) at the centres of the weather's intervals.

    Cells are as warm as in rows, at whose height wind_share of the weather's wind blows. Raises ValueError
    for a model that is not in its table.
    """
    _demand("transposition", models.transposition, TRANSPOSITIONS)
    _demand("incidence", models.incidence, COVERS)
    _demand("spectrum", models.spectrum, SPECTRA)
    _demand("temperature", models.temperature, CELL_MODELS)
    _demand("head temperature", models.head_temperature or models.temperature, CELL_MODELS)
    up = sun.apparent_elevation_deg > 0.0
    rows = np.flatnonzero(up)
    sun_enu = sun.direction_enu.take(rows, axis=0)
    light = Light(
        zenith_rad=np.radians(90.0 - sun.apparent_elevation_deg.take(rows)),
        cos_zenith=sun_enu[:, 2],
        dni_w_m2=weather.dni_w_m2.take(rows),
        dhi_w_m2=weather.dhi_w_m2.take(rows),
        extra_w_m2=extraterrestrial_on(weather.utc).take(rows),
    )
    diffuse = TRANSPOSITIONS[models.transposition](light)
    sky = Sky(
        sun_enu=sun_enu,
        beam_w_m2=light.dni_w_m2,
        circumsolar_w_m2=diffuse.circumsolar_w_m2,
        dome_w_m2=diffuse.dome_w_m2,
        horizon_w_m2=diffuse.horizon_w_m2,
        ground_w_m2=weather.ghi_w_m2.take(rows) * site.albedo,
    )
    cells = CELL_MODELS[models.temperature]
    return Daylight(
        up=up,
        rows=rows,
        sky=sky,
        temp_air_c=weather.temp_air_c.take(rows),
        warming_c_m2_w=cells.warming_at(weather.wind_speed_m_s.take(rows), wind_share),
        weather=weather,
        models=models,
        spectrum=spectral_factor(models.spectrum, light.zenith_rad, site.altitude_m),
    )


def on_heads(daylight: Daylight, wind_share: float, *, windier: float = 1.0) -> Daylight:
    """The same daylight where cells are as warm as on heads, at whose height wind_share of the wind blows.

    windier: their wind over that which their model takes.
    """
    models, wind_m_s = daylight.models, daylight.weather.wind_speed_m_s.take(daylight.rows)
    if models.one_for_all and windier == 1.0:
        return daylight
    models = replace(models, temperature=models.head_temperature or models.temperature)
    warming = CELL_MODELS[models.temperature].warming_at(wind_m_s * windier, wind_share)
    return replace(daylight, models=models, warming_c_m2_w=warming)


def hidden_daylight(daylight: Daylight, hidden: BoolArray, site: Site) -> Daylight:
    """The same daylight with the sun behind the skyline in `hidden` (T,) intervals."""
    return replace(daylight, sky=behind_skyline(daylight.sky, hidden[daylight.up], site.albedo))


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


def extraterrestrial_on(utc: UtcArray) -> FloatArray:
    """Normal irradiance outside the air at instants (T,), by the day of their UTC year."""

    def of_days(days: UtcArray) -> FloatArray:
        first = days.astype("datetime64[Y]").astype("datetime64[D]")
        return extraterrestrial_w_m2((days - first).astype(np.int64) + 1.0)

    return once_a_day(of_days, utc)


def _demand(what: str, name: str, known: Collection[str]) -> None:
    if name not in known:
        raise ValueError(f"{what} {name!r} is unknown; choose one of {', '.join(known)}")
