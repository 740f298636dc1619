import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.frames import (
    angle_between_deg,
    azimuth_deg,
    elevation_deg,
    enu_from_azel,
    rotation_about_east,
    rotation_about_north,
    rotation_about_up,
)
from tracker.units import wrap_180, wrap_360

ROUNDING_DEG = 1e-12
EAST, NORTH, UP = np.eye(3)


@pytest.mark.parametrize(
    ("azimuth", "elevation", "vector"),
    [(0.0, 0.0, NORTH), (90.0, 0.0, EAST), (180.0, 0.0, -NORTH), (270.0, 0.0, -EAST), (123.0, 90.0, UP)],
)
def test_azimuth_turns_from_north_through_east(azimuth, elevation, vector):
    np.testing.assert_allclose(enu_from_azel(azimuth, elevation), vector, atol=1e-15)


@given(st.floats(0.0, 360.0, exclude_max=True), st.floats(-89.0, 89.0))
def test_direction_and_angles_close(azimuth, elevation):
    vector = enu_from_azel(azimuth, elevation)
    assert abs(wrap_180(azimuth_deg(vector) - azimuth)) < ROUNDING_DEG * 100
    assert abs(elevation_deg(vector) - elevation) < ROUNDING_DEG * 100


@given(st.floats(1e-9, 179.999999))
def test_tiny_and_huge_angles_between_are_exact(angle):
    turned = rotation_about_up(angle) @ EAST
    assert angle_between_deg(EAST, 3.0 * turned) == pytest.approx(angle, rel=1e-6, abs=1e-13)


@pytest.mark.parametrize(
    ("rotation", "of", "becomes"),
    [(rotation_about_east, NORTH, UP), (rotation_about_north, UP, EAST), (rotation_about_up, EAST, NORTH)],
)
def test_rotations_are_right_handed(rotation, of, becomes):
    np.testing.assert_allclose(rotation(90.0) @ of, becomes, atol=1e-15)


def test_rotations_of_many_equal_rotations_of_one(rng):
    angles = rng.uniform(-400, 400, (3, 5))
    for rotation in (rotation_about_east, rotation_about_north, rotation_about_up):
        many = rotation(angles)
        assert many.shape == (3, 5, 3, 3)
        np.testing.assert_array_equal(many[1, 4], rotation(angles[1, 4]))


@given(st.floats(-1e6, 1e6))
def test_wrapped_angles_stay_in_their_turn(angle):
    assert 0.0 <= wrap_360(angle) < 360.0
    assert -180.0 <= wrap_180(angle) < 180.0


def test_an_angle_just_below_zero_does_not_wrap_to_360():
    assert wrap_360(-1e-17) == 0.0
