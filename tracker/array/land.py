"""How much land an array takes, in plan."""

import numpy as np

from tracker.array.head import disk_radius_m
from tracker.plant import Array
from tracker.units import FloatArray


def land_area_m2(array: Array) -> float:
    """Area in plan within one disk radius of the convex hull of the feet: what a fence would enclose.

    Steiner's formula for a convex set widened by r: area + perimeter r + pi r^2. One head takes its disk.
    """
    corners_m = convex_hull(array.positions_enu_m[:, :2])
    edges_m = np.roll(corners_m, -1, axis=0) - corners_m
    area_m2 = 0.5 * float(np.sum(_cross(corners_m, np.roll(corners_m, -1, axis=0))))
    perimeter_m = float(np.sum(np.linalg.norm(edges_m, axis=-1)))
    radius_m = disk_radius_m(array.head)
    return area_m2 + perimeter_m * radius_m + float(np.pi) * radius_m**2


def convex_hull(points_m: FloatArray) -> FloatArray:
    """Corners (K, 2) of the hull of points (N, 2), anticlockwise; 2 for points in line, 1 for one point.

    Andrew (1979, Information Processing Letters 9:216-219), the monotone chain.
    """
    points, _ = np.unique(points_m, axis=0, return_index=True)  # with an index it loads no masked arrays
    if len(points) < 3:
        return points
    lower, upper = _chain(points), _chain(points[::-1])
    return np.array(lower[:-1] + upper[:-1])


def _chain(points: FloatArray) -> list[FloatArray]:
    chain: list[FloatArray] = []
    for point in points:
        while len(chain) > 1 and float(_cross(chain[-1] - chain[-2], point - chain[-2])) <= 0.0:
            chain.pop()
        chain.append(point)
    return chain


def _cross(a: FloatArray, b: FloatArray) -> FloatArray:
    cross: FloatArray = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return cross
