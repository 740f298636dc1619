"""Facing the sun, and the mount as drawn."""

import numpy as np

from tracker.frames import AxisPose, azimuth_deg, elevation_deg, enu_from_azel
from tracker.units import FloatArray


class AsDrawn:
    """A pointing without errors: the panel normal's azimuth and elevation are the axis angles."""

    def to_axis(self, normal_enu: FloatArray) -> AxisPose:
        """Axis angles for normals S + (H, 3)."""
        return AxisPose(azimuth_deg=azimuth_deg(normal_enu), elevation_deg=elevation_deg(normal_enu))

    def to_sky(self, pose: AxisPose) -> FloatArray:
        """Normals S + (H, 3) of axis angles S + (H,)."""
        return enu_from_azel(pose.azimuth_deg, pose.elevation_deg)


def facing_sun(sun_enu: FloatArray, heads: int) -> FloatArray:
    """The normals (H, 3) of H heads that all face the apparent sun (3,)."""
    return np.broadcast_to(sun_enu, (heads, 3))
