"""Modules as one diode: what current and voltage give the most power under light and warmth."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tracker.pv.dc import REFERENCE_C, REFERENCE_W_M2
from tracker.pv.products import CecModule
from tracker.units import FloatArray

KELVIN: Final = 273.15
BOLTZMANN_EV_K: Final = 8.617333262e-5
BAND_GAP_EV: Final = 1.121  # of silicon at 25 C; SAM fitted every module of its table with it
BAND_GAP_PER_K: Final = -0.0002677  # ibid., relative
STEPS: Final = 30  # 5 suffice for every module of the table in any light; the rest is for odd parameters
CONVERGED: Final = 1e-9  # of the diode's scale voltage; power is flat there, so its error is the square


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Diode:
    """The five parameters of a module at work: arrays of one shape, series resistance a number."""

    photocurrent_a: FloatArray
    saturation_a: FloatArray
    series_ohm: float
    shunt_siemens: FloatArray
    scale_v: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MaxPower:
    """Power and voltage of one module at its maximum power point, arrays of one shape."""

    power_w: FloatArray
    voltage_v: FloatArray


def diode_at(module: CecModule, light_w_m2: FloatArray, cell_c: FloatArray) -> Diode:
    """Parameters under light that reaches the cells and at cell temperature; inputs broadcast.

    De Soto, Klein and Beckman (2006, doi:10.1016/j.solener.2005.06.010), section 2, with the temperature
    coefficient of the current adjusted: Dobos (2012, doi:10.1115/1.4005759).
    """
    reference_k = REFERENCE_C + KELVIN
    above_k = cell_c - REFERENCE_C
    warmer = 1.0 + above_k / reference_k
    lit = light_w_m2 / REFERENCE_W_M2
    gap_ev_k = BAND_GAP_EV * (1.0 + BAND_GAP_PER_K * above_k) / (reference_k * warmer)
    return Diode(
        photocurrent_a=lit * (module.photocurrent_a + module.current_a_per_c * above_k),
        saturation_a=module.saturation_a
        * warmer**3
        * np.exp((BAND_GAP_EV / reference_k - gap_ev_k) / BOLTZMANN_EV_K),
        series_ohm=module.series_ohm,
        shunt_siemens=lit / module.shunt_ohm,
        scale_v=module.scale_v * warmer,
    )


def max_power(diode: Diode) -> MaxPower:
    """The maximum power point; 0 where there is no light, NaN where a parameter is unknown.

    Newton's method on dP/dV = 0 in the voltage over the diode, v, where current and its derivatives are
    explicit (Bishop 1988, doi:10.1016/0379-6787(88)90059-2): with I(v) the current and V = v - I R,
    I' V + I V' = I + I' (v - 2 R I) = 0. Starts at the point of a diode without resistances,
    (1 + x) exp(x) = 1 + L, x = v / scale, whose solution is near ln((1 + L) / (1 + x)).
    Raises ArithmeticError for parameters of no solar cell.
    """
    saturation, ohm, shunt, scale = (
        diode.saturation_a,
        diode.series_ohm,
        diode.shunt_siemens * diode.scale_v,
        diode.scale_v,
    )
    open_circuit = np.log1p(diode.photocurrent_a / saturation)
    x = open_circuit - np.log1p(open_circuit)
    x = np.maximum(open_circuit - np.log1p(x), 0.0)
    for _ in range(STEPS):
        injected = saturation * np.exp(x)
        current = diode.photocurrent_a + saturation - injected - shunt * x
        slope = -(injected + shunt)  # both derivatives by x
        beyond = scale * x - (2.0 * ohm) * current
        rise = current * scale + slope * beyond
        bend = slope * (2.0 * (scale - ohm * slope)) - injected * beyond
        step = np.divide(rise, bend, out=np.zeros_like(rise), where=bend != 0.0)
        x = np.clip(x - step, 0.0, open_circuit)
        if not np.any(np.abs(step) > CONVERGED):
            break
    else:
        raise ArithmeticError(f"no maximum power point after {STEPS} steps; check the module's parameters")
    current = diode.photocurrent_a - saturation * np.expm1(x) - shunt * x
    voltage_v = scale * x - ohm * current
    return MaxPower(power_w=voltage_v * current, voltage_v=voltage_v)
