"""The planes to compare with: fixed ones, those that turn about an axis, the brightest at each moment."""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from tracker.frames import enu_from_azel
from tracker.study.mountings.climb import highest, thinned_by
from tracker.study.mountings.row_shade import rows_shade
from tracker.study.setting import Setting
from tracker.units import FloatArray

TILT_TO_DEG: Final = 0.2  # chosen: the energy is within 1e-5 of the best
MAX_ROTATION_DEG: Final = 60.0  # chosen: the usual travel of single-axis trackers


def plane_normal(tilt_deg: float, azimuth_deg: ArrayLike) -> FloatArray:
    """Unit normals (..., 3) of planes of one tilt toward azimuths (...)."""
    return enu_from_azel(azimuth_deg, 90.0 - tilt_deg)


def latitude_tilt_normal(latitude_deg: float) -> FloatArray:
    """Unit normal (3,) of a plane tilted by the latitude toward the equator."""
    return plane_normal(abs(latitude_deg), 180.0 if latitude_deg >= 0.0 else 0.0)


def best_fixed_normal(setting: Setting) -> FloatArray:
    """Unit normal (3,) of the fixed plane with the most AC energy under this very weather.

    Energy rather than light, because energy is what is compared: clipping and heat count, and that steep
    rows shade each other. Within 3e-6 of the highest energy (2e-6 at worst, 42 years from 80 S to 85 N);
    at the poles within 1e-4, as there every hour has its azimuth of the sun, with a small top beside each.
    """

    def energy(normals_enu: FloatArray, stride: int) -> FloatArray:
        stride = thinned_by(stride, setting.daylight.rows.size)
        thinned = replace(setting, daylight=setting.daylight.every(stride))
        return np.array([_ac_w(thinned, normal) for normal in normals_enu])

    return highest(energy)


def _ac_w(setting: Setting, normal_enu: FloatArray) -> float:
    share = setting.plant.comparison.ground_cover_ratio
    shade = rows_shade(setting, normal_enu, ground_cover_ratio=share)
    return float(np.sum(setting.yield_of(normal_enu, shade).ac_w))


def single_axis_normals(
    sun_enu: FloatArray, *, ground_cover_ratio: float, backtrack: bool, max_rotation_deg: float
) -> FloatArray:
    """Unit normals (T, 3) of a horizontal north-south axis; level while the sun is down.

    True tracking turns the normal into the plane of sun and axis; backtracking turns it back until the
    rows stop shading each other: Anderson and Mikofski (2020), NREL/TP-5K00-76626, eq. 4, 5 and 14.
    """
    rotation_rad = np.arctan2(sun_enu[:, 0], sun_enu[:, 2])
    if backtrack:
        seen = np.minimum(np.abs(np.cos(rotation_rad)) / ground_cover_ratio, 1.0)
        rotation_rad = rotation_rad - np.sign(rotation_rad) * np.arccos(seen)
    limit_rad = np.radians(max_rotation_deg)
    rotation_rad = np.where(sun_enu[:, 2] > 0.0, np.clip(rotation_rad, -limit_rad, limit_rad), 0.0)
    return np.stack([np.sin(rotation_rad), np.zeros_like(rotation_rad), np.cos(rotation_rad)], axis=-1)


def azimuth_only_normals(setting: Setting) -> FloatArray:
    """Unit normals (T, 3) toward the sun's azimuth at the one tilt of most AC energy among neighbours.

    The tilt is found within TILT_TO_DEG by Brent's bounded search, as the energy has one top between level
    and upright.
    """

    def lost(tilt_deg: float) -> float:
        normal = plane_normal(tilt_deg, setting.sun.azimuth_deg)
        return -float(np.sum(setting.yield_of(normal, setting.shade_on(normal), on_heads=True).ac_w))

    from scipy.optimize import minimize_scalar  # 0.4 s of loading that the other mountings can do without

    found = minimize_scalar(lost, bounds=(0.0, 90.0), method="bounded", options={"xatol": TILT_TO_DEG})
    return plane_normal(float(found.x), setting.sun.azimuth_deg)


def brightest_normals(setting: Setting) -> FloatArray:
    """Unit normals (T, 3) of the highest plane-of-array irradiance; level while the sun is down.

    Of all planes toward the sun's azimuth the tilt atan2(across, level) is best: see `tracker.pv.sky.Sky`.
    """
    sky, up = setting.daylight.sky, setting.daylight.up
    level = np.hypot(sky.sun_enu[:, 0], sky.sun_enu[:, 1])
    tilt_rad = np.clip(np.arctan2(sky.across_w_m2, sky.level_w_m2), 0.0, np.pi / 2.0)
    toward = np.divide(
        sky.sun_enu[:, :2], level[:, None], out=np.zeros((level.size, 2)), where=level[:, None] > 0
    )
    normals = np.tile([0.0, 0.0, 1.0], (up.size, 1))
    normals[up] = np.concatenate([np.sin(tilt_rad)[:, None] * toward, np.cos(tilt_rad)[:, None]], axis=-1)
    return normals
