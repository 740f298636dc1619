"""Power of the modules before the inverter."""

from typing import Final

from tracker.units import FloatArray

REFERENCE_W_M2: Final = 1000.0
REFERENCE_C: Final = 25.0


def nominal_power_w(light_w_m2: FloatArray, dc_capacity_w: float) -> FloatArray:
    """Power at rated efficiency, any shape: capacity in proportion to the light."""
    return light_w_m2 * (dc_capacity_w / REFERENCE_W_M2)


def temperature_factor(cell_c: FloatArray, gamma_per_c: float) -> FloatArray:
    """Relative power at cell temperature, any shape: Dobos (2014), NREL/TP-6A20-62641, eq. 8."""
    return (1.0 - gamma_per_c * REFERENCE_C) + gamma_per_c * cell_c
