"""`weather.source` of the site file: a file beside it, or a climate that ships with the program."""

from pathlib import Path
from typing import Final

from tracker.plant import Site
from tracker.weather.climate import climate_named, synthetic_year
from tracker.weather.quality import check_site
from tracker.weather.readers import read_weather
from tracker.weather.series import Weather

CLIMATE_PREFIX: Final = "climate:"


def load(source: str, base: Path, site: Site | None = None) -> Weather:
    """The weather that a source names: "climate:NAME", or a path relative to the folder `base`.

    With a site, the weather's place is held against it (`quality.check_site`), and files that do not say
    where they are take the site's place. Raises InvalidWeather.
    """
    if source.startswith(CLIMATE_PREFIX):
        weather = synthetic_year(climate_named(source.removeprefix(CLIMATE_PREFIX)))
    else:
        weather = read_weather(base / Path(source).expanduser(), site)
    if site is not None:
        check_site(weather, site)
    return weather
