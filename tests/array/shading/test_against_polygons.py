"""Shaded shares against shadows united by shapely in the receiver's own plane."""

import numpy as np
import pytest

from tracker.array.obstacles import building, post, wall
from tracker.array.shading import beam_shading, shading_field

SHARE = 1e-9
OFFSET_M = (0.1, 0.05, 0.3)
HEADS = 13
BENT = [np.array([[-2.0, -2.0], [2.0, -2.0], [2.0, 0.0], [0.5, 0.0], [0.5, 2.0], [-2.0, 2.0]])]
SHAPES = {
    "rectangles": lambda shapes: shapes.rectangle(4.0, 2.5),
    "hexagons": lambda shapes: shapes.regular(6, 2.0),
    "flowers": lambda shapes: shapes.flower(),
    "bent": lambda _: BENT,
}


def expected_of(oracle, turned, sun, closed=None):
    closed = [None] * len(sun) if closed is None else closed
    return np.array([oracle.shaded(r, s, c) for r, s, c in zip(turned, sun, closed, strict=True)])


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("slope_deg", [0.0, 10.0, 20.0])
@pytest.mark.parametrize("own_ways", [False, True], ids=["parallel", "own ways"])
def test_random_fields_agree_with_polygons(shapes, rng, shape, slope_deg, own_ways):
    pivots = shapes.hexagonal(HEADS, 5.5, slope_deg, 70.0)
    petals, sun = SHAPES[shape](shapes), shapes.suns(rng, 2, 5.0, 25.0)
    turned = shapes.facing(sun, HEADS)
    if own_ways:
        pivots = pivots + rng.uniform(-0.4, 0.4, pivots.shape)
        turned = shapes.own_ways(rng, sun, HEADS, 35.0)
    field = shading_field(pivots_enu_m=pivots, petals_m=petals, panel_offset_m=OFFSET_M)
    expected = expected_of(shapes.PolygonOracle(pivots, petals, OFFSET_M), turned, sun)
    assert (expected > 0.01).any()
    for how in ("numpy", "numba"):
        np.testing.assert_allclose(
            beam_shading(field, turned, sun, how=how), expected, rtol=0.0, atol=SHARE, err_msg=how
        )


def test_low_sun_with_dozens_of_shadows_agrees_with_polygons(shapes, rng, how):
    pivots, petals = shapes.hexagonal(60, 5.5), shapes.flower()
    sun = shapes.suns(rng, 1, 0.5, 1.5)
    turned = shapes.facing(sun, 60)
    oracle = shapes.PolygonOracle(pivots, petals)
    share = beam_shading(shading_field(pivots_enu_m=pivots, petals_m=petals), turned, sun, how=how)[0]
    for head in rng.choice(60, 6, replace=False):
        open_all = np.zeros((60, 12), bool)
        for petal in (0, 3, 7):
            expected = oracle.of_petal(turned[0], sun[0], open_all, head, petal)
            assert share[head, petal] == pytest.approx(expected, abs=SHARE)


def test_petals_folded_one_by_one_agree_with_polygons(shapes, rng, how):
    pivots, petals = shapes.hexagonal(HEADS, 5.2), shapes.flower()
    sun = shapes.suns(rng, 2, 5.0, 25.0)
    turned, closed = shapes.facing(sun, HEADS), rng.random((2, HEADS, 12)) < 0.3
    share = beam_shading(shading_field(pivots_enu_m=pivots, petals_m=petals), turned, sun, closed, how=how)
    expected = expected_of(shapes.PolygonOracle(pivots, petals), turned, sun, closed)
    assert (expected > 0.01).any()
    np.testing.assert_allclose(share, expected, rtol=0.0, atol=SHARE)


@pytest.mark.parametrize("own_ways", [False, True], ids=["parallel", "own ways"])
def test_obstacles_among_the_heads_agree_with_polygons(shapes, rng, how, own_ways):
    pivots, petals = shapes.hexagonal(7, 6.0), shapes.flower()
    bent = np.array([[4.0, -9.0, 0.0], [9.0, -9.0, 0.0], [9.0, -7.0, 0.0], [6.0, -7.0, 0.0], [6.0, -5.0, 0.0],
                     [4.0, -5.0, 0.0]])  # fmt: skip
    obstacles = [
        wall("fence", [-12.0, -10.0, 0.0], [12.0, -11.0, 0.0], 4.0),
        building("hall", bent, 6.0),
        post("own mast", [0.0, 0.0, 0.0], 3.0, 0.3),
        post("lamp", [-4.0, -4.0, 0.0], 8.0, 0.2),
    ]
    sun = shapes.suns(rng, 3, 8.0, 40.0)
    turned = shapes.own_ways(rng, sun, 7, 30.0) if own_ways else shapes.facing(sun, 7)
    field = shading_field(pivots_enu_m=pivots, petals_m=petals, obstacles=obstacles)
    faces = [face for obstacle in obstacles for face in obstacle.faces_enu_m]
    oracle = shapes.PolygonOracle(pivots, petals, faces=faces)
    expected = expected_of(oracle, turned, sun)
    assert (expected - expected_of(shapes.PolygonOracle(pivots, petals), turned, sun) > 0.01).any()
    np.testing.assert_allclose(beam_shading(field, turned, sun, how=how), expected, rtol=0.0, atol=SHARE)


def test_planes_that_cut_each_other_agree_with_polygons(shapes, rng, how):
    """Heads so near and so differently turned that each stands partly behind its neighbour's plane."""
    pivots, petals = shapes.hexagonal(7, 2.2), shapes.regular(6, 2.0)
    sun = shapes.suns(rng, 6, 10.0, 80.0)
    turned = shapes.own_ways(rng, sun, 7, 70.0)
    share = beam_shading(shading_field(pivots_enu_m=pivots, petals_m=petals), turned, sun, how=how)
    expected = expected_of(shapes.PolygonOracle(pivots, petals), turned, sun)
    assert ((expected > 0.05) & (expected < 0.95)).sum() > 10
    np.testing.assert_allclose(share, expected, rtol=0.0, atol=SHARE)
