"""The decision of a tick: the same function in the field, in the simulator, in the yield and in a replay."""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tracker.aiming import postures
from tracker.aiming.facing import facing_sun
from tracker.aiming.limits import clipped, reach
from tracker.decision.interlocks import Events, clearing_after, events, held_after, wind_after
from tracker.decision.states import NEXT, Event, State
from tracker.decision.values import Decision, Inputs, MachineState, Order, Request, Rules, StateArray
from tracker.frames import AxisPose
from tracker.ports.mount import HeadReadings
from tracker.units import BoolArray, wrap_180


def _lookup(*states: State) -> BoolArray:
    """A table (states,) that says, indexed by states, which heads are in one of these."""
    return np.isin(np.arange(len(State)), states)


STOWS_IN: Final = _lookup(State.STOWING, State.STOWED, State.LOCKING)
MOVES_IN: Final = _lookup(State.TRACKING, State.NIGHT, State.JOGGING)
STANDS_IN: Final = _lookup(State.UNTRUSTED, State.READY, State.FAULT, State.STOPPED, State.EMERGENCY)
NEEDS_DRIVE_IN: Final = STOWS_IN | MOVES_IN | _lookup(State.HOMING, State.FLATTENING)


def step(state: MachineState, inputs: Inputs, now_s: float, rules: Rules) -> tuple[MachineState, Decision]:
    """Decide one tick for H heads. Pure: the same arguments give the same result, years later too.

    Order of precedence: see `tracker.decision.states.Event`. Raises nothing: faults arrive as readings.
    """
    state = replace(
        state,
        wind=wind_after(state.wind, inputs, now_s, rules.safety),
        held=held_after(state.held, inputs.requests),
        clearing=clearing_after(state, inputs.requests),
        jog=_jog_after(state.jog, inputs.requests),
    )
    states, reason = _advanced(state.heads, events(state, inputs, rules))
    wanted = _wanted(states, state.jog, inputs, rules)
    target = _reached(states, wanted, inputs.heads.pose, rules)
    orders = _orders(states, state, target, inputs.heads, rules)
    limited = ~_same_direction(target, wanted, rules.dead_band_deg)
    on_target = _within(inputs.heads.pose, target, rules.settled_deg) & ~limited
    decision = Decision(
        states=states,
        reason=reason,
        orders=orders,
        target=target,
        limited=limited,
        settled=(states == State.TRACKING) & inputs.heads.heard & on_target,
    )
    commanded = _chosen(orders == Order.MOVE, target, state.commanded)
    return replace(state, heads=states, commanded=commanded), decision


def _advanced(states: StateArray, happened: Events) -> tuple[StateArray, NDArray[np.int8]]:
    """The states after all events, lowest priority first, and the last event that changed each, or -1."""
    reason = np.full(states.shape, -1, dtype=np.int8)
    for event, heads in happened.items():
        after = np.where(heads, NEXT[states, event], states)
        reason[after != states] = event
        states = after
    return states, reason


def _jog_after(jog: AxisPose, requests: tuple[Request, ...]) -> AxisPose:
    for request in requests:
        if request.event is Event.JOG:
            heads = np.isin(np.arange(jog.azimuth_deg.size), request.heads)
            asked = AxisPose(
                azimuth_deg=np.full(heads.shape, request.azimuth_deg),
                elevation_deg=np.full(heads.shape, request.elevation_deg),
            )
            jog = _chosen(heads, asked, jog)
    return jog


def _wanted(states: StateArray, jog: AxisPose, inputs: Inputs, rules: Rules) -> AxisPose:
    """Where each head would be without limits: by posture, by hand, or facing the sun; else where it is."""
    here = inputs.heads.pose
    wanted = here
    tracking = states == State.TRACKING
    if tracking.any():
        wanted = _chosen(tracking, rules.pointing.to_axis(facing_sun(inputs.aim_enu, states.size)), wanted)
    night = states == State.NIGHT
    if night.any():
        wanted = _chosen(night, postures.night(here, rules.limits), wanted)
    stowing = STOWS_IN[states]
    if stowing.any():
        wanted = _chosen(stowing, postures.stow(here), wanted)
    jogging = states == State.JOGGING
    if jogging.any():
        wanted = _chosen(jogging, jog, wanted)
    return wanted


def _reached(states: StateArray, wanted: AxisPose, here: AxisPose, rules: Rules) -> AxisPose:
    """The wanted pose inside travel; only the sun may be followed on any turn of the cable."""
    tracking = states == State.TRACKING
    kept = clipped(wanted, rules.limits)
    return _chosen(tracking, reach(wanted, here, rules.limits), kept) if tracking.any() else kept


def _orders(
    states: StateArray, state: MachineState, target: AxisPose, heads: HeadReadings, rules: Rules
) -> NDArray[np.int8]:
    """One order a head, only where it changes something: a quiet line is a line that can be read."""
    lost_order = ~heads.moving & ~_within(heads.pose, state.commanded, rules.dead_band_deg)
    on_the_way = _within(state.commanded, target, rules.dead_band_deg) & ~lost_order
    wanted = {
        Order.MOVE: MOVES_IN[states] & ~on_the_way & ~_within(heads.pose, target, rules.dead_band_deg),
        Order.STOW: STOWS_IN[states] & ~_within(heads.pose, target, rules.settled_deg),
        Order.HOME: (states == State.HOMING) & ~heads.homing,
        Order.FLATTEN: (states == State.FLATTENING) & (heads.homing | ~heads.moving),
        Order.STOP: STANDS_IN[states] & heads.moving,
        Order.ENABLE: NEEDS_DRIVE_IN[states] & ~heads.enabled,
        Order.DISABLE: (states == State.LOCKED) & heads.enabled,
        Order.CLEAR: (states == State.FAULT) & state.clearing & (heads.fault != 0),
    }
    orders = np.full(states.shape, Order.NONE, dtype=np.int8)
    for order, mask in wanted.items():
        orders[mask & heads.heard] = order
    return orders


def _within(pose: AxisPose, other: AxisPose, tolerance_deg: float) -> BoolArray:
    """Whether both axes agree; unknown angles never do."""
    return (np.abs(pose.azimuth_deg - other.azimuth_deg) <= tolerance_deg) & (
        np.abs(pose.elevation_deg - other.elevation_deg) <= tolerance_deg
    )


def _same_direction(pose: AxisPose, other: AxisPose, tolerance_deg: float) -> BoolArray:
    """Whether both axes agree but for whole turns; unknown angles never do."""
    turned_deg = np.abs(wrap_180(pose.azimuth_deg - other.azimuth_deg))
    return (turned_deg <= tolerance_deg) & (np.abs(pose.elevation_deg - other.elevation_deg) <= tolerance_deg)


def _chosen(mask: BoolArray, yes: AxisPose, no: AxisPose) -> AxisPose:
    return AxisPose(
        azimuth_deg=np.where(mask, yes.azimuth_deg, no.azimuth_deg),
        elevation_deg=np.where(mask, yes.elevation_deg, no.elevation_deg),
    )
