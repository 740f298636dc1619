"""What a field of heads does, hour by hour, when things go right and when they do not."""

from dataclasses import replace

import numpy as np
import pytest

from tracker.decision.states import Event, State
from tracker.decision.values import Order, Rules
from tracker.frames import angle_between_deg, enu_from_azel

SETTLED_DEG = 0.15 * np.sqrt(2)


def test_a_calm_morning_leads_to_tracking(field_of):
    field = field_of()
    field.until(State.TRACKING)
    for _ in range(400):
        field.tick()
    assert field.decision.settled.all()
    facing = enu_from_azel(field.seen.azimuth_deg, field.seen.elevation_deg)
    assert angle_between_deg(facing, enu_from_azel(*field.sun)).max() < SETTLED_DEG


def test_sunset_ends_in_the_night_posture_and_the_next_sun_wakes(field_of):
    field = field_of()
    field.until(State.TRACKING)
    field.sun = (280.0, -0.1)
    field.until(State.NIGHT)
    for _ in range(900):
        field.tick()
    np.testing.assert_allclose(field.seen.azimuth_deg, 90.0, atol=0.1)
    np.testing.assert_allclose(field.seen.elevation_deg, 90.0, atol=0.1)
    assert (field.decision.orders == Order.NONE).all()
    field.sun = (80.0, 0.6)
    field.until(State.TRACKING, most=2)


def test_a_sun_that_trembles_at_the_horizon_does_not_make_heads_chatter(field_of):
    field = field_of()
    field.until(State.TRACKING)
    seen = set()
    for elevation in (0.4, 0.1, 0.3, 0.05, 0.4):
        field.sun = (270.0, elevation)
        field.tick()
        seen |= field.names()
    assert seen == {"TRACKING"}


@pytest.mark.parametrize("gust", [12.0, 25.0])
def test_a_high_gust_stows_in_the_same_tick(field_of, gust):
    field = field_of()
    field.until(State.TRACKING)
    field.gust_m_s = gust
    assert (field.tick().states == State.STOWING).all()
    assert (field.decision.orders == Order.STOW).all()
    field.until(State.STOWED)
    np.testing.assert_allclose(field.seen.elevation_deg, 90.0, atol=0.15)


def test_after_a_gust_the_calm_must_last_before_tracking_goes_on(field_of):
    field = field_of(tick_s=10.0)
    field.until(State.TRACKING)
    field.gust_m_s = 12.5
    field.until(State.STOWED)
    field.gust_m_s = 9.0  # below the stow gust, above the release gust: not calm
    for _ in range(400):
        assert (field.tick().states == State.STOWED).all()
    field.gust_m_s, calm_since_s = 7.9, field.now_s
    field.until(State.TRACKING)
    assert field.now_s - calm_since_s >= 1800.0
    assert field.now_s - calm_since_s < 1850.0


def test_one_gust_in_the_calm_starts_the_waiting_again(field_of):
    field = field_of(tick_s=10.0)
    field.until(State.TRACKING)
    field.gust_m_s = 12.5
    field.tick()
    field.gust_m_s = 3.0
    for _ in range(170):
        field.tick()
    field.gust_m_s = 8.5
    field.tick()
    field.gust_m_s, again_s = 3.0, field.now_s
    field.until(State.TRACKING)
    assert field.now_s - again_s >= 1800.0


@pytest.mark.parametrize("gust", [3.0, np.nan])
def test_stale_wind_is_wind(field_of, gust):
    field = field_of()
    field.until(State.TRACKING)
    field.gust_m_s, field.wind_age_s = gust, 10.5
    assert (field.tick().states == State.STOWING).all()


def test_without_a_first_reading_nothing_starts_to_move(field_of):
    field = field_of()
    field.gust_m_s = np.nan
    for second in range(9):
        field.wind_age_s = float(second)
        field.tick()
        assert (field.decision.orders == Order.NONE).all()
        assert field.names() == {"READY"}


def test_an_unknown_position_is_searched_only_in_calm(field_of):
    field = field_of()
    field.gust_m_s = 9.0
    field.tick(trusted=False)
    field.tick()
    assert field.names() == {"UNTRUSTED"}
    assert (field.decision.orders == Order.NONE).all()
    field.gust_m_s = 3.0
    field.tick()
    assert field.names() == {"HOMING"}
    assert (field.decision.orders == Order.HOME).all()


