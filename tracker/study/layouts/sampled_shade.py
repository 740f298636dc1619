"""The shade of a year from a sample of it: like suns on like panels share one case.

What heads take from each other depends on the sun and the panels alone, not on the weather, and a year comes
back to nearly the same sun again and again. So the light of every interval counts, under the shade of the
first interval in the same cell of directions. The cost then does not grow with the number of intervals.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from tracker.pv import Shade
from tracker.study.field_shade import shade_of
from tracker.study.setting import Setting
from tracker.units import FloatArray, IntArray

CELL_DEG: Final = 2.0  # chosen: an hourly year becomes a fifth


def sampled_shade(setting: Setting, normal_enu: FloatArray) -> Shade | None:
    """As `Setting.shade_on` for normals (T, 3), alike for all heads, or (H, T, 3), from a sample of T."""
    normal, sun = normal_enu[..., setting.daylight.up, :], setting.daylight.sky.sun_enu
    first, case = _cases(np.column_stack([sun, *normal.reshape(-1, *sun.shape)]))
    shade = shade_of(setting.plant.array, setting.plant.horizon, normal[..., first, :], sun[first])
    if shade is None:
        return None
    return replace(shade, petals=shade.petals[case], sky=shade.sky[..., case], ground=shade.ground[..., case])


def _cases(directions: FloatArray) -> tuple[IntArray, IntArray]:
    """The first row of each cell, and the cell of each row, of (D, K)."""
    cell = np.rint(directions / np.sin(np.radians(CELL_DEG))).astype(np.int8)
    _, first, case = np.unique(cell, axis=0, return_index=True, return_inverse=True)
    return first, case
