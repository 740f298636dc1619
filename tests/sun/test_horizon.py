"""The skyline: interpolation around the compass, and files as people and PVGIS write them."""

import numpy as np
import pytest

from tracker.errors import InvalidInput
from tracker.plant import Horizon
from tracker.sun.horizon import horizon_from_csv

SKYLINE = Horizon(azimuth_deg=np.array([10.0, 90.0, 300.0]), elevation_deg=np.array([2.0, 10.0, 4.0]))
PVGIS = """Latitude (decimal degrees):\t45.809
Longitude (decimal degrees):\t8.632

A_hor\t\tH_hor\t\tA_sun(w)\t\tH_sun(w)\t\tA_sun(s)\t\tH_sun(s)
-180.0\t\t1.5\t\t-180.0\t\t-67.6\t\t-180.0\t\t-20.7
-90.0\t\t3.0\t\t-141.6\t\t-64.1\t\t-167.1\t\t-20.0
0.0\t\t12.2\t\t0.0\t\t20.8\t\t0.0\t\t67.6
90.0\t\t6.1\t\t57.7\t\t0.0\t\t102.9\t\t40.0
180.0\t\t1.5\t\t180.0\t\t-67.6\t\t180.0\t\t-20.7

A_hor: Azimuth (0 = S, 90 = W, -90 = E) (degree)
H_hor: Horizon height (degree)
"""


@pytest.mark.parametrize(
    ("azimuth_deg", "elevation_deg"),
    [
        (10, 2),
        (50, 6),
        (90, 10),
        (195, 7),
        (300, 4),
        (335, 3),
        (0, 2 + 10 / 35),
        (360, 2 + 10 / 35),
        (-65, 4 + 1 / 7),
    ],
)
def test_straight_lines_join_the_points_all_around(azimuth_deg, elevation_deg):
    assert SKYLINE.elevation_at_deg(azimuth_deg) == pytest.approx(elevation_deg)


def test_a_full_turn_changes_nothing(rng):
    azimuth_deg = rng.uniform(0.0, 360.0, (40, 5))
    here = SKYLINE.elevation_at_deg(azimuth_deg)
    assert here.shape == (40, 5)
    np.testing.assert_allclose(SKYLINE.elevation_at_deg(azimuth_deg - 720.0), here, atol=1e-11)
    assert (here >= 2.0).all()
    assert (here <= 10.0).all()


def test_one_point_is_a_level_skyline():
    level = Horizon(azimuth_deg=np.array([123.0]), elevation_deg=np.array([5.0]))
    np.testing.assert_array_equal(level.elevation_at_deg([0.0, 123.0, 359.9]), [5.0, 5.0, 5.0])


def test_the_sun_is_hidden_below_the_skyline():
    assert SKYLINE.hides([90.0, 90.0, 10.0], [9.9, 10.1, 9.9]).tolist() == [True, False, False]


def test_azimuth_elevation_pairs_are_read_in_any_order():
    text = "\ufeff# surveyed in May\nazimuth_deg,elevation_deg\n300,4\n\n10 , 2\n# the tower\n450,10\n"
    skyline = horizon_from_csv(text, "horizon.csv")
    np.testing.assert_array_equal(skyline.azimuth_deg, SKYLINE.azimuth_deg)
    np.testing.assert_array_equal(skyline.elevation_deg, SKYLINE.elevation_deg)


@pytest.mark.parametrize("header", ["A_hor", "A"])
def test_the_profile_that_pvgis_gives_is_read_as_it_is(header):
    skyline = horizon_from_csv(PVGIS.replace("A_hor", header), "horizon.csv")
    np.testing.assert_array_equal(skyline.azimuth_deg, [0.0, 90.0, 180.0, 270.0])  # its south is our 180
    np.testing.assert_array_equal(skyline.elevation_deg, [1.5, 3.0, 12.2, 6.1])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "horizon.csv: no horizon: the columns are not named"),
        ("0,1\n90,2\n", "the columns are not named; give a header azimuth_deg,elevation_deg"),
        ("5\n6\n7\n8\n", "the columns are not named"),
        ("azimuth_deg,elevation_deg\n", "at least one"),
        ("azimuth_deg,elevation_deg\n0,1\n90,high\n", "line 3: '90,high' is not azimuth, elevation"),
        ("azimuth_deg,elevation_deg\n0\n", "line 2: '0' is not azimuth, elevation"),
        ("azimuth_deg,elevation_deg\n0,nan\n", "line 2: '0,nan' is not finite"),
        ("azimuth_deg,elevation_deg\n0,1\n360,2\n", "line 3: azimuth 360 has two elevations"),
        ("azimuth_deg,elevation_deg\n0,95\n", "elevations of a horizon must be -10 to 90 deg"),
    ],
)
def test_a_file_that_is_no_horizon_is_refused_with_its_place(text, says):
    with pytest.raises(InvalidInput, match=says):
        horizon_from_csv(text, "horizon.csv")


@pytest.mark.parametrize(
    ("azimuth_deg", "elevation_deg"),
    [
        ([90.0, 10.0], [1.0, 1.0]),
        ([0.0, 360.0], [1.0, 1.0]),
        ([0.0], [1.0, 2.0]),
        ([], []),
        ([0.0], [-11.0]),
        ([np.nan], [1.0]),
    ],
)
def test_a_skyline_that_is_none_is_refused(azimuth_deg, elevation_deg):
    with pytest.raises(ValueError, match="horizon"):
        Horizon(azimuth_deg=np.array(azimuth_deg), elevation_deg=np.array(elevation_deg))
