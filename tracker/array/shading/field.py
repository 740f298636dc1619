"""What shades and is shaded, prepared once: pivots, convex parts of petals, obstacles."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from tracker.array.head import petal_polygons
from tracker.array.shading.faces import convex_faces
from tracker.array.shading.polygons import checked_polygon, convex_parts, padded, signed_area
from tracker.plant import Array, Obstacle
from tracker.units import FloatArray, IntArray

OVERLAP_RELATIVE = 1e-12  # of a petal's area: petals of one head that cover more of each other are refused


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShadingField:
    """H like heads of P petals in Q convex parts, with K convex faces of obstacles; metres.

    pivots_enu_m (H, 3) and faces_enu_m (K, W, 3) are taken from the centre of the pivots; parts_m (Q, V, 2)
    lie in the head's plane z = 0, anticlockwise seen from the front; petal_of_part (Q,) names their petal;
    panel_offset_m (3,) leads from the pivot to the plane's origin in the head's frame. Polygons with fewer
    corners than others are filled up with their first corner. Make one with `shading_field` or `field_of`.
    """

    pivots_enu_m: FloatArray
    panel_offset_m: FloatArray
    parts_m: FloatArray
    petal_of_part: IntArray
    petal_area_m2: FloatArray
    faces_enu_m: FloatArray

    @property
    def heads(self) -> int:
        """How many heads there are (H)."""
        return len(self.pivots_enu_m)

    @property
    def radius_m(self) -> float:
        """Distance of the farthest corner from the disk's centre."""
        return float(np.max(np.linalg.norm(self.parts_m, axis=-1)))

    @property
    def petals(self) -> int:
        """How many petals each head has (P)."""
        return len(self.petal_area_m2)


def field_of(array: Array) -> ShadingField:
    """The shading field of an array: its petals, pivots above their feet, and its obstacles."""
    pivots_m = array.positions_enu_m + np.array([0.0, 0.0, array.head.pivot_height_m])
    return shading_field(
        pivots_enu_m=pivots_m,
        petals_m=list(petal_polygons(array.head)),
        panel_offset_m=array.head.panel_offset_m,
        obstacles=array.obstacles,
    )


def shading_field(
    *,
    pivots_enu_m: ArrayLike,
    petals_m: Sequence[ArrayLike],
    panel_offset_m: ArrayLike = (0.0, 0.0, 0.0),
    obstacles: Sequence[Obstacle] = (),
) -> ShadingField:
    """Prepare heads of any shape: P simple polygons (V, 2), convex or not, in the head's plane.

    Raises ValueError for petals that have no area, cross themselves or lie over each other, and for pivots
    or obstacles that are not finite or not of their shape.
    """
    pivots_m = np.array(pivots_enu_m, dtype=np.float64)
    offset_m = np.array(panel_offset_m, dtype=np.float64)
    if pivots_m.ndim != 2 or not len(pivots_m) or pivots_m.shape[1] != 3 or not np.all(np.isfinite(pivots_m)):
        raise ValueError(f"pivots_enu_m has shape {pivots_m.shape}; give finite metres (heads, 3)")
    if offset_m.shape != (3,) or not np.all(np.isfinite(offset_m)):
        raise ValueError(f"panel_offset_m is {offset_m}; give three finite numbers of metres")
    if not petals_m:
        raise ValueError("a head has no petals; give at least one polygon")
    petals = [checked_polygon(corners, f"petal {number}") for number, corners in enumerate(petals_m, start=1)]
    parts = [convex_parts(petal) for petal in petals]
    _refuse_overlap(parts)
    centre_m = np.mean(pivots_m, axis=0)
    faces = [face - centre_m for obstacle in obstacles for face in convex_faces(obstacle)]
    return ShadingField(
        pivots_enu_m=pivots_m - centre_m,
        panel_offset_m=offset_m,
        parts_m=padded([part for petal in parts for part in petal]),
        petal_of_part=np.repeat(np.arange(len(parts)), [len(petal) for petal in parts]),
        petal_area_m2=np.array([signed_area(petal) for petal in petals]),
        faces_enu_m=padded(faces) if faces else np.zeros((0, 3, 3)),
    )


def corner_counts(polygons: FloatArray) -> IntArray:
    """How many corners (N,) polygons (N, V, D) have without those that fill up."""
    fill = np.all(polygons[:, 1:] == polygons[:, :1], axis=-1)
    return np.asarray(polygons.shape[1] - np.sum(fill, axis=1), dtype=np.int64)


def _refuse_overlap(petals: list[list[FloatArray]]) -> None:
    for (i, first), (j, second) in combinations(enumerate(petals, start=1), 2):
        common_m2 = sum(_common_area(a, b) for a in first for b in second)
        if common_m2 > OVERLAP_RELATIVE * sum(signed_area(part) for part in first):
            raise ValueError(f"petals {i} and {j} lie over each other by {common_m2:.3g} m2; draw them apart")


def _common_area(a: FloatArray, b: FloatArray) -> float:
    """Area of the intersection of two convex anticlockwise polygons (Sutherland and Hodgman 1974)."""
    rest = list(a)
    for start, end in zip(b, np.roll(b, -1, axis=0), strict=True):
        edge = end - start
        side = [float(edge[0] * (p[1] - start[1]) - edge[1] * (p[0] - start[0])) for p in rest]
        kept: list[FloatArray] = []
        for i, point in enumerate(rest):
            after = (i + 1) % len(rest)
            if side[i] >= 0.0:
                kept.append(point)
            if (side[i] >= 0.0) != (side[after] >= 0.0):
                kept.append(point + side[i] / (side[i] - side[after]) * (rest[after] - point))
        rest = kept
    return signed_area(np.array(rest)) if len(rest) > 2 else 0.0
