"""The table itself: every safety event is answered from every state."""

import numpy as np
import pytest

from tracker.decision.states import NEXT, TRANSITIONS, Event, State

IN_MOTION = (
    State.STARTING,
    State.UNTRUSTED,
    State.HOMING,
    State.FLATTENING,
    State.READY,
    State.TRACKING,
    State.NIGHT,
    State.JOGGING,
    State.STOWING,
    State.STOWED,
)
HOLDS = {State.STOPPED, State.EMERGENCY, State.LOCKED, State.FAULT}


@pytest.mark.parametrize("state", State)
def test_the_emergency_stop_ends_every_motion(state):
    expected = State.LOCKED if state is State.LOCKED else State.EMERGENCY  # a locked drive is off already
    assert NEXT[state, Event.EMERGENCY] == expected


@pytest.mark.parametrize("state", State)
def test_stop_ends_every_motion(state):
    assert State(NEXT[state, Event.STOP]) in HOLDS


@pytest.mark.parametrize("state", [State.TRACKING, State.READY, State.NIGHT, State.JOGGING])
@pytest.mark.parametrize("event", [Event.WIND_HIGH, Event.LINK_LOST, Event.STOW])
def test_whoever_knows_where_it_is_stows(state, event):
    assert NEXT[state, event] == State.STOWING


@pytest.mark.parametrize("state", [State.UNTRUSTED, State.HOMING])
def test_whoever_does_not_know_flattens_in_wind(state):
    assert NEXT[state, Event.WIND_HIGH] == State.FLATTENING


@pytest.mark.parametrize("state", HOLDS)
@pytest.mark.parametrize(
    "event", [Event.WIND_HIGH, Event.LINK_LOST, Event.STOW, Event.CALM, Event.SUN_UP, Event.JOG]
)
def test_a_head_held_by_a_person_or_a_fault_does_not_move_for_wind_or_sun(state, event):
    assert NEXT[state, event] == state


@pytest.mark.parametrize("state", IN_MOTION)
def test_a_device_fault_latches_from_every_state_that_may_move(state):
    assert NEXT[state, Event.FAULT] == State.FAULT


@pytest.mark.parametrize("state", set(State) - {State.EMERGENCY})
def test_a_maintenance_lock_is_reached_from_everywhere_but_the_button(state):
    assert State(NEXT[state, Event.LOCK]) in {State.LOCKING, State.LOCKED}


def test_lost_position_leaves_no_state_that_moves_by_itself():
    by_itself = {State.TRACKING, State.NIGHT, State.STOWING, State.JOGGING, State.LOCKING, State.READY}
    for state in by_itself:
        assert State(NEXT[state, Event.POSITION_LOST]) in {State.UNTRUSTED, State.FLATTENING, State.LOCKED}


def test_the_lookup_is_the_table():
    for state in State:
        for event in Event:
            assert NEXT[state, event] == TRANSITIONS.get((state, event), state)


def test_priorities_follow_the_safety_order():
    order = [
        Event.EMERGENCY,
        Event.STOP,
        Event.LOCK,
        Event.FAULT,
        Event.WIND_HIGH,
        Event.JOG,
        Event.SUN_UP,
    ]
    assert order == sorted(order, reverse=True)


@pytest.mark.parametrize("state", State)
def test_whatever_else_happens_the_emergency_stop_has_the_last_word(state, rng):
    for _ in range(200):
        reached = state
        for event in sorted({*rng.choice(Event.EMERGENCY, 6).tolist(), int(Event.EMERGENCY)}):
            reached = State(NEXT[reached, event])
        assert reached in {State.EMERGENCY, State.LOCKED}


def test_numbers_in_journals_keep_their_meaning():
    assert [s.name for s in State][:5] == ["STARTING", "UNTRUSTED", "HOMING", "FLATTENING", "READY"]
    assert list(map(int, State)) == list(range(15))
    assert np.asarray(NEXT).shape == (15, 24)
