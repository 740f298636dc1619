"""Light on the back of a free-standing head: sky and ground behind it, less its own shadow."""

from dataclasses import replace

import numpy as np

from tracker.plant import Head
from tracker.pv.irradiance import PlaneIrradiance, plane_irradiance
from tracker.pv.sky import Sky
from tracker.units import FloatArray


def rear_irradiance(sky: Sky, normal_enu: FloatArray, head: Head) -> PlaneIrradiance:
    """Light on the back of a head whose front looks along unit normals (..., D, 3); result (..., D).

    Views of the open field, as for the front (Liu and Jordan 1963); of the ground's light the part that
    comes from the sun is missing in the head's own shadow, whose view factor is taken off:
    Yusufoglu et al. (2014, doi:10.1016/j.egypro.2014.08.111). Shadows of other heads, of post and frame are
    not seen; the latter belong into the bifaciality.
    """
    rear = plane_irradiance(sky, -np.asarray(normal_enu))
    missing = sky.ground_w_m2 * sky.from_sun * own_shadow_view(sky.sun_enu, normal_enu, head)
    return replace(rear, ground_w_m2=np.maximum(rear.ground_w_m2 - missing, 0.0))


def own_shadow_view(sun_enu: FloatArray, normal_enu: FloatArray, head: Head) -> FloatArray:
    """View factor from the back of a head to its shadow on level ground, sun and normals (..., 3).

    Along the sun's rays the shadow is as large as the head seen from the sun: two equal coaxial disks of
    radius R at the distance r from the pivot to the ground (Howell, A Catalog of Radiation Heat Transfer
    Configuration Factors, C-41), turned by the angle of incidence. Exact for a sun overhead; for a lower one
    too small, because the shadow's near end counts for more. 0 where the sun is behind the head or down.
    """
    facing = np.maximum(np.einsum("...i,...i->...", normal_enu, sun_enu), 0.0)
    radius2_m2 = head.area_m2 * facing / np.pi * np.maximum(sun_enu[..., 2], 0.0) ** 2  # both lengths times
    apart2_m2 = head.pivot_height_m**2  # the sun's sine, so that a low sun divides by no zero
    both_m2 = 2.0 * radius2_m2 + apart2_m2
    root_m2 = np.sqrt(both_m2**2 - 4.0 * radius2_m2**2)
    return np.asarray(facing * 2.0 * radius2_m2 / (both_m2 + root_m2))
