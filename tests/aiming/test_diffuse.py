"""Leaning toward the zenith, and the table that says how far."""

import numpy as np
import pytest

from tracker.aiming.diffuse import LEAST_TILT_DEG, SkyTable, TiltLight, leaned
from tracker.frames import azimuth_deg, elevation_deg, enu_from_azel


@pytest.fixture
def plain():
    """A table whose light is linear in both, so that what lies between nodes is known exactly."""
    elevation, clearness = np.linspace(10.0, 90.0, 9), np.linspace(0.0, 1.0, 11)
    e, k = np.meshgrid(elevation, clearness, indexing="ij")
    return SkyTable(
        elevation_deg=elevation,
        clearness=clearness,
        level_w_m2=2.0 * e + 100.0 * k,
        across_w_m2=300.0 * k - e,
        outside_w_m2=1000.0,
    )


def test_not_leaning_is_the_same_to_the_bit():
    sun = enu_from_azel(np.array([100.0, 200.0]), np.array([33.3, 71.7]))
    np.testing.assert_array_equal(leaned(sun, 0.0), sun)
    np.testing.assert_array_equal(leaned(sun, np.array([0.0, 0.5]))[0], sun[0])


@pytest.mark.parametrize("share", [0.25, 0.6, 0.8])
def test_leaning_goes_a_share_of_the_way_up_and_nowhere_else(share):
    sun = enu_from_azel(np.array([100.0, 200.0, 310.0]), np.array([20.0, 45.0, 60.0]))
    there = leaned(sun, share)
    np.testing.assert_allclose(np.linalg.norm(there, axis=-1), 1.0, atol=1e-14)
    np.testing.assert_allclose(
        90.0 - elevation_deg(there), (1.0 - share) * (90.0 - elevation_deg(sun)), atol=1e-9
    )
    np.testing.assert_allclose(azimuth_deg(there), azimuth_deg(sun), atol=1e-9)


def test_nobody_leans_into_the_zenith_where_the_azimuth_is_lost():
    sun = enu_from_azel(np.array([100.0, 200.0, 310.0]), np.array([20.0, 80.0, 88.0]))
    there = leaned(sun, 1.0)
    np.testing.assert_allclose(90.0 - elevation_deg(there), [LEAST_TILT_DEG, LEAST_TILT_DEG, 2.0], atol=1e-9)
    np.testing.assert_allclose(azimuth_deg(there), azimuth_deg(sun), atol=1e-9)


def test_a_sun_in_the_zenith_stays_there():
    np.testing.assert_allclose(leaned(np.array([0.0, 0.0, 1.0]), 0.5), [0.0, 0.0, 1.0])


def test_the_table_is_bilinear_and_unknown_light_stays_unknown(plain):
    light = plain.light(np.array([37.0, 37.0]), np.array([0.43, np.nan]) * 1000.0 * np.sin(np.radians(37.0)))
    assert light.level_w_m2[0] == pytest.approx(2.0 * 37.0 + 43.0)
    assert light.across_w_m2[0] == pytest.approx(129.0 - 37.0)
    assert np.isnan(light.level_w_m2[1])


def test_beyond_its_ends_the_table_keeps_its_last_values(plain):
    light = plain.light(np.array(50.0), np.array(5000.0))
    assert light.level_w_m2 == pytest.approx(200.0)


def test_an_even_dome_is_faced_as_level_as_heads_go():
    best = TiltLight(level_w_m2=100.0, across_w_m2=0.0).best(np.array([60.0, 5.0, 2.0]))
    np.testing.assert_allclose(best, [1.0 - LEAST_TILT_DEG / 60.0, 0.0, 0.0])


def test_light_from_the_suns_place_alone_is_faced(rng):
    zenith = rng.uniform(10.0, 85.0, 20)
    beam = TiltLight(
        level_w_m2=800.0 * np.cos(np.radians(zenith)), across_w_m2=800.0 * np.sin(np.radians(zenith))
    )
    np.testing.assert_allclose(beam.best(zenith), 0.0, atol=1e-12)


def test_no_lean_on_a_fine_grid_is_brighter_than_the_best(rng):
    light = TiltLight(level_w_m2=rng.uniform(50.0, 300.0), across_w_m2=rng.uniform(10.0, 200.0))
    zenith, grid = np.array(75.0), np.linspace(0.0, 1.0 - LEAST_TILT_DEG / 75.0, 2001)
    assert np.max(light.at(grid, zenith)) <= light.at(light.best(zenith), zenith) + 1e-9
