"""Shadows whose edges lie exactly, or almost, on each other, on panels' edges, or in panels' planes."""

import numpy as np
import pytest

from tracker.array.shading import beam_shading, enu_from_normal, head_shading, shading_field
from tracker.frames import enu_from_azel

EXACT = 1e-12
SHARE = 1e-9
SOUTH = 180.0


def grid(columns, rows, east_m, north_m):
    east, north = np.meshgrid(east_m * np.arange(columns), north_m * np.arange(rows))
    return np.column_stack([east.ravel(), north.ravel(), np.full(east.size, 3.0)])


@pytest.mark.parametrize("elevation_deg", [3.0, 10.0, 20.0, 40.0])
def test_rows_behind_rows_have_the_shade_of_the_nearest(shapes, how, elevation_deg):
    """Sun along the columns: every shadow has its sides on the sides of all others and of the panel."""
    pivots, sun = grid(4, 5, 4.0, 5.0), enu_from_azel([SOUTH], [elevation_deg])
    field = shading_field(pivots_enu_m=pivots, petals_m=shapes.rectangle(4.0, 2.5))
    share = head_shading(field, shapes.facing(sun, 20), sun, how=how)[0].reshape(5, 4)
    one = max(0.0, 1.0 - 5.0 * np.sin(np.radians(elevation_deg)) / 2.5)
    np.testing.assert_allclose(share[0], 0.0, atol=EXACT)
    np.testing.assert_allclose(share[1:], one, atol=EXACT)


def test_panels_that_touch_in_one_plane_do_not_shade(shapes, how):
    pivots = grid(3, 3, 4.0, 2.5)
    sun = enu_from_azel([10.0, 190.0, 77.0, 0.0], [5.0, 30.0, 60.0, 90.0])
    flat = np.broadcast_to(enu_from_normal([0.0, 0.0, 1.0]), (4, 9, 3, 3))
    field = shading_field(pivots_enu_m=pivots, petals_m=shapes.rectangle(4.0, 2.5))
    assert head_shading(field, flat, sun, how=how).max() == 0.0


def test_panels_that_lie_in_each_other_do_not_shade(shapes, how):
    """The same plane, over each other: nothing is nearer to the sun."""
    pivots, sun = np.array([[0.0, 0.0, 3.0], [1.0, 0.5, 3.0], [0.0, 0.0, 3.0]]), enu_from_azel([33.0], [40.0])
    flat = np.broadcast_to(enu_from_normal([0.0, 0.0, 1.0]), (1, 3, 3, 3))
    field = shading_field(pivots_enu_m=pivots, petals_m=shapes.flower())
    assert head_shading(field, flat, sun, how=how).max() == 0.0


def test_panels_in_one_slanted_plane_do_not_shade(shapes, how):
    """A hillside of panels parallel to it: rounding must not lift one before the other."""
    pivots = shapes.hexagonal(19, 4.3, 15.0, 123.0)
    uphill = enu_from_azel(123.0, 75.0)
    turned = np.broadcast_to(enu_from_normal(uphill), (3, 19, 3, 3))
    sun = enu_from_azel([100.0, 150.0, 200.0], [20.0, 40.0, 60.0])
    field = shading_field(pivots_enu_m=pivots, petals_m=shapes.flower())
    assert head_shading(field, turned, sun, how=how).max() == 0.0


@pytest.mark.parametrize("shape", ["rectangle", "hexagon", "flower"])
def test_a_head_straight_behind_others_is_all_shaded(shapes, how, shape):
    """Three heads on one sunbeam: outlines coincide corner by corner, twice over."""
    petals = {
        "rectangle": shapes.rectangle(4.0, 2.5),
        "hexagon": shapes.regular(6, 2.0),
        "flower": shapes.flower(),
    }[shape]
    sun = enu_from_azel([137.0], [31.0])
    pivots = np.array([0.0, 0.0, 20.0]) - np.array([0.0, 9.0, 21.0])[:, None] * sun[0]
    field = shading_field(pivots_enu_m=pivots, petals_m=petals)
    share = beam_shading(field, shapes.facing(sun, 3), sun, how=how)[0]
    np.testing.assert_allclose(share, np.array([0.0, 1.0, 1.0])[:, None] * np.ones(len(petals)), atol=EXACT)


