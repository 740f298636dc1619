"""A site's year on several mountings: from weather to sums by month."""

from collections.abc import Sequence
from typing import Final

from tracker.study.sweeps.loops import aim, blocks, plane, search, sky
from tracker.study.sweeps.loops.aim import face_sun, turn_about_axis
from tracker.study.sweeps.loops.blocks import BLOCK, LIGHT, POWER, blocks_for
from tracker.study.sweeps.loops.plane import held, turned
from tracker.study.sweeps.loops.search import highest, normal_of
from tracker.study.sweeps.loops.sky import daylight
from tracker.units import FloatArray, IntArray

HELD, BEST, ONE_AXIS, TWO_AXES = range(4)  # kinds of ways
KIND, TILT_EAST, TILT_NORTH, COVER, BACK, LIMIT_SINE = range(6)  # columns of a way
WAY: Final = 6
LIGHT_SUM, FIRST_MONTH, PLANE, STAYS, ROW = 0, 1, 13, 15, 16  # columns of what comes of it


def fill(
    fixed: FloatArray,
    extra: FloatArray,
    month: IntArray,
    ghi: FloatArray,
    dni: FloatArray,
    dhi: FloatArray,
    air: FloatArray,
    warming: FloatArray,
    place: FloatArray,
    albedo: float,
    ways: FloatArray,
    modules: FloatArray,
    tables: FloatArray,
    hours: FloatArray,
    months: IntArray,
    some: FloatArray,
    room: FloatArray,
    out: FloatArray,
) -> None:
    """Fill out (M, ROW) with light on the plane and AC power of a head by month, both summed.

    ways (M, WAY) are the mountings. Of planes that stay the tilts toward east and north are there too, and
    a 1. hours, months, some and room are to work in.
    """
    count = daylight(fixed, extra, month, ghi, dni, dhi, air, warming, place, albedo, hours, months)
    panels = (modules[0], modules[1], modules[2], modules[3])
    for m in range(len(ways)):
        _mounting(ways[m], count, hours, months, some, tables, panels, room, out[m])


def _mounting(
    way: FloatArray,
    count: int,
    hours: FloatArray,
    months: IntArray,
    some: FloatArray,
    tables: FloatArray,
    modules: Sequence[float],
    room: FloatArray,
    out: FloatArray,
) -> None:
    end, cover = blocks_for(count), way[COVER]
    east_deg, north_deg = way[TILT_EAST], way[TILT_NORTH]
    if way[KIND] == BEST:
        east_deg, north_deg = highest(hours, end, count, some, cover, tables, modules, room)
    normal, tilt_deg = normal_of(east_deg, north_deg)
    for column in range(ROW):
        out[column] = 0.0
    out[PLANE], out[PLANE + 1] = east_deg, north_deg
    out[STAYS] = 1.0 if way[KIND] <= BEST else 0.0
    for block in range(end):
        now = hours[block]
        if way[KIND] == ONE_AXIS:
            turn_about_axis(now, way[BACK], way[LIMIT_SINE], room)
            turned(now, cover, tables, modules, room)
        elif way[KIND] == TWO_AXES:
            face_sun(now, room)
            turned(now, cover, tables, modules, room)
        else:
            held(now, normal, tilt_deg, cover, tables, modules, room)
        for i in range(BLOCK):
            out[LIGHT_SUM] += room[LIGHT + i]
            out[FIRST_MONTH + months[block, i]] += room[POWER + i]


PARTS: Final = (*blocks.PARTS, *sky.PARTS, *plane.PARTS, *aim.PARTS, *search.PARTS, _mounting)
