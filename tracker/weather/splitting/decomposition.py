"""Beam and diffuse from global light alone, by the model of choice."""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from pvlib import irradiance

from tracker.units import FloatArray
from tracker.weather.reading import Decomposition
from tracker.weather.splitting import engerer
from tracker.weather.splitting.sunlight import Sunlight

LOWEST_BEAM_COS: Final = float(np.cos(np.radians(87.0)))  # pvlib's limit: below 3 deg beam is noise over ~0
STANDARD_PRESSURE_PA: Final = 101325.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Air:
    """Pressure and dew point (T,), NaN where unknown."""

    pressure_pa: FloatArray
    dew_point_c: FloatArray


def beam_w_m2(ghi_w_m2: FloatArray, sun: Sunlight, air: Air, model: Decomposition) -> FloatArray:
    """DNI (T,) that the model gives for GHI (T,), W/m2; NaN where GHI is, 0 while the sun is below 3 deg.

    Never more than the extraterrestrial, nor than GHI leaves; DHI = GHI - DNI cos(zenith) closes it.
    """
    shining = (sun.cos_zenith > LOWEST_BEAM_COS) & (ghi_w_m2 > 0.0)
    modelled = MODELS[model](ghi_w_m2, sun, air)
    most = np.minimum(sun.extra_normal_w_m2, ghi_w_m2 / np.maximum(sun.cos_zenith, LOWEST_BEAM_COS))
    dni = np.where(shining, np.clip(np.nan_to_num(modelled), 0.0, most), 0.0)
    return np.where(np.isnan(ghi_w_m2), np.nan, dni)


def _erbs(ghi_w_m2: FloatArray, sun: Sunlight, air: Air) -> FloatArray:
    split = irradiance.erbs(ghi_w_m2, _zenith_deg(sun), sun.day_of_year)
    return np.asarray(split["dni"], dtype=np.float64)


def _dirint(ghi_w_m2: FloatArray, sun: Sunlight, air: Air) -> FloatArray:
    times = pd.DatetimeIndex(sun.utc).tz_localize("UTC")
    pressure = np.where(np.isnan(air.pressure_pa), STANDARD_PRESSURE_PA, air.pressure_pa)
    dew = None if np.isnan(air.dew_point_c).all() else pd.Series(air.dew_point_c, index=times)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # pvlib 0.16 asks pandas 3 in an old way
        dni = irradiance.dirint(
            pd.Series(ghi_w_m2, index=times),
            pd.Series(_zenith_deg(sun), index=times),
            times,
            pressure=pd.Series(pressure, index=times),
            temp_dew=dew,
        )
    return np.asarray(dni, dtype=np.float64)


def _engerer2(ghi_w_m2: FloatArray, sun: Sunlight, air: Air) -> FloatArray:
    dni = np.zeros_like(ghi_w_m2)
    on = (sun.cos_zenith > LOWEST_BEAM_COS) & (ghi_w_m2 > 0.0)
    fraction = engerer.diffuse_fraction(
        ghi_w_m2[on],
        sun.extra_normal_w_m2[on],
        sun.cos_zenith[on],
        sun.day_of_year[on],
        sun.solar_time_h[on],
        sun.step_s,
    )
    dni[on] = (1.0 - fraction) * ghi_w_m2[on] / sun.cos_zenith[on]
    return dni


MODELS: Final[Mapping[Decomposition, Callable[[FloatArray, Sunlight, Air], FloatArray]]] = {
    "erbs": _erbs,
    "dirint": _dirint,
    "engerer2": _engerer2,
}


def _zenith_deg(sun: Sunlight) -> FloatArray:
    return np.degrees(np.arccos(np.clip(sun.cos_zenith, -1.0, 1.0)))
