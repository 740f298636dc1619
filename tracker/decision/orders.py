"""From where a head shall be to what its drive is told."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tracker.aiming.poses import within
from tracker.decision.states import (
    MOVES_IN,
    NEEDS_DRIVE_IN,
    STANDS_IN,
    STOWS_IN,
    TRACKS_IN,
    State,
    states_in,
)
from tracker.decision.values import SAME_PLACE_DEG, MachineState, Order, Rules, StateArray
from tracker.frames import AxisPose
from tracker.ports.mount import HeadReadings
from tracker.units import BoolArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Need:
    """What decides whether a drive needs a new order."""

    heads: HeadReadings
    state: MachineState
    states: StateArray  # of this tick
    target: AxisPose
    rules: Rules

    def move(self) -> BoolArray:
        """Not there, and not on the way there either; near enough is the dead band for who tracks."""
        here, sent = self.heads.pose, self.state.commanded
        near_deg = np.where(TRACKS_IN[self.states], self.rules.dead_band_deg, SAME_PLACE_DEG)
        lost_order = ~self.heads.moving & ~within(here, sent, SAME_PLACE_DEG)
        on_the_way = within(sent, self.target, near_deg) & ~lost_order
        return ~on_the_way & ~within(here, self.target, near_deg)

    def stow(self) -> BoolArray:
        """Not flat yet."""
        return ~within(self.heads.pose, self.target, self.rules.settled_deg)


# Which order a head gets: in which states, and only where it changes something. A later row wins.
ORDERS: Final[tuple[tuple[Order, BoolArray, Callable[[Need], BoolArray]], ...]] = (
    (Order.MOVE, MOVES_IN, Need.move),
    (Order.STOW, STOWS_IN, Need.stow),
    (Order.HOME, states_in(State.HOMING), lambda need: ~need.heads.homing),
    (Order.FLATTEN, states_in(State.FLATTENING), lambda need: need.heads.homing | ~need.heads.moving),
    (Order.STOP, STANDS_IN, lambda need: need.heads.moving),
    (Order.ENABLE, NEEDS_DRIVE_IN, lambda need: ~need.heads.enabled),
    (Order.DISABLE, states_in(State.LOCKED), lambda need: need.heads.enabled),
    (Order.CLEAR, states_in(State.FAULT), lambda need: need.state.clearing & (need.heads.fault != 0)),
)
TO_THE_SILENT_TOO: Final = frozenset({Order.STOP})  # it may hear us though we do not hear it


def orders_for(need: Need) -> NDArray[np.int8]:
    """One order a head, only where it changes something: a quiet line is a line that can be read."""
    states, heard = need.states, need.heads.heard
    orders = np.zeros(states.shape, dtype=np.int8)  # Order.NONE
    for order, given_in, needed in ORDERS:
        concerned = given_in[states] if order in TO_THE_SILENT_TOO else given_in[states] & heard
        if np.count_nonzero(concerned):
            orders[concerned & needed(need)] = order
    return orders
