"""From light on the cells to power at the terminals: by rated values, or by a module and inverter by name."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tracker.model_names import PVWATTS
from tracker.plant import Panels
from tracker.pv.dc import REFERENCE_C, REFERENCE_W_M2, nominal_power_w, temperature_factor
from tracker.pv.inverter import INVERTER_MODELS
from tracker.pv.products import inverter_named, module_named
from tracker.pv.sandia import sandia_ac_w
from tracker.pv.single_diode import MaxPower, diode_at, max_power
from tracker.units import FloatArray

RATED: Final[FloatArray] = np.ones(())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Direct:
    """Direct current of one head: power, and the voltage relative to that at 1000 W/m2 and 25 C."""

    power_w: FloatArray
    voltage: FloatArray


def direct(light_w_m2: FloatArray, cell_c: FloatArray, panels: Panels) -> Direct:
    """Power of the modules, any shape: PVWatts's without a module's name, else the single diode's.

    The diode's power is scaled to the head's capacity, as if it held a broken number of such modules.
    Raises InvalidInput for a module that is not in the table.
    """
    if not panels.module:
        factor = temperature_factor(cell_c, panels.gamma_per_c)
        power_w = nominal_power_w(light_w_m2, panels.dc_capacity_w) * np.maximum(factor, 0.0)
        return Direct(power_w=power_w, voltage=RATED)
    point, rated = max_power(diode_at(module_named(panels.module), light_w_m2, cell_c)), _rated(panels.module)
    return Direct(
        power_w=point.power_w * (panels.dc_capacity_w / rated.power_w),
        voltage=point.voltage_v / rated.voltage_v,
    )


def alternating(power_w: FloatArray, voltage: FloatArray, panels: Panels) -> FloatArray:
    """Power after the inverter, any shape: that of a nameless one, else Sandia's model.

    The named inverter is scaled to capacity / dc_ac_ratio, as if heads shared it, and draws its night
    consumption below start-up. Raises InvalidInput for an inverter that is not in the table.
    """
    if not panels.inverter:
        return INVERTER_MODELS[panels.inverter_model or PVWATTS](
            power_w,
            dc_capacity_w=panels.dc_capacity_w,
            dc_ac_ratio=panels.dc_ac_ratio,
            efficiency=panels.inverter_efficiency,
        )
    inverter = inverter_named(panels.inverter)
    inverters = panels.dc_capacity_w / panels.dc_ac_ratio / inverter.rated_ac_w
    string_v = design_voltage_v(panels) * voltage
    return sandia_ac_w(inverter, power_w / inverters, string_v) * inverters


def design_voltage_v(panels: Panels) -> float:
    """A string's voltage at 1000 W/m2 and 25 C, with as many modules in series as the inverter likes best.

    Without a module's name the inverter's own, at which its efficiency is that of its data sheet.
    """
    rated_v = inverter_named(panels.inverter).rated_v
    if not panels.module:
        return rated_v
    module_v = float(_rated(panels.module).voltage_v)
    return max(round(rated_v / module_v), 1) * module_v


def _rated(module: str) -> MaxPower:
    return max_power(diode_at(module_named(module), np.array(REFERENCE_W_M2), np.array(REFERENCE_C)))
