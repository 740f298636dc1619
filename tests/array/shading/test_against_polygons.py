"""Shaded shares against shadows united by shapely in the receiver's own plane."""

import numpy as np
import pytest

from tracker.array.shading import beam_shading, shading_field

SHARE = 1e-9
OFFSET_M = (0.1, 0.05, 0.3)
SHAPES = {
    "rectangles": lambda shapes: shapes.rectangle(4.0, 2.5),
    "hexagons": lambda shapes: shapes.regular(6, 2.0),
    "flowers": lambda shapes: shapes.flower(),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("slope_deg", [0.0, 10.0, 20.0])
@pytest.mark.parametrize("own_ways", [False, True], ids=["parallel", "own ways"])
def test_random_fields_agree_with_polygons(shapes, rng, shape, slope_deg, own_ways):
    pivots = shapes.hexagonal(19, 5.5, slope_deg, 70.0)
    petals, sun = SHAPES[shape](shapes), shapes.suns(rng, 3)
    turned = shapes.facing(sun, 19)
    if own_ways:
        pivots = pivots + rng.uniform(-0.4, 0.4, pivots.shape)
        turned = shapes.own_ways(rng, sun, 19, 35.0)
    field = shading_field(pivots_enu_m=pivots, petals_m=petals, panel_offset_m=OFFSET_M)
    share = beam_shading(field, turned, sun)
    oracle = shapes.PolygonOracle(pivots, petals, OFFSET_M)
    expected = np.array([oracle.shaded(r, s) for r, s in zip(turned, sun, strict=True)])
    assert (expected > 0.01).any()
    np.testing.assert_allclose(share, expected, rtol=0.0, atol=SHARE)
