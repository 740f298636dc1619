"""Axis angles kept inside travel, on the turn of the cable that costs the least motion."""

import numpy as np

from tracker.frames import AxisPose
from tracker.plant import Limits
from tracker.units import BoolArray, FloatArray

FULL_TURN_DEG = 360.0


def inside(pose: AxisPose, limits: Limits) -> BoolArray:
    """Whether each pose lies within travel, ends included; NaN does not. Shape of the pose."""
    (a_low, a_high), (e_low, e_high) = limits.azimuth_range_deg, limits.elevation_range_deg
    azimuth, elevation = pose.azimuth_deg, pose.elevation_deg
    return (azimuth >= a_low) & (azimuth <= a_high) & (elevation >= e_low) & (elevation <= e_high)


def clipped(pose: AxisPose, limits: Limits) -> AxisPose:
    """The same pose, on the same turn, moved to the end of travel where it lies outside."""
    return AxisPose(
        azimuth_deg=np.clip(pose.azimuth_deg, *limits.azimuth_range_deg),
        elevation_deg=np.clip(pose.elevation_deg, *limits.elevation_range_deg),
    )


def reach(pose: AxisPose, here: AxisPose, limits: Limits) -> AxisPose:
    """The reachable pose nearest to the one wanted, azimuth on the turn nearest to where the head is.

    Wanted azimuth is a direction (any turn will do), the result is unwrapped. Where the whole range holds
    no turn of it, the nearer end of travel is taken. NaN stays NaN. All shapes are those of `pose`.
    """
    low, high = limits.azimuth_range_deg
    return AxisPose(
        azimuth_deg=_nearest_turn(pose.azimuth_deg, here.azimuth_deg, low, high),
        elevation_deg=np.clip(pose.elevation_deg, *limits.elevation_range_deg),
    )


def _nearest_turn(
    wanted_deg: FloatArray, here_deg: FloatArray, low_deg: float, high_deg: float
) -> FloatArray:
    turn = wanted_deg + FULL_TURN_DEG * np.round((here_deg - wanted_deg) / FULL_TURN_DEG)
    up = np.ceil((low_deg - turn) / FULL_TURN_DEG)  # turns to add until not below the range
    down = np.ceil((turn - high_deg) / FULL_TURN_DEG)
    turn = turn + FULL_TURN_DEG * (np.maximum(up, 0.0) - np.maximum(down, 0.0))
    unreachable = (turn < low_deg) | (turn > high_deg)
    if not unreachable.any():
        return turn
    return np.where(unreachable, _nearer_end(wanted_deg, low_deg, high_deg), turn)


def _nearer_end(wanted_deg: FloatArray, low_deg: float, high_deg: float) -> FloatArray:
    def gap_deg(end_deg: float) -> FloatArray:
        return np.abs((wanted_deg - end_deg + 180.0) % FULL_TURN_DEG - 180.0)

    return np.where(gap_deg(low_deg) <= gap_deg(high_deg), low_deg, high_deg)
