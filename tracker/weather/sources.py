"""`weather.source` of the site file: a file beside it, or a climate that ships with the program."""

from pathlib import Path
from typing import Final

from tracker.plant import Site
from tracker.weather.climates import climate_named
from tracker.weather.kept import kept
from tracker.weather.quality import check_site, file_bytes
from tracker.weather.reading import Reading
from tracker.weather.series import Weather

CLIMATE_PREFIX: Final = "climate:"


def load(source: str, base: Path, site: Site | None = None, reading: Reading | None = None) -> Weather:
    """The weather that a source names: "climate:NAME", or a path relative to the folder `base`.

    With a site, the weather's place is held against it (`quality.check_site`), and files that do not say
    where they are take the site's place. Raises InvalidWeather.
    """
    if source.startswith(CLIMATE_PREFIX):
        weather = _synthetic(source.removeprefix(CLIMATE_PREFIX))
    else:
        weather = _read(base / Path(source).expanduser(), site, reading or Reading())
    if site is not None:
        check_site(weather, site)
    return weather


# The readers need pandas and pvlib; a copy that was kept does not, and they take half a second to import.


def _synthetic(name: str) -> Weather:
    climate = climate_named(name)

    def made() -> Weather:
        from tracker.weather.climate import synthetic_year

        return synthetic_year(climate)

    return kept((CLIMATE_PREFIX, name), made)


def _read(path: Path, site: Site | None, reading: Reading) -> Weather:
    def read() -> Weather:
        from tracker.weather.readers import read_weather

        return read_weather(path, site, reading)

    place = () if site is None else (site.latitude_deg, site.longitude_deg, site.altitude_m)
    return kept((path.name, file_bytes(path), *place, repr(reading)), read)
