"""Where each head shall be: by posture, by hand, or facing the sun."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from tracker.aiming import postures
from tracker.aiming.diffuse import leaned
from tracker.aiming.facing import desired_normals
from tracker.aiming.limits import clipped, reach
from tracker.aiming.poses import chosen
from tracker.decision.states import JOGS_IN, STOWS_IN, TRACKS_IN, State, states_in
from tracker.decision.values import Inputs, Rules, StateArray
from tracker.frames import AxisPose
from tracker.plant import Limits
from tracker.units import BoolArray, FloatArray

POSTURES: Final[tuple[tuple[BoolArray, Callable[[AxisPose, Limits], AxisPose]], ...]] = (
    (states_in(State.NIGHT), postures.night),
    (STOWS_IN, lambda here, _limits: postures.stow(here)),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wish:
    """What decides where heads (H,) would be, besides the sun: state, leaning for diffuse light, the hand."""

    states: StateArray
    leaning: FloatArray
    jog: AxisPose


def wanted_pose(wish: Wish, inputs: Inputs, rules: Rules) -> AxisPose:
    """Where each head would be without limits: by posture, by hand, or facing the sun; else where it is."""
    here = wanted = inputs.heads.pose
    states = wish.states
    if np.count_nonzero(tracking := TRACKS_IN[states]):
        normals = leaned(desired_normals(inputs.aim_enu, states.size, rules.avoidance), wish.leaning)
        wanted = chosen(tracking, rules.pointing.to_axis(normals), wanted)
    for held_in, posture in POSTURES:
        if np.count_nonzero(held := held_in[states]):
            wanted = chosen(held, posture(here, rules.limits), wanted)
    if np.count_nonzero(jogging := JOGS_IN[states]):
        wanted = chosen(jogging, wish.jog, wanted)
    return wanted


def reached_pose(states: StateArray, wanted: AxisPose, here: AxisPose, rules: Rules) -> AxisPose:
    """The wanted pose inside travel; only the sun may be followed on any turn of the cable."""
    kept = clipped(wanted, rules.limits)
    if np.count_nonzero(tracking := TRACKS_IN[states]):
        return chosen(tracking, reach(wanted, here, rules.limits), kept)
    return kept
