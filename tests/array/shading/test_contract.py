"""What the numbers mean, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest

from tracker.app.config import default_plant
from tracker.array import petal_polygons, shaded_fraction
from tracker.array.obstacles import building, post, wall
from tracker.array.shading import beam_shading, enu_from_normal, field_of, head_shading, shading_field
from tracker.frames import azimuth_deg, enu_from_azel
from tracker.plant import Obstacle

EXACT = 1e-12


@pytest.fixture
def array(shapes):
    def made(heads=7, spacing_m=5.5, **more):
        feet = shapes.hexagonal(heads, spacing_m) - np.array([0.0, 0.0, 3.0])
        return replace(
            default_plant().array,
            names=tuple(f"H{n}" for n in range(heads)),
            positions_enu_m=feet,
            **more,
        )

    return made


def test_an_array_is_shaded_by_its_own_petals_heights_and_obstacles(shapes, rng, how, array):
    fence = wall("fence", [-9.0, -6.0, 0.0], [9.0, -7.0, 0.0], 4.0)
    plant = array(obstacles=(fence,))
    sun = enu_from_azel([170.0, 185.0], [12.0, 25.0])
    turned = shapes.own_ways(rng, sun, 7)
    oracle = shapes.PolygonOracle(
        plant.positions_enu_m + np.array([0.0, 0.0, 3.0]), petal_polygons(plant.head), faces=fence.faces_enu_m
    )
    expected = np.array([oracle.shaded(r, s).mean(axis=1) for r, s in zip(turned, sun, strict=True)])
    assert (expected > 0.01).any()
    np.testing.assert_allclose(shaded_fraction(plant, turned, sun, how=how), expected, atol=1e-9)


def test_sun_behind_is_1_and_sun_below_is_0(shapes, how, array):
    sun = enu_from_azel([180.0, 180.0, 180.0], [30.0, -1.0, 0.0])
    away = np.broadcast_to(enu_from_normal(enu_from_azel(0.0, 30.0)), (3, 7, 3, 3))
    np.testing.assert_array_equal(
        shaded_fraction(array(), away, sun, how=how), np.outer([1, 0, 0], np.ones(7))
    )


def test_unknown_orientations_stay_unknown_and_throw_no_shadow(shapes, how, array):
    plant, sun = array(), enu_from_azel([180.0, 150.0], [10.0, 15.0])
    turned = np.array(shapes.facing(sun, 7))
    turned[0, 3, 1, 2] = np.nan
    share = shaded_fraction(plant, turned, sun, how=how)
    assert np.argwhere(np.isnan(share)).tolist() == [[0, 3]]
    folded = np.zeros((2, 7), bool)
    folded[0, 3] = True
    without = shaded_fraction(plant, shapes.facing(sun, 7), sun, folded, how=how)
    known = ~np.isnan(share)
    np.testing.assert_allclose(share[known], without[known], atol=EXACT)


def test_an_unknown_sun_makes_all_unknown(shapes, how, array):
    sun = enu_from_azel([180.0, np.nan], [10.0, 15.0])
    share = shaded_fraction(array(), np.broadcast_to(np.eye(3), (2, 7, 3, 3)), sun, how=how)
    assert np.isnan(share).all(axis=1).tolist() == [False, True]


def test_folded_heads_have_no_shade_and_throw_none(shapes, how, array):
    plant = array(heads=2)
    near, far = plant.positions_enu_m
    sun = enu_from_azel(azimuth_deg([near - far]), [10.0])
    turned = shapes.facing(sun, 2)
    assert shaded_fraction(plant, turned, sun, how=how)[0, 1] > 0.1
    shut = np.array([True, False])
    assert shaded_fraction(plant, turned, sun, shut, how=how).max() == 0.0
    shut[:] = True
    behind = -np.array(turned)
    assert shaded_fraction(plant, behind, sun, shut, how=how).max() == 0.0


def test_the_head_is_its_unfolded_petals_by_area(shapes, rng, how):
    petals = [*shapes.rectangle(2.0, 1.0), shapes.rectangle(1.0, 3.0)[0] + [2.0, 0.0]]
    field = shading_field(pivots_enu_m=shapes.hexagonal(7, 3.2), petals_m=petals)
    sun = shapes.suns(rng, 20, 3.0, 20.0)
    turned, closed = shapes.facing(sun, 7), rng.random((20, 7, 2)) < 0.4
    each = beam_shading(field, turned, sun, closed, how=how)
    area = ~closed * np.array([2.0, 3.0])
    whole = np.where(area.sum(axis=-1) > 0.0, area.sum(axis=-1), 1.0)
    expected = (each * area).sum(axis=-1) / whole
    assert (expected > 0.01).any()
    np.testing.assert_allclose(head_shading(field, turned, sun, closed, how=how), expected, atol=EXACT)
    assert (each[closed] == 0.0).all()


def test_one_head_alone_is_never_shaded(shapes, rng, how):
    field = shading_field(pivots_enu_m=[[5.0, 6.0, 3.0]], petals_m=shapes.flower())
    sun = shapes.suns(rng, 5, 1.0, 90.0)
    assert head_shading(field, shapes.own_ways(rng, sun, 1), sun, how=how).max() == 0.0


def test_no_times_give_no_rows(shapes, how):
    field = shading_field(pivots_enu_m=[[5.0, 6.0, 3.0]], petals_m=shapes.flower())
    assert beam_shading(field, np.zeros((0, 1, 3, 3)), np.zeros((0, 3)), how=how).shape == (0, 1, 12)


def test_thousand_heads_are_shaded_like_a_few_of_them_alone(shapes, how):
    """In the middle of the field and at its edge: what counts are the heads around."""
    pivots, sun = shapes.hexagonal(1000, 6.0), enu_from_azel([200.0], [25.0])
    petals = shapes.rectangle(4.0, 2.5)
    share = head_shading(
        shading_field(pivots_enu_m=pivots, petals_m=petals), shapes.facing(sun, 1000), sun, how=how
    )[0]
    for head in (0, 1, 500, 999):
        near = np.argsort(np.linalg.norm(pivots - pivots[head], axis=1))[:40]
        alone = shading_field(pivots_enu_m=pivots[near], petals_m=petals)
        assert share[head] == pytest.approx(
            head_shading(alone, shapes.facing(sun, 40), sun, how=how)[0, 0], abs=EXACT
        )


def test_a_wall_shades_up_to_its_shadow_line(how):
    """A wall 2 m before an upright panel that faces it, the sun 45 deg high: its shadow ends 2 m lower."""
    panel = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    fence = wall("fence", [-9.0, -2.0, 0.0], [9.0, -2.0, 0.0], 4.5)
    field = shading_field(pivots_enu_m=[[0.0, 0.0, 3.0]], petals_m=[panel], obstacles=[fence])
    south = np.broadcast_to(enu_from_normal([0.0, -1.0, 0.0]), (1, 1, 3, 3))
    share = head_shading(field, south, enu_from_azel([180.0], [45.0]), how=how)
    np.testing.assert_allclose(share, [[0.25]], atol=EXACT)  # from 2 m, the panel's foot, to 2.5 m


def test_a_posts_width_is_its_diameter_by_area():
    mast = post("mast", [1.0, 2.0, 0.0], 5.0, 0.4, sides=24)
    roof = mast.faces_enu_m[-1]
    x, y = roof[:, 0], roof[:, 1]
    assert 0.5 * np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)) == pytest.approx(np.pi * 0.04, rel=EXACT)
    assert (roof[:, 2] == 5.0).all()


def test_columns_of_the_rotation_are_the_heads_axes():
    """A head that faces south has x east and y up, as tracker.array.head says."""
    np.testing.assert_allclose(
        enu_from_normal([0.0, -2.0, 0.0]).T, [[1, 0, 0], [0, 0, 1], [0, -1, 0]], atol=EXACT
    )
    turned = enu_from_normal(enu_from_azel([10.0, 250.0], [20.0, 80.0]))
    np.testing.assert_allclose(turned @ np.swapaxes(turned, -1, -2), [np.eye(3)] * 2, atol=EXACT)
    assert (np.abs(turned[:, 2, 0]) < EXACT).all()
    assert np.isnan(enu_from_normal([np.nan, 0.0, 1.0])).any()


SQUARE = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]
REFUSED = {
    "petal 1 has no area": [[[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]]],
    "petal 2 has no area": [SQUARE, [[5.0, 5.0], [5.0, 5.0], [5.0, 5.0]]],
    "petal 1 crosses or touches itself: edge 2 meets edge 4": [[[0, 0], [2, 0], [0, 2], [2, 2], [0, 0.5]]],
    "petal 1 touches itself: its edges turn back": [[[0, 0], [2, 0], [2, 2], [2, 3], [2, 2], [0, 2]]],
    "petals 1 and 2 lie over each other by 0.25 m2": [SQUARE, np.array(SQUARE) + 0.5],
    "petal 1 has a corner that is not finite": [[[0.0, 0.0], [1.0, np.nan], [1.0, 1.0]]],
    "petal 1 has shape": [[[0.0, 0.0], [1.0, 0.0]]],
    "a head has no petals": [],
}


@pytest.mark.parametrize("message", REFUSED)
def test_petals_that_are_none_are_refused_by_number(message):
    with pytest.raises(ValueError, match=message):
        shading_field(pivots_enu_m=[[0.0, 0.0, 3.0]], petals_m=REFUSED[message])


def test_petals_may_run_either_way_and_repeat_their_first_corner(how):
    sun = enu_from_azel([180.0], [10.0])
    pivots = [[0.0, 0.0, 3.0], [0.3, -4.0, 3.0]]
    turned = np.broadcast_to(enu_from_normal(sun)[:, None], (1, 2, 3, 3))
    shares = [
        head_shading(shading_field(pivots_enu_m=pivots, petals_m=[petal]), turned, sun, how=how)
        for petal in (SQUARE, SQUARE[::-1], [*SQUARE, SQUARE[0]], [SQUARE[0], [0.5, 0.0], *SQUARE[1:]])
    ]
    assert shares[0].max() > 0.1
    for share in shares[1:]:
        np.testing.assert_allclose(share, shares[0], atol=EXACT)


def test_faces_and_posts_that_are_none_are_refused():
    bent = Obstacle(name="sail", faces_enu_m=(np.array([[0, 0, 0], [1, 0, 0], [1, 1, 1], [0, 1, 0.0]]),))
    with pytest.raises(ValueError, match=r"obstacle sail, face 1, is not flat: a corner lies 0\.2"):
        shading_field(pivots_enu_m=[[0, 0, 3]], petals_m=[SQUARE], obstacles=[bent])
    with pytest.raises(ValueError, match="height_m is 0"):
        wall("fence", [0, 0, 0], [1, 0, 0], 0.0)
    with pytest.raises(ValueError, match="2 sides"):
        post("mast", [0, 0, 0], 3.0, 0.2, sides=2)
    with pytest.raises(ValueError, match="outline has shape"):
        building("hall", [[0, 0, 0], [1, 0, 0]], 3.0)


def test_arguments_of_another_shape_are_refused(array):
    field, sun, turned = (
        field_of(array()),
        np.array([[0.0, 0.0, 1.0]]),
        np.broadcast_to(np.eye(3), (1, 7, 3, 3)),
    )
    with pytest.raises(ValueError, match=r"enu_from_head has shape \(1, 6, 3, 3\); give \(1, 7, 3, 3\)"):
        beam_shading(field, turned[:, :6], sun)
    with pytest.raises(ValueError, match=r"sun_enu has shape \(3,\)"):
        beam_shading(field, turned, sun[0])
    with pytest.raises(ValueError, match="without length"):
        beam_shading(field, turned, 0.0 * sun)
    with pytest.raises(ValueError, match=r"folded has shape \(6,\)"):
        beam_shading(field, turned, sun, np.zeros(6, bool))
    with pytest.raises(ValueError, match="threads is 0"):
        beam_shading(field, turned, sun, threads=0)
    with pytest.raises(ValueError, match="how = 'fast'"):
        beam_shading(field, turned, sun, how="fast")
