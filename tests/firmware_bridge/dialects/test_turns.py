"""Azimuths that wrap."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.dialects.turns import apart_deg, as_said_deg, equivalent_deg, named_deg, rounded_deg

WIDE = (-270.0, 270.0)
ONE_TURN = (0.0, 360.0)


@given(st.floats(-2000.0, 2000.0), st.floats(-400.0, 400.0), st.floats(0.0, 900.0), st.floats(-500.0, 500.0))
def test_the_equivalent_is_the_nearest_of_all_that_fit(azimuth_deg, low_deg, width_deg, near_deg):
    range_deg = low_deg, low_deg + width_deg
    all_deg = [azimuth_deg + 360.0 * turn for turn in range(-9, 10)]
    fitting = [each for each in all_deg if range_deg[0] <= each <= range_deg[1]]
    found = equivalent_deg(azimuth_deg, range_deg, near_deg)
    if not fitting:
        assert found is None or min(abs(found - end) for end in range_deg) < 1e-9
    else:
        assert found is not None
        assert abs(found - near_deg) <= min(abs(each - near_deg) for each in fitting) + 1e-9
        assert apart_deg(found, azimuth_deg) < 1e-9


@pytest.mark.parametrize(
    ("azimuth_deg", "near_deg", "meant_deg"),
    [
        (350.0, 0.0, -10.0),
        (350.0, 200.0, -10.0),
        (200.0, 0.0, -160.0),
        (200.0, 100.0, 200.0),
        (90.0, -200.0, -270.0),
    ],
)
def test_of_two_turns_the_nearer_is_meant(azimuth_deg, near_deg, meant_deg):
    assert equivalent_deg(azimuth_deg, WIDE, near_deg) == meant_deg


def test_who_says_turns_is_taken_at_their_word():
    assert as_said_deg(200.0, WIDE, near_deg=-200.0) == 200.0
    assert as_said_deg(300.0, WIDE, near_deg=0.0) == -60.0
    assert as_said_deg(100.0, (0.0, 90.0), near_deg=0.0) is None


@pytest.mark.parametrize(
    ("reported_deg", "shift_deg", "near_deg", "named"),
    [
        (260.0, -360.0, -100.0, -100.0),  # told -100, which it counts as 260
        (100.0, -360.0, -100.0, -260.0),  # on its long way there
        (10.0, -360.0, -100.0, 10.0),  # -350 is out of the travel
        (260.0, 0.0, -100.0, 260.0),  # it counts as we do
        (260.0, None, -100.0, -100.0),  # it cannot tell turns: named after its target
        (359.8, None, 0.0, pytest.approx(-0.2)),
        (271.0, 0.0, 270.0, 271.0),  # a little beyond its travel
    ],
)
def test_a_reported_azimuth_is_named_as_the_host_counts(reported_deg, shift_deg, near_deg, named):
    assert named_deg(reported_deg, shift_deg, WIDE, near_deg) == named


def test_noise_around_north_is_no_turn_where_the_travel_ends_there():
    assert named_deg(359.8, None, ONE_TURN, near_deg=0.0) == pytest.approx(-0.2)


def test_a_head_outside_its_travel_is_called_by_the_nearest_name():
    assert named_deg(200.0, 0.0, (-90.0, 90.0), near_deg=0.0) == -160.0


@given(
    st.floats(-270.0, 270.0),
    st.sampled_from([1.0, 0.1, 0.01]),
    st.floats(-270.0, 0.0),
    st.floats(0.0, 270.0),
)
def test_rounding_stays_inside_and_near(angle_deg, step_deg, low_deg, high_deg):
    angle_deg = min(max(angle_deg, low_deg), high_deg)
    rounded = rounded_deg(angle_deg, step_deg, (low_deg, high_deg))
    assert low_deg - 1e-9 <= rounded <= high_deg + 1e-9 or high_deg - low_deg < step_deg
    assert abs(rounded - angle_deg) <= step_deg
    assert math.isclose(math.remainder(rounded, step_deg), 0.0, abs_tol=1e-9)
