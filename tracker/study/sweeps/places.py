"""Where to compute: places from a table, each with the weather it stands in."""

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final
from zoneinfo import available_timezones

from tracker.errors import InvalidInput
from tracker.plant import Site

NEEDED: Final = ("name", "latitude_deg", "longitude_deg")
OPTIONAL: Final = ("altitude_m", "timezone", "weather")
CLEAR_SKY_KIND: Final = "clear sky"  # of weather without a cloud: what it yields is an upper bound
COLUMNS: Final = (*NEEDED, *OPTIONAL)
BOUNDS: Final[Mapping[str, tuple[float, float]]] = {  # as the site file's
    "latitude_deg": (-90.0, 90.0),
    "longitude_deg": (-180.0, 180.0),
    "altitude_m": (-430.0, 6000.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A site of the sweep and its weather: a file, climate:NAME or clear-sky. timezone is '' if not given."""

    name: str
    latitude_deg: float
    longitude_deg: float
    altitude_m: float
    timezone: str
    weather: str

    def site(self, albedo: float) -> Site:
        """The place as a site on ground of that albedo."""
        return Site(
            name=self.name,
            latitude_deg=self.latitude_deg,
            longitude_deg=self.longitude_deg,
            altitude_m=self.altitude_m,
            timezone=self.timezone or "UTC",
            albedo=albedo,
        )


def place_of(site: Site, weather: str) -> Place:
    """A site as the only place of a sweep."""
    return Place(
        name=site.name,
        latitude_deg=site.latitude_deg,
        longitude_deg=site.longitude_deg,
        altitude_m=site.altitude_m,
        timezone=site.timezone,
        weather=weather,
    )


def parse_places(text: str, *, origin: str, weather: str) -> tuple[Place, ...]:
    """Places of a CSV text with the columns name, latitude_deg, longitude_deg, and altitude_m, timezone,
    weather where wanted; `weather` stands where that cell is empty.

    Order of columns is free; blank lines and lines that begin with # are skipped. Raises InvalidInput with
    every error and its line: missing and unknown columns, numbers that are none or out of range, names that
    are empty or repeated, no places.
    """
    lines = text.splitlines()
    rows = [
        (number, [cell.strip() for cell in next(csv.reader([line]))])
        for number, line in enumerate(lines, 1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    header = _header(rows, origin)
    problems: list[str] = []
    places: dict[str, Place] = {}
    for number, cells in rows[1:]:
        says, place = _place(header, cells, weather)
        if place is not None and place.name in places:
            says = [f"name {place.name} is there already; give each place its own"]
        problems += [f"line {number}: {each}" for each in says]
        if place is not None:
            places.setdefault(place.name, place)
    if not places and not problems:
        problems.append("no places follow the header; add one line a place")
    if problems:
        raise InvalidInput("\n".join(f"{origin}, {problem}" for problem in problems))
    return tuple(places.values())


def _header(rows: Sequence[tuple[int, list[str]]], origin: str) -> list[str]:
    if not rows:
        raise InvalidInput(f"{origin}: empty; the first line names the columns {', '.join(COLUMNS)}")
    number, header = rows[0]
    missing = [name for name in NEEDED if name not in header]
    unknown = [name for name in header if name not in COLUMNS]
    if missing or unknown:
        wrong = f"no column {', '.join(missing)}" if missing else f"unknown column {', '.join(unknown)}"
        raise InvalidInput(f"{origin}, line {number}: {wrong}; the columns are {', '.join(COLUMNS)}")
    return header


def _place(header: list[str], cells: list[str], weather: str) -> tuple[list[str], Place | None]:
    """What is wrong with a row, and the place if nothing is."""
    if len(cells) != len(header):
        return [f"{len(cells)} fields where the header names {len(header)}; mend the line"], None
    row = {name: cell for name, cell in zip(header, cells, strict=True) if cell}
    if "name" not in row:
        return ["the name is empty; give each place one"], None
    numbers = {name: _number(row.get(name, "0" if name in OPTIONAL else "")) for name in BOUNDS}
    wrong = [
        f"{name} = {row.get(name, '')!r} is no number from {low:g} to {high:g}; correct it"
        for name, (low, high) in BOUNDS.items()
        if not low <= numbers[name] <= high
    ]
    if wrong:
        return wrong, None
    zone = row.get("timezone", "")
    if zone and zone not in _zones():
        return [f"timezone = {zone!r} is unknown; give an IANA name such as Asia/Shanghai, or nothing"], None
    return [], Place(name=row["name"], **numbers, timezone=zone, weather=row.get("weather", weather))


@cache
def _zones() -> set[str]:
    return available_timezones()


def _number(text: str) -> float:
    """The number, NaN for what is none."""
    try:
        return float(text)
    except ValueError:
        return math.nan
