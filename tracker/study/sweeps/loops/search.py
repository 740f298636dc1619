"""The fixed plane of most energy: `tracker.study.mountings.climb` in compiled form."""

import math
from collections.abc import Sequence
from typing import Final

from tracker.study.mountings.climb import COARSE_DEG, LOOKS, MOST_LOOKS, ROUNDS, THIN, leap
from tracker.study.sweeps.loops.blocks import BLOCK, POWER, SEEN, TOTAL, thinned
from tracker.study.sweeps.loops.plane import held
from tracker.units import FloatArray

LAST_REACH_DEG: Final = ROUNDS[-1][1]


def highest(
    hours: FloatArray,
    blocks: int,
    count: int,
    some: FloatArray,
    cover: float,
    tables: FloatArray,
    modules: Sequence[float],
    room: FloatArray,
) -> tuple[float, float]:
    """Tilt toward east and north, deg, of the plane of most power; `some` has boards for half the hours."""
    given = (cover, tables, modules, room)
    thin, seen = thinned(hours, count, THIN, some), room[SEEN : SEEN + len(LOOKS)]
    top, east, north = -1.0, 0.0, 0.0
    for k in range(len(COARSE_DEG)):
        power = total(some, thin, COARSE_DEG[k, 0], COARSE_DEG[k, 1], *given)
        if power > top:
            top, east, north = power, COARSE_DEG[k, 0], COARSE_DEG[k, 1]
    for stride, reach in ROUNDS[:-1]:
        thin = thinned(hours, count, stride, some)
        look(some, thin, east, north, reach, *given, seen)
        step = leap(seen)
        east, north = east + reach * step[0], north + reach * step[1]
    return finished(hours, blocks, east, north, *given)


def finished(
    hours: FloatArray,
    blocks: int,
    east: float,
    north: float,
    cover: float,
    tables: FloatArray,
    modules: Sequence[float],
    room: FloatArray,
) -> tuple[float, float]:
    """From near the top, through all hours, up to it, or to the best look where that is better."""
    seen = room[SEEN : SEEN + len(LOOKS)]
    for _ in range(1 + MOST_LOOKS):
        look(hours, blocks, east, north, LAST_REACH_DEG, cover, tables, modules, room, seen)
        step, best = leap(seen), 0
        for k in range(len(LOOKS)):
            best = k if seen[k] > seen[best] else best
        best_east = east + LAST_REACH_DEG * LOOKS[best][0]
        best_north = north + LAST_REACH_DEG * LOOKS[best][1]
        east, north = east + LAST_REACH_DEG * step[0], north + LAST_REACH_DEG * step[1]
        if math.hypot(step[0], step[1]) < 1.0:
            break
    if total(hours, blocks, east, north, cover, tables, modules, room) < seen[best]:
        return best_east, best_north
    return east, north


def look(
    hours: FloatArray,
    blocks: int,
    east: float,
    north: float,
    reach: float,
    cover: float,
    tables: FloatArray,
    modules: Sequence[float],
    room: FloatArray,
    seen: FloatArray,
) -> None:
    """Power of planes around one, as `climb.LOOKS` has them, so many degrees apart."""
    for k in range(len(LOOKS)):
        look_east, look_north = east + reach * LOOKS[k][0], north + reach * LOOKS[k][1]
        seen[k] = total(hours, blocks, look_east, look_north, cover, tables, modules, room)


def total(
    hours: FloatArray,
    blocks: int,
    east_deg: float,
    north_deg: float,
    cover: float,
    tables: FloatArray,
    modules: Sequence[float],
    room: FloatArray,
) -> float:
    """Power of a tilted plane, summed over the hours."""
    normal, tilt_deg = normal_of(east_deg, north_deg)
    for i in range(BLOCK):
        room[TOTAL + i] = 0.0
    for block in range(blocks):
        held(hours[block], normal, tilt_deg, cover, tables, modules, room)
        for i in range(BLOCK):
            room[TOTAL + i] += room[POWER + i]
    power = 0.0
    for i in range(BLOCK):
        power += room[TOTAL + i]
    return power


def normal_of(east_deg: float, north_deg: float) -> tuple[tuple[float, float, float], float]:
    """Unit normal of a plane tilted toward east and north, and its tilt."""
    tilt_deg = math.hypot(east_deg, north_deg)
    level = math.sin(math.radians(tilt_deg)) / max(tilt_deg, 1e-300)
    return (level * east_deg, level * north_deg, math.cos(math.radians(tilt_deg))), tilt_deg


PARTS: Final = (normal_of, total, look, finished, highest)
