"""The formula at a single instant over one place, with plain floats: microseconds, and no call into pvlib."""

from functools import lru_cache
from math import atan2, cos, pi, sin, sqrt
from typing import Final, NamedTuple

from tracker.sun import formula
from tracker.sun.formula import DEGREES_PER_RADIAN
from tracker.sun.instants import refuse, year_of
from tracker.sun.nodes import END_DAY, FIRST_DAY, NODES
from tracker.units import FloatArray

TURN_RAD: Final = 2.0 * pi
Vector = tuple[float, float, float]


class Place(NamedTuple):
    """A row of `Places.rows` in plain numbers; where: as `formula.topocentric_enu` takes it."""

    longitude_turns: float
    where: tuple[float, float, float, float]
    air: float
    cut_off_deg: float


def place_of(row: FloatArray) -> Place:
    """A place from its row."""
    longitude, sin_lat, cos_lat, from_axis, above_equator, air, cut_off = row.tolist()
    return Place(longitude, (sin_lat, cos_lat, from_axis, above_equator), air, cut_off)


@lru_cache(maxsize=1024)
def day_row(day: int) -> tuple[float, ...]:
    """The row of one day as plain numbers; days count from 1970."""
    year = year_of(day)
    return tuple(NODES.build(range(year, year + 1))[day - FIRST_DAY].tolist())


def enu_at(
    tick: int,
    per_day: int,
    tt_ahead: float,
    ut1_ahead: float,
    longitude_turns: float,
    where: tuple[float, float, float, float],
) -> Vector:
    """East, north and up toward the sun without refraction, in equatorial radii of the Earth.

    Raises ValueError for NaT and outside the supported years.
    """
    day, rest = divmod(tick, per_day)
    if not FIRST_DAY <= day < END_DAY:
        refuse(tick, per_day)
    x0, x1, x2, x3, y0, y1, y2, y3, z0, z1, z2, z3, turn0, turn_rate, _, _ = day_row(day)
    part = rest / per_day
    s = part + tt_ahead
    xyz = (  # `formula.cubic` without the calls, which would cost a tenth of it all
        x0 + s * (x1 + s * (x2 + s * x3)),
        y0 + s * (y1 + s * (y2 + s * y3)),
        z0 + s * (z1 + s * (z2 + s * z3)),
    )
    angle_rad = TURN_RAD * ((turn0 + turn_rate * (part + ut1_ahead) + longitude_turns) % 1.0)
    return formula.topocentric_enu(xyz, sin(angle_rad), cos(angle_rad), where)


def azimuth_deg(vector: Vector) -> float:
    """Azimuth in [0, 360) of a vector of any length."""
    angle_deg = atan2(vector[0], vector[1]) * DEGREES_PER_RADIAN
    angle_deg = angle_deg + 360.0 if angle_deg < 0.0 else angle_deg
    return angle_deg if angle_deg < 360.0 else 0.0


def elevation_deg(vector: Vector) -> float:
    """Elevation of a vector of any length."""
    east, north, up = vector
    return atan2(up, sqrt(east * east + north * north)) * DEGREES_PER_RADIAN


def apparent_unit(vector: Vector, air: float, cut_off_deg: float) -> Vector:
    """The unit vector toward the apparent sun: lifted by refraction."""
    east, north, up = vector
    level = sqrt(east * east + north * north)
    seen_rad = atan2(up, level)
    geometric_deg = seen_rad * DEGREES_PER_RADIAN
    if geometric_deg >= cut_off_deg:
        argument_rad = formula.refraction_argument_deg(geometric_deg) / DEGREES_PER_RADIAN
        bend_deg = formula.refraction_deg(air, sin(argument_rad), cos(argument_rad))
        seen_rad += bend_deg / DEGREES_PER_RADIAN
    scale = cos(seen_rad) / (level or 1e-300)
    return east * scale, north * scale, sin(seen_rad)
