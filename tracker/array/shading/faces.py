"""Obstacles' faces at the border: flat simple polygons in space, cut into convex parts."""

import numpy as np

from tracker.array.shading.polygons import checked_polygon, convex_parts
from tracker.plant import Obstacle
from tracker.units import FloatArray

FLAT_RELATIVE = 1e-6  # of a face's extent: how far its corners may lie off their plane


def convex_faces(obstacle: Obstacle) -> list[FloatArray]:
    """The faces in convex parts (V, 3); raises ValueError for faces that are not flat simple polygons."""
    parts = []
    for number, corners in enumerate(obstacle.faces_enu_m, start=1):
        place = f"obstacle {obstacle.name}, face {number},"
        face = np.array(corners, dtype=np.float64)
        if face.ndim != 2 or len(face) < 3 or face.shape[1] != 3 or not np.all(np.isfinite(face)):
            raise ValueError(f"{place} has shape {face.shape}; give finite metres (3 or more, 3)")
        origin, axes, off_m = _plane_of(face)
        if off_m > FLAT_RELATIVE * float(np.max(np.ptp(face, axis=0))):
            raise ValueError(f"{place} is not flat: a corner lies {off_m:.3g} m off; split it into triangles")
        flat = checked_polygon((face - origin) @ axes.T, place)
        parts += [origin + part @ axes for part in convex_parts(flat)]
    return parts


def _plane_of(face: FloatArray) -> tuple[FloatArray, FloatArray, float]:
    """Centre (3,), two axes (2, 3) and the largest distance of a corner from the plane of best fit."""
    origin = np.mean(face, axis=0)
    _, _, axes = np.linalg.svd(face - origin)
    return origin, axes[:2], float(np.max(np.abs((face - origin) @ axes[2])))
