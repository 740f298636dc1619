"""What mountings are called wherever somebody writes their names: site file, command line, report.

A name stands alone or, with a colon, says what it is about: fixed:30:180 is a plane.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

from tracker.errors import InvalidInput

NAMES: Final = (
    "flat",
    "latitude_tilt",
    "best_fixed",
    "east_west",
    "single_axis",
    "single_axis_true",
    "azimuth_only",
    "two_axis_sun_facing",
    "two_axis_optimal",
    "sunflower",
)
FIXED: Final = "fixed"
STEEPEST_DEG: Final = 90.0
TURN_DEG: Final = 360.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """A plane tilted toward an azimuth."""

    tilt_deg: float
    azimuth_deg: float


def fixed_plane(name: str) -> Plane | None:
    """The plane that fixed:TILT:AZIMUTH names; None for other names. Raises InvalidInput for a bad plane."""
    form, _, rest = name.partition(":")
    if form != FIXED:
        return None
    try:
        tilt_deg, azimuth_deg = map(float, rest.split(":"))
    except ValueError as cause:
        raise InvalidInput(f"{name!r} names no plane; write fixed:TILT:AZIMUTH, as fixed:30:180") from cause
    if not 0.0 <= tilt_deg <= STEEPEST_DEG:
        raise InvalidInput(f"{name!r} has a tilt of {tilt_deg:g} deg; give 0 (level) to 90 deg")
    if not 0.0 <= azimuth_deg <= TURN_DEG:
        raise InvalidInput(f"{name!r} has an azimuth of {azimuth_deg:g} deg; give 0 to 360, south is 180")
    return Plane(tilt_deg=tilt_deg, azimuth_deg=azimuth_deg)


FORMS: Final[Mapping[str, Callable[[str], object]]] = MappingProxyType({FIXED: fixed_plane})
WRITTEN: Final = (*NAMES, "fixed:TILT:AZIMUTH")  # all that can be written, for people


def is_mounting(name: str) -> bool:
    """Whether the name is one, or has the form of one: what follows the colon may still be wrong."""
    form, colon, _ = name.partition(":")
    return name in NAMES or (bool(colon) and form in FORMS)


def demand_mounting(name: str) -> None:
    """Raises InvalidInput for a name that is none, with the nearest one or all, and for a bad plane."""
    if not is_mounting(name):
        near = get_close_matches(name, NAMES, n=1)
        hint = f"did you mean {near[0]}?" if near else f"choose from {', '.join(WRITTEN)}"
        raise InvalidInput(f"mounting {name!r} is unknown; {hint}")
    if name not in NAMES:
        FORMS[name.partition(":")[0]](name)
