"""Inverters of the CEC table: efficiency by power and voltage, start-up and night consumption."""

import numpy as np

from tracker.pv.products import SandiaInverter
from tracker.units import FloatArray


def sandia_ac_w(inverter: SandiaInverter, dc_w: FloatArray, dc_v: FloatArray) -> FloatArray:
    """Power after one inverter, inputs broadcast; at most its rating, minus its night draw below start-up.

    King, Gonzalez, Galbraith and Boyson (2007, doi:10.2172/920449), eq. 1 to 5. The window of voltage in
    which it finds the maximum power point is not heeded.
    """
    off_v = dc_v - inverter.rated_v
    start_w = inverter.start_w * (1.0 + inverter.start_per_v * off_v)
    curvature = inverter.curvature_per_w * (1.0 + inverter.curvature_per_v * off_v)
    span_w = inverter.rated_dc_w * (1.0 + inverter.dc_per_v * off_v) - start_w
    above_w = dc_w - start_w
    ac_w = above_w * (inverter.rated_ac_w / span_w + curvature * (above_w - span_w))
    return np.where(dc_w < inverter.start_w, -abs(inverter.night_w), np.minimum(ac_w, inverter.rated_ac_w))
