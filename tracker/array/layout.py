"""Where heads stand: regular layouts on a plane, as feet in metres east, north and up of the centre.

Every layout keeps each pair of heads at least `spacing_m` apart **in plan** (as on a map; along a slope the
distance is longer still), and the mean of its feet is the origin.
"""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from tracker.units import FloatArray

GOLDEN_ANGLE_RAD: Final = np.pi * (3.0 - np.sqrt(5.0))  # 137.508 deg
MOST_HEADS: Final = 10_000


def vogel(heads: int, spacing_m: float) -> FloatArray:
    """Level feet (H, 3) in the order of a sunflower's seeds; the closest pair is spacing_m apart.

    Vogel (1979, Mathematical Biosciences 44:179-189), r = c sqrt(n), angle = n times the golden angle; n
    counts from one half (chosen: with 0 the first pair alone would fix the scale, and the field would be
    2.4 times as large).
    """
    n = np.arange(_checked(heads, spacing_m)) + 0.5
    bearing_rad = n * GOLDEN_ANGLE_RAD
    unit = np.sqrt(n)[:, np.newaxis] * np.stack([np.sin(bearing_rad), np.cos(bearing_rad)], axis=-1)
    return _centred(unit * (spacing_m / closest_pair_m(unit)[2] if heads > 1 else 1.0))


def ring(heads: int, spacing_m: float) -> FloatArray:
    """Level feet (H, 3): one head in the centre, then rings of 6 k heads with radius k spacing_m.

    Neighbours on a ring are spacing_m (k = 1) to 1.047 spacing_m apart; heads left over for the outermost
    ring spread evenly over it. Each ring starts in the north and runs clockwise.
    """
    _checked(heads, spacing_m)
    number = np.arange(1, heads)
    k = np.ceil((np.sqrt(12.0 * number + 9.0) - 3.0) / 6.0).astype(np.int64)  # 3 k (k + 1) >= number
    k = np.concatenate([[0], k])
    on_ring = np.bincount(k)[k]
    place = np.arange(heads) - np.searchsorted(k, k)
    bearing_rad = 2.0 * np.pi * place / on_ring
    radius_m = k * spacing_m
    return _centred(np.stack([radius_m * np.sin(bearing_rad), radius_m * np.cos(bearing_rad)], axis=-1))


def grid(heads: int, spacing_m: float) -> FloatArray:
    """Level feet (H, 3) in a near-square grid, row by row from the north-west; the last row may be short."""
    _checked(heads, spacing_m)
    columns = int(np.ceil(np.sqrt(heads)))
    row, column = np.divmod(np.arange(heads), columns)
    return _centred(spacing_m * np.stack([column, -row], axis=-1).astype(np.float64))


LAYOUTS: Final[Mapping[str, Callable[[int, float], FloatArray]]] = {
    "vogel": vogel,
    "ring": ring,
    "grid": grid,
}


def on_slope(level_m: FloatArray, slope_deg: float, slope_azimuth_deg: float) -> FloatArray:
    """Level feet (H, 3) lifted onto a plane through the origin that falls toward slope_azimuth_deg.

    Raises ValueError for a slope_deg outside 0 to less than 90.
    """
    if not 0.0 <= slope_deg < 90.0:
        raise ValueError(f"slope_deg is {slope_deg}; give 0 to less than 90")
    downhill_rad = np.radians(slope_azimuth_deg)
    downhill_m = level_m[:, 0] * np.sin(downhill_rad) + level_m[:, 1] * np.cos(downhill_rad)
    return np.column_stack([level_m[:, :2], level_m[:, 2] - np.tan(np.radians(slope_deg)) * downhill_m])


def head_names(heads: int) -> tuple[str, ...]:
    """H01, H02, ...: at least two digits, and as many for every head as the last one needs."""
    digits = max(2, len(str(heads)))
    return tuple(f"H{number:0{digits}d}" for number in range(1, heads + 1))


def closest_pair_m(positions_m: FloatArray) -> tuple[int, int, float]:
    """Indices of the two closest of N >= 2 points (N, D) and their distance; ties go to the first found.

    Points are sorted eastward and compared with their k-th successors until no gap eastward is shorter
    than the best distance.
    """
    order = np.argsort(positions_m[:, 0], kind="stable")
    points = positions_m[order]
    best = (0, 0, np.inf)
    for k in range(1, len(points)):
        gap = points[k:] - points[:-k]
        if np.min(gap[:, 0]) > best[2]:
            break
        distance = np.linalg.norm(gap, axis=-1)
        nearest = int(np.argmin(distance))
        if distance[nearest] < best[2]:
            best = (int(order[nearest]), int(order[nearest + k]), float(distance[nearest]))
    return best


def _centred(plan_m: FloatArray) -> FloatArray:
    return np.column_stack([plan_m - np.mean(plan_m, axis=0), np.zeros(len(plan_m))])


def _checked(heads: int, spacing_m: float) -> int:
    if not 1 <= heads <= MOST_HEADS:
        raise ValueError(f"heads is {heads}; give 1 to {MOST_HEADS}")
    if not (np.isfinite(spacing_m) and spacing_m > 0.0):
        raise ValueError(f"spacing_m is {spacing_m}; give metres above 0")
    return heads
