"""Things that throw shadows and collect nothing: walls, posts, buildings, as flat faces east-north-up."""

import numpy as np
from numpy.typing import ArrayLike

from tracker.plant import Obstacle
from tracker.units import FloatArray


def wall(name: str, start_enu_m: ArrayLike, end_enu_m: ArrayLike, height_m: float) -> Obstacle:
    """An upright wall without thickness between two points of its foot (3,)."""
    start, end = _point(start_enu_m, name), _point(end_enu_m, name)
    return Obstacle(name=name, faces_enu_m=(_upright(start, end, _above_0(height_m, "height_m", name)),))


def building(name: str, outline_enu_m: ArrayLike, height_m: float) -> Obstacle:
    """Upright walls over an outline (N, 3) on the ground and a roof that lies above the outline's corners.

    The roof is flat only if the outline is; raises ValueError otherwise.
    """
    outline = np.array(outline_enu_m, dtype=np.float64)
    if outline.ndim != 2 or len(outline) < 3 or outline.shape[1] != 3:
        raise ValueError(f"{name}: the outline has shape {outline.shape}; give (3 or more, 3)")
    height = _above_0(height_m, "height_m", name)
    walls = [_upright(a, b, height) for a, b in zip(outline, np.roll(outline, -1, axis=0), strict=True)]
    return Obstacle(name=name, faces_enu_m=(*walls, outline + np.array([0.0, 0.0, height])))


def post(
    name: str, foot_enu_m: ArrayLike, height_m: float, diameter_m: float, *, sides: int = 12
) -> Obstacle:
    """An upright round post as a prism of so many sides, with the area of the round section.

    foot_enu_m (3,) is the middle of its foot. Raises ValueError for fewer than three sides, another shape,
    and heights or diameters that are not above 0.
    """
    if sides < 3:
        raise ValueError(f"{name}: a post of {sides} sides; give 3 or more")
    turn = 2.0 * np.pi / sides
    radius = 0.5 * _above_0(diameter_m, "diameter_m", name) * np.sqrt(turn / np.sin(turn))
    bearing = turn * np.arange(sides)
    ring = radius * np.stack([np.cos(bearing), np.sin(bearing), np.zeros(sides)], axis=-1)
    return building(name, _point(foot_enu_m, name) + ring, height_m)


def _upright(start: FloatArray, end: FloatArray, height_m: float) -> FloatArray:
    up = np.array([0.0, 0.0, height_m])
    return np.array([start, end, end + up, start + up])


def _point(enu_m: ArrayLike, name: str) -> FloatArray:
    point = np.array(enu_m, dtype=np.float64)
    if point.shape != (3,):
        raise ValueError(f"{name}: a point has shape {point.shape}; give east, north and up in metres")
    return point


def _above_0(value_m: float, what: str, name: str) -> float:
    if not (np.isfinite(value_m) and value_m > 0.0):
        raise ValueError(f"{name}: {what} is {value_m}; give metres above 0")
    return value_m
