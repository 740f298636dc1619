"""Shaded shares against rays from points of each petal to the sun."""

import numpy as np
import pytest

from tracker.array.obstacles import wall
from tracker.array.shading import beam_shading, shading_field

POINTS = 800
STEP = 1.0 / np.sqrt(
    POINTS
)  # of a petal's width: a straight edge misplaces half a row of points, seldom more
MOST, MEAN = 1.5 * STEP, 0.1 * STEP


@pytest.mark.parametrize("shape", ["rectangles", "flowers"])
@pytest.mark.parametrize("slope_deg", [0.0, 20.0])
def test_random_fields_agree_with_rays(shapes, rng, how, shape, slope_deg):
    petals = shapes.rectangle(4.0, 2.5) if shape == "rectangles" else shapes.flower()
    pivots = shapes.hexagonal(7, 5.2, slope_deg, 200.0) + rng.uniform(-0.3, 0.3, (7, 3))
    offset_m = (0.0, 0.1, 0.4)
    fence = wall("fence", [-9.0, -6.0, -3.0], [9.0, -7.0, -3.0], 6.0)
    sun = shapes.suns(rng, 4, 5.0, 50.0)
    turned = shapes.own_ways(rng, sun, 7, 35.0)
    field = shading_field(pivots_enu_m=pivots, petals_m=petals, panel_offset_m=offset_m, obstacles=[fence])
    oracle = shapes.RayOracle(pivots, petals, offset_m, fence.faces_enu_m, points=POINTS)
    counted = np.array([oracle.shaded(r, s) for r, s in zip(turned, sun, strict=True)])
    lit = np.einsum("thi,ti->th", turned[..., 2], sun) > 0.05
    off = np.abs(beam_shading(field, turned, sun, how=how) - counted)[lit]
    assert ((counted > 0.05) & (counted < 0.95)).sum() > 4
    assert off.max() < MOST
    assert off.mean() < MEAN
