"""Weather files and synthetic years as one kind of value.

Names load on first use, so that the value alone (`tracker.weather.series`) costs no pandas and no pvlib.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tracker.weather.climate import synthetic_year
    from tracker.weather.climates import CLIMATES, MonthlyClimate, climate_named
    from tracker.weather.quality import check_site
    from tracker.weather.readers import read_weather
    from tracker.weather.series import Weather
    from tracker.weather.sources import load

__all__ = [
    "CLIMATES",
    "MonthlyClimate",
    "Weather",
    "check_site",
    "climate_named",
    "load",
    "read_weather",
    "synthetic_year",
]

HOMES: Final = {
    "CLIMATES": "tracker.weather.climates",
    "MonthlyClimate": "tracker.weather.climates",
    "Weather": "tracker.weather.series",
    "check_site": "tracker.weather.quality",
    "climate_named": "tracker.weather.climates",
    "load": "tracker.weather.sources",
    "read_weather": "tracker.weather.readers",
    "synthetic_year": "tracker.weather.climate",
}


def __getattr__(name: str) -> object:
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(HOMES[name]), name)
