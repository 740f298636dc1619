import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.aiming import postures
from tracker.aiming.limits import clipped, inside, reach
from tracker.frames import AxisPose, enu_from_azel
from tracker.plant import Limits

LIMITS = Limits(
    azimuth_range_deg=(-270.0, 270.0),
    elevation_range_deg=(0.0, 95.0),
    azimuth_rate_deg_s=0.5,
    elevation_rate_deg_s=0.3,
)
NARROW = Limits(
    azimuth_range_deg=(60.0, 300.0),
    elevation_range_deg=(10.0, 90.0),
    azimuth_rate_deg_s=0.5,
    elevation_rate_deg_s=0.3,
)


def pose(azimuth, elevation):
    return AxisPose(
        azimuth_deg=np.atleast_1d(azimuth).astype(float), elevation_deg=np.atleast_1d(elevation).astype(float)
    )


@pytest.mark.parametrize(
    ("wanted", "here", "turn"),
    [
        (350.0, 0.0, -10.0),
        (10.0, 350.0 - 360.0, 10.0),
        (280.0, 260.0, -80.0),  # 280 is past the cable's end: unwind
        (280.0, -100.0, -80.0),
        (190.0, -179.0, -170.0),
        (90.0, -269.0, -270.0),
    ],
)
def test_the_nearest_turn_inside_the_cable_is_taken(wanted, here, turn):
    assert reach(pose(wanted, 45.0), pose(here, 45.0), LIMITS).azimuth_deg[0] == turn


@given(st.floats(0.0, 360.0), st.floats(-270.0, 270.0), st.floats(-10.0, 110.0))
def test_what_is_reached_is_inside_and_the_same_direction(wanted, here, elevation):
    reached = reach(pose(wanted, elevation), pose(here, 0.0), LIMITS)
    assert inside(reached, LIMITS).all()
    np.testing.assert_allclose(
        enu_from_azel(reached.azimuth_deg, 0.0), enu_from_azel([wanted], 0.0), atol=1e-12
    )  # two whole turns of range hold every direction


@pytest.mark.parametrize(("wanted", "end"), [(30.0, 60.0), (330.0, 300.0), (0.0, 60.0), (359.0, 300.0)])
def test_a_direction_outside_the_range_gets_the_nearer_end(wanted, end):
    assert reach(pose(wanted, 45.0), pose(180.0, 45.0), NARROW).azimuth_deg[0] == end


def test_unknown_stays_unknown():
    reached = reach(pose(np.nan, 45.0), pose(0.0, 45.0), LIMITS)
    assert np.isnan(reached.azimuth_deg[0])
    assert not inside(reached, LIMITS)[0]


def test_clipping_keeps_the_turn():
    held = clipped(pose([-400.0, 370.0, 20.0], [-5.0, 120.0, 40.0]), LIMITS)
    np.testing.assert_array_equal(held.azimuth_deg, [-270.0, 270.0, 20.0])
    np.testing.assert_array_equal(held.elevation_deg, [0.0, 95.0, 40.0])


def test_stow_moves_the_elevation_alone():
    stowed = postures.stow(pose([250.0, -30.0], [12.0, 80.0]))
    np.testing.assert_array_equal(stowed.azimuth_deg, [250.0, -30.0])
    np.testing.assert_array_equal(stowed.elevation_deg, [90.0, 90.0])


def test_night_unwinds_the_cable():
    night = postures.night(pose([250.0, -250.0], [12.0, 80.0]), LIMITS)
    np.testing.assert_array_equal(night.azimuth_deg, [90.0, 90.0])
    np.testing.assert_array_equal(night.elevation_deg, [90.0, 90.0])
