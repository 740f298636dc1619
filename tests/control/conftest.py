"""A site for the loop: drives that obey at once, on a clock that is moved by hand."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from tracker.aiming.facing import AsDrawn
from tracker.app.config import default_plant
from tracker.control.clock import LockstepClock
from tracker.control.loop import Loop, Pace, World
from tracker.decision.trajectory import Trajectory
from tracker.decision.values import Order, Rules
from tracker.frames import AxisPose
from tracker.ports.irradiance import IrradianceReading
from tracker.ports.mount import HeadReadings
from tracker.ports.wind import WindReading
from tracker.sun import Sun

PLANT = default_plant()
LIMITS, SAFETY = PLANT.array.mount.limits, PLANT.safety
RULES = Rules(limits=LIMITS, safety=SAFETY, pointing=AsDrawn())


class IdealMounts:
    """Drives without inertia, play or faults, on virtual time."""

    def __init__(self, heads: int) -> None:
        here = AxisPose(azimuth_deg=np.zeros(heads), elevation_deg=np.full(heads, 90.0))
        self.way = Trajectory(start_s=0.0, start=here, end=here, limits=LIMITS)
        self.now_s, self.signs_of_life, self.heads = 0.0, 0, heads
        self.lines_there, self.line_back_after = True, 0

    def read(self, now_s):
        self.now_s = now_s
        pose, no = self.way.at(now_s), np.zeros(self.heads, dtype=bool)
        return HeadReadings(
            azimuth_deg=pose.azimuth_deg,
            elevation_deg=pose.elevation_deg,
            trusted=~no,
            moving=self.way.arrives_s > now_s,
            homing=no,
            emergency=no,
            enabled=~no,
            held=no,
            wind_contact=no,
            folded=no,
            fault=np.zeros(self.heads, dtype=np.int64),
            silent_s=np.zeros(self.heads),
        )

    def order(self, orders, target):
        here, goes = self.way.at(self.now_s), np.isin(orders, [Order.MOVE, Order.STOW])
        stops = orders == Order.STOP
        end = AxisPose(
            azimuth_deg=np.where(
                goes, target.azimuth_deg, np.where(stops, here.azimuth_deg, self.way.end.azimuth_deg)
            ),
            elevation_deg=np.where(
                goes, target.elevation_deg, np.where(stops, here.elevation_deg, self.way.end.elevation_deg)
            ),
        )
        self.way = Trajectory(start_s=self.now_s, start=here, end=end, limits=LIMITS)

    def keep_alive(self):
        self.signs_of_life += 1
        self.lines_there = self.signs_of_life >= self.line_back_after


@dataclass
class Breeze:
    gust_m_s: float = 3.0
    changes: dict[float, float] = field(default_factory=dict)

    def read(self, now_s):
        gust = [g for start_s, g in sorted({0.0: self.gust_m_s, **self.changes}.items()) if start_s <= now_s][
            -1
        ]
        return WindReading(gust_m_s=gust, measured_s=now_s)


@dataclass
class Pyranometer:
    """Light by seconds of the run: the last of the changes, read so long ago; None is no reading."""

    changes: dict[float, float | None] = field(default_factory=dict)
    age_s: float = 1.0

    def read(self, now_s):
        said = [ghi for start_s, ghi in sorted(self.changes.items()) if start_s <= now_s]
        if not said or said[-1] is None:
            return None
        return IrradianceReading(ghi_w_m2=said[-1], measured_s=now_s - self.age_s)


@dataclass
class Field:
    """A loop over ideal drives from a UTC time on."""

    start: str = "2025-03-20T05:00"
    heads: int = 2
    journal: object = None
    tick_s: float = 10.0
    wind: Breeze = field(default_factory=Breeze)
    light: Pyranometer = field(default_factory=Pyranometer)
    rules: Rules = RULES

    def __post_init__(self):
        self.mounts = IdealMounts(self.heads)
        self.clock = LockstepClock(np.datetime64(self.start), lambda _: None)
        world = World(
            clock=self.clock,
            mounts=self.mounts,
            wind=self.wind,
            irradiance=self.light,
            sun_enu=Sun(PLANT.site).direction_at,
        )
        pace = Pace(tick_s=self.tick_s, idle_tick_s=60.0, keep_alive_s=2.0)
        self.loop = Loop(world, self.rules, pace, self.journal, heads=self.heads)

    def run(self, ticks, *requests):
        for _ in range(ticks):
            inputs, decision = self.loop.tick(requests)
            self.loop.wait(decision)
            requests = ()
        return inputs, decision


@pytest.fixture
def field_of():
    return Field


@pytest.fixture
def rules():
    return RULES
