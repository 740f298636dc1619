"""sunflower sun: where the sun is, at one time or over many."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from tracker.app.cli.border import AsJson, wrong_use
from tracker.errors import InvalidInput

if TYPE_CHECKING:
    from tracker.plant import Site
    from tracker.sun import SunPosition

COLUMNS: Final = ("azimuth_deg", "elevation_deg", "apparent_elevation_deg")


def sun(
    site_file: Annotated[
        Path | None, typer.Argument(metavar="SITE", help="Site file; or give --latitude and --longitude.")
    ] = None,
    utc: Annotated[
        list[str] | None,
        typer.Option("--utc", help="A time in UTC, such as 2025-06-21T04:00; may be repeated."),
    ] = None,
    start: Annotated[str | None, typer.Option("--from", help="First time, with Z or an offset.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Last time, with Z or an offset.")] = None,
    step: Annotated[str, typer.Option("--step", help="Between times: 30s, 10min, 1h or 1d.")] = "10min",
    local: Annotated[
        bool, typer.Option("--local", help="Times of --from and --to are the site's local time.")
    ] = False,
    latitude_deg: Annotated[float | None, typer.Option("--latitude", help="Degrees, north positive.")] = None,
    longitude_deg: Annotated[
        float | None, typer.Option("--longitude", help="Degrees, east positive.")
    ] = None,
    altitude_m: Annotated[
        float | None, typer.Option("--altitude", help="Metres above sea level [0].")
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Give CSV on stdout.")] = False,
    as_json: AsJson = False,
) -> None:
    """Give the sun's azimuth and elevation, without and with refraction."""
    from tracker.app.cli.times import stamps, times_asked

    if as_csv and as_json:
        raise InvalidInput("--csv and --json exclude each other; give one of them")
    site = _site(site_file, latitude_deg, longitude_deg, altitude_m)
    if local and site_file is None:
        raise InvalidInput("--local needs a site file with its timezone; give SITE, or times with an offset")
    times = times_asked(utc or [], start, end, step, site.timezone if local else None)

    from tracker.sun import sun_position

    with wrong_use("time"):
        position = sun_position(times, site)
    form = "json" if as_json else "csv" if as_csv else "table"
    sys.stdout.write(f"{FORMS[form](_rows(stamps(times), position))}\n")


def _site(
    site_file: Path | None, latitude_deg: float | None, longitude_deg: float | None, altitude_m: float | None
) -> "Site":
    """The site of the file, or one made of the coordinates."""
    coordinates = (latitude_deg, longitude_deg)
    if site_file is not None:
        if (*coordinates, altitude_m) != (None, None, None):
            raise InvalidInput("SITE and --latitude, --longitude, --altitude exclude each other; give either")
        from tracker.app.config import load_site

        return load_site(site_file).site
    if latitude_deg is None or longitude_deg is None:
        raise InvalidInput("no place: give a site file, or --latitude and --longitude")
    from tracker.app.config import site_at

    return site_at(latitude_deg, longitude_deg, 0.0 if altitude_m is None else altitude_m)


def _rows(stamps: list[str], position: "SunPosition") -> list[dict[str, str | float]]:
    columns = [getattr(position, name).tolist() for name in COLUMNS]
    return [
        {"utc": stamp, **dict(zip(COLUMNS, angles, strict=True))}
        for stamp, *angles in zip(stamps, *columns, strict=True)
    ]


def _json(rows: list[dict[str, str | float]]) -> str:
    from tracker.app.output import json_text

    return json_text({"positions": rows}, indent=2)


def _csv(rows: list[dict[str, str | float]]) -> str:
    return "\n".join([",".join(("utc", *COLUMNS)), *(",".join(map(str, row.values())) for row in rows)])


def _table(rows: list[dict[str, str | float]]) -> str:
    width = max(len(str(row["utc"])) for row in rows)
    header = f"{'utc':<{width}}" + "".join(f"  {name:>22}" for name in COLUMNS)
    lines = [
        f"{row['utc']:<{width}}" + "".join(f"  {float(row[name]):22.4f}" for name in COLUMNS) for row in rows
    ]
    return "\n".join([header, *lines])


FORMS: Final[Mapping[str, Callable[[list[dict[str, str | float]]], str]]] = {
    "json": _json,
    "csv": _csv,
    "table": _table,
}
