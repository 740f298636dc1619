"""Where heads wish to look, and the mount as drawn."""

import numpy as np

from tracker.aiming.shade_avoidance import AimTable
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


def desired_normals(sun_enu: FloatArray, heads: int, avoidance: AimTable | None) -> FloatArray:
    """The normals (H, 3) of H heads under the apparent sun, (3,) or one a head (H, 3).

    They face the sun, or look past it by the table where they would stand in each other's shade.
    """
    normals = sun_enu if avoidance is None else avoidance.normals(sun_enu)
    return np.broadcast_to(normals, (heads, 3))