def test_wind_turns_a_search_into_flattening_by_elevation_alone(field_of):
    field = field_of()
    field.tick(trusted=False)
    field.gust_m_s = 13.0
    field.tick(homing=True, moving=True)
    assert field.names() == {"FLATTENING"}
    assert (field.decision.orders == Order.FLATTEN).all()
    field.tick(homing=False, moving=True)
    assert (field.decision.orders == Order.NONE).all()  # under way


def test_a_position_lost_under_way_stops_the_tracking(field_of):
    field = field_of()
    field.until(State.TRACKING)
    field.gust_m_s = 9.0  # too much to home
    field.tick(trusted=False, moving=True, obey=False)
    assert field.names() == {"UNTRUSTED"}
    assert (field.decision.orders == Order.STOP).all()


def test_a_new_controller_leaves_alone_whom_somebody_has_stopped(field_of, ask):
    field = field_of()
    field.tick(held=[False, True, False])
    assert [State(s).name for s in field.decision.states] == ["READY", "STOPPED", "READY"]
    for _ in range(50):
        field.tick()
    assert [State(s).name for s in field.decision.states] == ["TRACKING", "STOPPED", "TRACKING"]
    field.tick(
        ask(Event.RELEASE, 1)
    )  # the device says held until it is told to move: no reason to stop again
    field.tick()
    assert field.names() == {"TRACKING"}


def test_a_new_controller_leaves_alone_whom_somebody_has_locked(field_of, ask):
    field = field_of()
    field.tick(enabled=[True, False, True], held=[False, True, False])
    for _ in range(20):
        field.tick()
    assert [State(s).name for s in field.decision.states] == ["TRACKING", "LOCKED", "TRACKING"]
    assert field.decision.orders[1] == Order.NONE
    assert not field.seen.enabled[1]


def test_a_new_controller_starts_no_tracking_in_a_breeze(field_of):
    field = field_of()
    field.gust_m_s = 9.0  # below the stow gust, but nobody knows what blew before
    for _ in range(50):
        field.tick()
    assert field.names() == {"READY"}
    field.gust_m_s = 7.5
    field.until(State.TRACKING, most=2)


def test_a_head_that_the_machine_itself_has_stopped_is_not_a_persons_stop(field_of):
    field = field_of()
    field.until(State.TRACKING)
    field.tick(trusted=False, moving=True, obey=False)
    field.tick(moving=False, held=True)
    assert field.names() == {"HOMING"}


def test_stop_holds_in_wind_until_a_person_releases(field_of, ask):
    field = field_of()
    field.until(State.TRACKING)
    field.tick(ask(Event.STOP), moving=True, obey=False)
    assert field.names() == {"STOPPED"}
    assert (field.decision.orders == Order.STOP).all()
    field.gust_m_s = 20.0
    for _ in range(50):
        field.tick(moving=False)
    assert field.names() == {"STOPPED"}
    field.tick(ask(Event.RELEASE))
    assert field.names() == {"READY"}
    field.tick()
    assert field.names() == {"STOWING"}


def test_a_moving_head_that_has_fallen_silent_is_told_to_stop_again_and_again(field_of, ask):
    field = field_of()
    field.until(State.TRACKING)
    field.tick(ask(Event.STOP), moving=True, silent_s=1.0, obey=False)
    assert (field.decision.orders == Order.STOP).all()
    assert (field.tick(silent_s=2.0, obey=False).orders == Order.STOP).all()
    assert (field.tick(silent_s=0.0, moving=False).orders == Order.NONE).all()


def test_stop_of_one_head_leaves_the_others_at_work(field_of, ask):
    field = field_of()
    field.until(State.TRACKING)
    field.tick(ask(Event.STOP, 1))
    assert [State(s).name for s in field.decision.states] == ["TRACKING", "STOPPED", "TRACKING"]


def test_a_persons_stow_holds_in_calm_until_released(field_of, ask):
    field = field_of()
    field.until(State.TRACKING)
    field.tick(ask(Event.STOW))
    field.until(State.STOWED)
    for _ in range(100):
        field.tick()
    assert field.names() == {"STOWED"}
    field.tick(ask(Event.RELEASE))
    field.until(State.TRACKING, most=2)


