"""Light and power of a plane through a block: `tracker.pv.chain` for plain modules, in rows or alone."""

import math
from collections.abc import Sequence
from typing import Final

from tracker.study.sweeps.loops.blocks import (
    AIR,
    BEAM,
    BLOCK,
    CIRCUMSOLAR,
    DOME,
    DOME_GLASS,
    EAST,
    FACING,
    FROM_SUN,
    GROUND,
    GROUND_GLASS,
    HORIZON,
    LIGHT,
    NORTH,
    PLANE_EAST,
    PLANE_NORTH,
    PLANE_UP,
    POWER,
    SUN_GLASS,
    TILT_DEG,
    UP,
    WARMING,
)
from tracker.units import FloatArray

MODULES: Final = 4  # gamma; load on the inverter by light on the cells; power by load; rated power
HALF_TURN_DEG: Final = 180.0


def looked_up(table: FloatArray, part: float) -> float:
    """A `Tabulated` function at a part of its range, from 0 to 1."""
    place = part * (len(table) - 1)
    row = min(int(place), len(table) - 2)
    return float(table[row] + (table[row + 1] - table[row]) * (place - row))


def to_next_top(up: float, cover: float) -> float:
    """As in `row_shade`."""
    return math.sqrt(1.0 - 2.0 * cover * up + cover * cover)


def at_hour(
    now: FloatArray,
    i: int,
    normal: Sequence[float],
    glass: Sequence[float],
    facing: float,
    cover: float,
    modules: Sequence[float],
) -> tuple[float, float]:
    """Light and power of an hour, without a branch.

    glass: what of the light comes through from the dome, the ground and the sun. cover: share of the ground
    under rows, 0 where nothing stands near.
    """
    east, north, up = normal
    from_dome, from_below, from_ahead = glass
    gamma, load_a_light, scale, rated_ac = modules
    cosine = max(facing, 0.0)
    around = now[CIRCUMSOLAR + i] * cosine
    even = now[DOME + i] * (0.5 + 0.5 * up) + now[HORIZON + i] * math.sqrt(east * east + north * north)
    lit = 1.0 if around + even > 0.0 else 0.0
    sunny, sky = around * lit + now[BEAM + i] * cosine, even * lit
    ground = now[GROUND + i] * (0.5 - 0.5 * up)
    light = sunny + sky + ground
    shadow = cover * facing / now[UP + i]
    ahead, behind = to_next_top(up, cover), to_next_top(-up, cover)
    between, open_sky = 1.0 - min(abs(shadow), 1.0), (ahead + behind) / 2.0 - cover
    sunny /= max(shadow, 1.0)
    sky *= 2.0 / (1.0 + cover + ahead)
    of_sun = now[FROM_SUN + i]
    ground *= 2.0 / (1.0 + cover + behind) * (of_sun * between + (1.0 - of_sun) * open_sky)
    on_cells = max(sunny * from_ahead + sky * from_dome + ground * from_below, 0.0)
    warm = max(1.0 + gamma * (now[AIR + i] + (sunny + sky + ground) * now[WARMING + i] - 25.0), 0.0)
    load = on_cells * warm * load_a_light
    return light, min(max(scale * ((-0.0162 * load + 0.9858) * load - 0.0059), 0.0), rated_ac)


def held(
    now: FloatArray,
    normal: Sequence[float],
    tilt_deg: float,
    cover: float,
    tables: FloatArray,
    modules: Sequence[float],
    room: FloatArray,
) -> None:
    """Fill the room's light and power of a plane that stays."""
    east, north, up = normal
    dome = looked_up(tables[1], tilt_deg / HALF_TURN_DEG)
    ground = looked_up(tables[2], tilt_deg / HALF_TURN_DEG)
    for i in range(BLOCK):
        room[FACING + i] = east * now[EAST + i] + north * now[NORTH + i] + up * now[UP + i]
    for i in range(BLOCK):
        room[SUN_GLASS + i] = looked_up(tables[0], max(room[FACING + i], 0.0))
    for i in range(BLOCK):
        glass = (dome, ground, room[SUN_GLASS + i])
        light, power = at_hour(now, i, normal, glass, room[FACING + i], cover, modules)
        room[LIGHT + i], room[POWER + i] = light, power


def turned(
    now: FloatArray, cover: float, tables: FloatArray, modules: Sequence[float], room: FloatArray
) -> None:
    """The same of a plane that looks where the room says."""
    for i in range(BLOCK):
        facing = room[PLANE_EAST + i] * now[EAST + i] + room[PLANE_NORTH + i] * now[NORTH + i]
        room[FACING + i] = facing + room[PLANE_UP + i] * now[UP + i]
    for i in range(BLOCK):
        room[SUN_GLASS + i] = looked_up(tables[0], max(room[FACING + i], 0.0))
        room[DOME_GLASS + i] = looked_up(tables[1], room[TILT_DEG + i] / HALF_TURN_DEG)
        room[GROUND_GLASS + i] = looked_up(tables[2], room[TILT_DEG + i] / HALF_TURN_DEG)
    for i in range(BLOCK):
        normal = (room[PLANE_EAST + i], room[PLANE_NORTH + i], room[PLANE_UP + i])
        glass = (room[DOME_GLASS + i], room[GROUND_GLASS + i], room[SUN_GLASS + i])
        light, power = at_hour(now, i, normal, glass, room[FACING + i], cover, modules)
        room[LIGHT + i], room[POWER + i] = light, power


PARTS: Final = (looked_up, to_next_top, at_hour, held, turned)
