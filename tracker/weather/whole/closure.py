"""Beam closure DHI + DNI cos(zenith) = GHI: the test of every file's time convention."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tracker.plant import Site
from tracker.sun import sun_position
from tracker.units import FloatArray, UtcArray
from tracker.weather.series import Weather

SEARCH_S: Final = np.arange(-3600.0, 3601.0, 600.0)
STRONG_BEAM_W_M2: Final = 200.0
SAMPLE: Final = 600  # steps: the mean square is smooth, more add cost alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Sum of DHI + DNI cos(zenith) over the sum of GHI, and the root mean square of their difference."""

    ratio: float
    rms_w_m2: float


def beam_closure(weather: Weather, site: Site, shift_s: float = 0.0) -> Closure:
    """Closure over all steps, with the sun taken shift_s after each interval's centre."""
    modelled = weather.dhi_w_m2 + weather.dni_w_m2 * cos_zenith(_shifted(weather.utc, shift_s), site)
    difference = modelled - weather.ghi_w_m2
    return Closure(
        ratio=float(modelled.sum() / weather.ghi_w_m2.sum()),
        rms_w_m2=float(np.sqrt(np.mean(difference**2))),
    )


def best_shift_s(weather: Weather, site: Site) -> float:
    """Seconds after `utc` at which closure holds best, within an hour; 0 without beam to tell.

    The residual is nearly linear in the shift, so its mean square is a parabola: the least of 13 coarse
    shifts and its neighbours give the vertex.
    """
    strong = np.flatnonzero(weather.dni_w_m2 > STRONG_BEAM_W_M2)
    if strong.size < SAMPLE // 10:
        return 0.0
    pick = strong[:: max(1, strong.size // SAMPLE)]
    errors = np.array([_mean_square(weather, pick, site, float(shift)) for shift in SEARCH_S])
    i = int(np.clip(errors.argmin(), 1, SEARCH_S.size - 2))
    left, middle, right = errors[i - 1 : i + 2]
    return float(
        SEARCH_S[i] + 0.5 * (SEARCH_S[1] - SEARCH_S[0]) * (left - right) / (left - 2 * middle + right)
    )


def cos_zenith(utc: UtcArray, site: Site) -> FloatArray:
    """Cosine of the geometric zenith angle, not below 0; same shape as utc."""
    return np.clip(np.sin(np.radians(sun_position(utc, site).elevation_deg)), 0.0, None)


def _mean_square(weather: Weather, pick: np.ndarray, site: Site, shift_s: float) -> float:
    cosine = cos_zenith(_shifted(weather.utc[pick], shift_s), site)
    residual = weather.dhi_w_m2[pick] + weather.dni_w_m2[pick] * cosine - weather.ghi_w_m2[pick]
    return float(np.mean(residual**2))


def _shifted(utc: UtcArray, shift_s: float) -> UtcArray:
    return utc + np.timedelta64(round(shift_s), "s")
