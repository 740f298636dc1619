"""One head with ideal drives, for studies: it obeys at once, at full rate, and always answers."""

from dataclasses import replace
from typing import Final

import numpy as np

from tracker.aiming.postures import FLAT_ELEVATION_DEG
from tracker.decision.trajectory import Trajectory
from tracker.decision.values import Decision, Order
from tracker.frames import AxisPose
from tracker.plant import Limits
from tracker.ports.mount import HeadReadings
from tracker.units import FloatArray

GOES: Final = (Order.MOVE, Order.STOW)


class IdealHead:
    """Starts flat, looking north, its position trusted."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        no, yes = np.zeros(1, dtype=np.bool_), np.ones(1, dtype=np.bool_)
        self._readings = HeadReadings(
            azimuth_deg=np.clip(np.zeros(1), *limits.azimuth_range_deg),
            elevation_deg=np.full(1, FLAT_ELEVATION_DEG),
            trusted=yes,
            moving=no,
            homing=no,
            emergency=no,
            enabled=yes,
            held=no,
            fault=np.zeros(1, dtype=np.int64),
            silent_s=np.zeros(1),
        )
        self._end = self._readings.pose

    @property
    def pose_deg(self) -> FloatArray:
        """Azimuth and elevation on the axes, (2,)."""
        return np.concatenate([self._readings.azimuth_deg, self._readings.elevation_deg])

    def readings(self) -> HeadReadings:
        """What it reports."""
        return self._readings

    def obey(self, decision: Decision, step_s: float) -> float:
        """Carry out a tick's order for a step; returns the seconds that its motors ran, both axes added."""
        here = self._readings.pose
        if decision.orders[0] in GOES:
            self._end = decision.target
        elif decision.orders[0] == Order.STOP:
            self._end = here
        way = Trajectory(start_s=0.0, start=here, end=self._end, limits=self._limits)
        there = way.at(step_s)
        self._readings = replace(
            self._readings,
            azimuth_deg=there.azimuth_deg,
            elevation_deg=there.elevation_deg,
            moving=way.arrives_s > step_s,
        )
        return _ran(here, there, self._limits)


def _ran(here: AxisPose, there: AxisPose, limits: Limits) -> float:
    way = Trajectory(start_s=0.0, start=here, end=there, limits=limits)
    return float(way.motor_s[0])
