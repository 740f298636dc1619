"""What an orientation is worth to a field under a clear sky: the yield's own light, for the search."""

from dataclasses import replace
from functools import lru_cache
from typing import Final

import numpy as np

from tracker.aiming.shade_avoidance import AimTable
from tracker.aiming.shade_search import searched, searched_each
from tracker.array.common_shade import common_shade
from tracker.array.shading import ShadingField, beam_shading, enu_from_normal, field_of
from tracker.array.sky_view import field_view
from tracker.plant import Array
from tracker.pv.chain import SOLAR_CONSTANT_W_M2
from tracker.pv.incidence import effective_irradiance
from tracker.pv.irradiance import plane_irradiance
from tracker.pv.shade import Shade, shaded_plane
from tracker.pv.sky import Light, Sky, perez, relative_air_mass
from tracker.units import FloatArray

ALBEDO: Final = 0.2
OWN_WAYS: Final = 3  # heads, at most, that are turned one by one; chosen for the time it takes
DIFFUSE_SHARE: Final = 0.12  # of the clear sky's light that never was beam, per cosine of the zenith


@lru_cache(maxsize=8)
def aim_table(array: Array, latitude_deg: float) -> AimTable | None:
    """Where the heads of an array look to stay out of each other's shade; None where that gains nothing.

    Up to three heads are turned one by one, more of them all alike. Obstacles do not enter: nobody can turn
    away from them.
    """
    if array.size == 1:
        return None
    limits = array.mount.limits
    if array.size <= OWN_WAYS:
        field, lone = field_of(array), _lone(array)
        return searched_each(
            latitude_deg,
            lambda n, s: light_each_w_m2(array, field, n, s),
            lambda n, s: light_w_m2(lone, n, s),
            limits,
            array.size,
        )
    return searched(latitude_deg, lambda n, s: light_w_m2(array, n, s), limits)


def light_w_m2(array: Array, normal_enu: FloatArray, sun_enu: FloatArray) -> FloatArray:
    """Even light (N,) that common normals (N, 3) are worth under the clear suns (N, 3); 0 for a sun below."""
    view = field_view(array, None)
    shade = Shade(
        petals=common_shade(array).shaded(normal_enu, sun_enu),
        sky=view.sky_at(normal_enu),
        ground=view.ground_at(normal_enu),
    )
    plane = shaded_plane(plane_irradiance(clear_sky(sun_enu), normal_enu), shade, array.panels)
    return np.where(sun_enu[:, 2] > 0.0, effective_irradiance(plane, normal_enu[:, 2]), 0.0)


def _lone(array: Array) -> Array:
    return replace(array, names=array.names[:1], positions_enu_m=array.positions_enu_m[:1])


def light_each_w_m2(
    array: Array, field: ShadingField, normal_enu: FloatArray, sun_enu: FloatArray
) -> FloatArray:
    """The same, mean of the heads, where each looks its own way: normals (N, H, 3), suns (N, 3)."""
    sky, view = clear_sky(sun_enu), field_view(array, None)
    petals = beam_shading(field, enu_from_normal(normal_enu), sun_enu)
    light = np.zeros(len(sun_enu))
    for head, normal in enumerate(np.moveaxis(normal_enu, 1, 0)):
        shade = Shade(petals=petals[:, [head]], sky=view.sky_at(normal), ground=view.ground_at(normal))
        plane = shaded_plane(plane_irradiance(sky, normal), shade, array.panels)
        light += effective_irradiance(plane, normal[:, 2]) / array.size
    return np.where(sun_enu[:, 2] > 0.0, light, 0.0)


def clear_sky(sun_enu: FloatArray) -> Sky:
    """A clear sky (N,) by the sun's height alone.

    Beam after Meinel and Meinel (1976), 0.7^(m^0.678); the diffuse light, chosen, is divided by Perez.
    """
    up = np.maximum(sun_enu[:, 2], 0.01)
    zenith_rad = np.arccos(np.minimum(up, 1.0))
    beam = SOLAR_CONSTANT_W_M2 * 0.7 ** relative_air_mass(zenith_rad) ** 0.678
    diffuse = DIFFUSE_SHARE * SOLAR_CONSTANT_W_M2 * up
    extra = np.full_like(up, SOLAR_CONSTANT_W_M2)
    light = perez(Light(zenith_rad=zenith_rad, dni_w_m2=beam, dhi_w_m2=diffuse, extra_w_m2=extra))
    return Sky(
        sun_enu=sun_enu,
        beam_w_m2=beam,
        circumsolar_w_m2=light.circumsolar_w_m2,
        dome_w_m2=light.dome_w_m2,
        horizon_w_m2=light.horizon_w_m2,
        ground_w_m2=ALBEDO * (beam * up + diffuse),
    )
