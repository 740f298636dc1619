"""What rows are called on the page."""

from collections.abc import Mapping
from typing import Final

from tracker.errors import InvalidInput
from tracker.mounting_names import Plane, fixed_plane
from tracker.report.document import ComparisonDocument, Mounting

MOUNTINGS: Final[Mapping[str, str]] = {
    "flat": "flat",
    "latitude_tilt": "latitude tilt",
    "best_fixed": "best fixed tilt",
    "east_west": "east-west",
    "single_axis": "single axis",
    "single_axis_true": "single axis, true tracking",
    "azimuth_only": "azimuth only",
    "two_axis_sun_facing": "two axes, sun-facing",
    "two_axis_optimal": "two axes, optimal",
    "sunflower": "sunflower",
}
FIXED: Final = frozenset({"flat", "latitude_tilt", "best_fixed", "east_west"})
ONE_YEAR: Final = "one year"
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
COMPASS: Final = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")
COMPASS_STEP_DEG: Final = 45.0
COMPASS_SLACK_DEG: Final = 0.5  # nearer than this an azimuth is called by its name; half of what is printed


def mounting(name: str) -> str:
    """A mounting's name in words; one that is not known keeps its own, underscores opened."""
    named = named_plane(name)
    if named is not None:
        return f"fixed {_plane(named.tilt_deg, named.azimuth_deg)}"
    return MOUNTINGS.get(name, name.replace("_", " "))


def named_plane(name: str) -> Plane | None:
    """The plane that a mounting's name says; None where it says none that can be read."""
    try:
        return fixed_plane(name)
    except InvalidInput:
        return None


def stands_still(name: str) -> bool:
    """Whether a mounting of that name never moves."""
    return name in FIXED or named_plane(name) is not None


def plane(row: Mounting) -> str:
    """'20 deg south' where the row is a fixed plane, not level, whose name does not say so; else ''."""
    if row.tilt_deg is None or row.azimuth_deg is None or row.tilt_deg == 0.0 or named_plane(row.name):
        return ""
    return _plane(row.tilt_deg, row.azimuth_deg)


def span(document: ComparisonDocument) -> str:
    """How long the compared time is: 'one year', '3 years' or '30 days'."""
    if document.part_year is not None:
        days = document.part_year.days
        return f"{days:.4g} day{'' if days == 1.0 else 's'}"
    years = round(document.weather.years)
    return f"{years} years" if years > 1 else ONE_YEAR


def months_there(document: ComparisonDocument) -> Mapping[int, str]:
    """Names of the months compared by their number, 0 to 11; with their days where they make no year."""
    if document.part_year is None:
        return dict(enumerate(MONTHS))
    there = document.part_year.months
    return {month.month - 1: f"{MONTHS[month.month - 1]}, {month.days:.3g} d" for month in there}


def _plane(tilt_deg: float, azimuth_deg: float) -> str:
    return f"{tilt_deg:.3g} deg {toward(azimuth_deg)}"


def toward(azimuth_deg: float) -> str:
    """A compass word, or 'toward 192 deg' between the eight of them."""
    nearest = round(azimuth_deg / COMPASS_STEP_DEG)
    if abs(azimuth_deg - nearest * COMPASS_STEP_DEG) <= COMPASS_SLACK_DEG:
        return COMPASS[nearest % len(COMPASS)]
    return f"toward {azimuth_deg:.0f} deg"


def counted(number: int, one: str, many: str) -> str:
    """A number of things: 1 site, 1,000 sites."""
    return f"{number:,} {one if number == 1 else many}"