def test_gaps_let_through_what_they_are(shapes, how):
    """A flower behind a turned copy of itself: what is lit are its petals under the other's gaps."""
    sun = enu_from_azel([180.0], [45.0])
    pivots = np.array([0.0, 0.0, 20.0]) - np.array([0.0, 9.0])[:, None] * sun[0]
    turned = np.array(shapes.facing(sun, 2))
    cos, sin = np.cos(np.pi / 12.0), np.sin(np.pi / 12.0)
    turned[0, 0] = turned[0, 0] @ np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
    petals = shapes.flower()
    share = beam_shading(shading_field(pivots_enu_m=pivots, petals_m=petals), turned, sun, how=how)[0, 1]
    expected = shapes.PolygonOracle(pivots, petals).shaded(turned[0], sun[0])[1]
    assert 0.9 < expected.min() < expected.max() < 0.99
    np.testing.assert_allclose(share, expected, atol=EXACT)


@pytest.mark.parametrize("shift", [0.0, 1e-16, 1e-14, 1e-12, 1e-10, 1e-8, 1e-6])
@pytest.mark.parametrize("azimuth_deg", [0.0, 60.0, 90.0, 180.0, 211.0])
def test_edges_that_almost_coincide_agree_with_polygons(shapes, rng, how, shift, azimuth_deg):
    """A hexagonal lattice with the sun along its lines, and heads moved and turned by next to nothing."""
    pivots = shapes.hexagonal(7, 4.4) + shift * rng.uniform(-1.0, 1.0, (7, 3))
    sun = enu_from_azel([azimuth_deg, azimuth_deg], [7.0, 22.0])
    petals = shapes.regular(6, 2.2)
    turned = enu_from_normal(sun[:, None] + shift * rng.uniform(-1.0, 1.0, (2, 7, 3)))
    share = beam_shading(shading_field(pivots_enu_m=pivots, petals_m=petals), turned, sun, how=how)
    oracle = shapes.PolygonOracle(pivots, petals)
    expected = np.array([oracle.shaded(r, s) for r, s in zip(turned, sun, strict=True)])
    assert (expected > 0.01).any()
    np.testing.assert_allclose(share, expected, rtol=0.0, atol=SHARE)


def test_outlines_of_many_corners_under_many_shadows_agree_with_polygons(shapes, how):
    """Round panels at low sun: pieces get more corners than the kernel keeps in one place."""
    pivots, petals = shapes.hexagonal(19, 2.05), shapes.regular(90, 1.0)
    sun = enu_from_azel([37.0], [2.0])
    share = beam_shading(
        shading_field(pivots_enu_m=pivots, petals_m=petals), shapes.facing(sun, 19), sun, how=how
    )
    expected = shapes.PolygonOracle(pivots, petals).shaded(shapes.facing(sun, 19)[0], sun[0])
    np.testing.assert_allclose(share[0], expected, atol=SHARE)


def test_overlapping_heads_shade_by_height(shapes, how):
    """Two level panels over each other, the sun at the zenith: the lower one loses the overlap."""
    pivots = np.array([[0.0, 0.0, 3.0], [1.0, 0.5, 4.0]])
    sun = enu_from_azel([0.0], [90.0])
    field = shading_field(pivots_enu_m=pivots, petals_m=shapes.rectangle(4.0, 2.0))
    turned = np.broadcast_to(enu_from_normal([0.0, 0.0, 1.0]), (1, 2, 3, 3))
    np.testing.assert_allclose(
        head_shading(field, turned, sun, how=how), [[3.0 * 1.5 / 8.0, 0.0]], atol=EXACT
    )


def test_what_stands_behind_the_plane_does_not_shade(shapes, how):
    """An upright wall of a panel through the middle of a level one: only its upper half shades."""
    upright = enu_from_normal([0.0, -1.0, 0.0])
    level = enu_from_normal([0.0, 0.0, 1.0])
    sun = enu_from_azel([SOUTH], [45.0])
    field = shading_field(
        pivots_enu_m=[[0.0, 0.0, 3.0], [0.0, 0.0, 3.0]], petals_m=shapes.rectangle(4.0, 2.0)
    )
    share = head_shading(field, np.array([[level, upright]]), sun, how=how)
    # 1 m of wall above the plane throws a shadow 1 m long over a panel that reaches 1 m north
    np.testing.assert_allclose(share, [[0.5, 0.5]], atol=EXACT)
