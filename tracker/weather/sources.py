"""`weather.source` of the site file: a file beside it, a climate that ships with it, or an online service."""

from pathlib import Path
from typing import TYPE_CHECKING

from tracker.errors import InvalidWeather
from tracker.plant import Site
from tracker.weather.kept import kept
from tracker.weather.reading import Reading
from tracker.weather.series import Weather
from tracker.weather.source_names import CLIMATE_PREFIX, is_service
from tracker.weather.synthetic.climates import climate_named
from tracker.weather.whole.quality import check_site, file_bytes

if TYPE_CHECKING:
    from tracker.weather.online.web import Web


def load(
    source: str,
    base: Path,
    site: Site | None = None,
    reading: Reading | None = None,
    web: "Web | None" = None,
) -> Weather:
    """The weather that a source names: "climate:NAME", "SERVICE:PERIOD", or a path relative to `base`.

    Services are pvgis (tmy, 2020, 2005-2020), nasa_power (2020, 2001-2020) and nsrdb (tmy, 2020, 2018-2020),
    asked for the site through `web`, by default this process's own. With a site, the weather's place is held
    against it (`quality.check_site`), and files that do not say where they are take the site's place.
    Raises InvalidWeather.
    """
    reading = reading or Reading()
    if source.startswith(CLIMATE_PREFIX):
        weather = _synthetic(source.removeprefix(CLIMATE_PREFIX))
    elif is_service(source):
        weather = _online(source, site, reading, web)
    else:
        weather = _read(base / Path(source).expanduser(), site, reading)
    if site is not None:
        check_site(weather, site)
    return weather


# The readers need pandas and pvlib; a copy that was kept does not, and they take half a second to import.


def _synthetic(name: str) -> Weather:
    climate = climate_named(name)

    def made() -> Weather:
        from tracker.weather.synthetic.climate import synthetic_year

        return synthetic_year(climate)

    return kept((CLIMATE_PREFIX, name), made)


def _read(path: Path, site: Site | None, reading: Reading) -> Weather:
    def read() -> Weather:
        from tracker.weather.readers import read_weather

        return read_weather(path, site, reading)

    return kept((path.name, file_bytes(path), *_place(site), repr(reading)), read)


def _online(source: str, site: Site | None, reading: Reading, web: "Web | None") -> Weather:
    if site is None:
        raise InvalidWeather(f"{source}: is asked for a place; give a site file with latitude and longitude")

    def asked() -> Weather:
        from tracker.weather.online.downloads import downloaded
        from tracker.weather.online.web import WEB
        from tracker.weather.whole.assembly import weather_of

        raw = downloaded(source, site, WEB if web is None else web)
        return weather_of(source, source, raw, site, reading)

    return kept((source, *_place(site), repr(reading)), asked)


def _place(site: Site | None) -> tuple[float, ...]:
    return () if site is None else (site.latitude_deg, site.longitude_deg, site.altitude_m)
