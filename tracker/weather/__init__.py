"""Weather files and synthetic years as one kind of value.

Names load on first use, so that the value alone (`tracker.weather.series`) costs no pandas and no pvlib.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tracker.weather.quality import check_site
    from tracker.weather.readers import read_weather
    from tracker.weather.series import Weather

__all__ = ["Weather", "check_site", "read_weather"]

HOMES: Final = {
    "Weather": "tracker.weather.series",
    "check_site": "tracker.weather.quality",
    "read_weather": "tracker.weather.readers",
}


def __getattr__(name: str) -> object:
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(HOMES[name]), name)
