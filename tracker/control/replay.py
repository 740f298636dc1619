"""A journal decided again: the same inputs must lead to the same decisions, years later too."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from tracker.control.loop import starting_state
from tracker.control.record import Tick
from tracker.decision.machine import step
from tracker.decision.states import State
from tracker.decision.values import Decision, MachineState, Order, Rules
from tracker.units import BoolArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A head that would be decided otherwise today."""

    tick: int
    utc: str
    head: int
    recorded: str
    decided: str


def replay(ticks: Iterable[Tick], rules: Rules, held: BoolArray | None = None) -> Iterator[Difference]:
    """Decide every tick again from its recorded inputs and yield what differs; nothing means the same.

    `held` (H,): whom a person kept stowed from before the run.
    """
    state: MachineState | None = None
    for tick in ticks:
        state = state or starting_state(tick.decision.states.size, held)
        state, decision = step(state, tick.inputs, tick.now_s, rules)
        for head in np.flatnonzero(_differs(tick.decision, decision)).tolist():
            yield Difference(
                tick=tick.number,
                utc=str(tick.utc),
                head=head,
                recorded=_says(tick.decision, head),
                decided=_says(decision, head),
            )


def _differs(a: Decision, b: Decision) -> BoolArray:
    pairs = (
        (a.states, b.states),
        (a.reason, b.reason),
        (a.orders, b.orders),
        (a.limited, b.limited),
        (a.settled, b.settled),
        (a.leaning, b.leaning),
        (a.target.azimuth_deg, b.target.azimuth_deg),
        (a.target.elevation_deg, b.target.elevation_deg),
    )
    differs = np.zeros(a.states.shape, dtype=np.bool_)
    for x, y in pairs:
        differs |= (x != y) & ~(np.isnan(x) & np.isnan(y))  # unknown is the same unknown
    return differs


def _says(decision: Decision, head: int) -> str:
    azimuth, elevation = decision.target.azimuth_deg[head], decision.target.elevation_deg[head]
    state, order = State(decision.states[head]).name, Order(decision.orders[head]).name
    return f"{state} {order} to {azimuth:.6f}, {elevation:.6f}"
