"""The decision of a tick: the same function in the field, in the simulator, in the yield and in a replay."""

from collections.abc import Callable
from dataclasses import dataclass, replace
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
from tracker.plant import Limits
from tracker.ports.mount import HeadReadings
from tracker.units import BoolArray, wrap_180


def _lookup(*states: State) -> BoolArray:
    """A table (states,) that says, indexed by states, which heads are in one of these."""
    return np.isin(np.arange(len(State)), states)


TRACKS_IN: Final = _lookup(State.TRACKING)
STOWS_IN: Final = _lookup(State.STOWING, State.STOWED, State.LOCKING)
MOVES_IN: Final = _lookup(State.TRACKING, State.NIGHT, State.JOGGING)
STANDS_IN: Final = _lookup(State.UNTRUSTED, State.READY, State.FAULT, State.STOPPED, State.EMERGENCY)
NEEDS_DRIVE_IN: Final = STOWS_IN | MOVES_IN | _lookup(State.HOMING, State.FLATTENING)
BY_EVENT: Final = tuple(np.ascontiguousarray(NEXT[:, event]) for event in Event)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Need:
    """What decides whether a drive needs a new order."""

    heads: HeadReadings
    state: MachineState
    target: AxisPose
    rules: Rules

    def move(self) -> BoolArray:
        """Not there, and not on the way there either."""
        dead_band_deg, here, sent = self.rules.dead_band_deg, self.heads.pose, self.state.commanded
        lost_order = ~self.heads.moving & ~_within(here, sent, dead_band_deg)
        on_the_way = _within(sent, self.target, dead_band_deg) & ~lost_order
        return ~on_the_way & ~_within(here, self.target, dead_band_deg)

    def stow(self) -> BoolArray:
        """Not flat yet."""
        return ~_within(self.heads.pose, self.target, self.rules.settled_deg)


# Which order a head gets: in which states, and only where it changes something. A later row wins.
ORDERS: Final[tuple[tuple[Order, BoolArray, Callable[[_Need], BoolArray]], ...]] = (
    (Order.MOVE, MOVES_IN, _Need.move),
    (Order.STOW, STOWS_IN, _Need.stow),
    (Order.HOME, _lookup(State.HOMING), lambda need: ~need.heads.homing),
    (Order.FLATTEN, _lookup(State.FLATTENING), lambda need: need.heads.homing | ~need.heads.moving),
    (Order.STOP, STANDS_IN, lambda need: need.heads.moving),
    (Order.ENABLE, NEEDS_DRIVE_IN, lambda need: ~need.heads.enabled),
    (Order.DISABLE, _lookup(State.LOCKED), lambda need: need.heads.enabled),
    (Order.CLEAR, _lookup(State.FAULT), lambda need: need.state.clearing & (need.heads.fault != 0)),
)
POSTURES: Final[tuple[tuple[BoolArray, Callable[[AxisPose, Limits], AxisPose]], ...]] = (
    (_lookup(State.NIGHT), postures.night),
    (STOWS_IN, lambda here, _limits: postures.stow(here)),
)
JOGS_IN: Final = _lookup(State.JOGGING)
MOVE: Final = int(Order.MOVE)


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
    orders = _orders(_Need(heads=inputs.heads, state=state, target=target, rules=rules), states)
    limited = ~_same_direction(target, wanted, rules.dead_band_deg)
    on_target = inputs.heads.heard & ~limited & _within(inputs.heads.pose, target, rules.settled_deg)
    decision = Decision(
        states=states,
        reason=reason,
        orders=orders,
        target=target,
        limited=limited,
        settled=TRACKS_IN[states] & on_target,
    )
    commanded = _chosen(orders == MOVE, target, state.commanded)
    return replace(state, heads=states, commanded=commanded), decision


def _advanced(states: StateArray, happened: Events) -> tuple[StateArray, NDArray[np.int8]]:
    """The states after all events, lowest priority first, and the last event that changed each, or -1."""
    reason = np.full(states.shape, -1, dtype=np.int8)
    for event, heads in happened:
        after = np.where(heads, BY_EVENT[event][states], states)
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
    here = wanted = inputs.heads.pose
    if np.count_nonzero(tracking := TRACKS_IN[states]):
        wanted = _chosen(tracking, rules.pointing.to_axis(facing_sun(inputs.aim_enu, states.size)), wanted)
    for held_in, posture in POSTURES:
        if np.count_nonzero(held := held_in[states]):
            wanted = _chosen(held, posture(here, rules.limits), wanted)
    if np.count_nonzero(jogging := JOGS_IN[states]):
        wanted = _chosen(jogging, jog, wanted)
    return wanted


def _reached(states: StateArray, wanted: AxisPose, here: AxisPose, rules: Rules) -> AxisPose:
    """The wanted pose inside travel; only the sun may be followed on any turn of the cable."""
    kept = clipped(wanted, rules.limits)
    if np.count_nonzero(tracking := TRACKS_IN[states]):
        return _chosen(tracking, reach(wanted, here, rules.limits), kept)
    return kept


def _orders(need: _Need, states: StateArray) -> NDArray[np.int8]:
    """One order a head, only where it changes something: a quiet line is a line that can be read."""
    orders = np.zeros(states.shape, dtype=np.int8)  # Order.NONE
    heard = need.heads.heard
    for order, given_in, needed in ORDERS:
        if np.count_nonzero(concerned := given_in[states] & heard):
            orders[concerned & needed(need)] = order
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
