"""Under clouds the light comes from the whole sky, and a plane between the sun and the zenith collects more.

By how much is a table over the sun's height and the sky's clearness, made by the yield's own light
(`tracker.study.driven.sky_table`); the loop, the simulation and the yield look it up with the same code.
Kelly and Gibson (2009), Solar Energy 83, lie flat under clouds; Quinn (2017), Solar Energy 148, 25-35, leans
as here.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from tracker.aiming.between_nodes import cell
from tracker.units import FloatArray

LEAST_TILT_DEG: Final = 5.0  # chosen: level to 0.2 % of the dome, and the azimuth stays that of the sun


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SkyTable:
    """Light on planes between the sun and the zenith, where GHI is all that is known.

    On one of tilt t it is level_w_m2 cos(t) + across_w_m2 sin(t) and something that no tilt changes; both are
    (E, K) over elevation_deg (E,) of the sun and clearness (K,), which is GHI over outside_w_m2 on a level
    plane. Nodes ascend in even steps.
    """

    elevation_deg: FloatArray
    clearness: FloatArray
    level_w_m2: FloatArray
    across_w_m2: FloatArray
    outside_w_m2: float

    def light(self, sun_deg: FloatArray, ghi_w_m2: ArrayLike) -> "TiltLight":
        """What the table says of suns and GHI of one shape; NaN GHI gives NaN."""
        level = self.outside_w_m2 * np.sin(np.radians(np.maximum(sun_deg, self.elevation_deg[0])))
        i, a = cell(self.elevation_deg, sun_deg)
        j, b = cell(self.clearness, np.nan_to_num(ghi_w_m2 / level))
        unknown = np.where(np.isnan(ghi_w_m2), np.nan, 0.0)

        def between(nodes: FloatArray) -> FloatArray:
            low = (1.0 - b) * nodes[i, j] + b * nodes[i, j + 1]
            high = (1.0 - b) * nodes[i + 1, j] + b * nodes[i + 1, j + 1]
            return np.asarray((1.0 - a) * low + a * high + unknown)

        return TiltLight(level_w_m2=between(self.level_w_m2), across_w_m2=between(self.across_w_m2))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TiltLight:
    """Light between the sun and the zenith, as in `SkyTable`; any shape."""

    level_w_m2: FloatArray | float
    across_w_m2: FloatArray | float

    def best(self, zenith_deg: FloatArray) -> FloatArray:
        """The share of the way from the sun, at zenith_deg, to the zenith at which light is strongest."""
        brightest_deg = np.degrees(np.arctan2(self.across_w_m2, self.level_w_m2))
        tilt_deg = np.clip(brightest_deg, _least_tilt_deg(zenith_deg), zenith_deg)
        return np.asarray(1.0 - tilt_deg / np.maximum(zenith_deg, LEAST_TILT_DEG / 100.0))

    def at(self, leaning: ArrayLike, zenith_deg: FloatArray) -> FloatArray:
        """Light after that share of the way, less what no tilt changes, W/m2."""
        tilt_rad = np.radians(_tilt_deg(np.asarray(leaning), zenith_deg))
        return np.asarray(self.level_w_m2 * np.cos(tilt_rad) + self.across_w_m2 * np.sin(tilt_rad))


def leaned(normal_enu: FloatArray, leaning: ArrayLike) -> FloatArray:
    """Unit normals (..., 3) after a share (...) of their way to the zenith; to the bit the same for 0.

    None comes closer to the zenith than LEAST_TILT_DEG by leaning.
    """
    share = np.asarray(leaning, dtype=np.float64)
    if not np.count_nonzero(share):
        return normal_enu
    level = np.hypot(normal_enu[..., 0], normal_enu[..., 1])
    tilt_rad = np.radians(_tilt_deg(share, np.degrees(np.arctan2(level, normal_enu[..., 2]))))
    outward = np.divide(np.sin(tilt_rad), level, out=np.zeros_like(level), where=level > 0.0)
    moved = np.concatenate(
        [normal_enu[..., :2] * outward[..., np.newaxis], np.cos(tilt_rad)[..., np.newaxis]], axis=-1
    )
    return np.where((share > 0.0)[..., np.newaxis], moved, normal_enu)


def _tilt_deg(leaning: FloatArray, facing_deg: FloatArray) -> FloatArray:
    """The tilt left after a share of the way to the zenith from the tilt that faces the sun."""
    return np.maximum((1.0 - leaning) * facing_deg, _least_tilt_deg(facing_deg))


def _least_tilt_deg(facing_deg: FloatArray) -> FloatArray:
    return np.minimum(LEAST_TILT_DEG, facing_deg)
