"""How warm the cells get."""

from typing import Final

import numpy as np

from tracker.units import FloatArray

NOCT_C: Final = 45.0  # modules on an open rack, as PVWatts takes it
NOCT_LIGHT_W_M2: Final = 800.0
NOCT_AIR_C: Final = 20.0
NOCT_WIND_M_S: Final = 1.0
WIND_AT_PANEL: Final = 0.51  # of the wind at 10 m, for arrays up to one storey high
ABSORBED: Final = 0.9  # transmittance times absorptance


def cell_temperature_c(
    *,
    poa_w_m2: FloatArray,
    temp_air_c: FloatArray,
    wind_speed_m_s: FloatArray,
    module_efficiency: float,
) -> FloatArray:
    """Cell temperature of a free-standing panel, any shape; wind at 10 m, unknown wind counts as 1 m/s.

    The NOCT model of SAM: Gilman et al. (2018), NREL/TP-6A20-67399, section 10.6. One m/s at the panel's
    height is what NOCT is measured in, so an unknown wind neither cools nor heats against the data sheet.
    """
    at_panel_m_s = np.where(np.isnan(wind_speed_m_s), NOCT_WIND_M_S, WIND_AT_PANEL * wind_speed_m_s)
    turned_to_heat = 1.0 - module_efficiency / ABSORBED
    wind_factor = 9.5 / (5.7 + 3.8 * at_panel_m_s)
    warming_c = poa_w_m2 / NOCT_LIGHT_W_M2 * (NOCT_C - NOCT_AIR_C)
    return temp_air_c + warming_c * turned_to_heat * wind_factor
