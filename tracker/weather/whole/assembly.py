"""From the rows of any source to weather: checked, on one grid, whole."""

from dataclasses import replace
from typing import Any, Final

import numpy as np

from tracker.errors import InvalidWeather
from tracker.plant import Site
from tracker.units import UtcArray
from tracker.weather.files.raw import IRRADIANCE, FilePlace, RawWeather
from tracker.weather.reading import Reading
from tracker.weather.series import Weather
from tracker.weather.splitting.sunlight import sunlight
from tracker.weather.whole import closure, quality
from tracker.weather.whole.grid import Series
from tracker.weather.whole.light import Columns
from tracker.weather.whole.measured import measured_series
from tracker.weather.whole.mending import Mended, as_given, mended, possible_only
from tracker.weather.whole.typical import typical_year

ALWAYS: Final = (*IRRADIANCE, "temp_air_c", "wind_speed_m_s", "pressure_pa")
WHERE_MEASURED: Final = ("gust_m_s", "poa_w_m2", "temp_module_c")


def weather_of(place: str, name: str, raw: RawWeather, site: Site | None, reading: Reading) -> Weather:
    """The rows as weather called `name`; messages begin with `place`. Raises InvalidWeather.

    `site` serves rows that do not say where they are; a whole typical year needs no place.
    """
    quality.check_place(place, raw.place)
    quality.check_numbers(place, raw)
    series = typical_year(place, raw) if raw.typical else measured_series(place, raw, reading.whole_years)
    quality.check_not_stuck(place, series.values["ghi_w_m2"], series.step_s, raw.first_line)
    where = _where(name, raw.place, site)
    if raw.typical and all(np.isfinite(raw.values[light]).all() for light in IRRADIANCE):
        whole = as_given(dict(series.values))
    else:
        whole = _mended(place, raw, series, _known(place, where), reading)
    weather = _weather(name, raw, series, whole)
    return weather if where is None else _placed(place, weather, raw, where)


def _mended(place: str, raw: RawWeather, series: Series, where: Site, reading: Reading) -> Mended:
    sun = sunlight(_centres(raw, series), float(series.step_s), where)
    columns, impossible = dict(series.values), 0
    if not raw.typical:
        columns, impossible = possible_only(place, columns, sun)
    months = series.label_local.astype("datetime64[M]")
    parts = months if series.by_month else np.full(months.size, "the whole")
    whole = mended(place, columns, sun, parts, reading.decomposition)
    return replace(whole, counts=replace(whole.counts, beyond_limits=impossible))


def _where(name: str, place: FilePlace, site: Site | None) -> Site | None:
    if np.isnan(place.latitude_deg):
        return site
    return Site(
        name=name,
        latitude_deg=place.latitude_deg,
        longitude_deg=place.longitude_deg,
        altitude_m=place.altitude_m,
        timezone="UTC",
    )


def _known(place: str, where: Site | None) -> Site:
    if where is None:
        raise InvalidWeather(
            f"{place}: is measured or lacks beam or diffuse, and does not say where it is, but the sun's "
            "path is needed to make it whole; read it with a site, or give latitude_deg and longitude_deg "
            "in its head"
        )
    return where


def _centres(raw: RawWeather, series: Series) -> UtcArray:
    to_centre_s = (raw.centre_after_label_s or 0.0) - raw.place.utc_offset_h * 3600.0
    return np.asarray(series.label_local + np.timedelta64(round(to_centre_s), "s"))


def _weather(name: str, raw: RawWeather, series: Series, whole: Mended) -> Weather:
    return Weather(
        utc=_centres(raw, series)[whole.kept],
        step_s=float(series.step_s),
        **_columns(whole.columns),
        source=name,
        kind="typical year" if raw.typical else "measured",
        latitude_deg=raw.place.latitude_deg,
        longitude_deg=raw.place.longitude_deg,
        altitude_m=raw.place.altitude_m,
        utc_offset_h=raw.place.utc_offset_h,
        filled_steps=whole.filled_steps,
        decomposition=whole.decomposition,
        counts=whole.counts,
    )


def _columns(columns: Columns) -> dict[str, Any]:
    """The columns that weather has; gust, plane and modules only where they were measured."""
    measured = [name for name in WHERE_MEASURED if np.isfinite(columns[name]).any()]
    return {name: columns[name] for name in (*ALWAYS, *measured)}


def _placed(place: str, weather: Weather, raw: RawWeather, where: Site) -> Weather:
    """The weather with its instant found where the file leaves it open, and its noon checked."""
    if raw.centre_after_label_s is None:
        shift = np.timedelta64(round(closure.best_shift_s(weather, where)), "s")
        weather = replace(weather, utc=weather.utc + shift)
    quality.check_noon(place, weather, where)
    return weather
