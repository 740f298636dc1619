"""From direct to alternating current, with part load and clipping."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Protocol

import numpy as np

from tracker.model_names import PVWATTS, PVWATTS_V8
from tracker.pv.products import SandiaInverter
from tracker.pv.sandia import sandia_ac_w
from tracker.units import FloatArray

REFERENCE_EFFICIENCY: Final = 0.9637  # of the inverter that the part-load curve was fitted to
V8_START: Final = 0.004931  # of the rating: SSC, cmod_pvwattsv8.cpp, what it takes above 1 kW


class InverterModel(Protocol):
    """Power (...) after the inverter from power (...) before it, and what is known of the inverter."""

    def __call__(
        self, dc_w: FloatArray, *, dc_capacity_w: float, dc_ac_ratio: float, efficiency: float
    ) -> FloatArray:
        """Any shape, W."""
        ...


def ac_power_w(
    dc_w: FloatArray, *, dc_capacity_w: float, dc_ac_ratio: float, efficiency: float
) -> FloatArray:
    """Power after the inverter, any shape, from 0 to its rating dc_capacity_w / dc_ac_ratio.

    PVWatts part-load curve: Dobos (2014, doi:10.2172/1158421), eq. 11 to 13.
    """
    rated_ac_w = dc_capacity_w / dc_ac_ratio
    rated_dc_w = rated_ac_w / efficiency
    scale = efficiency / REFERENCE_EFFICIENCY
    of_square, of_power, always_w = -0.0162 * scale / rated_dc_w, 0.9858 * scale, -0.0059 * scale * rated_dc_w
    # without DC power the curve lies below 0, so that its floor does for them too
    converted_w = (of_square * dc_w + of_power) * dc_w + always_w
    return np.minimum(np.maximum(converted_w, 0.0), rated_ac_w)


def v8_ac_power_w(
    dc_w: FloatArray, *, dc_capacity_w: float, dc_ac_ratio: float, efficiency: float
) -> FloatArray:
    """The same as PVWatts version 8 has it: Sandia's model, straight from start-up power to the rating."""
    rated_ac_w = dc_capacity_w / dc_ac_ratio
    straight = SandiaInverter(
        name=PVWATTS_V8,
        rated_ac_w=rated_ac_w,
        rated_dc_w=rated_ac_w / efficiency,
        rated_v=1.0,
        start_w=V8_START * rated_ac_w,
        curvature_per_w=0.0,
        dc_per_v=0.0,
        start_per_v=0.0,
        curvature_per_v=0.0,
        night_w=0.0,
    )
    return sandia_ac_w(straight, dc_w, np.ones(()))


INVERTER_MODELS: Final[Mapping[str, InverterModel]] = MappingProxyType(
    {PVWATTS: ac_power_w, PVWATTS_V8: v8_ac_power_w}
)
