"""Looking past the sun by a table, and the band of sky it is laid over."""

import numpy as np
import pytest

from tracker.aiming.facing import desired_normals
from tracker.aiming.shade_avoidance import BRANCH_DEG, AimTable, looking_past
from tracker.aiming.sun_band import BAND_DEG, BandNodes, sun_of_band, sun_on_band_deg
from tracker.frames import angle_between_deg, elevation_deg

LATITUDE_DEG = 22.6
EXACT_DEG = 1e-6  # of an angle between unit vectors of 64 bits


def table_of(past_sun_deg):
    """A table of 4 declinations by 5 hour angles, 10 deg apart."""
    return AimTable(
        latitude_deg=LATITUDE_DEG,
        declination_deg=np.array([-15.0, -5.0, 5.0, 15.0]),
        hour_deg=np.array([-20.0, -10.0, 0.0, 10.0, 20.0]),
        past_sun_deg=past_sun_deg,
    )


def suns(declination_deg, hour_deg):
    return sun_of_band(*np.broadcast_arrays(declination_deg, hour_deg), LATITUDE_DEG)


@pytest.mark.parametrize("latitude_deg", [-67.0, -23.0, 0.0, 22.6, 51.0, 89.0])
def test_a_sun_is_found_again_on_its_band(latitude_deg):
    declination, hour = np.meshgrid(np.linspace(-23.4, 23.4, 9), np.linspace(-170.0, 170.0, 12))
    found = sun_on_band_deg(sun_of_band(declination, hour, latitude_deg), latitude_deg)
    np.testing.assert_allclose(found[0], declination, atol=1e-9)
    np.testing.assert_allclose(found[1], hour, atol=1e-9)


def test_the_band_holds_every_sun_of_the_year_and_no_night():
    nodes = BandNodes.every(2.5, LATITUDE_DEG)
    places = nodes.patches(np.zeros((1, 2)))
    assert elevation_deg(places).min() > 0.0
    assert nodes.declination_deg[0] <= -BAND_DEG
    sunset = suns(BAND_DEG, nodes.hour_deg[-1])
    assert elevation_deg(sunset) <= 0.0


def test_heads_look_past_the_sun_by_just_the_angles_of_the_table():
    sun = suns(3.0, 7.0)
    up, right = looking_past(sun, np.array([0.0, 12.0])), looking_past(sun, np.array([12.0, 0.0]))
    assert angle_between_deg(up, sun) == pytest.approx(12.0)
    assert elevation_deg(up) - elevation_deg(sun) == pytest.approx(12.0)
    assert angle_between_deg(right, sun) == pytest.approx(12.0)
    assert np.cross(sun, right)[2] < 0.0  # clockwise from above is to the right


def test_no_offset_is_facing_the_sun_to_the_last_bit():
    sun = suns(np.linspace(-20.0, 20.0, 50), 11.0)
    np.testing.assert_array_equal(looking_past(sun, np.zeros((50, 2))), sun)
    np.testing.assert_array_equal(table_of(np.zeros((4, 5, 2))).normals(sun), sun)


def test_a_sun_straight_above_can_be_looked_past():
    normal = looking_past(np.array([0.0, 0.0, 1.0]), np.array([5.0, 0.0]))
    assert angle_between_deg(normal, np.array([0.0, 0.0, 1.0])) == pytest.approx(5.0)


def test_between_nodes_of_one_branch_the_offset_goes_over_evenly():
    past_deg = np.zeros((4, 5, 2))
    past_deg[:, :, 1] = np.array([0.0, 2.0, 4.0, 6.0, 8.0])
    sun = suns(-2.0, np.array([-20.0, -15.0, -10.0, 0.0, 4.0]))
    past = angle_between_deg(table_of(past_deg).normals(sun), sun)
    np.testing.assert_allclose(past, [0.0, 1.0, 2.0, 4.0, 4.8], atol=EXACT_DEG)


def test_heads_are_never_caught_half_way_between_two_branches():
    """On one side of a shadow 30 deg to the right, on the other 30 to the left; the way between is dark."""
    past_deg = np.zeros((4, 5, 2))
    past_deg[:, :3, 0], past_deg[:, 3:, 0] = 30.0, -30.0
    hours = np.linspace(-20.0, 20.0, 401)
    sun = suns(0.0, hours)
    past = angle_between_deg(table_of(past_deg).normals(sun), sun)
    np.testing.assert_allclose(past, 30.0, atol=EXACT_DEG)
    assert BRANCH_DEG < 60.0


def test_outside_the_table_its_edge_goes_on():
    past_deg = np.broadcast_to(np.array([3.0, 4.0]), (4, 5, 2))
    sun = suns(np.array([-24.0, 24.0]), np.array([-60.0, 60.0]))
    past = angle_between_deg(table_of(past_deg).normals(sun), sun)
    np.testing.assert_allclose(past, 5.0, atol=EXACT_DEG)


def test_each_head_has_its_own_way_and_its_own_table():
    past_deg = np.zeros((4, 5, 3, 2))
    past_deg[:, :, 1, 1], past_deg[:, :, 2, 0] = 7.0, -9.0
    table, sun = table_of(past_deg), suns(np.array([1.0, 2.0]), 3.0)
    normals = table.normals(sun)
    assert normals.shape == (2, 3, 3)
    past = angle_between_deg(normals, sun[:, np.newaxis])
    np.testing.assert_allclose(past, [[0.0, 7.0, 9.0]] * 2, atol=EXACT_DEG)
    for head in range(3):
        np.testing.assert_array_equal(table.of_head(head).normals(sun), normals[:, head])


def test_without_a_table_heads_face_the_sun():
    sun = suns(3.0, 7.0)
    np.testing.assert_array_equal(desired_normals(sun, 4, None), np.broadcast_to(sun, (4, 3)))


def test_with_one_all_heads_look_past_it():
    past_deg = np.broadcast_to(np.array([0.0, 6.0]), (4, 5, 2))
    sun = suns(3.0, 7.0)
    normals = desired_normals(sun, 4, table_of(past_deg))
    assert normals.shape == (4, 3)
    np.testing.assert_allclose(angle_between_deg(normals, sun), 6.0, atol=EXACT_DEG)
