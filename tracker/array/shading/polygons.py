"""Flat polygons at the border: checked, turned anticlockwise and cut into convex parts."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from tracker.units import FloatArray

TOUCH_RELATIVE = 1e-12  # of a polygon's extent: below, two points are one and three lie in line


def checked_polygon(corners: ArrayLike, name: str) -> FloatArray:
    """Corners (V, 2) of a simple polygon, anticlockwise, points in line or twice given taken out.

    Raises ValueError, beginning with `name`, for another shape, numbers that are not finite, an area of zero
    and edges that cross or touch each other.
    """
    points = np.array(corners, dtype=np.float64)
    if points.ndim != 2 or points.shape[0] < 3 or points.shape[1] != 2:
        raise ValueError(f"{name} has shape {points.shape}; give (corners, 2) with 3 corners or more")
    if not np.all(np.isfinite(points)):
        raise ValueError(f"{name} has a corner that is not finite; give metres")
    extent = float(np.max(np.ptp(points, axis=0)))
    points = _without_idle_corners(points, extent)
    if len(points) < 3 or abs(signed_area(points)) <= TOUCH_RELATIVE * extent**2:
        raise ValueError(f"{name} has no area; give corners that do not lie in one line")
    _refuse_spikes(points, extent, name)
    _refuse_crossing(points, name)
    return points if signed_area(points) > 0.0 else points[::-1].copy()


def signed_area(points: FloatArray) -> float:
    """Area of corners (V, 2), above 0 when they run anticlockwise."""
    x, y = (points - points[0]).T
    return 0.5 * float(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)))


def convex_parts(points: FloatArray) -> list[FloatArray]:
    """A simple anticlockwise polygon as convex parts: itself, or triangles cut off ear by ear.

    Meisters (1975, American Mathematical Monthly 82:648-651): every simple polygon has two ears.
    """
    rest = points
    parts: list[FloatArray] = []
    while not _is_convex(rest):
        ear = next(i for i in range(len(rest)) if _is_ear(rest, i))
        parts.append(rest[[ear - 1, ear, (ear + 1) % len(rest)]])
        rest = np.delete(rest, ear, axis=0)
    return [*parts, rest]


def padded(polygons: Sequence[FloatArray]) -> FloatArray:
    """Polygons of V corners each in one array (N, max V, D), filled up with their first corner."""
    width = max(len(polygon) for polygon in polygons)
    return np.array(
        [np.concatenate([p, np.repeat(p[:1], width - len(p), axis=0)]) for p in polygons], dtype=np.float64
    )


def _without_idle_corners(points: FloatArray, extent: float) -> FloatArray:
    """Drop corners that repeat the one before or lie on the straight line between their neighbours."""
    apart = np.linalg.norm(points - np.roll(points, 1, axis=0), axis=1) > TOUCH_RELATIVE * extent
    kept: FloatArray = points[apart]
    if len(kept) < 3:
        return kept
    before, after = kept - np.roll(kept, 1, axis=0), np.roll(kept, -1, axis=0) - kept
    ahead = np.sum(before * after, axis=1) > 0.0
    corner = ~ahead | (np.abs(_cross(before, after)) > TOUCH_RELATIVE * extent**2)
    return np.asarray(kept[corner])


def _refuse_spikes(points: FloatArray, extent: float, name: str) -> None:
    before, after = points - np.roll(points, 1, axis=0), np.roll(points, -1, axis=0) - points
    back = (np.abs(_cross(before, after)) <= TOUCH_RELATIVE * extent**2) & (
        np.sum(before * after, axis=1) < 0
    )
    if np.any(back):
        corner = int(np.argmax(back)) + 1
        raise ValueError(
            f"{name} touches itself: its edges turn back at corner {corner}; leave the spike out"
        )


def _refuse_crossing(points: FloatArray, name: str) -> None:
    ends = np.roll(points, -1, axis=0)
    for i, j in combinations(range(len(points)), 2):
        if j not in {i + 1, i + len(points) - 1} and _meet(points[i], ends[i], points[j], ends[j]):
            raise ValueError(
                f"{name} crosses or touches itself: edge {i + 1} meets edge {j + 1}; order its corners"
            )


def _meet(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> bool:
    """Whether the segments a-b and c-d have a point in common."""
    first, second = float(_cross(b - a, c - a)), float(_cross(b - a, d - a))
    third, fourth = float(_cross(d - c, a - c)), float(_cross(d - c, b - c))
    boxes = np.all(np.maximum(a, b) >= np.minimum(c, d)) and np.all(np.maximum(c, d) >= np.minimum(a, b))
    return bool(boxes) and first * second <= 0.0 and third * fourth <= 0.0


def _is_convex(points: FloatArray) -> bool:
    before, after = points - np.roll(points, 1, axis=0), np.roll(points, -1, axis=0) - points
    return bool(np.all(_cross(before, after) >= 0.0)) or len(points) == 3


def _is_ear(points: FloatArray, corner: int) -> bool:
    triangle = points[[corner - 1, corner, (corner + 1) % len(points)]]
    if signed_area(triangle) <= 0.0:
        return False
    others = np.array([p for p in points if not np.any(np.all(p == triangle, axis=1))])
    inside = np.ones(len(others), dtype=np.bool_)
    for start, end in zip(triangle, np.roll(triangle, -1, axis=0), strict=True):
        inside &= _cross(end - start, others - start) >= 0.0 if len(others) else inside
    return not bool(np.any(inside))


def _cross(a: FloatArray, b: FloatArray) -> FloatArray:
    cross: FloatArray = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return cross
