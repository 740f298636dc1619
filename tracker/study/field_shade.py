"""The shade among heads, for a study."""

import numpy as np

from tracker.array.common_shade import common_shade
from tracker.array.shading import beam_shading, enu_from_normal, field_of
from tracker.array.sky_view import field_view
from tracker.plant import Array, Horizon
from tracker.pv import Shade
from tracker.units import FloatArray


def shade_of(
    array: Array, horizon: Horizon | None, normal_enu: FloatArray, sun_enu: FloatArray
) -> Shade | None:
    """What neighbours and obstacles leave under suns (D, 3) at normals (D, 3), all alike, or (H, D, 3).

    Obstacles shade the beam alone. None for a lone head.
    """
    if array.size == 1 and not array.obstacles:
        return None
    view = field_view(array, horizon)
    return Shade(
        petals=_petals(array, normal_enu, sun_enu),
        sky=view.sky_at(normal_enu),
        ground=view.ground_at(normal_enu),
    )


def _petals(array: Array, normal_enu: FloatArray, sun_enu: FloatArray) -> FloatArray:
    """Shaded shares (D, G, P): from the table of common orientations where it applies, else exact."""
    if normal_enu.ndim == 2 and not array.obstacles:
        return common_shade(array).shaded(normal_enu, sun_enu)
    rotations = np.broadcast_to(enu_from_normal(normal_enu), (array.size, len(sun_enu), 3, 3))
    return beam_shading(field_of(array), np.moveaxis(rotations, 0, 1), sun_enu)
