"""The states of a head, the events, and the one table that says which event leads where.

Events are listed from the lowest to the highest priority. In a tick they are applied in that order, so that
the last word is the highest event's. What is absent from the table is ignored.
"""

from collections.abc import Mapping
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray


class State(IntEnum):
    """What a head is doing; values are stored in journals, so they are never renumbered."""

    STARTING = 0  # not heard yet by this controller
    UNTRUSTED = 1  # position unknown: nothing moves but homing in calm
    HOMING = 2
    FLATTENING = 3  # position unknown and wind rising: elevation alone toward the flat end switch
    READY = 4  # free to go, standing: the next calm tick decides by the sun
    TRACKING = 5
    NIGHT = 6
    JOGGING = 7
    STOWING = 8
    STOWED = 9
    FAULT = 10  # the device latched a fault: held until a person clears it
    LOCKING = 11  # stowing, then the drive is switched off
    LOCKED = 12
    STOPPED = 13  # a person said so: held until a person releases
    EMERGENCY = 14  # the emergency stop is pressed


class Event(IntEnum):
    """What can happen to a head in a tick, lowest priority first."""

    FOUND_OFF = 0  # its drive was switched off before this controller came: it was locked
    FOUND_HELD = 1  # stopped before this controller came: somebody may be in the machine
    CALM = 2  # nothing asks for a stow
    SUN_UP = 3
    SUN_DOWN = 4
    JOG = 5
    MAY_HOME = 6  # position unknown, calm now, link up
    HOMED = 7  # the position is trusted
    HOME = 8
    ARRIVED = 9
    STOW = 10  # a person asked for it, and has not released it
    LINK_LOST = 11  # silent for longer than the lease
    WIND_HIGH = 12  # or stale, or missing
    POSITION_LOST = 13
    FAULT = 14
    CLEARED = 15
    LOCK = 16
    UNLOCK = 17
    RELEASE = 18
    STOP = 19
    EMERGENCY = 20
    EMERGENCY_OVER = 21
    DIFFUSE = 22  # leads to no other state: a head that tracks begins to lean for the light of clouds
    DIRECT = 23  # and faces the sun again


AT_WORK: Final = (State.READY, State.TRACKING, State.NIGHT, State.JOGGING)
UNKNOWN: Final = (State.STARTING, State.UNTRUSTED, State.HOMING, State.FLATTENING)
STOWS: Final = (State.STOWING, State.STOWED)


def _from(states: tuple[State, ...], event: Event, to: State) -> dict[tuple[State, Event], State]:
    return {(state, event): to for state in states}


TRANSITIONS: Final[Mapping[tuple[State, Event], State]] = {
    # by itself, in good order
    (State.READY, Event.CALM): State.TRACKING,
    (State.STOWED, Event.CALM): State.TRACKING,
    (State.NIGHT, Event.SUN_UP): State.TRACKING,
    (State.TRACKING, Event.SUN_DOWN): State.NIGHT,
    # a person at work
    **_from(AT_WORK, Event.JOG, State.JOGGING),
    (State.JOGGING, Event.RELEASE): State.READY,
    # coming to heads that somebody else has left: the lowest events, for they stay true for long
    (State.STARTING, Event.FOUND_OFF): State.LOCKED,
    (State.STARTING, Event.FOUND_HELD): State.STOPPED,
    (State.STARTING, Event.POSITION_LOST): State.UNTRUSTED,
    # finding the position
    **_from((State.UNTRUSTED, State.FLATTENING), Event.MAY_HOME, State.HOMING),
    **_from(UNKNOWN, Event.HOMED, State.READY),
    **_from(AT_WORK, Event.HOME, State.HOMING),
    # stow
    **_from(AT_WORK, Event.STOW, State.STOWING),
    **_from(AT_WORK, Event.LINK_LOST, State.STOWING),
    **_from(AT_WORK, Event.WIND_HIGH, State.STOWING),
    (State.STOWING, Event.ARRIVED): State.STOWED,
    **_from((State.UNTRUSTED, State.HOMING), Event.WIND_HIGH, State.FLATTENING),
    # the position is gone
    **_from((*AT_WORK, State.STOWED), Event.POSITION_LOST, State.UNTRUSTED),
    (State.STOWING, Event.POSITION_LOST): State.FLATTENING,
    # the device says no
    **_from((*AT_WORK, *UNKNOWN, *STOWS), Event.FAULT, State.FAULT),
    (State.FAULT, Event.CLEARED): State.READY,
    # maintenance: hands come before steel, so a head that cannot stow is switched off where it stands
    **_from((*AT_WORK, *STOWS), Event.LOCK, State.LOCKING),
    **_from((*UNKNOWN, State.FAULT, State.STOPPED), Event.LOCK, State.LOCKED),
    (State.LOCKING, Event.ARRIVED): State.LOCKED,
    (State.LOCKING, Event.POSITION_LOST): State.LOCKED,
    (State.LOCKING, Event.FAULT): State.LOCKED,
    (State.LOCKING, Event.STOP): State.LOCKED,
    **_from((State.LOCKING, State.LOCKED), Event.UNLOCK, State.STOPPED),  # unlocking moves nothing
    # a person said stop, and only a person lets go again
    **_from((*AT_WORK, *UNKNOWN, *STOWS, State.FAULT), Event.STOP, State.STOPPED),
    (State.STOPPED, Event.RELEASE): State.READY,
    # the button outranks everybody (a locked drive is off already); letting it go moves nothing
    **_from(
        (*AT_WORK, *UNKNOWN, *STOWS, State.FAULT, State.LOCKING, State.STOPPED),
        Event.EMERGENCY,
        State.EMERGENCY,
    ),
    (State.EMERGENCY, Event.EMERGENCY_OVER): State.STOPPED,
}


def _lookup() -> NDArray[np.int8]:
    table = np.repeat(np.arange(len(State), dtype=np.int8)[:, None], len(Event), axis=1)
    for (state, event), to in TRANSITIONS.items():
        table[state, event] = to
    return table


NEXT: Final = _lookup()  # (state, event) -> state, the table above for arrays


def states_in(*states: State) -> NDArray[np.bool_]:
    """A table that says, indexed by an array of states, which heads are in one of these."""
    return np.isin(np.arange(len(State)), states)


TRACKS_IN: Final = states_in(State.TRACKING)
JOGS_IN: Final = states_in(State.JOGGING)
STOWS_IN: Final = states_in(State.STOWING, State.STOWED, State.LOCKING)
MOVES_IN: Final = states_in(State.TRACKING, State.NIGHT, State.JOGGING)
STANDS_IN: Final = states_in(
    State.STARTING, State.UNTRUSTED, State.READY, State.FAULT, State.STOPPED, State.EMERGENCY
)
NEEDS_DRIVE_IN: Final = STOWS_IN | MOVES_IN | states_in(State.HOMING, State.FLATTENING)
