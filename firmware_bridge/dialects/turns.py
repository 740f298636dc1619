"""Azimuths that wrap: which of the equivalent angles is meant, and how an angle is rounded inside limits."""

import math
from typing import Final

TURN_DEG: Final = 360.0
SLACK_DEG: Final = 2.0  # chosen: a head at the end of its travel may report a little beyond
Range = tuple[float, float]


def equivalent_deg(azimuth_deg: float, range_deg: Range, near_deg: float) -> float | None:
    """The angle within a range that is the same direction, nearest to another; None where there is none."""
    low_deg, high_deg = range_deg
    first = math.ceil((low_deg - azimuth_deg) / TURN_DEG)
    last = math.floor((high_deg - azimuth_deg) / TURN_DEG)
    if first > last:
        return None
    nearest = round((near_deg - azimuth_deg) / TURN_DEG)
    return azimuth_deg + TURN_DEG * min(max(nearest, first), last)


def as_said_deg(azimuth_deg: float, range_deg: Range, near_deg: float) -> float | None:
    """The angle itself where it lies within the range, else its equivalent."""
    if range_deg[0] <= azimuth_deg <= range_deg[1]:
        return azimuth_deg
    return equivalent_deg(azimuth_deg, range_deg, near_deg)


def rounded_deg(angle_deg: float, step_deg: float, range_deg: Range) -> float:
    """The nearest multiple of a step that is not past the range: rounding never leaves the travel."""
    low, high = (end_deg / step_deg for end_deg in range_deg)
    steps = round(angle_deg / step_deg)
    if steps > high:
        steps = math.floor(high)
    elif steps < low:
        steps = math.ceil(low)
    return steps * step_deg


def named_deg(reported_deg: float, shift_deg: float | None, travel_deg: Range, near_deg: float) -> float:
    """An azimuth that a foreign head reports, as this host counts.

    `shift_deg` are the whole turns between its counting and ours, as its last target had them; None when it
    cannot tell one turn from the next. Where they lead out of the travel, or are not known, the equivalent
    inside is meant that is nearest to `near_deg`; a head that stands outside altogether is called by the
    equivalent nearest to that.
    """
    reachable_deg = travel_deg[0] - SLACK_DEG, travel_deg[1] + SLACK_DEG
    if shift_deg is None:
        known_deg = equivalent_deg(reported_deg, reachable_deg, near_deg)
    else:
        known_deg = as_said_deg(reported_deg + shift_deg, reachable_deg, near_deg)
    return (
        reported_deg + TURN_DEG * round((near_deg - reported_deg) / TURN_DEG)
        if known_deg is None
        else known_deg
    )


def apart_deg(one_deg: float, other_deg: float) -> float:
    """How far two directions lie apart, whole turns left out, 0 to 180."""
    return abs(math.remainder(one_deg - other_deg, TURN_DEG))
