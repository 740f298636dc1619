"""The weather of one place: a Parquet table, any file that the readers know, a climate or a clear sky."""

from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from tracker.study.sweeps.places import Place
from tracker.study.sweeps.table_weather import TableReader
from tracker.weather import load
from tracker.weather.series import Weather

TABLE_SUFFIX: Final = ".parquet"
CLEAR_SKY: Final = "clear-sky"
MOVED: Final = "moved-climate:"
DEGREES_PER_HOUR: Final = 15.0
SEASONS: Final = (datetime(2022, 1, 1), datetime(2022, 7, 1))  # noqa: DTZ001 - wall clock of any zone


def weather_at(place: Place, folder: Path, tables: TableReader | None = None) -> Weather:
    """The weather that a place names: a file by its path from `folder`, climate:NAME, or one of the sky.

    clear-sky is a cloudless year, moved-climate:NAME a climate table moved to the place. tables is for those
    who ask for one place after the other. Raises InvalidWeather.
    """
    if place.weather.endswith(TABLE_SUFFIX):
        return (tables or TableReader()).read(folder / place.weather, place, utc_offset_h(place))
    if place.weather == CLEAR_SKY:
        from tracker.study.sweeps.sky_weather import clear_year  # loads pandas and pvlib

        return clear_year(place, utc_offset_h(place))
    if place.weather.startswith(MOVED):
        from tracker.study.sweeps.sky_weather import moved_year

        return moved_year(place, place.weather.removeprefix(MOVED), utc_offset_h(place))
    return load(place.weather, folder, place.site(0.0))


def utc_offset_h(place: Place) -> float:
    """Hours of the place's standard time: its zone's without summer time, by longitude if none is given."""
    if not place.timezone:
        return float(round(place.longitude_deg / DEGREES_PER_HOUR))
    offsets = [ZoneInfo(place.timezone).utcoffset(season) for season in SEASONS]
    return min(offset.total_seconds() for offset in offsets if offset is not None) / 3600.0
