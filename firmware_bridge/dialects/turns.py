"""Azimuths that wrap: which of the equivalent angles is meant, and how an angle is rounded inside limits."""

import math

TURN_DEG = 360.0
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
