"""Where heads look when facing the sun would let them stand in each other's shade: a table, looked up.

The table says by how much to look past the sun, over the sun's place on its yearly band. It is made once for
a site (`tracker.aiming.shade_search`); the loop, the simulation and the yield look it up with the same code.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from tracker.aiming.between_nodes import cell
from tracker.aiming.sun_band import sun_on_band_deg
from tracker.units import FloatArray

BRANCH_DEG: Final = 15.0  # chosen: nodes further apart lie on two sides of a shadow, the worst place between


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AimTable:
    """How far to look past the sun, deg to the right and up as one faces it; (0, 0) is at the sun.

    past_sun_deg is (D, W, 2) where all heads look alike, (D, W, H, 2) where each has its own way. Nodes are
    declination_deg (D,) and hour_deg (W,), afternoon positive, both ascending in even steps.
    """

    latitude_deg: float
    declination_deg: FloatArray
    hour_deg: FloatArray
    past_sun_deg: FloatArray

    @property
    def heads(self) -> int | None:
        """How many heads have a way of their own; None where all look alike."""
        return self.past_sun_deg.shape[2] if self.past_sun_deg.ndim == 4 else None

    def of_head(self, head: int) -> "AimTable":
        """The table of one head alone."""
        return self if self.heads is None else replace(self, past_sun_deg=self.past_sun_deg[:, :, head])

    def normals(self, sun_enu: FloatArray) -> FloatArray:
        """Where to look under suns (..., 3): unit normals (..., 3), or (..., H, 3) of heads by themselves.

        Between nodes the offset is bilinear; corners on another branch than the nearest node count as that
        node, so that heads cross from one branch to the other at once and are never caught half way.
        """
        corners, weights = self._around(sun_enu)
        nearest = np.take_along_axis(corners, np.argmax(weights, axis=0, keepdims=True), axis=0)
        same = np.linalg.norm(corners - nearest, axis=-1, keepdims=True) <= BRANCH_DEG
        past_deg = np.sum(weights * np.where(same, corners, nearest), axis=0)
        return looking_past(sun_enu if self.heads is None else sun_enu[..., np.newaxis, :], past_deg)

    def _around(self, sun_enu: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Offsets (4, ..., 2) of the nodes around, and their weights, of as many axes."""
        declination_deg, hour_deg = sun_on_band_deg(sun_enu, self.latitude_deg)
        i, a = cell(self.declination_deg, declination_deg)
        j, b = cell(self.hour_deg, hour_deg)
        corners = np.stack([self.past_sun_deg[i + di, j + dj] for di in (0, 1) for dj in (0, 1)])
        weights = np.stack([u * v for u in (1.0 - a, a) for v in (1.0 - b, b)])
        return corners, weights.reshape(weights.shape + (1,) * (corners.ndim - weights.ndim))


def looking_past(sun_enu: FloatArray, past_sun_deg: FloatArray) -> FloatArray:
    """Unit normals (..., 3) past suns (..., 3) by angles (..., 2), to the right and up; exact at 0."""
    right = np.stack([sun_enu[..., 1], -sun_enu[..., 0], np.zeros_like(sun_enu[..., 0])], axis=-1)
    level = np.linalg.norm(right, axis=-1, keepdims=True)
    right = np.where(level > 0.0, right / np.where(level > 0.0, level, 1.0), [1.0, 0.0, 0.0])
    past_rad = np.radians(past_sun_deg)
    angle = np.linalg.norm(past_rad, axis=-1, keepdims=True)
    toward = past_rad[..., :1] * right + past_rad[..., 1:] * np.cross(right, sun_enu)
    return np.asarray(np.cos(angle) * sun_enu + np.sinc(angle / np.pi) * toward)
