"""The kernel's area of unions, uncompiled, on polygons at random and in little room."""

import numpy as np
import pytest
import shapely
from shapely.geometry import MultiPoint, Polygon

from tracker.array.shading.sight import trace
from tracker.array.shading.union import BOX, Casters, Pieces, added, left_over

CORNERS, SHADOWS = 8, 9
EXACT = 1e-12


@pytest.fixture(autouse=True)
def spare_divisions():
    """The loops divide where they then keep nothing; compiled, that says nothing."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        yield


def random_polygon(rng, spread):
    """Convex, eight corners at most, anticlockwise."""
    hull = MultiPoint(rng.uniform(-1.0, 1.0, (8, 2)) + rng.uniform(-spread, spread, 2)).convex_hull
    return np.array(shapely.geometry.polygon.orient(hull).exterior.coords)[:-1]


def casters_of(polygons):
    count = len(polygons)
    casters = Casters(
        outline=np.zeros((count, BOX + 3 * CORNERS)),
        lines=np.array([len(polygon) for polygon in polygons]),
        group=np.arange(count),
        near=np.arange(count),
        first=np.arange(count),
    )
    for row, polygon in enumerate(polygons):
        x, y = polygon.T.copy()
        trace(x, y, 0, len(polygon), 1.0, casters.outline, row)
    return casters


def pieces_of(polygon, room):
    levels = 100
    whole = [np.zeros(levels, dtype=np.int64) for _ in range(4)]
    pieces = Pieces(np.zeros(levels * room), np.zeros(levels * room), *whole, np.zeros(room))
    pieces.x[: len(polygon)], pieces.y[: len(polygon)] = polygon.T
    pieces.corners[0] = len(polygon)
    return pieces


@pytest.mark.parametrize("room", [2 * CORNERS, 64])
def test_what_is_left_agrees_with_shapely(rng, room):
    """In little room pieces are halved on the way."""
    for _ in range(60):
        part, shadows = random_polygon(rng, 0.0), [random_polygon(rng, 1.5) for _ in range(SHADOWS)]
        expected = Polygon(part).difference(shapely.union_all([Polygon(shadow) for shadow in shadows])).area
        left = left_over(casters_of(shadows), SHADOWS, pieces_of(part, room), 1e-15)
        assert left == pytest.approx(expected, abs=EXACT)


def test_pieces_of_many_corners_are_halved_and_nothing_is_lost():
    """An octagon whose corners are cut off, and theirs again, up to 32: twice what a level has room for."""
    part, slabs = around(CORNERS, 1.0), [slab(bearing) for bearing in 2.0 * np.pi * np.arange(32) / 32]
    left = left_over(casters_of(slabs), len(slabs), pieces_of(part, 2 * CORNERS), 1e-15)
    expected = Polygon(part).difference(shapely.union_all([Polygon(over) for over in slabs]))
    assert len(expected.exterior.coords) - 1 == 32
    assert left == pytest.approx(expected.area, abs=EXACT)


def around(corners, radius):
    bearing = 2.0 * np.pi * np.arange(corners) / corners
    return radius * np.stack([np.cos(bearing), np.sin(bearing)], axis=-1)


def slab(bearing):
    """What lies beyond 0.9 in one direction."""
    cos, sin = np.cos(bearing), np.sin(bearing)
    square = np.array([[0.9, -9.0], [9.0, -9.0], [9.0, 9.0], [0.9, 9.0]])
    return square @ np.array([[cos, sin], [-sin, cos]])


@pytest.mark.parametrize("shadows", [1, 2, 4])
def test_what_is_taken_agrees_with_shapely(rng, shadows):
    for _ in range(40):
        part, over = random_polygon(rng, 0.0), [random_polygon(rng, 1.0) for _ in range(shadows)]
        expected = Polygon(part).intersection(shapely.union_all([Polygon(shadow) for shadow in over])).area
        taken = added(casters_of(over), shadows, pieces_of(part, 64), 1e-15)
        assert taken == pytest.approx(expected, abs=EXACT)
