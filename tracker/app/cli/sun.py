"""sunflower sun: where the sun is, at one time or over many."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeAlias

from tracker.app.cli.border import AsJson, files_of, refuse_over_input, wrong_use
from tracker.app.cli.words import argument, option
from tracker.errors import InvalidInput

if TYPE_CHECKING:
    from tracker.plant import Plant, Site
    from tracker.sun import SunPosition

COLUMNS: Final = ("azimuth_deg", "elevation_deg", "apparent_elevation_deg")
FIGURES: Final[Mapping[str, Literal["png", "svg"]]] = {".png": "png", ".svg": "svg"}
Rows: TypeAlias = list[dict[str, str | float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A sun-path figure to be drawn into a file."""

    file: Path
    form: Literal["png", "svg"]
    year: int
    horizon: Path | None


def sun(
    site_file: Annotated[
        Path | None, argument(metavar="SITE", says="Site file; or give --latitude and --longitude.")
    ] = None,
    utc: Annotated[
        list[str] | None,
        option("--utc", says="A time in UTC, such as 2025-06-21T04:00; may be repeated."),
    ] = None,
    start: Annotated[str | None, option("--from", says="First time, with Z or an offset.")] = None,
    end: Annotated[str | None, option("--to", says="Last time, with Z or an offset.")] = None,
    step: Annotated[str, option("--step", says="Between times: 30s, 10min, 1h or 1d.")] = "10min",
    local: Annotated[
        bool, option("--local", says="Times of --from and --to are the site's local time.")
    ] = False,
    latitude_deg: Annotated[float | None, option("--latitude", says="Degrees, north positive.")] = None,
    longitude_deg: Annotated[float | None, option("--longitude", says="Degrees, east positive.")] = None,
    altitude_m: Annotated[float | None, option("--altitude", says="Metres above sea level [0].")] = None,
    figure: Annotated[
        Path | None, option("--figure", metavar="FILE", says="Draw the sun's paths: .png or .svg.")
    ] = None,
    year: Annotated[int | None, option("--year", says="Of the figure, when no times are asked for.")] = None,
    horizon: Annotated[
        Path | None,
        option("--horizon", metavar="FILE", says="Skyline for the figure [the site file's]."),
    ] = None,
    as_csv: Annotated[bool, option("--csv", says="Give CSV on stdout.")] = False,
    as_json: AsJson = False,
) -> None:
    """Give the sun's azimuth and elevation, without and with refraction; draw its paths over a year."""
    from tracker.app.cli.times import stamps, times_asked

    if as_csv and as_json:
        raise InvalidInput("--csv and --json exclude each other; give one of them")
    site, plant = _site(site_file, latitude_deg, longitude_deg, altitude_m)
    if local and site_file is None:
        raise InvalidInput("--local needs a site file with its timezone; give SITE, or times with an offset")
    drawing = _drawing(figure, year, horizon)
    if drawing is not None:
        read = () if site_file is None else files_of(site_file)
        refuse_over_input(drawing.file, *read, *([horizon] if horizon else []))
    rows: Rows = []
    if drawing is None or utc or start or end:
        times = times_asked(utc or [], start, end, step, site.timezone if local else None)

        from tracker.sun import sun_position

        with wrong_use("time"):
            rows = _rows(stamps(times), sun_position(times, site))
    if drawing is not None:
        _draw(drawing, site, plant)
    if rows or as_json or as_csv:
        form = "json" if as_json else "csv" if as_csv else "table"
        sys.stdout.write(f"{FORMS[form](rows)}\n")


def _drawing(figure: Path | None, year: int | None, horizon: Path | None) -> Drawing | None:
    """What is to be drawn; None if nothing is."""
    if figure is None:
        given = [name for name, value in (("--year", year), ("--horizon", horizon)) if value is not None]
        if given:
            raise InvalidInput(f"{given[0]} is for the figure; give --figure FILE too")
        return None
    form = FIGURES.get(figure.suffix.lower())
    if form is None:
        raise InvalidInput(f"--figure {figure}: give a name that ends in .png or .svg")
    if year is None:
        raise InvalidInput("--figure needs the year of its paths; give --year 2025")
    return Drawing(file=figure, form=form, year=year, horizon=horizon)


def _draw(drawing: Drawing, site: "Site", plant: "Plant | None") -> None:
    from tracker.app.output import tell, write_atomically
    from tracker.app.sun_path import sun_paths
    from tracker.report.sun_path_figure import sun_path_image
    from tracker.sun.horizon import read_horizon

    limits, skyline = (None, None) if plant is None else (plant.array.mount.limits, plant.horizon)
    if drawing.horizon is not None:
        skyline = read_horizon(drawing.horizon)
    with wrong_use("--year"):
        paths = sun_paths(site, drawing.year, limits, skyline)
    write_atomically(drawing.file, sun_path_image(paths, drawing.form))
    tell(f"written: {drawing.file}" + ("" if plant else "; without a mount: give SITE to see its limits"))


def _site(
    site_file: Path | None, latitude_deg: float | None, longitude_deg: float | None, altitude_m: float | None
) -> tuple["Site", "Plant | None"]:
    """The site of the file with its plant, or a site made of the coordinates, with none."""
    coordinates = (latitude_deg, longitude_deg)
    if site_file is not None:
        if (*coordinates, altitude_m) != (None, None, None):
            raise InvalidInput("SITE and --latitude, --longitude, --altitude exclude each other; give either")
        from tracker.app.config import load_site

        plant = load_site(site_file)
        return plant.site, plant
    if latitude_deg is None or longitude_deg is None:
        raise InvalidInput("no place: give a site file, or --latitude and --longitude")
    from tracker.app.config import site_at

    return site_at(latitude_deg, longitude_deg, 0.0 if altitude_m is None else altitude_m), None


def _rows(stamps: list[str], position: "SunPosition") -> Rows:
    columns = [getattr(position, name).tolist() for name in COLUMNS]
    return [
        {"utc": stamp, **dict(zip(COLUMNS, angles, strict=True))}
        for stamp, *angles in zip(stamps, *columns, strict=True)
    ]


def _json(rows: Rows) -> str:
    from tracker.app.output import json_text

    return json_text({"positions": rows}, indent=2)


def _csv(rows: Rows) -> str:
    return "\n".join([",".join(("utc", *COLUMNS)), *(",".join(map(str, row.values())) for row in rows)])


def _table(rows: Rows) -> str:
    width = max(len(str(row["utc"])) for row in rows)
    header = f"{'utc':<{width}}" + "".join(f"  {name:>22}" for name in COLUMNS)
    lines = [
        f"{row['utc']:<{width}}" + "".join(f"  {float(row[name]):22.4f}" for name in COLUMNS) for row in rows
    ]
    return "\n".join([header, *lines])


FORMS: Final[Mapping[str, Callable[[Rows], str]]] = {
    "json": _json,
    "csv": _csv,
    "table": _table,
}
