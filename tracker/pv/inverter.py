"""From direct to alternating current, with part load and clipping."""

from typing import Final

import numpy as np

from tracker.units import FloatArray

REFERENCE_EFFICIENCY: Final = 0.9637  # of the inverter that the part-load curve was fitted to


def ac_power_w(
    dc_w: FloatArray, *, dc_capacity_w: float, dc_ac_ratio: float, efficiency: float
) -> FloatArray:
    """Power after the inverter, any shape, from 0 to its rating dc_capacity_w / dc_ac_ratio.

    PVWatts part-load curve: Dobos (2014, doi:10.2172/1158421), eq. 11 to 13.
    """
    rated_ac_w = dc_capacity_w / dc_ac_ratio
    rated_dc_w = rated_ac_w / efficiency
    load = dc_w / rated_dc_w
    scale = efficiency / REFERENCE_EFFICIENCY
    converted_w = scale * rated_dc_w * ((-0.0162 * load + 0.9858) * load - 0.0059)
    return np.where(dc_w <= 0.0, 0.0, np.clip(converted_w, 0.0, rated_ac_w))
