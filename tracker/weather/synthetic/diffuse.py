"""Diffuse and beam of a synthetic year: Erbs' diffuse fraction, bent until each month has its DHI."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator
from scipy.special import expit, logit

from tracker.units import FloatArray
from tracker.weather.splitting.erbs import erbs_fraction
from tracker.weather.synthetic.clearness import NO_SUN, Light
from tracker.weather.synthetic.climates import MonthlyClimate
from tracker.weather.synthetic.sampling import BISECTIONS, autoregressive, monthly_sums, solve_rising

LOWEST_BEAM_SINE: Final = 0.05  # chosen: a sun centred below 2.9 deg sends no beam, haze and horizon take it
SCATTER: Final = 0.6  # chosen: of the logit, for SWERA's 0.15 in diffuse fraction at one clearness
SCATTER_LAG1: Final = 0.95  # chosen: the air mass that makes it stays for most of a day
KEEP_INSIDE: Final = 1e-3
LARGEST_BEND: Final = 12.0
COARSE: Final = 20  # halvings of the search for the lean: DNI to 1e-4


def beam_limit_w_m2(light: Light) -> FloatArray:
    """DNI (T,) of a clean clear sky: extraterrestrial times 0.7^(AM^0.678), Meinel and Meinel (1976)."""
    air_mass = 1.0 / np.maximum(light.sine, LOWEST_BEAM_SINE)
    clear = light.extra_normal_w_m2 * 0.7 ** (air_mass**0.678)
    return np.where(light.sine > LOWEST_BEAM_SINE, clear, 0.0)


def diffuse_irradiance(
    climate: MonthlyClimate, light: Light, ghi_w_m2: FloatArray, rng: Generator
) -> FloatArray:
    """DHI (T,) in W/m2, each month's sum the climate's, the beam that is left below a clear sky's.

    The odds of Erbs' fraction times a slow scatter and two factors a month, so that it stays within 0 to 1:
    one the same all day, for the DHI; one that leans toward low sun, whose longer path makes more of it
    diffuse at the same clearness, for the DNI.
    """
    sky = _sky(light, ghi_w_m2, rng)
    wanted_dhi, wanted_dni = 1000.0 * np.array(climate.dhi_kwh_m2), 1000.0 * np.array(climate.dni_kwh_m2)

    def bend(lean: FloatArray, halvings: int) -> FloatArray:
        return solve_rising(
            lambda by: sky.monthly(sky.dhi_w_m2(by, lean)), wanted_dhi, -LARGEST_BEND, LARGEST_BEND, halvings
        )

    def dni(less_lean: FloatArray) -> FloatArray:
        return sky.monthly(sky.dni_w_m2(bend(-less_lean, COARSE), -less_lean))

    lean = -solve_rising(dni, wanted_dni, -LARGEST_BEND, LARGEST_BEND, COARSE)
    return sky.dhi_w_m2(bend(lean, BISECTIONS), lean)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Sky:
    """Hours (T,) with the logit of their diffuse fraction before bending, and the least diffuse there is."""

    light: Light
    ghi_w_m2: FloatArray
    odds: FloatArray
    least_w_m2: FloatArray

    def dhi_w_m2(self, bend: FloatArray, lean: FloatArray) -> FloatArray:
        month_index = self.light.month_index
        bent = self.odds + bend[month_index] - lean[month_index] * self.light.sine
        return np.maximum(expit(bent) * self.ghi_w_m2, self.least_w_m2)

    def dni_w_m2(self, bend: FloatArray, lean: FloatArray) -> FloatArray:
        return beam_w_m2(self.light, self.ghi_w_m2, self.dhi_w_m2(bend, lean))

    def monthly(self, values: FloatArray) -> FloatArray:
        return monthly_sums(values, self.light.month_index)


def beam_w_m2(light: Light, ghi_w_m2: FloatArray, dhi_w_m2: FloatArray) -> FloatArray:
    """DNI (T,) that closes GHI = DHI + DNI sin(elevation); DHI takes all of GHI below LOWEST_BEAM_SINE."""
    return (ghi_w_m2 - dhi_w_m2) / np.maximum(light.sine, LOWEST_BEAM_SINE)


def _sky(light: Light, ghi_w_m2: FloatArray, rng: Generator) -> _Sky:
    clearness = ghi_w_m2 / np.maximum(light.extra_horizontal_w_m2, NO_SUN)
    fraction = np.clip(erbs_fraction(clearness), KEEP_INSIDE, 1.0 - KEEP_INSIDE)
    scatter = SCATTER * autoregressive(rng, ghi_w_m2.size, SCATTER_LAG1)
    return _Sky(
        light=light,
        ghi_w_m2=ghi_w_m2,
        odds=logit(fraction) + scatter,
        least_w_m2=np.maximum(ghi_w_m2 - beam_limit_w_m2(light) * light.sine, 0.0),
    )
