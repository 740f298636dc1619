"""When a day begins and ends behind hills: late, early, and once."""

from dataclasses import replace

import numpy as np
import pytest

from tracker.decision.day import clear_height_deg
from tracker.decision.states import State
from tracker.frames import enu_from_azel
from tracker.plant import Horizon

RIDGE = Horizon(azimuth_deg=np.array([0.0]), elevation_deg=np.array([10.0]))  # all around
HIDDEN_FOR_S = 900.0


@pytest.fixture
def behind_ridge(field_of):
    """A field in a valley with its heads homed in the night, ticks of 30 s."""

    def make(horizon=RIDGE):
        field = field_of(tick_s=30.0)
        field.rules = replace(field.rules, horizon=horizon)
        field.sun = (90.0, -5.0)
        field.until(State.NIGHT)
        return field

    return make


def states_under(field, sun_deg, azimuth_deg=90.0):
    field.sun = (azimuth_deg, sun_deg)
    field.tick()
    return field.names()


def test_the_day_begins_when_the_sun_stands_clear_of_the_skyline(behind_ridge):
    field = behind_ridge()
    assert {name for sun_deg in (0.6, 5.0, 10.0, 10.4) for name in states_under(field, sun_deg)} == {"NIGHT"}
    assert states_under(field, 10.6) == {"TRACKING"}


def test_the_skyline_is_looked_up_where_the_sun_stands(behind_ridge):
    walls = Horizon(azimuth_deg=np.array([80.0, 90.0, 100.0]), elevation_deg=np.array([0.0, 30.0, 0.0]))
    field = behind_ridge(walls)
    assert states_under(field, 20.0, azimuth_deg=90.0) == {"NIGHT"}
    assert states_under(field, 20.0, azimuth_deg=95.0) == {"TRACKING"}


def test_the_day_ends_when_the_skyline_has_hidden_the_sun_for_its_time(behind_ridge):
    field = behind_ridge()
    states_under(field, 12.0, 270.0)
    gone_s = field.now_s
    while states_under(field, 9.0, 270.0) == {"TRACKING"}:
        assert field.now_s - gone_s <= HIDDEN_FOR_S
    assert field.now_s - gone_s == pytest.approx(HIDDEN_FOR_S, abs=30.0)
    assert field.names() == {"NIGHT"}


def test_below_the_flat_horizon_the_day_ends_at_once_with_a_skyline_too(behind_ridge):
    field = behind_ridge()
    states_under(field, 12.0, 270.0)
    assert states_under(field, -0.1, 270.0) == {"NIGHT"}


def test_a_sun_that_trembles_on_the_skyline_begins_one_day_and_no_more(behind_ridge):
    field, rng = behind_ridge(), np.random.default_rng(5)
    seen = [states_under(field, 10.25 + tremble) for tremble in rng.uniform(-0.2, 0.2, 200)]
    assert set().union(*seen) == {"NIGHT"}
    states_under(field, 11.0)
    seen = [states_under(field, 10.0 + tremble) for tremble in rng.uniform(-0.4, 0.4, 200)]
    assert set().union(*seen) == {"TRACKING"}


def test_the_teeth_of_a_ridge_end_no_day(behind_ridge):
    """Teeth that hide the sun for 10 minutes each, gaps of 5 minutes between them, a whole morning."""
    field = behind_ridge()
    states_under(field, 12.0)
    for _ in range(16):
        assert {name for _ in range(20) for name in states_under(field, 8.0)} == {"TRACKING"}
        assert {name for _ in range(10) for name in states_under(field, 12.0)} == {"TRACKING"}


def test_however_jagged_the_skyline_two_changes_are_its_time_apart(behind_ridge):
    field, rng = behind_ridge(), np.random.default_rng(11)
    ends_s, before = [], "NIGHT"
    for length in rng.integers(1, 80, 300).tolist():
        sun_deg = float(rng.choice([5.0, 15.0]))
        for _ in range(length):
            (now,) = states_under(field, sun_deg)
            if (before, now) == ("TRACKING", "NIGHT"):
                ends_s.append(field.now_s)
            before = now
    assert len(ends_s) > 10
    assert np.diff(ends_s).min() >= HIDDEN_FOR_S


def test_heads_that_come_to_life_behind_the_skyline_wait_for_the_sun(field_of):
    field = field_of()
    field.rules = replace(field.rules, horizon=RIDGE)
    field.sun = (90.0, 8.0)
    field.until(State.NIGHT, most=5)


def test_without_a_skyline_a_low_sun_may_last_for_hours(field_of):
    field = field_of(tick_s=60.0)
    field.until(State.TRACKING)
    assert {name for _ in range(300) for name in states_under(field, 0.2)} == {"TRACKING"}


def test_a_skyline_below_the_flat_horizon_moves_neither_morning_nor_evening(behind_ridge):
    field = behind_ridge(Horizon(azimuth_deg=np.array([0.0]), elevation_deg=np.array([-3.0])))
    assert states_under(field, 0.4) == {"NIGHT"}
    assert states_under(field, 0.6) == {"TRACKING"}
    assert states_under(field, -0.1) == {"NIGHT"}


def test_the_clear_height_is_over_the_higher_of_both_horizons():
    skyline = Horizon(azimuth_deg=np.array([90.0, 270.0]), elevation_deg=np.array([20.0, -2.0]))
    sun_enu = enu_from_azel([90.0, 270.0, 180.0], [25.0, 25.0, 5.0])
    np.testing.assert_allclose(clear_height_deg(sun_enu, skyline), [5.0, 25.0, -4.0], atol=1e-9)
    np.testing.assert_allclose(clear_height_deg(sun_enu, None), [25.0, 25.0, 5.0], atol=1e-9)
