"""A little world for decisions: heads that obey, or do not."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from tracker.aiming.facing import AsDrawn
from tracker.app.config import default_plant
from tracker.decision.machine import step
from tracker.decision.states import Event, State
from tracker.decision.trajectory import Trajectory
from tracker.decision.values import Inputs, MachineState, Order, Request, Rules
from tracker.frames import AxisPose, enu_from_azel
from tracker.study.driven.ideal_head import IdealHeads

PLANT = default_plant()
LIMITS, SAFETY = PLANT.array.mount.limits, PLANT.safety


def readings(heads):
    """Everybody well, trusted and flat, looking north."""
    return IdealHeads.at_rest(LIMITS, heads).readings


@dataclass
class Field:
    """H ideal drives under the machine; every tick lasts `tick_s`."""

    heads: int = 3
    tick_s: float = 1.0
    rules: Rules = field(default_factory=lambda: Rules(limits=LIMITS, safety=SAFETY, pointing=AsDrawn()))

    def __post_init__(self):
        self.now_s, self.gust_m_s, self.wind_age_s = 0.0, 3.0, 0.0
        self.ghi_w_m2, self.ghi_age_s = np.nan, np.inf
        self.sun = (140.0, 40.0)
        self.seen = readings(self.heads)
        self.state = MachineState.initial(self.heads)
        self.decision = None

    def tick(self, *requests: Request, obey: bool = True, **changes):
        """One tick; changes are fields of the readings, set for all heads and kept."""
        for name, value in changes.items():
            old = getattr(self.seen, name)
            self.seen = replace(
                self.seen, **{name: np.broadcast_to(np.asarray(value, dtype=old.dtype), old.shape)}
            )
        sun = enu_from_azel(*self.sun)
        inputs = Inputs(
            sun_enu=sun,
            aim_enu=sun,
            gust_m_s=self.gust_m_s,
            wind_age_s=self.wind_age_s,
            ghi_w_m2=self.ghi_w_m2,
            ghi_age_s=self.ghi_age_s,
            heads=self.seen,
            requests=requests,
        )
        self.state, self.decision = step(self.state, inputs, self.now_s, self.rules)
        self.now_s += self.tick_s
        if obey:
            self._obey()
        return self.decision

    def _obey(self):
        """The drives follow their orders for one tick."""
        orders, here = self.decision.orders, self.seen.pose
        goes = np.isin(orders, [Order.MOVE, Order.STOW])
        end = AxisPose(
            azimuth_deg=np.where(goes, self.decision.target.azimuth_deg, here.azimuth_deg),
            elevation_deg=np.where(goes, self.decision.target.elevation_deg, here.elevation_deg),
        )
        there = Trajectory(start_s=0.0, start=here, end=end, limits=LIMITS).at(self.tick_s)
        enabled = np.where(
            orders == Order.ENABLE, True, np.where(orders == Order.DISABLE, False, self.seen.enabled)
        )
        self.seen = replace(
            self.seen, azimuth_deg=there.azimuth_deg, elevation_deg=there.elevation_deg, enabled=enabled
        )

    def until(self, state: State, most: int = 2000):
        """Tick until every head is there; fails when it takes too long."""
        for _ in range(most):
            if (self.tick().states == state).all():
                return self.decision
        raise AssertionError(f"never {state.name}: {[State(s).name for s in self.decision.states]}")

    def names(self):
        return {State(s).name for s in self.decision.states}


@pytest.fixture
def field_of():
    return Field


@pytest.fixture
def ask():
    def make(event: Event, *heads: int, azimuth_deg=np.nan, elevation_deg=np.nan) -> Request:
        return Request(
            event=event, heads=heads or (0, 1, 2), azimuth_deg=azimuth_deg, elevation_deg=elevation_deg
        )

    return make


@pytest.fixture
def still_heads():
    """Readings of that many heads that are well, trusted and flat, and do not move."""
    return readings


@pytest.fixture
def site_rules():
    return Rules(limits=LIMITS, safety=SAFETY, pointing=AsDrawn())
