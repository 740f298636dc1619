"""Weather files into one kind of value, whatever their format."""

import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from tracker.errors import InvalidWeather
from tracker.plant import Site
from tracker.weather import closure, quality
from tracker.weather.formats import FORMATS, Format, detect
from tracker.weather.grid import Series
from tracker.weather.measured import measured_series
from tracker.weather.raw import IRRADIANCE, FilePlace, RawWeather
from tracker.weather.series import Weather
from tracker.weather.typical import typical_year

KINDS: Final[dict[bool, tuple[str, Callable[[str, RawWeather], Series]]]] = {
    True: ("typical year", typical_year),
    False: ("measured", measured_series),
}


def read_weather(path: Path, site: Site | None = None) -> Weather:
    """Weather of a file in any of `formats.FORMATS`, known by its content, `utc` at interval centres.

    Typical years come under one calendar year (2022, or 2024 with a leap day); measured series keep theirs,
    gaps filled as `measured.measured_series` says. `site` serves files that do not say where they are.
    Raises InvalidWeather with file, line, value, limit and next action.
    """
    text = quality.file_text(path)
    found = detect(text)
    if found is None:
        known = ", ".join(sorted({entry.name for entry in FORMATS}))
        raise InvalidWeather(f"{path}: not a weather format known here; give one of {known}")
    raw = _parsed(found, path, text)
    quality.check_place(str(path), raw.place)
    quality.check_numbers(str(path), raw)
    kind, lay_out = KINDS[raw.typical]
    series = lay_out(str(path), raw)
    quality.check_not_stuck(str(path), series.values["ghi_w_m2"], series.step_s, raw.first_line)
    weather = _weather(path, kind, raw, series)
    return _placed(path, weather, raw, site)


def _parsed(found: Format, path: Path, text: str) -> RawWeather:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pd.errors.DtypeWarning)  # check_numbers says it with the line
            return found.read(path, text)
    except (ValueError, KeyError, IndexError, TypeError, StopIteration) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InvalidWeather(
            f"{path}: looks like {found.name} but cannot be read as such ({reason}); get an undamaged copy"
        ) from error


def _weather(path: Path, kind: str, raw: RawWeather, series: Series) -> Weather:
    to_centre_s = (raw.centre_after_label_s or 0.0) - raw.place.utc_offset_h * 3600.0
    light = {name: quality.without_offsets(series.values[name]) for name in IRRADIANCE}
    return Weather(
        utc=series.label_local + np.timedelta64(round(to_centre_s), "s"),
        step_s=float(series.step_s),
        **{**series.values, **light},
        source=path.name,
        kind=kind,
        latitude_deg=raw.place.latitude_deg,
        longitude_deg=raw.place.longitude_deg,
        altitude_m=raw.place.altitude_m,
        utc_offset_h=raw.place.utc_offset_h,
        filled_steps=series.filled_steps,
    )


def _placed(path: Path, weather: Weather, raw: RawWeather, site: Site | None) -> Weather:
    """The weather with its instant found where the file leaves it open, and its noon checked."""
    where = site if np.isnan(raw.place.latitude_deg) else _file_site(path, raw.place)
    if where is None:
        return weather
    if raw.centre_after_label_s is None:
        shift = np.timedelta64(round(closure.best_shift_s(weather, where)), "s")
        weather = replace(weather, utc=weather.utc + shift)
    quality.check_noon(str(path), weather, where)
    return weather


def _file_site(path: Path, place: FilePlace) -> Site:
    return Site(
        name=path.name,
        latitude_deg=place.latitude_deg,
        longitude_deg=place.longitude_deg,
        altitude_m=place.altitude_m,
        timezone="UTC",
    )
