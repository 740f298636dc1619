"""The formula over numpy arrays, in chunks that stay in the cache: good for tens of thousands of instants."""

from typing import Final

import numpy as np

from tracker.sun import formula
from tracker.sun.formula import (
    ABOVE_EQUATOR,
    AIR,
    COS_LAT,
    CUT_OFF,
    FROM_AXIS,
    LONGITUDE,
    SIN_LAT,
    TURN,
    TURN_RATE,
    X,
    Y,
    Z,
    cubic,
)
from tracker.units import FloatArray, IntArray

CHUNK: Final = 4096
Vector = tuple[FloatArray, FloatArray, FloatArray]


def fill(
    ticks: IntArray,
    per_day: int,
    table: FloatArray,
    first_day: int,
    tt_ahead: float,
    ut1_ahead: float,
    places: FloatArray,
    azimuth_deg: FloatArray,
    elevation_deg: FloatArray,
    apparent_deg: FloatArray,
    direction_enu: FloatArray,
) -> None:
    """The same contract as `formula.fill`."""
    size = ticks.shape[1]
    step = min(max(size, 1), CHUNK)
    sites = max(1, CHUNK // step)
    for first in range(0, len(places), sites):
        some = slice(first, first + sites)
        columns = places[some].T[:, :, np.newaxis]
        own = ticks if len(ticks) == 1 else ticks[some]
        for start in range(0, size, step):
            now = slice(start, start + step)
            xyz, turn = interpolated(own[:, now], per_day, table, first_day, tt_ahead, ut1_ahead)
            enu = _enu(xyz, turn, columns)
            if azimuth_deg.size:
                azimuth_deg[some, now] = azimuths_deg(enu)
            if elevation_deg.size or apparent_deg.size or direction_enu.size:
                high_deg = elevations_deg(enu)
            if elevation_deg.size:
                elevation_deg[some, now] = high_deg
            if apparent_deg.size or direction_enu.size:
                bend_deg = _refraction_deg(high_deg, columns[AIR], columns[CUT_OFF])
            if apparent_deg.size:
                np.add(high_deg, bend_deg, out=apparent_deg[some, now])
            if direction_enu.size:
                for axis, part in enumerate(_unit_lifted(enu, np.radians(bend_deg))):
                    direction_enu[some, now, axis] = part


def azimuths_deg(enu: Vector) -> FloatArray:
    """Azimuth in [0, 360) of east, north and up, arrays of one shape."""
    azimuth_deg = np.degrees(np.arctan2(enu[0], enu[1]))
    azimuth_deg[azimuth_deg < 0.0] += 360.0
    azimuth_deg[azimuth_deg >= 360.0] = 0.0  # -1e-17 + 360 rounds up
    return azimuth_deg


def elevations_deg(enu: Vector) -> FloatArray:
    """Elevation of east, north and up, arrays of one shape."""
    east, north, up = enu
    return np.degrees(np.arctan2(up, np.sqrt(east * east + north * north)))


def interpolated(
    ticks: IntArray, per_day: int, table: FloatArray, first_day: int, tt_ahead: float, ut1_ahead: float
) -> tuple[Vector, FloatArray]:
    """The sun's geocentric vector at ticks of any shape, in Earth radii, and sidereal turns at Greenwich."""
    day, tick = np.divmod(ticks, per_day)
    part = tick / per_day
    rows = np.moveaxis(table.take(day - first_day, axis=0), -1, 0)
    s = part + tt_ahead
    x, y, z = (cubic(s, *rows[at : at + 4]) for at in (X, Y, Z))
    return (x, y, z), rows[TURN] + rows[TURN_RATE] * (part + ut1_ahead)


def _enu(xyz: Vector, turn: FloatArray, place: FloatArray) -> Vector:
    local = turn + place[LONGITUDE]
    angle_rad = 2.0 * np.pi * (local - np.rint(local))
    where = (place[SIN_LAT], place[COS_LAT], place[FROM_AXIS], place[ABOVE_EQUATOR])
    return formula.topocentric_enu(xyz, np.sin(angle_rad), np.cos(angle_rad), where)


def _refraction_deg(geometric_deg: FloatArray, air: FloatArray, cut_off_deg: FloatArray) -> FloatArray:
    argument_rad = np.radians(formula.refraction_argument_deg(np.maximum(geometric_deg, cut_off_deg)))
    bend_deg = formula.refraction_deg(air, np.sin(argument_rad), np.cos(argument_rad))
    return np.where(geometric_deg >= cut_off_deg, bend_deg, 0.0)


def _unit_lifted(enu: Vector, bend_rad: FloatArray) -> Vector:
    """Unit vectors toward the apparent sun."""
    east, north, up = enu
    level = np.sqrt(east * east + north * north)
    scale = 1.0 / np.sqrt(level * level + up * up)
    lifted_level, lifted_up = formula.lifted(level, up, bend_rad)
    level_scale = scale * lifted_level / np.maximum(level, 1e-300)
    return east * level_scale, north * level_scale, scale * lifted_up
