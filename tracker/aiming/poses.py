"""Comparing and choosing axis poses, head by head."""

import numpy as np

from tracker.frames import AxisPose
from tracker.units import BoolArray, FloatArray, wrap_180


def within(pose: AxisPose, other: AxisPose, tolerance_deg: float | FloatArray) -> BoolArray:
    """Whether both axes agree; unknown angles never do."""
    return (np.abs(pose.azimuth_deg - other.azimuth_deg) <= tolerance_deg) & (
        np.abs(pose.elevation_deg - other.elevation_deg) <= tolerance_deg
    )


def same_direction(pose: AxisPose, other: AxisPose, tolerance_deg: float) -> BoolArray:
    """Whether both axes agree but for whole turns; unknown angles never do."""
    turned_deg = np.abs(wrap_180(pose.azimuth_deg - other.azimuth_deg))
    return (turned_deg <= tolerance_deg) & (np.abs(pose.elevation_deg - other.elevation_deg) <= tolerance_deg)


def chosen(mask: BoolArray, yes: AxisPose, no: AxisPose) -> AxisPose:
    """The one pose where the mask is true, the other elsewhere."""
    return AxisPose(
        azimuth_deg=np.where(mask, yes.azimuth_deg, no.azimuth_deg),
        elevation_deg=np.where(mask, yes.elevation_deg, no.elevation_deg),
    )
