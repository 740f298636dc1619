"""The exact rotation chain from drive shafts to the panel normal, and its inverse.

Rotations read right to left:

    normal_enu = Reast(-AN) Rnorth(-AW) Rup(IA - A) Rnorth(-NPAE) Reast(E') (-sin CA, cos CA, 0)
    E' = M - TF cos M - TX cot M,  M = E + IE

Written out per component because it runs in every tick; the signs are those of `calibration.terms`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tracker.frames import AxisPose, rotation_about_east, rotation_about_north
from tracker.units import BoolArray, FloatArray, wrap_360

# Below 5 deg the cotangent keeps its value at 5 deg: nobody measures there, and at 0 it is infinite.
_COTANGENT_FROM_RAD = np.radians(5.0)
_NEWTON_STEPS = 12  # counted: three for a usual mount, six at both bounds and the corner at 5 deg
_NEWTON_DONE_RAD = 1e-14


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chain:
    """Everything about H heads that does not change with the pose; members (H,), tilt (H, 3, 3)."""

    enu_from_pedestal: FloatArray
    pedestal_from_enu: FloatArray
    ia_rad: FloatArray
    ie_rad: FloatArray
    sin_ca: FloatArray
    cos_ca: FloatArray
    sin_npae: FloatArray
    cos_npae: FloatArray
    tf_rad: FloatArray
    tx_rad: FloatArray
    bends: bool


def chain_of(names: Sequence[str], values_deg: FloatArray) -> Chain:
    """The chain for term values (H, K) in the order of the K names; terms not named are 0."""
    value = dict(zip(names, np.moveaxis(values_deg, -1, 0), strict=True))
    zero = np.zeros(values_deg.shape[:-1])
    tilt = rotation_about_east(-value.get("AN", zero)) @ rotation_about_north(-value.get("AW", zero))
    ca_rad, npae_rad = np.radians(value.get("CA", zero)), np.radians(value.get("NPAE", zero))
    tf_rad, tx_rad = np.radians(value.get("TF", zero)), np.radians(value.get("TX", zero))
    return Chain(
        enu_from_pedestal=tilt,
        pedestal_from_enu=np.ascontiguousarray(np.swapaxes(tilt, -1, -2)),
        ia_rad=np.radians(value.get("IA", zero)),
        ie_rad=np.radians(value.get("IE", zero)),
        sin_ca=np.sin(ca_rad),
        cos_ca=np.cos(ca_rad),
        sin_npae=np.sin(npae_rad),
        cos_npae=np.cos(npae_rad),
        tf_rad=tf_rad,
        tx_rad=tx_rad,
        bends=bool(np.any(tf_rad) or np.any(tx_rad)),
    )


def sky_from_axis(chain: Chain, pose: AxisPose) -> FloatArray:
    """Unit panel normals S + (H, 3) of axis angles S + (H,)."""
    turned_rad = np.radians(pose.azimuth_deg) - chain.ia_rad
    raised_rad = _bent_rad(chain, np.radians(pose.elevation_deg) + chain.ie_rad)
    sin_raised = np.sin(raised_rad)
    right = -chain.cos_npae * chain.sin_ca - chain.sin_npae * chain.cos_ca * sin_raised
    ahead = chain.cos_ca * np.cos(raised_rad)
    above = chain.cos_npae * chain.cos_ca * sin_raised - chain.sin_npae * chain.sin_ca
    sin_turned, cos_turned = np.sin(turned_rad), np.cos(turned_rad)
    levelled = np.stack(
        [cos_turned * right + sin_turned * ahead, cos_turned * ahead - sin_turned * right, above], axis=-1
    )
    return _rotated(chain.enu_from_pedestal, levelled)


def axis_from_sky(chain: Chain, normal_enu: FloatArray) -> AxisPose:
    """Axis angles S + (H,) of unit panel normals S + (H, 3), on this side of the zenith; nearest if none.

    The height over the pedestal gives the elevation: u_z = cos NPAE cos CA sin E' - sin NPAE sin CA.
    The cosine is formed from the level part, u_x^2 + u_y^2, because the arc sine would lose 1e-8 rad near
    the zenith. Where the sine passes 1 its square is negative: the normal lies in the cone that the mount
    cannot reach, and 90 deg, on the normal's own azimuth, is the nearest.
    """
    levelled = _rotated(chain.pedestal_from_enu, normal_enu)
    east, north, above = levelled[..., 0], levelled[..., 1], levelled[..., 2]
    sin_raised = (above + chain.sin_npae * chain.sin_ca) / (chain.cos_npae * chain.cos_ca)
    right = -chain.cos_npae * chain.sin_ca - chain.sin_npae * chain.cos_ca * sin_raised
    level = np.hypot(east, north)
    ahead = np.sqrt(np.maximum((level - right) * (level + right), 0.0))
    raised_rad = np.arctan2(sin_raised, ahead / chain.cos_ca)
    turned_rad = np.arctan2(east, north) - np.arctan2(right, ahead)
    return AxisPose(
        azimuth_deg=wrap_360(np.degrees(turned_rad + chain.ia_rad)),
        elevation_deg=np.degrees(_unbent_rad(chain, raised_rad) - chain.ie_rad),
    )


def _rotated(matrix: FloatArray, vector: FloatArray) -> FloatArray:
    rotated: FloatArray = np.matmul(matrix, vector[..., None])[..., 0]
    return rotated


def _bent_rad(chain: Chain, drawn_rad: FloatArray) -> FloatArray:
    if not chain.bends:
        return drawn_rad
    held_rad, _ = _held(drawn_rad)
    return drawn_rad - chain.tf_rad * np.cos(drawn_rad) - chain.tx_rad / np.tan(held_rad)


def _unbent_rad(chain: Chain, bent_rad: FloatArray) -> FloatArray:
    """Newton on a function that rises everywhere within the bounds of TF and TX, so it always arrives."""
    drawn_rad = bent_rad
    for _ in range(_NEWTON_STEPS if chain.bends else 0):
        held_rad, free = _held(drawn_rad)
        slope = 1.0 + chain.tf_rad * np.sin(drawn_rad) + free * chain.tx_rad / np.sin(held_rad) ** 2
        step_rad = (_bent_rad(chain, drawn_rad) - bent_rad) / slope
        drawn_rad = drawn_rad - step_rad
        if not np.any(np.abs(step_rad) > _NEWTON_DONE_RAD):  # so written that NaN stops too
            break
    return drawn_rad


def _held(drawn_rad: FloatArray) -> tuple[FloatArray, BoolArray]:
    held_rad = np.minimum(np.maximum(drawn_rad, _COTANGENT_FROM_RAD), np.pi - _COTANGENT_FROM_RAD)
    return held_rad, held_rad == drawn_rad
