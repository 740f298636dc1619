from dataclasses import replace

import numpy as np
import pytest

from tracker.app.config import default_plant
from tracker.array import grid, petal_polygons, vogel
from tracker.array.shading import enu_from_normal
from tracker.plant import Head

HEAD = Head(petals=12, area_m2=18.0, pivot_height_m=3.0, foldable=True)


def array_of(feet_m, head=HEAD):
    return replace(
        default_plant().array,
        names=tuple(f"H{number}" for number in range(len(feet_m))),
        positions_enu_m=np.asarray(feet_m, dtype=np.float64),
        head=head,
    )


@pytest.fixture(scope="session")
def make_array():
    """An array of the given feet, of usual heads or others."""
    return array_of


@pytest.fixture(scope="session")
def sunflowers():
    return array_of(vogel(19, 7.0))


@pytest.fixture(scope="session")
def dense():
    """Half of the land covered."""
    return array_of(grid(25, 6.0))


@pytest.fixture(scope="session")
def cast():
    """Whether rays (N, 3) from points (N, 3) are stopped by heads that all look along one normal (3,).

    Plain ray casting, petal by petal: through each head's plane, and inside of one of its polygons.
    """

    def stopped(array, normal_enu, start_m, ray_enu):
        axes = enu_from_normal(normal_enu)
        found = np.zeros(len(start_m), dtype=bool)
        pivots_m = array.positions_enu_m + np.array([0.0, 0.0, array.head.pivot_height_m])
        for pivot_m in pivots_m:
            with np.errstate(divide="ignore", invalid="ignore"):
                along = (pivot_m - start_m) @ axes[:, 2] / (ray_enu @ axes[:, 2])
            hit = np.nan_to_num(start_m + along[:, None] * ray_enu - pivot_m) @ axes[:, :2]
            found |= (along > 1e-6) & inside_any(petal_polygons(array.head), hit)
        return found

    return stopped


def inside_any(polygons, points):
    found = np.zeros(len(points), dtype=bool)
    for corners in polygons:
        edge = np.roll(corners, -1, axis=0) - corners
        to = points[:, None] - corners
        found |= np.all(edge[:, 0] * to[..., 1] - edge[:, 1] * to[..., 0] >= 0.0, axis=1)
    return found


@pytest.fixture(scope="session")
def scattered():
    """Points (N, 3) spread evenly over the petals of all heads that look along one normal (3,)."""

    def points(array, normal_enu, number, rng):
        polygons = petal_polygons(array.head)
        reach_m = np.abs(polygons).max()
        flat = rng.uniform(-reach_m, reach_m, (4 * number, 2))
        flat = flat[inside_any(polygons, flat)][:number]
        axes = enu_from_normal(normal_enu)
        pivots_m = array.positions_enu_m + np.array([0.0, 0.0, array.head.pivot_height_m])
        return pivots_m[rng.integers(array.size, size=len(flat))] + flat @ axes[:, :2].T

    return points
