"""The table of common orientations against the exact shading."""

from dataclasses import replace

import numpy as np
import pytest

from tracker.array import grid, on_slope, vogel
from tracker.array.common_shade import MOST_NEIGHBOURS, MOST_RECEIVERS, common_shade
from tracker.array.shading import beam_shading, enu_from_normal, field_of
from tracker.frames import enu_from_azel, rotation_about_up

PETAL_RMS = 0.03  # 32 points a petal, shifts to a sixty-fourth of the disk
FIELD_RMS = 0.008  # in a regular grid all pairs err alike


def exact(array, normal_enu, sun_enu):
    rotations = np.repeat(enu_from_normal(normal_enu)[:, None], array.size, axis=1)
    return beam_shading(field_of(array), rotations, sun_enu)


def suns(rng, number, low_deg=2.0, high_deg=45.0):
    return enu_from_azel(rng.uniform(0.0, 360.0, number), rng.uniform(low_deg, high_deg, number))


def turned(sun_enu, rng, most_deg):
    """Normals some way off the sun, in front of it."""
    normal = sun_enu + np.tan(np.radians(most_deg)) * rng.uniform(-0.6, 0.6, sun_enu.shape)
    normal[:, 2] = np.abs(normal[:, 2])
    return normal / np.linalg.norm(normal, axis=1, keepdims=True)


@pytest.mark.parametrize("off_deg", [0.0, 40.0])
@pytest.mark.parametrize("feet", [vogel(12, 7.0), grid(12, 6.0), on_slope(grid(12, 6.0), 12.0, 250.0)])
def test_it_agrees_with_the_exact_shading(make_array, feet, off_deg):
    rng = np.random.default_rng(1)
    array = make_array(feet)
    sun = suns(rng, 60)
    normal = turned(sun, rng, off_deg)
    off = common_shade(array).shaded(normal, sun) - exact(array, normal, sun)
    assert np.sqrt(np.mean(off**2)) < PETAL_RMS
    assert np.sqrt(np.mean(np.mean(off, axis=(1, 2)) ** 2)) < FIELD_RMS
    assert abs(np.mean(off)) < FIELD_RMS / 3.0


@pytest.mark.parametrize("petals", [3, 5, 24])
def test_heads_of_other_petals_agree_too(make_array, sunflowers, petals):
    rng = np.random.default_rng(2)
    array = make_array(vogel(7, 6.0), replace(sunflowers.head, petals=petals))
    sun = suns(rng, 60, 5.0, 30.0)
    off = common_shade(array).shaded(sun, sun) - exact(array, sun, sun)
    assert np.sqrt(np.mean(np.mean(off, axis=2) ** 2)) < 0.02


def test_a_lone_head_is_never_shaded(make_array):
    sun = suns(np.random.default_rng(3), 20)
    assert not common_shade(make_array([[1.0, 2.0, 3.0]])).shaded(sun, sun).any()


def test_from_behind_all_is_shade_and_below_the_horizon_nothing(sunflowers):
    sun = enu_from_azel([90.0, 90.0], [30.0, -5.0])
    away = enu_from_azel([270.0, 90.0], [10.0, -5.0])
    shaded = common_shade(sunflowers).shaded(away, sun)
    assert (shaded[0] == 1.0).all()
    assert (shaded[1] == 0.0).all()


def test_level_heads_at_one_height_never_shade_each_other(dense):
    sun = suns(np.random.default_rng(4), 50, 0.5, 90.0)
    up = np.tile([0.0, 0.0, 1.0], (len(sun), 1))
    assert not common_shade(dense).shaded(up, sun).any()


def test_turning_field_and_sun_together_changes_little(make_array, sunflowers):
    sun = suns(np.random.default_rng(5), 200)
    turn = rotation_about_up(37.0)
    turned_field = make_array(sunflowers.positions_enu_m @ turn.T)
    one = common_shade(sunflowers).shaded(sun, sun)
    other = common_shade(turned_field).shaded(sun @ turn.T, sun @ turn.T)
    np.testing.assert_allclose(one, other, atol=1.0 / 16.0)


def test_a_sample_stands_for_a_large_field(make_array):
    """Of 150 heads 64 are looked at, each with its 128 nearest neighbours."""
    array = make_array(vogel(150, 7.0))
    shade = common_shade(array)
    assert shade.neighbours_m.shape[0] <= MOST_RECEIVERS
    assert shade.neighbours_m.shape[1] == MOST_NEIGHBOURS
    sun = suns(np.random.default_rng(6), 12, 8.0, 30.0)
    whole = exact(array, sun, sun).mean(axis=(1, 2))
    np.testing.assert_allclose(shade.shaded(sun, sun).mean(axis=(1, 2)), whole, atol=0.02)
