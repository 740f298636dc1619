"""Light on a plane: the sky's five numbers seen from where the panel looks."""

from dataclasses import dataclass

import numpy as np

from tracker.pv.sky import Sky
from tracker.units import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlaneIrradiance:
    """Light on a plane by where it comes from, W/m2, each of the shape S of the plane's normals.

    cos_incidence belongs to the light from the sun's place (beam and circumsolar), 0 from behind.
    """

    cos_incidence: FloatArray
    beam_w_m2: FloatArray
    circumsolar_w_m2: FloatArray
    dome_w_m2: FloatArray  # with the horizon band
    ground_w_m2: FloatArray

    @property
    def total_w_m2(self) -> FloatArray:
        """All of it: plane-of-array irradiance."""
        return self.beam_w_m2 + self.diffuse_w_m2

    @property
    def diffuse_w_m2(self) -> FloatArray:
        """All of it but the beam."""
        return self.circumsolar_w_m2 + self.dome_w_m2 + self.ground_w_m2


def plane_irradiance(sky: Sky, normal_enu: FloatArray) -> PlaneIrradiance:
    """Light of the sky on planes of unit normal (..., D, 3); result (..., D).

    Sky view (1 + cos tilt) / 2 and ground view (1 - cos tilt) / 2 of an open field (Liu and Jordan 1963).
    A sky whose horizon band takes more than the rest gives is dark, not negative.
    """
    east, north, up = normal_enu[..., 0], normal_enu[..., 1], normal_enu[..., 2]
    sun_east, sun_north, sun_up = sky.sun_enu[..., 0], sky.sun_enu[..., 1], sky.sun_enu[..., 2]
    cos_incidence = np.maximum(east * sun_east + north * sun_north + up * sun_up, 0.0)
    circumsolar = sky.circumsolar_w_m2 * cos_incidence
    sky_view = 0.5 + 0.5 * up
    dome = sky.dome_w_m2 * sky_view + sky.horizon_w_m2 * np.sqrt(east * east + north * north)
    dark = circumsolar + dome < 0.0
    if dark.any():
        circumsolar, dome = (np.where(dark, 0.0, part) for part in (circumsolar, dome))
    return PlaneIrradiance(
        cos_incidence=cos_incidence,
        beam_w_m2=sky.beam_w_m2 * cos_incidence,
        circumsolar_w_m2=circumsolar,
        dome_w_m2=dome,
        ground_w_m2=sky.ground_w_m2 * (1.0 - sky_view),
    )
