"""From what is seen to what has happened: every condition of a tick as an event, head by head."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from tracker.aiming.postures import FLAT_ELEVATION_DEG
from tracker.decision.states import Event, State
from tracker.decision.values import Inputs, MachineState, Request, Rules, WindLatch
from tracker.plant import Safety
from tracker.ports.mount import HeadReadings
from tracker.units import BoolArray

Events = list[tuple[Event, BoolArray | np.bool_]]


def wind_after(latch: WindLatch, inputs: Inputs, now_s: ArrayLike, safety: Safety) -> WindLatch:
    """The wind latch after this tick. Stale or missing data is wind; a start waits for the first reading."""
    now_s = np.asarray(now_s, dtype=np.float64)
    calm = wind_calm(inputs, safety)
    calm_since_s = np.where(calm, np.minimum(latch.calm_since_s, now_s), np.inf)
    held = latch.latched & (now_s - calm_since_s < safety.release_after_s)
    return WindLatch(
        latched=wind_high(inputs, safety) | held,
        calm_since_s=np.where(held, calm_since_s, np.inf),  # who is free forgets how long
    )


def wind_high(inputs: Inputs, safety: Safety) -> BoolArray:
    """Whether the wind of this tick alone asks for a stow."""
    stale = np.greater(inputs.wind_age_s, safety.wind_stale_after_s)
    return np.asarray(stale | np.greater_equal(inputs.gust_m_s, safety.stow_gust_m_s))


def wind_calm(inputs: Inputs, safety: Safety) -> BoolArray:
    """Whether the wind of this tick is known and below the release gust."""
    return np.asarray(~wind_high(inputs, safety) & np.less(inputs.gust_m_s, safety.release_gust_m_s))


def held_after(held: BoolArray, requests: tuple[Request, ...]) -> BoolArray:
    """Which heads a person keeps stowed after this tick's requests."""
    for request in requests:
        if request.event in (Event.STOW, Event.RELEASE):
            held = held.copy()
            held[list(request.heads)] = request.event is Event.STOW
    return held


def clearing_after(state: MachineState, requests: tuple[Request, ...]) -> BoolArray:
    """Whose fault a person has asked to clear, kept until the head has left FAULT."""
    clearing: BoolArray = state.clearing & (state.heads == State.FAULT)
    for request in requests:
        if request.event is Event.CLEARED:
            clearing = clearing | np.isin(np.arange(clearing.size), request.heads)
    return clearing


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Seen:
    """What the conditions of a tick look at."""

    heads: HeadReadings
    state: MachineState
    safety: Safety
    heard: BoolArray
    trusted: BoolArray
    flat: BoolArray
    calm: BoolArray


Condition = Callable[[_Seen], BoolArray | np.bool_]

# Of whom each event is true; what is one for the whole site is true of everybody or of nobody. A silent head
# tells nothing new: within its lease nothing happens to it, past the lease it has lost its link.
CONDITIONS: Final[tuple[tuple[Event, Condition], ...]] = (
    (Event.FOUND_OFF, lambda s: s.heard & ~s.heads.enabled),
    (Event.FOUND_HELD, lambda s: s.heard & s.heads.held),
    (Event.CALM, lambda s: s.calm & ~s.state.wind.latched & s.trusted & ~s.state.held),
    (Event.SUN_UP, lambda s: s.state.sun.up),
    (Event.SUN_DOWN, lambda s: s.state.sun.down),
    (Event.MAY_HOME, lambda s: s.calm & s.heard & ~s.heads.trusted),
    (Event.HOMED, lambda s: s.trusted & ~s.heads.homing),
    (Event.ARRIVED, lambda s: s.trusted & s.flat & ~s.heads.moving),
    (Event.STOW, lambda s: s.state.held),
    (Event.LINK_LOST, lambda s: s.heads.silent_s > s.safety.link_lease_s),
    (Event.WIND_HIGH, lambda s: s.state.wind.latched),
    (Event.POSITION_LOST, lambda s: s.heard & ~s.heads.trusted),
    (Event.FAULT, lambda s: s.heard & (s.heads.fault != 0)),
    (Event.CLEARED, lambda s: s.heard & s.state.clearing & (s.heads.fault == 0)),
    (Event.EMERGENCY, lambda s: s.heard & s.heads.emergency),
    (Event.EMERGENCY_OVER, lambda s: s.heard & ~s.heads.emergency),
)
IN_CALM_ONLY: Final = frozenset({Event.HOME})  # a search for the switches cannot dodge a gust
REMEMBERED: Final = frozenset({Event.STOW, Event.CLEARED})  # in force until over: see MachineState


def events(state: MachineState, inputs: Inputs, rules: Rules) -> Events:
    """What happened in this tick: (event, of which heads (H,) or, for all, ()), lowest priority first.

    `state` already holds this tick's wind latch, sun, holds and faults to clear.
    """
    seen = _seen(state, inputs, rules)
    happened = [(event, mask) for event, condition in CONDITIONS if np.count_nonzero(mask := condition(seen))]
    if inputs.requests:
        happened += _asked_for(inputs.requests, state.heads.size, seen.calm)
        happened.sort(key=itemgetter(0))
    return happened


def _seen(state: MachineState, inputs: Inputs, rules: Rules) -> _Seen:
    heads, heard = inputs.heads, inputs.heads.heard
    return _Seen(
        heads=heads,
        state=state,
        safety=rules.safety,
        heard=heard,
        trusted=heads.trusted & heard,
        flat=np.abs(heads.elevation_deg - FLAT_ELEVATION_DEG) <= rules.settled_deg,
        calm=wind_calm(inputs, rules.safety),
    )


def _asked_for(requests: tuple[Request, ...], heads: int, calm: BoolArray) -> Events:
    return [
        (
            request.event,
            np.isin(np.arange(heads), request.heads) & (calm | (request.event not in IN_CALM_ONLY)),
        )
        for request in requests
        if request.event not in REMEMBERED
    ]
