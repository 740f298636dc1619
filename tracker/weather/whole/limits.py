"""What light can be, and how far its three measurements may disagree: the BSRN's tests.

Long and Dutton (2002), BSRN Global Network recommended QC tests, V2.0: the physically possible limits, and
the comparison of global with diffuse plus beam.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from tracker.units import BoolArray, FloatArray
from tracker.weather.splitting.sunlight import Sunlight

LOWEST_W_M2: Final = -4.0
# name: factor of the extraterrestrial normal, power of cos(zenith), W/m2 on top
HIGHEST: Final = {
    "ghi_w_m2": (1.5, 1.2, 100.0),
    "dni_w_m2": (1.0, 0.0, 0.0),
    "dhi_w_m2": (0.95, 1.2, 50.0),
}
COMPARED_FROM_W_M2: Final = 50.0
STEEP_COS: Final = float(np.cos(np.radians(75.0)))
LOWEST_COS: Final = float(np.cos(np.radians(93.0)))
STEEP_DISAGREEMENT, FLAT_DISAGREEMENT = 0.08, 0.15


def possible(name: str, values: FloatArray, sun: Sunlight) -> BoolArray:
    """Whether each value (T,) of "ghi_w_m2", "dni_w_m2" or "dhi_w_m2" is physically possible; NaN is."""
    factor, power, more_w_m2 = HIGHEST[name]
    most = factor * sun.extra_normal_w_m2 * np.maximum(sun.cos_zenith, 0.0) ** power + more_w_m2
    return ~((values < LOWEST_W_M2) | (values > most))


def disagree(light: Mapping[str, FloatArray], sun: Sunlight) -> BoolArray:
    """Where GHI and DHI + DNI cos(zenith), all known, differ by more than 8 % (15 % below 15 deg), (T,)."""
    both = light["dhi_w_m2"] + light["dni_w_m2"] * sun.cos_zenith
    compared = (both > COMPARED_FROM_W_M2) & (sun.cos_zenith > LOWEST_COS)
    allowed = np.where(sun.cos_zenith > STEEP_COS, STEEP_DISAGREEMENT, FLAT_DISAGREEMENT)
    return np.asarray(compared & (np.abs(light["ghi_w_m2"] - both) > allowed * both))
