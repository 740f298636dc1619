"""How warm the cells get: published models, all of them linear in the light on the panel."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from tracker.model_names import OPEN_RACK
from tracker.units import FloatArray

NOCT_C: Final = 45.0  # modules on an open rack, as PVWatts takes it
ROOF_NOCT_C: Final = 49.0  # on a roof, as PVWatts takes it: NREL's SSC, cmod_pvwattsv8.cpp
NOCT_LIGHT_W_M2: Final = 800.0
NOCT_AIR_C: Final = 20.0
NOCT_WIND_M_S: Final = 1.0
WIND_AT_PANEL: Final = 0.51  # of the wind at 10 m, for arrays below 22 ft (6.7 m): SAM's one storey or less
WIND_HIGHER_UP: Final = 0.61  # SAM's two storeys or more
ABSORBED: Final = 0.9  # transmittance times absorptance
SAPM_LIGHT_W_M2: Final = 1000.0


def _all_of_it(module_efficiency: float) -> float:
    return 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CellModel:
    """Degrees above the air per W/m2 on the panel, from the wind, for modules that yield nothing.

    heat_share: what of that warming remains when so much of the light leaves as power; all of it where the
    coefficients were fitted to modules at work. The wind is that at 10 m, of which wind_share is taken to
    blow at the panel, or with at_height the panel's own.
    """

    warming_c_m2_w: Callable[[FloatArray], FloatArray]
    heat_share: Callable[[float], float] = _all_of_it
    wind_share: float = WIND_AT_PANEL
    at_height: bool = False

    def warming_at(self, wind_speed_m_s: FloatArray, height_share: float) -> FloatArray:
        """The warming under winds at 10 m, any shape; height_share of them blows at the panel.

        Where the wind is unknown, NaN, 1 m/s blows at the panel, however high it stands: NOCT is measured in
        that wind, so an unknown one neither cools nor heats against the data sheet.
        """
        taken = wind_speed_m_s * height_share if self.at_height else wind_speed_m_s
        unknown = NOCT_WIND_M_S if self.at_height else NOCT_WIND_M_S / self.wind_share
        return self.warming_c_m2_w(np.where(np.isnan(wind_speed_m_s), unknown, taken))

    def share_at_panel(self, height_share: float) -> float:
        """What it takes to blow at the panel, of the wind at 10 m, where height_share really does."""
        return height_share if self.at_height else self.wind_share


def noct_sam(noct_c: float, wind_share: float = WIND_AT_PANEL) -> CellModel:
    """The NOCT model of SAM: Gilman et al. (2018), NREL/TP-6A20-67399, section 10.6."""
    rise_c_m2_w = (noct_c - NOCT_AIR_C) / NOCT_LIGHT_W_M2

    def warming(wind_m_s: FloatArray) -> FloatArray:
        return rise_c_m2_w * 9.5 / (5.7 + 3.8 * wind_share * wind_m_s)

    return CellModel(
        warming_c_m2_w=warming,
        heat_share=lambda efficiency: 1.0 - efficiency / ABSORBED,
        wind_share=wind_share,
    )


def sapm(a: float, b_s_m: float, cell_over_back_c: float) -> CellModel:
    """King, Boyson and Kratochvil (2004), SAND2004-3535, eq. 11 and 12; wind at 10 m."""

    def warming(wind_m_s: FloatArray) -> FloatArray:
        return np.asarray(np.exp(a + b_s_m * wind_m_s) + cell_over_back_c / SAPM_LIGHT_W_M2)

    return CellModel(warming_c_m2_w=warming)


def faiman(still_w_m2_c: float, windy_w_s_m3_c: float, *, at_height: bool = False) -> CellModel:
    """Faiman (2008, doi:10.1002/pip.813), eq. 2; its wind is the panel's own, or NOCT's share of it."""
    share = 1.0 if at_height else WIND_AT_PANEL

    def warming(wind_m_s: FloatArray) -> FloatArray:
        return np.asarray(1.0 / (still_w_m2_c + windy_w_s_m3_c * share * wind_m_s))

    return CellModel(warming_c_m2_w=warming, at_height=at_height)


def pvsyst(still_w_m2_c: float) -> CellModel:
    """PVsyst's heat balance: 0.9 of the light is absorbed, less what leaves as power; no part of the wind."""

    def warming(wind_m_s: FloatArray) -> FloatArray:
        return np.full_like(wind_m_s, ABSORBED / still_w_m2_c)

    return CellModel(warming_c_m2_w=warming, heat_share=lambda efficiency: 1.0 - efficiency)


CELL_MODELS: Final[Mapping[str, CellModel]] = MappingProxyType(
    {
        OPEN_RACK: noct_sam(NOCT_C),
        "noct-sam, 45 C open rack above 22 ft": noct_sam(NOCT_C, WIND_HIGHER_UP),
        "noct-sam, 49 C roof mount": noct_sam(ROOF_NOCT_C),
        # King et al. (2004), table 1
        "sapm, open rack glass-glass": sapm(-3.47, -0.0594, 3.0),
        "sapm, open rack glass-polymer": sapm(-3.56, -0.0750, 3.0),
        "sapm, close roof mount glass-glass": sapm(-2.98, -0.0471, 1.0),
        "sapm, insulated back glass-polymer": sapm(-2.81, -0.0455, 0.0),
        # mean of seven modules at Sede Boqer, Faiman (2008)
        "faiman, open rack": faiman(25.0, 6.84),
        "faiman, open rack, wind at its height": faiman(25.0, 6.84, at_height=True),
        # crystalline silicon, the coefficients of PVGIS, after Koehl et al. (2011)
        "pvgis, free-standing": faiman(26.9, 6.2),
        "pvgis, free-standing, wind at its height": faiman(26.9, 6.2, at_height=True),
        # PVsyst's defaults; it takes the first for trackers
        "pvsyst, free-standing": pvsyst(29.0),
        "pvsyst, semi-integrated": pvsyst(20.0),
        "pvsyst, insulated": pvsyst(15.0),
    }
)
