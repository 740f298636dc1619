"""The door between sky and axis angles; calibration stands behind it, or the drawing itself."""

from typing import Protocol

from tracker.frames import AxisPose
from tracker.units import FloatArray


class Pointing(Protocol):
    """How H heads really point. Both ways are pure, and each is the other's inverse."""

    def to_axis(self, normal_enu: FloatArray) -> AxisPose:
        """Axis angles that turn the panel normals S + (H, 3) there; azimuth in [0, 360), S + (H,).

        A normal that no pose reaches (inside the cone of a collimation error) gets the nearest one.
        """
        ...

    def to_sky(self, pose: AxisPose) -> FloatArray:
        """Unit panel normals S + (H, 3) at axis angles S + (H,)."""
        ...
