"""From what is seen to what has happened: every condition of a tick as an event, head by head."""

import numpy as np

from tracker.aiming.postures import FLAT_ELEVATION_DEG
from tracker.decision.states import Event, State
from tracker.decision.values import Inputs, MachineState, Request, Rules, WindLatch
from tracker.frames import elevation_deg
from tracker.plant import Safety
from tracker.units import BoolArray

Events = dict[Event, BoolArray]

REMEMBERED = (Event.STOW, Event.CLEARED)  # asked once, in force until it is over: see MachineState


def wind_after(latch: WindLatch, inputs: Inputs, now_s: float, safety: Safety) -> WindLatch:
    """The wind latch after this tick. Stale or missing data is wind; a start waits for the first reading."""
    if wind_high(inputs, safety):
        return WindLatch(latched=True)
    if not wind_calm(inputs, safety):
        return WindLatch(latched=latch.latched)
    calm_since_s = min(latch.calm_since_s, now_s)
    held = latch.latched and now_s - calm_since_s < safety.release_after_s
    return WindLatch(latched=held, calm_since_s=calm_since_s)


def wind_high(inputs: Inputs, safety: Safety) -> bool:
    """Whether the wind of this tick alone asks for a stow."""
    return inputs.wind_age_s > safety.wind_stale_after_s or inputs.gust_m_s >= safety.stow_gust_m_s


def wind_calm(inputs: Inputs, safety: Safety) -> bool:
    """Whether the wind of this tick is known and below the release gust."""
    return not wind_high(inputs, safety) and inputs.gust_m_s < safety.release_gust_m_s


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


def events(state: MachineState, inputs: Inputs, rules: Rules) -> Events:
    """What happened in this tick: event -> heads (H,), in order of priority, events of nobody left out.

    `state` already holds this tick's wind latch and holds. A silent head tells nothing new: within its
    lease nothing happens to it, past the lease it has lost its link.
    """
    heads, safety = inputs.heads, rules.safety
    everybody = np.ones(state.heads.shape, dtype=np.bool_)
    heard = heads.heard
    lost = heads.silent_s > safety.link_lease_s
    trusted = heads.trusted & heard
    nothing_asked = trusted & ~state.held & (not state.wind.latched) & bool(np.isfinite(inputs.gust_m_s))
    sun_deg = float(elevation_deg(inputs.sun_enu))
    flat = np.abs(heads.elevation_deg - FLAT_ELEVATION_DEG) <= rules.settled_deg
    seen = {
        Event.CALM: nothing_asked,
        Event.SUN_UP: everybody & (sun_deg > rules.day_starts_deg),
        Event.SUN_DOWN: everybody & (sun_deg < rules.day_ends_deg),
        Event.MAY_HOME: heard & ~heads.trusted & wind_calm(inputs, safety),
        Event.HOMED: trusted & ~heads.homing,
        Event.ARRIVED: trusted & flat & ~heads.moving,
        Event.STOW: state.held,
        Event.LINK_LOST: lost,
        Event.WIND_HIGH: everybody & state.wind.latched,
        Event.POSITION_LOST: heard & ~heads.trusted,
        Event.FAULT: heard & (heads.fault != 0),
        Event.CLEARED: heard & state.clearing & (heads.fault == 0),
        Event.EMERGENCY: heard & heads.emergency,
        Event.EMERGENCY_OVER: heard & ~heads.emergency,
    }
    for request in inputs.requests:
        if request.event not in REMEMBERED:
            asked = np.isin(np.arange(everybody.size), request.heads)
            if request.event is Event.HOME:  # a search for the switches cannot dodge a gust
                asked &= wind_calm(inputs, safety)
            seen[request.event] = seen[request.event] | asked if request.event in seen else asked
    return {event: seen[event] for event in Event if event in seen and seen[event].any()}
