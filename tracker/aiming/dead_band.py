"""How far a head lags behind its target when it is sent after it only now and then."""

import numpy as np

from tracker.frames import AxisPose
from tracker.units import FloatArray


def off_rms_deg(dead_band_deg: float, before: AxisPose, after: AxisPose) -> FloatArray:
    """Root mean square angle between head and target while the target goes from one pose to another.

    A head stands where it was sent until an axis of its target is off by the dead band d, and is then sent
    there. Meanwhile the angle grows at an even pace, up to d times the target's pace in the sky over that of
    its faster axis; what grows evenly from 0 has a third of its last square as its mean square:
    d^2 / 3 * ((A cos e)^2 + E^2) / max(A^2, E^2) for moves A, E of azimuth and elevation e. Poses broadcast;
    0 where nothing moves.
    """
    azimuth = after.azimuth_deg - before.azimuth_deg
    elevation = after.elevation_deg - before.elevation_deg
    in_sky = (azimuth * np.cos(np.radians(before.elevation_deg))) ** 2 + elevation**2
    faster = np.maximum(azimuth**2, elevation**2)
    share = np.divide(in_sky, faster, out=np.zeros_like(faster), where=faster > 0.0)
    return np.asarray(dead_band_deg * np.sqrt(share / 3.0))
