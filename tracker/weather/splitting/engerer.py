"""The Engerer2 separation model, which sees cloud edges that brighten, for steps of a minute to an hour.

Engerer (2015, Solar Energy 116, 215-237), section 4, with the coefficients of Bright and Engerer (2019,
J. Renewable Sustainable Energy 11, 033701), fitted worldwide for each length of step. The clear sky is the
Threlkeld-Jordan model that they take (Masters 2004, Renewable and Efficient Electric Power Systems, ch. 7).
"""

from typing import Final

import numpy as np

from tracker.units import FloatArray

# Minutes of a step: C, and the slopes of the logistic function (constant, kt, solar time in h, zenith in deg,
# distance to the clear sky) and of the brightening by clouds.
COEFFICIENTS: Final = {
    1: (0.105620, -4.1332, 8.2578, 0.010087, 0.00088801, -4.9302, 0.44378),
    5: (0.093936, -4.5771, 8.4641, 0.010012, 0.0039750, -4.3921, 0.39331),
    10: (0.079965, -4.8539, 8.4764, 0.018849, 0.0051497, -4.1457, 0.37466),
    15: (0.065972, -4.7211, 8.3294, 0.0095444, 0.0053493, -4.1690, 0.39526),
    30: (0.032675, -4.8681, 8.1867, 0.015829, 0.0059922, -4.0304, 0.47371),
    60: (-0.0097539, -5.3169, 8.5084, 0.013241, 0.0074356, -3.0329, 0.56403),
}
BRIGHTER_W_M2: Final = 0.015  # brightening below it is rounding


def diffuse_fraction(
    ghi_w_m2: FloatArray,
    extra_normal_w_m2: FloatArray,
    cos_zenith: FloatArray,
    day_of_year: FloatArray,
    solar_time_h: FloatArray,
    step_s: float,
) -> FloatArray:
    """DHI over GHI (T,), 0 to 1, while the sun is up (cos_zenith above 0) and GHI above 0.

    The coefficients are those of the nearest step length in proportion.
    """
    floor, constant, by_kt, by_time, by_zenith, by_distance, by_brightening = _coefficients(step_s)
    extra = extra_normal_w_m2 * cos_zenith
    clear = clear_sky_w_m2(cos_zenith, day_of_year)
    kt = ghi_w_m2 / extra
    brighter = np.where(ghi_w_m2 - clear < BRIGHTER_W_M2, 0.0, ghi_w_m2 - clear) / ghi_w_m2
    exponent = (
        constant
        + by_kt * kt
        + by_time * solar_time_h
        + by_zenith * np.degrees(np.arccos(cos_zenith))
        + by_distance * (clear / extra - kt)
    )
    fraction = floor + (1.0 - floor) / (1.0 + np.exp(exponent)) + by_brightening * brighter
    return np.asarray(np.clip(fraction, 0.0, 1.0))


def clear_sky_w_m2(cos_zenith: FloatArray, day_of_year: FloatArray) -> FloatArray:
    """GHI (T,) under the Threlkeld-Jordan clear sky, while cos_zenith is above 0."""
    year_rad = 2.0 * np.pi / 365.0
    summer = np.sin(year_rad * (day_of_year - 100.0))
    apparent_w_m2 = 1160.0 + 75.0 * np.sin(year_rad * (day_of_year - 275.0))
    beam_w_m2 = apparent_w_m2 * np.exp(-(0.174 + 0.035 * summer) / cos_zenith)
    return np.asarray(beam_w_m2 * (cos_zenith + 0.095 + 0.04 * summer))


def _coefficients(step_s: float) -> tuple[float, ...]:
    minutes = np.array(list(COEFFICIENTS))
    nearest = int(np.argmin(np.abs(np.log(minutes * 60.0 / step_s))))
    return COEFFICIENTS[int(minutes[nearest])]
