"""A motion in closed form against one that is stepped, and against its own limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.simulator.motion import Motion, braked

SPEEDS = st.floats(-500.0, 500.0)
PLACES = st.floats(-1e5, 1e5)
RATES = st.floats(1.0, 500.0)
RAMPS = st.floats(10.0, 5000.0)


def test_a_long_way_is_ramp_cruise_and_ramp():
    """1000 counts at 100 counts/s and 50 counts/s2: 2 s and 100 counts for each ramp, 8 s between."""
    motion = Motion.between(0.0, 0.0, 1000.0, 100.0, 50.0)
    assert (motion.ramp_up_s, motion.cruise_s, motion.ramp_down_s) == (2.0, 8.0, 2.0)
    assert motion.at(1.0) == (25.0, 50.0)
    assert motion.at(2.0) == (100.0, 100.0)
    assert motion.at(11.0) == (975.0, 50.0)
    assert motion.at(12.0) == (1000.0, 0.0)


def test_a_short_way_never_reaches_full_speed():
    """100 counts at 50 counts/s2: sqrt(50 * 100) = 70.7 counts/s at half the way."""
    motion = Motion.between(0.0, 0.0, 100.0, 500.0, 50.0)
    place, speed = motion.at(motion.duration_s / 2.0)
    assert (place, speed) == pytest.approx((50.0, 5000.0**0.5))


def test_a_target_behind_is_reached_by_turning_round():
    motion = Motion.between(0.0, 100.0, -50.0, 100.0, 50.0)
    assert motion.at(2.0) == pytest.approx((100.0, 0.0))  # braked first
    assert motion.at(motion.duration_s) == (-50.0, 0.0)


def test_braking_ends_where_it_was_foretold():
    where = braked(10.0, -100.0, 50.0)
    assert where == -90.0
    motion = Motion.between(10.0, -100.0, where, 100.0, 50.0)
    assert motion.duration_s == pytest.approx(2.0)
    assert motion.at(1.0) == pytest.approx((-65.0, -50.0))


@given(start=PLACES, v0=SPEEDS, target=PLACES, rate=RATES, ramp=RAMPS)
def test_it_arrives_within_its_limits_and_without_a_jump(start, v0, target, rate, ramp):
    motion = Motion.between(start, v0, target, rate, ramp)
    step_s = motion.duration_s / 200.0
    allowed = max(rate, abs(v0)) * (1.0 + 1e-9)
    place, speed = motion.at(0.0)
    assert (place, speed) == pytest.approx((start, v0), abs=1e-6)
    for number in range(1, 201):
        next_place, next_speed = motion.at(number * step_s)
        assert abs(next_speed) <= allowed
        assert abs(next_speed - speed) <= ramp * step_s * (1.0 + 1e-6) + 1e-6
        assert abs(next_place - place) <= allowed * step_s * (1.0 + 1e-6) + 1e-3
        place, speed = next_place, next_speed
    assert motion.at(motion.duration_s) == (target, 0.0)
    assert motion.at(motion.duration_s * (1.0 - 1e-9))[0] == pytest.approx(target, abs=0.01)
