"""The sky's light as five numbers an interval, from which the light on any plane follows linearly.

Isotropic, Hay-Davies and Perez differ only in how they divide the diffuse light between a disk around
the sun, an even dome and a band at the horizon. Dividing once serves every plane and every mounting.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

import numpy as np

from tracker.pv.perez_table import BIN_EDGES, F1_COEFFICIENTS, F2_COEFFICIENTS
from tracker.units import BoolArray, FloatArray

PEREZ_KAPPA: Final = 1.041  # for zenith angles in radians, Perez et al. (1990) eq. 1
PEREZ_LOWEST_COSINE: Final = float(np.cos(np.radians(85.0)))  # ibid., below eq. 9
HAY_DAVIES_LOWEST_COSINE: Final = 0.01745  # 1 deg above the horizon, as pvlib bounds the projection ratio


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sky:
    """Light over D daylight intervals, every array (D,) in W/m2 but the sun's direction (D, 3).

    beam and circumsolar: on a plane facing the sun. dome: on a horizontal plane, even over the sky.
    horizon: the band's surplus (or lack) on a vertical plane. ground: what the ground sends back.
    """

    sun_enu: FloatArray
    beam_w_m2: FloatArray
    circumsolar_w_m2: FloatArray
    dome_w_m2: FloatArray
    horizon_w_m2: FloatArray
    ground_w_m2: FloatArray

    @property
    def level_w_m2(self) -> FloatArray:
        """Of the light (D,) on a plane between the sun and the zenith, what goes with cos(tilt).

        Everything but the light from the sun's place depends on the tilt alone; the plane faces the sun's
        azimuth. The light is level cos(tilt) + across sin(tilt) + constant, so atan2(across, level) is best.
        """
        from_sun = self.beam_w_m2 + self.circumsolar_w_m2
        return np.asarray(from_sun * self.sun_enu[..., 2] + (self.dome_w_m2 - self.ground_w_m2) / 2.0)

    @property
    def across_w_m2(self) -> FloatArray:
        """What goes with sin(tilt) (D,)."""
        from_sun = self.beam_w_m2 + self.circumsolar_w_m2
        return np.asarray(from_sun * np.hypot(self.sun_enu[..., 0], self.sun_enu[..., 1]) + self.horizon_w_m2)

    @property
    def from_sun(self) -> FloatArray:
        """Share (D,) of the light on level ground that comes from the sun's place; 0 where there is none."""
        from_sun = (self.beam_w_m2 + self.circumsolar_w_m2) * np.maximum(self.sun_enu[..., 2], 0.0)
        level = from_sun + self.dome_w_m2
        return np.divide(from_sun, level, out=np.zeros_like(level), where=level > 0.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Light:
    """What a transposition model is given, every array (D,); zenith is apparent, extra is outside the air.

    Its cosine is the upward part of the sun's direction, which is there before the angle is asked for.
    """

    zenith_rad: FloatArray
    cos_zenith: FloatArray
    dni_w_m2: FloatArray
    dhi_w_m2: FloatArray
    extra_w_m2: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Diffuse:
    """Diffuse light, (D,): circumsolar on a plane facing the sun, dome on a level one, horizon upright."""

    circumsolar_w_m2: FloatArray
    dome_w_m2: FloatArray
    horizon_w_m2: FloatArray


def isotropic(light: Light) -> Diffuse:
    """All diffuse light from an even dome (Hottel and Woertz 1942)."""
    nothing = np.zeros_like(light.dhi_w_m2)
    return Diffuse(circumsolar_w_m2=nothing, dome_w_m2=light.dhi_w_m2, horizon_w_m2=nothing)


def hay_davies(light: Light) -> Diffuse:
    """Circumsolar share = DNI over its value outside the air (Hay and Davies 1980, eq. 7)."""
    share = light.dni_w_m2 / light.extra_w_m2
    level = np.maximum(light.cos_zenith, HAY_DAVIES_LOWEST_COSINE)
    return Diffuse(
        circumsolar_w_m2=light.dhi_w_m2 * share / level,
        dome_w_m2=np.maximum(light.dhi_w_m2 * (1.0 - share), 0.0),
        horizon_w_m2=np.zeros_like(light.dhi_w_m2),
    )


def perez(light: Light) -> Diffuse:
    """Perez et al. (1990, doi:10.1016/0038-092X(90)90055-H), eq. 1, 2 and 9, all-sites composite.

    Without diffuse light there is nothing to divide: zeros, also where the beam is zero too.
    """
    zenith_rad, dhi_w_m2 = light.zenith_rad, light.dhi_w_m2
    cubed = PEREZ_KAPPA * zenith_rad * zenith_rad * zenith_rad
    ratio = np.divide(light.dni_w_m2, dhi_w_m2, out=np.zeros_like(dhi_w_m2), where=dhi_w_m2 > 0.0)
    clearness = (1.0 + ratio + cubed) / (1.0 + cubed)
    brightness = dhi_w_m2 * _kasten_young(zenith_rad, light.cos_zenith) / light.extra_w_m2
    row = np.searchsorted(BIN_EDGES, clearness, side="right")
    around_sun, at_horizon = (
        first.take(row) + bright.take(row) * brightness + low.take(row) * zenith_rad
        for first, bright, low in (F1_COEFFICIENTS.T, F2_COEFFICIENTS.T)
    )
    around_sun = np.maximum(around_sun, 0.0)
    return Diffuse(
        circumsolar_w_m2=dhi_w_m2 * around_sun / np.maximum(light.cos_zenith, PEREZ_LOWEST_COSINE),
        dome_w_m2=dhi_w_m2 * (1.0 - around_sun),
        horizon_w_m2=dhi_w_m2 * at_horizon,
    )


TRANSPOSITIONS: Final[Mapping[str, Callable[[Light], Diffuse]]] = MappingProxyType(
    {"isotropic": isotropic, "hay-davies": hay_davies, "perez": perez}
)


def behind_skyline(sky: Sky, hidden: BoolArray, albedo: float) -> Sky:
    """The same sky where the sun stands behind hills or houses in `hidden` (D,) intervals.

    What comes from the sun's place is gone, beam and circumsolar light alike, and the ground around lies in
    the same shadow: it sends back the dome's light alone. What the skyline takes of dome and band stays.
    """

    def unless_hidden(light_w_m2: FloatArray) -> FloatArray:
        return np.where(hidden, 0.0, light_w_m2)

    return replace(
        sky,
        beam_w_m2=unless_hidden(sky.beam_w_m2),
        circumsolar_w_m2=unless_hidden(sky.circumsolar_w_m2),
        ground_w_m2=np.where(hidden, sky.dome_w_m2 * albedo, sky.ground_w_m2),
    )


def relative_air_mass(zenith_rad: FloatArray) -> FloatArray:
    """Air mass at apparent zenith angles up to 90 deg, any shape (Kasten and Young 1989, eq. 3)."""
    return _kasten_young(zenith_rad, np.cos(zenith_rad))


def _kasten_young(zenith_rad: FloatArray, cos_zenith: FloatArray) -> FloatArray:
    elevation_deg = 90.0 - np.degrees(zenith_rad)
    return np.asarray(1.0 / (cos_zenith + 0.50572 * (6.07995 + elevation_deg) ** -1.6364))
