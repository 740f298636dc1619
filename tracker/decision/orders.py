"""From where a head shall be to what its drive is told."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tracker.aiming.poses import within
from tracker.decision.states import MOVES_IN, NEEDS_DRIVE_IN, STANDS_IN, STOWS_IN, State, states_in
from tracker.decision.values import MachineState, Order, Rules, StateArray
from tracker.frames import AxisPose
from tracker.ports.mount import HeadReadings
from tracker.units import BoolArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Need:
    """What decides whether a drive needs a new order."""

    heads: HeadReadings
    state: MachineState
    target: AxisPose
    rules: Rules

    def move(self) -> BoolArray:
        """Not there, and not on the way there either."""
        dead_band_deg, here, sent = self.rules.dead_band_deg, self.heads.pose, self.state.commanded
        lost_order = ~self.heads.moving & ~within(here, sent, dead_band_deg)
        on_the_way = within(sent, self.target, dead_band_deg) & ~lost_order
        return ~on_the_way & ~within(here, self.target, dead_band_deg)

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


def orders_for(need: Need, states: StateArray) -> NDArray[np.int8]:
    """One order a head, only where it changes something: a quiet line is a line that can be read."""
    orders = np.zeros(states.shape, dtype=np.int8)  # Order.NONE
    heard = need.heads.heard
    for order, given_in, needed in ORDERS:
        concerned = given_in[states] if order in TO_THE_SILENT_TOO else given_in[states] & heard
        if np.count_nonzero(concerned):
            orders[concerned & needed(need)] = order
    return orders
