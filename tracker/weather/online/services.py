"""Weather services on the internet, asked through pvlib's clients."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd
from pvlib import iotools

from tracker.errors import InvalidWeather
from tracker.plant import Site
from tracker.units import SECONDS_PER_HOUR
from tracker.weather.files import pvgis, sam_csv
from tracker.weather.files.columns import Column, labels_of, values_of
from tracker.weather.files.names import COLUMNS
from tracker.weather.files.raw import RawWeather
from tracker.weather.frames import place_of
from tracker.weather.source_names import TYPICAL

NASA_COLUMNS: Final = ("ghi", "dni", "dhi", "temp_air", "wind_speed", "pressure")
KEY, EMAIL = "NSRDB_API_KEY", "NSRDB_API_EMAIL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked of a service: a site and "tmy", "2020" or "2005-2020"; where, with which key, how long.

    url None is the service itself; `environ` holds keys; no byte for timeout_s ends the request.
    """

    site: Site
    period: str
    url: str | None
    environ: Mapping[str, str]
    timeout_s: float

    @property
    def years(self) -> tuple[int, int]:
        """First and last year of a period that is no typical year."""
        first, _, last = self.period.partition("-")
        return int(first), int(last or first)

    def elsewhere(self) -> dict[str, str]:
        """The client's argument for another address, if there is one."""
        return {} if self.url is None else {"url": self.url}


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service: where files can be had by hand, how far requests keep apart, how it is asked.

    by_year: whether it is asked for one year at a time.
    """

    name: str
    page: str
    apart_s: float
    by_year: bool
    ask: Callable[[Request], RawWeather]


def _pvgis(request: Request) -> RawWeather:
    """PVGIS without its own skyline: the site's is applied where it is named."""
    place = {"latitude": request.site.latitude_deg, "longitude": request.site.longitude_deg}
    asked = {**place, **request.elsewhere(), "usehorizon": False, "map_variables": False}
    if request.period == TYPICAL:
        table, meta = iotools.get_pvgis_tmy(
            **asked, outputformat="csv", coerce_year=None, timeout=request.timeout_s
        )
        offset_h = meta["inputs"].get("irradiance time offset")
        offset_s = None if offset_h is None else offset_h * SECONDS_PER_HOUR
        return _raw("PVGIS TMY", table, pvgis.COLUMNS, request.site, offset_s, typical=True)
    first, last = request.years
    table, _ = iotools.get_pvgis_hourly(**asked, start=first, end=last, timeout=request.timeout_s)
    return _raw("PVGIS hourly", pvgis.horizontal(table), pvgis.COLUMNS, request.site, 0.0)


def _nasa_power(request: Request) -> RawWeather:
    """NASA POWER, hourly means stamped at their beginning."""
    first, last = request.years
    table, _ = iotools.get_nasa_power(
        request.site.latitude_deg,
        request.site.longitude_deg,
        pd.Timestamp(first, 1, 1),
        pd.Timestamp(last, 12, 31),
        parameters=list(NASA_COLUMNS),
        **request.elsewhere(),
    )
    return _raw("NASA POWER", table, COLUMNS, request.site, SECONDS_PER_HOUR / 2.0)


def _nsrdb(request: Request) -> RawWeather:
    """NSRDB PSM4, stamped at the centre in local standard time; needs a key and an address from `environ`."""
    missing = [name for name in (KEY, EMAIL) if not request.environ.get(name)]
    if missing:
        raise InvalidWeather(
            f"nsrdb:{request.period}: needs a key; set {' and '.join(missing)} in the environment "
            "(a key is free at https://developer.nlr.gov/signup/)"
        )
    asked = {
        "latitude": request.site.latitude_deg,
        "longitude": request.site.longitude_deg,
        "api_key": request.environ[KEY],
        "email": request.environ[EMAIL],
        "map_variables": False,
        "timeout": request.timeout_s,
        **request.elsewhere(),
    }
    if request.period == TYPICAL:
        table, _ = iotools.get_nsrdb_psm4_tmy(**asked)
        return _raw("NSRDB PSM4 TMY", table, sam_csv.COLUMNS, request.site, 0.0, typical=True)
    table, _ = iotools.get_nsrdb_psm4_aggregated(**asked, year=request.years[0])
    return _raw("NSRDB PSM4", table, sam_csv.COLUMNS, request.site, 0.0)


def _raw(
    name: str,
    table: pd.DataFrame,
    columns: Mapping[str, Column],
    site: Site,
    centre_after_label_s: float | None,
    *,
    typical: bool = False,
) -> RawWeather:
    times = pd.DatetimeIndex(table.index)
    zone = times[0].utcoffset()
    return RawWeather(
        format=name,
        label_local=labels_of(times),
        centre_after_label_s=centre_after_label_s,
        values=values_of(table, columns),
        typical=typical,
        place=place_of(site, 0.0 if zone is None else zone.total_seconds() / SECONDS_PER_HOUR),
        first_line=1,
    )


SERVICES: Final[Mapping[str, Service]] = {
    service.name: service
    for service in (
        Service(
            name="pvgis",
            page="https://re.jrc.ec.europa.eu/pvg_tools/ (TMY or hourly data with components, CSV)",
            apart_s=0.05,  # PVGIS refuses more than 30 calls a second
            by_year=False,
            ask=_pvgis,
        ),
        Service(
            name="nasa_power",
            page="https://power.larc.nasa.gov/data-access-viewer/ (hourly, EPW)",
            apart_s=1.0,  # chosen: POWER asks for patience and states no number
            by_year=True,
            ask=_nasa_power,
        ),
        Service(
            name="nsrdb",
            page="https://nsrdb.nlr.gov/data-viewer (CSV)",
            apart_s=1.0,  # NSRDB: at most one CSV a second
            by_year=True,
            ask=_nsrdb,
        ),
    )
}
