"""The chain of `tracker.pv` for plain modules as one loop: light and power hour by hour of daylight.

Plain means rated by PVWatts's few numbers, coated glass, clean, one face, nothing but rows in front of the
sky. The formulas and their sources stand in `tracker.pv` and `tracker.study.row_shade`; a test holds the
two together.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from tracker.units import FloatArray

HOUR: Final = (
    11  # east, north, up of the sun; beam, circumsolar, dome, horizon, ground; air, warming, from_sun
)
TILTED: Final = 5  # through glass from dome and ground; left by rows of the sky, the ground, light between
MODULES: Final = 6  # gamma, nominal, kept, rated_dc, scale, rated_ac


def at_hour(
    hour: Sequence[float],
    normal: Sequence[float],
    tilted: Sequence[float],
    cover: float,
    glass: FloatArray,
    modules: Sequence[float],
) -> tuple[float, float]:
    """Light and power of an hour on a plane; cover: share of the ground under rows, 0 without, tilted 1 then.

    Without a branch, so that several hours are worked out at a time.
    """
    sun_east, sun_north, sun_up, beam, circumsolar, dome, horizon, ground, air_c, warming, of_sun = hour
    east, north, up = normal
    dome_glass, ground_glass, sky_left, ground_left, open_sky = tilted
    gamma, nominal, kept, rated_dc, scale, rated_ac = modules
    facing = east * sun_east + north * sun_north + up * sun_up
    cosine = max(facing, 0.0)
    around, even = (
        circumsolar * cosine,
        dome * (1.0 + up) / 2.0 + horizon * math.sqrt(east * east + north * north),
    )
    lit = 1.0 if around + even > 0.0 else 0.0
    from_sun, from_sky, from_ground = (
        around * lit + beam * cosine,
        even * lit,
        ground * (1.0 - up) / 2.0,
    )
    light = from_sun + from_sky + from_ground
    shadow = cover * facing / sun_up
    between = 1.0 - min(abs(shadow), 1.0)
    from_sun /= max(shadow, 1.0)
    from_sky *= sky_left
    from_ground *= ground_left * (of_sun * between + (1.0 - of_sun) * open_sky)
    place = cosine * (glass.size - 1.0)
    row = np.int64(min(place, glass.size - 2.0))
    sunny = glass[row] + (glass[row + 1] - glass[row]) * (place - row)
    on_cells = max(from_sun * sunny + from_sky * dome_glass + from_ground * ground_glass, 0.0)
    warm = max(1.0 + gamma * (air_c + (from_sun + from_sky + from_ground) * warming - 25.0), 0.0)
    load = on_cells * nominal * warm * kept / rated_dc
    return light, min(max(scale * ((-0.0162 * load + 0.9858) * load - 0.0059), 0.0), rated_ac)


def hour_of(hours: FloatArray, i: int) -> Sequence[float]:
    """The numbers of one hour of (11, D)."""
    return (
        hours[0, i], hours[1, i], hours[2, i], hours[3, i], hours[4, i], hours[5, i], hours[6, i],
        hours[7, i], hours[8, i], hours[9, i], hours[10, i],
    )  # fmt: skip


def held(
    hours: FloatArray,
    normals: FloatArray,
    tilted: FloatArray,
    cover: float,
    glass: FloatArray,
    modules: FloatArray,
    light: FloatArray,
    power: FloatArray,
) -> None:
    """Fill light and power (N, D) of planes (N, 3) that stay, through hours (11, D); tilted is (N, 5)."""
    panels = (modules[0], modules[1], modules[2], modules[3], modules[4], modules[5])
    for n in range(len(normals)):  # numbers, not rows of arrays: loops over those are three times as slow
        normal = (normals[n, 0], normals[n, 1], normals[n, 2])
        at = (tilted[n, 0], tilted[n, 1], tilted[n, 2], tilted[n, 3], tilted[n, 4])
        for i in range(hours.shape[1]):
            light[n, i], power[n, i] = at_hour(hour_of(hours, i), normal, at, cover, glass, panels)


def turned(
    hours: FloatArray,
    normals: FloatArray,
    tilted: FloatArray,
    cover: float,
    glass: FloatArray,
    modules: FloatArray,
    light: FloatArray,
    power: FloatArray,
) -> None:
    """Fill light and power (1, D) of a plane that looks along (D, 3); tilted is (D, 5)."""
    panels = (modules[0], modules[1], modules[2], modules[3], modules[4], modules[5])
    for i in range(hours.shape[1]):
        normal = (normals[i, 0], normals[i, 1], normals[i, 2])
        at = (tilted[i, 0], tilted[i, 1], tilted[i, 2], tilted[i, 3], tilted[i, 4])
        light[0, i], power[0, i] = at_hour(hour_of(hours, i), normal, at, cover, glass, panels)


PARTS: Final = (at_hour, hour_of)
