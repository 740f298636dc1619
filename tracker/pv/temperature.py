"""How warm the cells get: published models, all of them linear in the light on the panel."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from tracker.units import FloatArray

NOCT_C: Final = 45.0  # modules on an open rack, as PVWatts takes it
NOCT_LIGHT_W_M2: Final = 800.0
NOCT_AIR_C: Final = 20.0
NOCT_WIND_M_S: Final = 1.0
WIND_AT_PANEL: Final = 0.51  # of the wind at 10 m, for arrays up to one storey high
ABSORBED: Final = 0.9  # transmittance times absorptance
SAPM_LIGHT_W_M2: Final = 1000.0


def _all_of_it(module_efficiency: float) -> float:
    return 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CellModel:
    """Degrees above the air per W/m2 on the panel, from the wind at 10 m, for modules that yield nothing.

    heat_share: what of that warming remains when so much of the light leaves as power; all of it where the
    coefficients were fitted to modules at work.
    """

    warming_c_m2_w: Callable[[FloatArray], FloatArray]
    heat_share: Callable[[float], float] = _all_of_it


def known_wind_m_s(wind_speed_m_s: FloatArray) -> FloatArray:
    """The wind at 10 m, any shape; where it is unknown, what leaves 1 m/s at the panel.

    NOCT is measured in that wind, so an unknown one neither cools nor heats against the data sheet.
    """
    return np.where(np.isnan(wind_speed_m_s), NOCT_WIND_M_S / WIND_AT_PANEL, wind_speed_m_s)


def cell_temperature_c(
    model: CellModel,
    *,
    poa_w_m2: FloatArray,
    temp_air_c: FloatArray,
    wind_speed_m_s: FloatArray,
    module_efficiency: float,
) -> FloatArray:
    """Cell temperature, any shape; wind at 10 m, NaN where unknown."""
    warming = model.warming_c_m2_w(known_wind_m_s(wind_speed_m_s)) * model.heat_share(module_efficiency)
    return temp_air_c + poa_w_m2 * warming


def noct_sam(wind_m_s: FloatArray) -> FloatArray:
    """The NOCT model of SAM: Gilman et al. (2018), NREL/TP-6A20-67399, section 10.6."""
    return (NOCT_C - NOCT_AIR_C) / NOCT_LIGHT_W_M2 * 9.5 / (5.7 + 3.8 * WIND_AT_PANEL * wind_m_s)


def sapm(a: float, b_s_m: float, cell_over_back_c: float) -> CellModel:
    """King, Boyson and Kratochvil (2004), SAND2004-3535, eq. 11 and 12; wind at 10 m."""

    def warming(wind_m_s: FloatArray) -> FloatArray:
        return np.asarray(np.exp(a + b_s_m * wind_m_s) + cell_over_back_c / SAPM_LIGHT_W_M2)

    return CellModel(warming_c_m2_w=warming)


def faiman(still_w_m2_c: float, windy_w_s_m3_c: float) -> CellModel:
    """Faiman (2008, doi:10.1002/pip.813), eq. 2; its wind is that at the panel."""

    def warming(wind_m_s: FloatArray) -> FloatArray:
        return np.asarray(1.0 / (still_w_m2_c + windy_w_s_m3_c * WIND_AT_PANEL * wind_m_s))

    return CellModel(warming_c_m2_w=warming)


def pvsyst(still_w_m2_c: float) -> CellModel:
    """PVsyst's heat balance: 0.9 of the light is absorbed, less what leaves as power; no part of the wind."""

    def warming(wind_m_s: FloatArray) -> FloatArray:
        return np.full_like(wind_m_s, ABSORBED / still_w_m2_c)

    return CellModel(warming_c_m2_w=warming, heat_share=lambda efficiency: 1.0 - efficiency)


CELL_MODELS: Final[Mapping[str, CellModel]] = MappingProxyType(
    {
        "noct-sam, 45 C open rack": CellModel(
            warming_c_m2_w=noct_sam, heat_share=lambda efficiency: 1.0 - efficiency / ABSORBED
        ),
        # King et al. (2004), table 1
        "sapm, open rack glass-glass": sapm(-3.47, -0.0594, 3.0),
        "sapm, open rack glass-polymer": sapm(-3.56, -0.0750, 3.0),
        "sapm, close roof mount glass-glass": sapm(-2.98, -0.0471, 1.0),
        "sapm, insulated back glass-polymer": sapm(-2.81, -0.0455, 0.0),
        "faiman, open rack": faiman(25.0, 6.84),  # mean of seven modules at Sede Boqer, Faiman (2008)
        # crystalline silicon, the coefficients of PVGIS, after Koehl et al. (2011)
        "pvgis, free-standing": faiman(26.9, 6.2),
        # PVsyst's defaults; it takes the first for trackers
        "pvsyst, free-standing": pvsyst(29.0),
        "pvsyst, semi-integrated": pvsyst(20.0),
        "pvsyst, insulated": pvsyst(15.0),
    }
)
