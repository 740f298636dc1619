"""What part of the light silicon makes use of, by how much air has coloured it: published fits."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

import numpy as np

from tracker.model_names import NO_SPECTRUM
from tracker.pv.sky import relative_air_mass
from tracker.sun.observer import standard_pressure_pa
from tracker.units import FloatArray

SEA_LEVEL_PA: Final = 101325.0
Spectrum: TypeAlias = Callable[[FloatArray], FloatArray]


def by_air_mass(*highest_power_first: float) -> Spectrum:
    """A polynomial in the absolute air mass, at least 0: King et al. (1997, doi:10.1109/PVSC.1997.654283)."""

    def factor(air_mass: FloatArray) -> FloatArray:
        return np.asarray(np.maximum(np.polyval(highest_power_first, air_mass), 0.0))

    return factor


# De Soto, Klein and Beckman (2006, doi:10.1016/j.solener.2005.06.010), after measurements of
# one module of each kind; the second is what SAM and PVWatts take for every module.
SPECTRA: Final[Mapping[str, Spectrum | None]] = MappingProxyType(
    {
        NO_SPECTRUM: None,
        "de soto, single-crystal silicon": by_air_mass(-0.000011, 0.000527, -0.008677, 0.054289, 0.935823),
        "de soto, polycrystalline silicon": by_air_mass(-0.000126, 0.002816, -0.024459, 0.086257, 0.918093),
    }
)


def spectral_factor(model: str, zenith_rad: FloatArray, altitude_m: float) -> FloatArray | None:
    """Power from a W/m2 of this sky over that from one of the reference spectrum, any shape; None for none.

    zenith is apparent, up to 90 deg; the air is the standard atmosphere's above the altitude.
    """
    spectrum = SPECTRA[model]
    if spectrum is None:
        return None
    above = float(standard_pressure_pa(altitude_m)) / SEA_LEVEL_PA
    return spectrum(relative_air_mass(zenith_rad) * above)
