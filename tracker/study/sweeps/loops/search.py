"""The fixed plane of most energy: `tracker.study.mountings.climb` in compiled form."""

import math
from collections.abc import Sequence
from typing import Final

from tracker.study.mountings.climb import (
    COARSE_DEG,
    LEAST_REACH_DEG,
    LOOKS,
    MOST_LOOKS,
    REACH_DEG,
    ROUNDS,
    THIN,
    leap,
    rivalled,
    thinned_by,
)
from tracker.study.sweeps.loops.blocks import BLOCK, POWER, SEEN, TOTAL, lit, thinned
from tracker.study.sweeps.loops.plane import held
from tracker.units import FloatArray


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
    """Tilt toward east and north, deg, of the plane of most power; `some` has boards for all hours."""
    given, up = (cover, tables, modules, room), lit(hours, count)
    seen = room[SEEN : SEEN + len(COARSE_DEG)]
    best = coarse(some, thinned(hours, count, thinned_by(THIN, up), some), *given, seen)
    even = rivalled(seen)
    if even:
        best = coarse(hours, blocks, *given, seen)
    east, north = COARSE_DEG[best, 0], COARSE_DEG[best, 1]
    for stride, reach in ROUNDS:
        thin = thinned(hours, count, 1 if even else thinned_by(stride, up), some)
        look(some, thin, east, north, reach, *given, seen)
        step = leap(seen)
        east, north = east + reach * step[0], north + reach * step[1]
    return finished(hours, blocks, east, north, *given)


def coarse(
    hours: FloatArray,
    blocks: int,
    cover: float,
    tables: FloatArray,
    modules: Sequence[float],
    room: FloatArray,
    seen: FloatArray,
) -> int:
    """Power of the coarse planes, and the number of the best."""
    best = 0
    for k in range(len(COARSE_DEG)):
        seen[k] = total(hours, blocks, COARSE_DEG[k, 0], COARSE_DEG[k, 1], cover, tables, modules, room)
        best = k if seen[k] > seen[best] else best
    return best


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
    reach = REACH_DEG
    for _ in range(MOST_LOOKS):
        look(hours, blocks, east, north, reach, cover, tables, modules, room, seen)
        step, best = leap(seen), 0
        for k in range(len(LOOKS)):
            best = k if seen[k] > seen[best] else best
        best_east, best_north = east + reach * LOOKS[best][0], north + reach * LOOKS[best][1]
        east, north = east + reach * step[0], north + reach * step[1]
        leapt = math.hypot(step[0], step[1])
        if 0.0 < leapt < 1.0 or reach <= LEAST_REACH_DEG:
            break
        reach = reach if leapt > 0.0 else reach / 2.0
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


PARTS: Final = (normal_of, total, look, coarse, finished, highest)
