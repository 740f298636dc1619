"""The chain of `tracker.pv` for plain modules as one loop: sums of light and power over hours of daylight.

Plain means rated by PVWatts's few numbers, coated glass, clean, one face, nothing but rows in front of the
sky. The formulas and their sources stand in `tracker.pv` and `tracker.study.row_shade`; a test holds the
two together.
"""

from typing import Final

from tracker.units import FloatArray, IntArray

EAST, NORTH, UP, BEAM, CIRCUMSOLAR, DOME, HORIZON, GROUND, AIR, WARMING, FROM_SUN = range(11)  # of an hour
DOME_GLASS, GROUND_GLASS, SKY_LEFT, GROUND_LEFT, OPEN_SKY = range(5)  # of a plane at its tilt
GAMMA, NOMINAL, KEPT, RATED_DC, SCALE, RATED_AC = range(6)  # of the modules
LIGHT, FIRST_MONTH = 0, 1  # of the sums: light before shading, and power by month


def looked_up(values: FloatArray, x: float) -> float:
    """A table's value at x, 0 to 1 from its first row to its last, by straight lines."""
    place = x * (values.size - 1.0)
    row = min(int(place), values.size - 2)
    value: float = values[row] + (values[row + 1] - values[row]) * (place - row)
    return value


def add_hour(
    hour: FloatArray,
    normal: FloatArray,
    tilted: FloatArray,
    cover: float,
    glass: FloatArray,
    modules: FloatArray,
    month: int,
    sums: FloatArray,
) -> None:
    """Add light and power of one hour on one plane to the sums; cover: of the ground by rows, 0 without."""
    facing = normal[0] * hour[EAST] + normal[1] * hour[NORTH] + normal[2] * hour[UP]
    cosine, side = max(facing, 0.0), (normal[0] * normal[0] + normal[1] * normal[1]) ** 0.5
    from_sun, dome = hour[CIRCUMSOLAR] * cosine, hour[DOME] * (1.0 + normal[2]) / 2.0 + hour[HORIZON] * side
    if from_sun + dome <= 0.0:
        from_sun, dome = 0.0, 0.0
    from_sun += hour[BEAM] * cosine
    ground = hour[GROUND] * (1.0 - normal[2]) / 2.0
    sums[LIGHT] += from_sun + dome + ground
    if cover > 0.0:
        shadow = cover * facing / hour[UP]
        lit = 1.0 - min(abs(shadow), 1.0)
        from_sun /= max(shadow, 1.0)
        dome *= tilted[SKY_LEFT]
        ground *= tilted[GROUND_LEFT] * (hour[FROM_SUN] * lit + (1.0 - hour[FROM_SUN]) * tilted[OPEN_SKY])
    sunny = looked_up(glass, cosine)
    on_cells = max(from_sun * sunny + dome * tilted[DOME_GLASS] + ground * tilted[GROUND_GLASS], 0.0)
    warm = 1.0 + modules[GAMMA] * (hour[AIR] + (from_sun + dome + ground) * hour[WARMING] - 25.0)
    load = on_cells * modules[NOMINAL] * max(warm, 0.0) * modules[KEPT] / modules[RATED_DC]
    ac_w = modules[SCALE] * ((-0.0162 * load + 0.9858) * load - 0.0059)
    sums[FIRST_MONTH + month] += min(max(ac_w, 0.0), modules[RATED_AC])


def held(
    hours: FloatArray,
    months: IntArray,
    stride: int,
    normals: FloatArray,
    tilted: FloatArray,
    cover: float,
    glass: FloatArray,
    modules: FloatArray,
    sums: FloatArray,
) -> None:
    """Sums (N, 13) of planes (N, 3) that stay, over every so many hours (D, 11); tilted is (N, 5)."""
    for plane in range(len(normals)):
        for i in range(stride // 2, len(hours), stride):
            add_hour(
                hours[i], normals[plane], tilted[plane], cover, glass, modules, months[i], sums[plane]
            )  # fmt: skip


def turned(
    hours: FloatArray,
    months: IntArray,
    normals: FloatArray,
    tilted: FloatArray,
    cover: float,
    glass: FloatArray,
    modules: FloatArray,
    sums: FloatArray,
) -> None:
    """Sums (13,) of a plane that looks along (D, 3) in hours (D, 11); tilted is (D, 5)."""
    for i in range(len(hours)):
        add_hour(hours[i], normals[i], tilted[i], cover, glass, modules, months[i], sums)


PARTS: Final = (looked_up, add_hour)
