"""Heads with ideal drives, for studies: they obey at once, at full rate, and always answer."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from tracker.aiming.poses import chosen
from tracker.aiming.postures import FLAT_ELEVATION_DEG
from tracker.decision.trajectory import Trajectory
from tracker.decision.values import Decision, Order
from tracker.frames import AxisPose
from tracker.plant import Limits
from tracker.ports.mount import HeadReadings
from tracker.units import FloatArray

GOES: Final = (Order.MOVE, Order.STOW)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IdealHeads:
    """What H heads report, and where they are on their way to."""

    readings: HeadReadings
    end: AxisPose

    @staticmethod
    def at_rest(limits: Limits, heads: int) -> "IdealHeads":
        """Flat, looking north, their positions trusted."""
        no, yes = np.zeros(heads, dtype=np.bool_), np.ones(heads, dtype=np.bool_)
        readings = HeadReadings(
            azimuth_deg=np.clip(np.zeros(heads), *limits.azimuth_range_deg),
            elevation_deg=np.full(heads, FLAT_ELEVATION_DEG),
            trusted=yes,
            moving=no,
            homing=no,
            emergency=no,
            enabled=yes,
            held=no,
            wind_contact=no,
            folded=no,
            fault=np.zeros(heads, dtype=np.int64),
            silent_s=np.zeros(heads),
        )
        return IdealHeads(readings=readings, end=readings.pose)

    def obeying(self, decision: Decision, limits: Limits, step_s: float) -> tuple["IdealHeads", FloatArray]:
        """The heads a step later, and the seconds that the motors of each ran, both axes added, (H,)."""
        here = self.readings.pose
        end = chosen(np.isin(decision.orders, GOES), decision.target, self.end)
        end = chosen(decision.orders == Order.STOP, here, end)
        way = Trajectory(start_s=0.0, start=here, end=end, limits=limits)
        there = way.at(step_s)
        readings = replace(
            self.readings,
            azimuth_deg=there.azimuth_deg,
            elevation_deg=there.elevation_deg,
            moving=way.arrives_s > step_s,
        )
        ran = Trajectory(start_s=0.0, start=here, end=there, limits=limits)
        return IdealHeads(readings=readings, end=end), ran.motor_s
