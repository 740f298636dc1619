"""The miss on the sky, and how the terms move it."""

from collections.abc import Sequence

import numpy as np

from calibration.chain import chain_of, sky_from_axis
from tracker.frames import AxisPose
from tracker.units import FloatArray

# Central difference: the error is the step squared (3e-12 relative), the rounding 1e-14 / 1e-4.
_STEP_DEG = 1e-4


def miss_deg(observed_enu: FloatArray, predicted_enu: FloatArray) -> FloatArray:
    """Observed minus predicted as (cross-elevation, elevation) S + (2,), of unit vectors S + (3,).

    The two components lie in the plane that touches the sky at the observed direction; their length is
    the angle between the two directions, so that a direction almost opposite is a large miss, not none.
    """
    east, north, above = np.moveaxis(observed_enu, -1, 0)
    azimuth_rad, level = np.arctan2(east, north), np.hypot(east, north)
    sin_a, cos_a = np.sin(azimuth_rad), np.cos(azimuth_rad)
    to_east, to_north, to_above = np.moveaxis(predicted_enu, -1, 0)
    across = to_east * cos_a - to_north * sin_a
    upward = to_above * level - (to_east * sin_a + to_north * cos_a) * above
    sine = np.hypot(across, upward)
    cosine = np.sum(observed_enu * predicted_enu, axis=-1)
    scale = np.where(sine > 0.0, np.degrees(np.arctan2(sine, cosine)) / np.where(sine > 0.0, sine, 1.0), 0.0)
    return -np.stack([across * scale, upward * scale], axis=-1)


def rms_deg(misses: FloatArray) -> float:
    """Root mean square of the length of misses (N, 2)."""
    return float(np.sqrt(np.mean(np.sum(misses**2, axis=-1))))


def shifted_normals(pose: AxisPose, names: Sequence[str], values_deg: FloatArray) -> FloatArray:
    """Normals (2, K, N, 3) of one head at N poses, each of its K terms shifted up, then down by a step."""
    shifts = np.stack([np.eye(len(names)), -np.eye(len(names))]) * _STEP_DEG
    chain = chain_of(names, (values_deg + shifts)[:, :, None, :])
    return sky_from_axis(chain, pose)


def slope_of(shifted: FloatArray) -> FloatArray:
    """Derivative (K, ...) per degree of anything computed from `shifted_normals`, shape (2, K, ...)."""
    slope: FloatArray = (shifted[0] - shifted[1]) / (2.0 * _STEP_DEG)
    return slope


def sensitivity(pose: AxisPose, names: Sequence[str], values_deg: FloatArray) -> FloatArray:
    """How far the panel moves on the sky, degrees per degree of each term: (N, 2, K) at N poses."""
    here = sky_from_axis(chain_of(names, values_deg[None, :]), pose)
    moved = slope_of(-miss_deg(here, shifted_normals(pose, names, values_deg)))
    return np.moveaxis(moved, 0, -1)