def test_a_stow_beats_a_hand_on_the_jog(field_of, ask):
    field = field_of()
    field.until(State.TRACKING)
    field.tick(ask(Event.JOG, azimuth_deg=200.0, elevation_deg=20.0))
    assert field.names() == {"JOGGING"}
    field.gust_m_s = 12.0
    field.tick(ask(Event.JOG, azimuth_deg=200.0, elevation_deg=20.0))
    assert field.names() == {"STOWING"}


def test_a_jog_past_the_end_goes_to_the_end(field_of, ask):
    field = field_of(tick_s=1e4)
    field.until(State.TRACKING)
    field.tick(ask(Event.JOG, azimuth_deg=400.0, elevation_deg=-30.0))
    field.tick()
    np.testing.assert_array_equal(field.seen.azimuth_deg, 270.0)
    np.testing.assert_array_equal(field.seen.elevation_deg, 0.0)


def test_a_head_that_its_travel_keeps_from_the_sun_is_never_settled(field_of):
    field = field_of()
    field.until(State.TRACKING)
    field.rules = Rules(
        limits=replace(field.rules.limits, elevation_range_deg=(50.0, 95.0)),
        safety=field.rules.safety,
        pointing=field.rules.pointing,
    )
    for _ in range(600):
        field.tick()
    np.testing.assert_array_equal(field.seen.elevation_deg, 50.0)  # the sun is at 40
    assert field.decision.limited.all()
    assert not field.decision.settled.any()


def test_homing_is_not_begun_in_a_breeze(field_of, ask):
    field = field_of()
    field.until(State.TRACKING)
    field.gust_m_s = 9.0
    field.tick(ask(Event.HOME))
    assert field.names() == {"TRACKING"}


def test_a_short_silence_changes_nothing_and_a_long_one_stows(field_of):
    field = field_of()
    field.until(State.TRACKING)
    while not field.decision.settled.all():
        field.tick()
    field.tick(silent_s=4.9)
    assert field.names() == {"TRACKING"}
    assert (field.decision.orders == Order.NONE).all()
    assert not field.decision.settled.any()
    field.tick(silent_s=5.1)
    assert field.names() == {"STOWING"}
    assert (field.decision.orders == Order.NONE).all()  # nobody hears; the device stows by itself
    field.tick(silent_s=0.0)
    assert (field.decision.orders == Order.STOW).all()
    field.until(State.TRACKING)  # a lost link is a condition, not a latch


def test_a_fault_is_held_until_a_person_clears_it_and_the_device_agrees(field_of, ask):
    field = field_of()
    field.until(State.TRACKING)
    field.tick(fault=3)
    assert field.names() == {"FAULT"}
    field.tick(fault=0)  # a device that forgot its fault by itself does not count
    assert field.names() == {"FAULT"}
    field.tick(ask(Event.CLEARED), fault=3)
    assert field.names() == {"FAULT"}
    assert (field.decision.orders == Order.CLEAR).all()
    field.tick(fault=0)
    assert field.names() == {"READY"}


def test_a_lock_stows_first_then_switches_the_drive_off_and_ignores_wind(field_of, ask):
    field = field_of()
    field.until(State.TRACKING)
    for _ in range(300):
        field.tick()
    field.tick(ask(Event.LOCK))
    assert field.names() == {"LOCKING"}
    field.until(State.LOCKED)
    np.testing.assert_allclose(field.seen.elevation_deg, 90.0, atol=0.15)
    assert not field.seen.enabled.any()
    field.gust_m_s = 30.0
    for _ in range(20):
        field.tick()
        assert (field.decision.orders == Order.NONE).all()
    assert field.names() == {"LOCKED"}
    field.tick(ask(Event.UNLOCK))
    assert field.names() == {"STOPPED"}  # unlocking moves nothing
    field.tick(ask(Event.RELEASE))
    field.until(State.STOWED)
    assert field.seen.enabled.all()


def test_a_lock_without_a_position_switches_off_where_it_stands(field_of, ask):
    field = field_of()
    field.tick(ask(Event.LOCK), trusted=False)
    assert field.names() == {"LOCKED"}
    assert (field.decision.orders == Order.DISABLE).all()


