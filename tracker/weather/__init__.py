"""Weather files, tables, services and synthetic years as one kind of value.

Names load on first use, so that the value alone (`tracker.weather.series`) costs no pandas and no pvlib.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tracker.weather.calendar_years import month_draws, resampled_months, years
    from tracker.weather.frames import from_pvlib
    from tracker.weather.gusts import gusts_m_s
    from tracker.weather.readers import read_weather
    from tracker.weather.reading import Reading
    from tracker.weather.remarks import notes
    from tracker.weather.series import Counts, Weather
    from tracker.weather.source_names import is_file
    from tracker.weather.sources import load
    from tracker.weather.synthetic.climate import synthetic_year
    from tracker.weather.synthetic.climates import CLIMATES, MonthlyClimate, climate_named
    from tracker.weather.synthetic.ideal import airless_year, cloudless_year, overcast_year
    from tracker.weather.whole.quality import check_site

__all__ = [
    "CLIMATES",
    "Counts",
    "MonthlyClimate",
    "Reading",
    "Weather",
    "airless_year",
    "check_site",
    "climate_named",
    "cloudless_year",
    "from_pvlib",
    "gusts_m_s",
    "is_file",
    "load",
    "month_draws",
    "notes",
    "overcast_year",
    "read_weather",
    "resampled_months",
    "synthetic_year",
    "years",
]

HOMES: Final = {
    "CLIMATES": "synthetic.climates",
    "Counts": "series",
    "MonthlyClimate": "synthetic.climates",
    "Reading": "reading",
    "Weather": "series",
    "airless_year": "synthetic.ideal",
    "check_site": "whole.quality",
    "climate_named": "synthetic.climates",
    "cloudless_year": "synthetic.ideal",
    "from_pvlib": "frames",
    "gusts_m_s": "gusts",
    "is_file": "source_names",
    "load": "sources",
    "month_draws": "calendar_years",
    "notes": "remarks",
    "overcast_year": "synthetic.ideal",
    "read_weather": "readers",
    "resampled_months": "calendar_years",
    "synthetic_year": "synthetic.climate",
    "years": "calendar_years",
}


def __getattr__(name: str) -> object:
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"tracker.weather.{HOMES[name]}"), name)
