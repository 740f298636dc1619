"""Where heads go when they do not follow the sun."""

from typing import Final

import numpy as np

from tracker.aiming.limits import reach
from tracker.frames import AxisPose
from tracker.plant import Limits

FLAT_ELEVATION_DEG: Final = 90.0  # panel horizontal: the least drag, and no lever on the azimuth drive
NIGHT_AZIMUTH_DEG: Final = 90.0  # chosen: near every sunrise, and on the middle turn of the cable


def stow(here: AxisPose) -> AxisPose:
    """Flat, azimuth where it is: only one axis has to move, so it is the fastest safe posture."""
    return AxisPose(
        azimuth_deg=here.azimuth_deg, elevation_deg=np.full_like(here.elevation_deg, FLAT_ELEVATION_DEG)
    )


def night(here: AxisPose, limits: Limits) -> AxisPose:
    """Flat, facing the morning, the cable unwound to the middle of its range."""
    middle_deg = 0.5 * sum(limits.azimuth_range_deg)
    return reach(
        AxisPose(
            azimuth_deg=np.full_like(here.azimuth_deg, NIGHT_AZIMUTH_DEG),
            elevation_deg=np.full_like(here.elevation_deg, FLAT_ELEVATION_DEG),
        ),
        AxisPose(azimuth_deg=np.full_like(here.azimuth_deg, middle_deg), elevation_deg=here.elevation_deg),
        limits,
    )