def test_the_button_beats_everything_and_letting_go_moves_nothing(field_of, ask):
    field = field_of()
    field.until(State.TRACKING)
    field.gust_m_s = 20.0
    field.tick(ask(Event.RELEASE), emergency=True, moving=True, obey=False)
    assert field.names() == {"EMERGENCY"}
    assert (field.decision.orders == Order.STOP).all()
    field.tick(emergency=False, moving=False)
    assert field.names() == {"STOPPED"}
    assert (field.decision.orders == Order.NONE).all()


def test_a_lost_order_is_given_again(field_of):
    field = field_of()
    field.until(State.TRACKING)
    first = field.tick(obey=False).orders
    again = field.tick(obey=False).orders
    assert (first == Order.MOVE).all()
    assert (again == Order.MOVE).all()
    moving = field.tick(moving=True, obey=False).orders
    assert (moving == Order.NONE).all()


def test_within_the_dead_band_the_line_is_quiet(field_of):
    field = field_of()
    field.until(State.TRACKING)
    for _ in range(500):
        field.tick()
    field.sun = (140.05, 40.05)
    assert (field.tick().orders == Order.NONE).all()
    field.sun = (140.15, 40.0)
    assert (field.tick().orders == Order.MOVE).all()


def wide(field, dead_band_deg):
    field.rules = replace(field.rules, dead_band_deg=dead_band_deg)
    return field


def test_a_wide_dead_band_lets_the_sun_run_ahead_and_the_head_is_still_settled(field_of):
    field = wide(field_of(), 1.0)
    field.until(State.TRACKING)
    field.tick(azimuth_deg=140.0, elevation_deg=40.0)
    for ahead_deg in (0.4, 0.95):
        field.sun = (140.0 + ahead_deg, 40.0)
        decision = field.tick()
        assert (decision.orders == Order.NONE).all()
        assert decision.settled.all()
    field.sun = (141.05, 40.0)
    decision = field.tick()
    assert (decision.orders == Order.MOVE).all()
    assert not decision.settled.any()


def test_the_dead_band_is_for_following_the_sun_alone(field_of, ask):
    """A hand that asks for a third of a degree gets it, and the night posture is kept to a tenth."""
    field = wide(field_of(), 2.0)
    field.until(State.TRACKING)
    for _ in range(500):
        field.tick()
    field.tick(ask(Event.JOG, azimuth_deg=140.3, elevation_deg=40.0))
    for _ in range(5):
        field.tick()
    np.testing.assert_allclose(field.seen.azimuth_deg, 140.3, atol=1e-9)


def test_a_wide_dead_band_hides_no_end_of_travel(field_of):
    field = wide(field_of(), 2.0)
    field.until(State.TRACKING)
    field.sun = (140.0, 96.0)  # a degree past the end at 95
    assert field.tick().limited.any() == (field.rules.limits.elevation_range_deg[1] < 90.0)
    narrow = replace(field.rules.limits, elevation_range_deg=(0.0, 39.0))
    field.rules, field.sun = replace(field.rules, limits=narrow), (140.0, 40.0)
    assert field.tick().limited.all()


def test_many_heads_decide_as_each_alone(field_of, rng):
    field = field_of(heads=8)
    alone = [field_of(heads=1) for _ in range(8)]
    for _ in range(300):
        silent = rng.choice([0.0, 3.0, 6.0], 8, p=[0.9, 0.05, 0.05])
        fault = rng.choice([0, 2], 8, p=[0.995, 0.005])
        trusted = rng.random(8) > 0.01
        field.gust_m_s = float(rng.choice([3.0, 9.0, 14.0], p=[0.98, 0.01, 0.01]))
        field.tick(silent_s=silent, fault=fault, trusted=trusted)
        for h, one in enumerate(alone):
            one.gust_m_s = field.gust_m_s
            one.tick(silent_s=silent[h], fault=fault[h], trusted=trusted[h])
        for name in ("states", "orders", "reason", "settled"):
            together = getattr(field.decision, name)
            np.testing.assert_array_equal(together, [getattr(one.decision, name)[0] for one in alone])
