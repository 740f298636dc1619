"""Directions and rotations: azimuth north 0 clockwise, elevation horizon 0, vectors east-north-up."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tracker.units import FloatArray, wrap_360


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AxisPose:
    """Drive-shaft angles of heads, any shape S: what the motors are asked for and what they report.

    Azimuth is unwrapped: 370 is not 10, the cable knows. Elevation may pass 90 where the mount can.
    """

    azimuth_deg: FloatArray
    elevation_deg: FloatArray


def enu_from_azel(azimuth_deg: ArrayLike, elevation_deg: ArrayLike) -> FloatArray:
    """Unit vectors toward a direction; inputs broadcast to S, result is S + (3,)."""
    azimuth_rad, elevation_rad = np.broadcast_arrays(np.radians(azimuth_deg), np.radians(elevation_deg))
    level = np.cos(elevation_rad)
    return np.stack(
        [level * np.sin(azimuth_rad), level * np.cos(azimuth_rad), np.sin(elevation_rad)], axis=-1
    )


def azimuth_deg(vector_enu: ArrayLike) -> FloatArray:
    """Azimuth in [0, 360) of vectors S + (3,), any length; 0 for a vertical vector."""
    vector = np.asarray(vector_enu, dtype=np.float64)
    return wrap_360(np.degrees(np.arctan2(vector[..., 0], vector[..., 1])))


def elevation_deg(vector_enu: ArrayLike) -> FloatArray:
    """Elevation in [-90, 90] of vectors S + (3,), any length; exact near the zenith too."""
    vector = np.asarray(vector_enu, dtype=np.float64)
    angle: FloatArray = np.degrees(np.arctan2(vector[..., 2], np.hypot(vector[..., 0], vector[..., 1])))
    return angle


def angle_between_deg(a_enu: ArrayLike, b_enu: ArrayLike) -> FloatArray:
    """Angle between vectors S + (3,), any length; exact for tiny and for nearly opposite angles.

    Kahan's form 2 atan2(|a/|a| - b/|b||, |a/|a| + b/|b||): the arc cosine would lose 1e-8 rad.
    """
    a = np.asarray(a_enu, dtype=np.float64)
    b = np.asarray(b_enu, dtype=np.float64)
    a = a / np.linalg.norm(a, axis=-1, keepdims=True)
    b = b / np.linalg.norm(b, axis=-1, keepdims=True)
    half_rad = np.arctan2(np.linalg.norm(a - b, axis=-1), np.linalg.norm(a + b, axis=-1))
    return np.asarray(np.degrees(2.0 * half_rad))


def rotation_about_east(angle_deg: ArrayLike) -> FloatArray:
    """Right-handed rotation about +east (x); positive turns north toward up. Shape S + (3, 3)."""
    cos, sin, zero, one = _parts(angle_deg)
    return _matrix([[one, zero, zero], [zero, cos, -sin], [zero, sin, cos]])


def rotation_about_north(angle_deg: ArrayLike) -> FloatArray:
    """Right-handed rotation about +north (y); positive turns up toward east. Shape S + (3, 3)."""
    cos, sin, zero, one = _parts(angle_deg)
    return _matrix([[cos, zero, sin], [zero, one, zero], [-sin, zero, cos]])


def rotation_about_up(angle_deg: ArrayLike) -> FloatArray:
    """Right-handed rotation about +up (z); positive turns east toward north, against azimuth. S + (3, 3)."""
    cos, sin, zero, one = _parts(angle_deg)
    return _matrix([[cos, -sin, zero], [sin, cos, zero], [zero, zero, one]])


def _parts(angle_deg: ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    angle_rad = np.radians(np.asarray(angle_deg, dtype=np.float64))
    return np.cos(angle_rad), np.sin(angle_rad), np.zeros_like(angle_rad), np.ones_like(angle_rad)


def _matrix(rows: list[list[FloatArray]]) -> FloatArray:
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)
