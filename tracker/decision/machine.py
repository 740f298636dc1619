"""The decision of a tick: the same function in the field, in the simulator, in the yield and in a replay."""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tracker.aiming.poses import chosen, same_direction, within
from tracker.decision.day import sun_after
from tracker.decision.interlocks import Events, clearing_after, events, held_after, wind_after
from tracker.decision.orders import Need, orders_for
from tracker.decision.sky import lean_of, sky_after
from tracker.decision.states import NEXT, TRACKS_IN, Event
from tracker.decision.targets import Wish, reached_pose, wanted_pose
from tracker.decision.values import (
    SAME_PLACE_DEG,
    Decision,
    Inputs,
    MachineState,
    Order,
    Request,
    Rules,
    StateArray,
)
from tracker.frames import AxisPose

BY_EVENT: Final = tuple(np.ascontiguousarray(NEXT[:, event]) for event in Event)
MOVE: Final = int(Order.MOVE)


def step(
    state: MachineState, inputs: Inputs, now_s: ArrayLike, rules: Rules
) -> tuple[MachineState, Decision]:
    """Decide one tick for H heads. Pure: the same arguments give the same result, years later too.

    Order of precedence: see `tracker.decision.states.Event`. Raises nothing: faults arrive as readings.
    """
    state = replace(
        state,
        wind=wind_after(state.wind, inputs, now_s, rules.safety),
        sun=sun_after(state.sun, inputs, now_s, rules),
        held=held_after(state.held, inputs.requests),
        sky=state.sky if rules.diffuse is None else sky_after(state.sky, inputs, now_s, rules.diffuse),
        clearing=clearing_after(state, inputs.requests),
        jog=_jog_after(state.jog, inputs.requests),
    )
    states, reason = _advanced(state.heads, events(state, inputs, rules))
    lean = lean_of(state, states, reason, rules)
    wanted = wanted_pose(Wish(states=states, leaning=lean.leaning, jog=state.jog), inputs, rules)
    target = reached_pose(states, wanted, inputs.heads.pose, rules)
    orders = orders_for(Need(heads=inputs.heads, state=state, states=states, target=target, rules=rules))
    limited = ~same_direction(target, wanted, SAME_PLACE_DEG)
    settled_deg = max(rules.settled_deg, rules.dead_band_deg)
    on_target = inputs.heads.heard & ~limited & within(inputs.heads.pose, target, settled_deg)
    decision = Decision(
        states=states,
        reason=lean.reason,
        orders=orders,
        target=target,
        limited=limited,
        settled=TRACKS_IN[states] & on_target,
        leaning=lean.leaning,
    )
    commanded = chosen(orders == MOVE, target, state.commanded)
    return replace(state, heads=states, leans=lean.known, commanded=commanded), decision


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
            jog = chosen(heads, asked, jog)
    return jog
