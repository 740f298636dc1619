"""From the sun over the Earth and a site's weather to boards of daylight.

The sun as in `tracker.sun`, the sky divided as in `tracker.pv.sky.perez` and `tracker.pv.daylight`.
"""

import math
from typing import Final

from tracker.pv.perez_table import BIN_EDGES, F1_COEFFICIENTS, F2_COEFFICIENTS
from tracker.pv.sky import PEREZ_KAPPA, PEREZ_LOWEST_COSINE
from tracker.study.sweeps.loops.blocks import (
    AIR,
    BEAM,
    BLOCK,
    CIRCUMSOLAR,
    DOME,
    EAST,
    FROM_SUN,
    GROUND,
    HORIZON,
    NORTH,
    UP,
    WARMING,
    ZENITH_DEG,
    blank,
    blocks_for,
)
from tracker.sun.formula import (
    DEGREES_PER_RADIAN,
    arctangent,
    lifted,
    refraction_argument_deg,
    refraction_deg,
    sine_and_cosine,
    topocentric_enu,
)
from tracker.units import FloatArray, IntArray

NIGHT_RADII: Final = -800.0  # of the Earth, below the horizon's plane: 2 deg, more than any air lifts the sun


def daylight(
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
    hours: FloatArray,
    months: IntArray,
) -> int:
    """Fill boards (B, BOARD) and months (B, BLOCK) with the daylight of T intervals; how many hours it has.

    fixed (3, T) is the sun as `tracker.sun.earth_fixed` has it, extra the light outside the air, month from
    0, place a row of `tracker.sun.Places`. Hours next to sunrise and sunset may be dark.
    """
    count = _collect(fixed, extra, month, ghi, dni, dhi, air, warming, place, hours, months)
    for block in range(blocks_for(count)):
        _lift(hours[block], place)
        _thicken(hours[block])
        _divide(hours[block], albedo)
    return count


def _collect(
    fixed: FloatArray,
    extra: FloatArray,
    month: IntArray,
    ghi: FloatArray,
    dni: FloatArray,
    dhi: FloatArray,
    air: FloatArray,
    warming: FloatArray,
    place: FloatArray,
    hours: FloatArray,
    months: IntArray,
) -> int:
    """The hours with the sun up or nearly so, as they are given.

    The light outside the air stands in the row of circumsolar light, diffuse light in the dome's, global in
    the ground's, until `_divide` reads them.
    """
    sine, cosine = math.sin(2.0 * math.pi * place[0]), math.cos(2.0 * math.pi * place[0])
    where, count = (place[1], place[2], place[3], place[4]), 0
    for k in range(len(ghi)):
        east, north, up = topocentric_enu((fixed[0, k], fixed[1, k], fixed[2, k]), sine, cosine, where)
        if up > NIGHT_RADII:
            block, i = count // BLOCK, count % BLOCK
            hours[block, EAST + i], hours[block, NORTH + i], hours[block, UP + i] = east, north, up
            hours[block, BEAM + i], hours[block, DOME + i], hours[block, GROUND + i] = dni[k], dhi[k], ghi[k]
            hours[block, CIRCUMSOLAR + i] = extra[k]
            hours[block, AIR + i], hours[block, WARMING + i] = air[k], warming[k]
            months[block, i] = month[k]
            count += 1
    end = blocks_for(count) * BLOCK
    blank(hours, count, end)
    for k in range(count, end):
        hours[k // BLOCK, CIRCUMSOLAR + k % BLOCK] = 1.0  # a divisor
        months[k // BLOCK, k % BLOCK] = 0
    return count


def _lift(now: FloatArray, place: FloatArray) -> None:
    """Vectors to unit vectors toward the apparent sun, and its zenith angle; no light before it is up."""
    air, cut_off_deg = place[5], place[6]
    for i in range(BLOCK):
        level = math.sqrt(now[EAST + i] * now[EAST + i] + now[NORTH + i] * now[NORTH + i])
        now[HORIZON + i] = level
        now[ZENITH_DEG + i] = arctangent(now[UP + i], level)
    for i in range(BLOCK):
        level, up, geometric_deg = now[HORIZON + i], now[UP + i], now[ZENITH_DEG + i]
        seen_deg = max(geometric_deg, cut_off_deg)
        sine, cosine = sine_and_cosine(refraction_argument_deg(seen_deg) / 360.0)
        bend_deg = refraction_deg(air, sine, cosine) if geometric_deg >= cut_off_deg else 0.0
        lifted_level, lifted_up = lifted(level, up, bend_deg / DEGREES_PER_RADIAN)
        length = math.sqrt(level * level + up * up)
        shrink = lifted_level / (max(level, 1e-300) * length)
        lit = geometric_deg + bend_deg > 0.0
        now[EAST + i] = now[EAST + i] * shrink if lit else 0.0
        now[NORTH + i] = now[NORTH + i] * shrink if lit else 0.0
        now[UP + i] = lifted_up / length if lit else 1.0
        now[ZENITH_DEG + i] = 90.0 - (geometric_deg + bend_deg) if lit else 0.0
        now[BEAM + i] = now[BEAM + i] if lit else 0.0
        now[DOME + i] = now[DOME + i] if lit else 0.0
        now[GROUND + i] = now[GROUND + i] if lit else 0.0


def _thicken(now: FloatArray) -> None:
    """Relative air mass as in `tracker.pv.sky.relative_air_mass`, into the row of from_sun."""
    for i in range(BLOCK):
        now[FROM_SUN + i] = (6.07995 + 90.0 - now[ZENITH_DEG + i]) ** -1.6364
    for i in range(BLOCK):
        now[FROM_SUN + i] = 1.0 / (now[UP + i] + 0.50572 * now[FROM_SUN + i])


def _divide(now: FloatArray, albedo: float) -> None:
    """Diffuse light into circumsolar, dome and horizon, and what the ground sends back."""
    for i in range(BLOCK):
        dhi, zenith_rad = now[DOME + i], now[ZENITH_DEG + i] / DEGREES_PER_RADIAN
        cubed = PEREZ_KAPPA * zenith_rad * zenith_rad * zenith_rad
        ratio = now[BEAM + i] / dhi if dhi > 0.0 else 0.0
        clearness = (1.0 + ratio + cubed) / (1.0 + cubed)
        brightness = dhi * now[FROM_SUN + i] / now[CIRCUMSOLAR + i]
        row = 0
        for edge in BIN_EDGES:
            row += clearness >= edge
        around, bright, low = F1_COEFFICIENTS[row, 0], F1_COEFFICIENTS[row, 1], F1_COEFFICIENTS[row, 2]
        around = max(around + bright * brightness + low * zenith_rad, 0.0)
        band, bright, low = F2_COEFFICIENTS[row, 0], F2_COEFFICIENTS[row, 1], F2_COEFFICIENTS[row, 2]
        band = band + bright * brightness + low * zenith_rad
        now[CIRCUMSOLAR + i] = dhi * around / max(now[UP + i], PEREZ_LOWEST_COSINE)
        now[DOME + i], now[HORIZON + i] = dhi * (1.0 - around), dhi * band
    for i in range(BLOCK):
        from_sun = (now[BEAM + i] + now[CIRCUMSOLAR + i]) * now[UP + i]
        level = from_sun + now[DOME + i]
        now[FROM_SUN + i] = from_sun / level if level > 0.0 else 0.0
        now[GROUND + i] *= albedo


PARTS: Final = (_collect, _lift, _thicken, _divide, daylight)
