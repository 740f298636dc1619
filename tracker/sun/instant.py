"""The formula at a single instant over one place, with plain floats: microseconds, and no call into pvlib.

It is `formula` written out: a call for each of its parts would cost a third of it all.
"""

from functools import lru_cache
from math import atan2, cos, pi, sin, sqrt, tan
from typing import Final

from tracker.sun.formula import AIR, BEND_DEG, BEND_DEG2, BEND_OFFSET_DEG, CUT_OFF, DEGREES_PER_RADIAN
from tracker.sun.instants import refuse, year_of
from tracker.sun.nodes import END_DAY, FIRST_DAY, NODES

TURN_RAD: Final = 2.0 * pi
Vector = tuple[float, float, float]
Place = tuple[float, float, float, float, float, float, float]  # a row of `Places.rows`


@lru_cache(maxsize=1024)
def day_row(day: int) -> tuple[float, ...]:
    """The row of one day as plain numbers; days count from 1970."""
    year = year_of(day)
    return tuple(NODES.build(range(year, year + 1))[day - FIRST_DAY].tolist())


def enu_at(tick: int, per_day: int, tt_ahead: float, ut1_ahead: float, place: Place) -> Vector:
    """East, north and up toward the sun without refraction, in equatorial radii of the Earth.

    Raises ValueError for NaT and outside the supported years.
    """
    day, rest = divmod(tick, per_day)
    if not FIRST_DAY <= day < END_DAY:
        refuse(tick, per_day)
    x0, x1, x2, x3, y0, y1, y2, y3, z0, z1, z2, z3, turn, turn_rate, _, _ = day_row(day)
    longitude, sin_lat, cos_lat, from_axis, above_equator, _, _ = place
    part = rest / per_day
    s = part + tt_ahead
    x = x0 + s * (x1 + s * (x2 + s * x3))
    y = y0 + s * (y1 + s * (y2 + s * y3))
    along_axis = z0 + s * (z1 + s * (z2 + s * z3)) - above_equator
    angle_rad = TURN_RAD * ((turn + turn_rate * (part + ut1_ahead) + longitude) % 1.0)
    sine, cosine = sin(angle_rad), cos(angle_rad)
    outward = x * cosine + y * sine - from_axis
    return (
        y * cosine - x * sine,
        along_axis * cos_lat - outward * sin_lat,
        outward * cos_lat + along_axis * sin_lat,
    )


def azimuth_deg(vector: Vector) -> float:
    """Azimuth in [0, 360) of a vector of any length."""
    angle_deg = atan2(vector[0], vector[1]) * DEGREES_PER_RADIAN
    angle_deg = angle_deg + 360.0 if angle_deg < 0.0 else angle_deg
    return angle_deg if angle_deg < 360.0 else 0.0


def elevation_deg(vector: Vector) -> float:
    """Elevation of a vector of any length."""
    east, north, up = vector
    return atan2(up, sqrt(east * east + north * north)) * DEGREES_PER_RADIAN


def apparent_unit(vector: Vector, place: Place) -> Vector:
    """The unit vector toward the apparent sun: lifted by refraction."""
    east, north, up = vector
    level = sqrt(east * east + north * north)
    seen_rad = atan2(up, level)
    geometric_deg = seen_rad * DEGREES_PER_RADIAN
    if geometric_deg >= place[CUT_OFF]:
        argument_deg = geometric_deg + BEND_DEG2 / (geometric_deg + BEND_OFFSET_DEG)
        seen_rad += place[AIR] * BEND_DEG / (tan(argument_deg / DEGREES_PER_RADIAN) * DEGREES_PER_RADIAN)
    scale = cos(seen_rad) / (level or 1e-300)
    return east * scale, north * scale, sin(seen_rad)
