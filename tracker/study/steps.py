"""Where the energy goes: what is left after each named effect."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tracker.plant import Plant
from tracker.pv import PanelYield
from tracker.pv.dc import nominal_power_w
from tracker.study.mountings.held import mean_normal, open_poa, pointing_rms_deg
from tracker.study.mountings.orientation import Orientation
from tracker.study.setting import Setting
from tracker.units import FloatArray

ORDER: Final = (
    "facing", "limits", "stow", "pointing", "horizon", "shading", "incidence", "soiling", "temperature",
    "system", "inverter", "drive",
)  # fmt: skip
NOT_MODELLED: Final = ("pointing", "horizon", "soiling", "obstacle_sky", "rear_shading")


def not_modelled(plant: Plant) -> tuple[str, ...]:
    """The effects that are left out for this plant: none that the plant tells of."""
    told = {
        "pointing": plant.comparison.pointing_error_deg > 0.0,
        "horizon": plant.horizon is not None,
        "soiling": plant.array.panels.gets_dirty,
        "obstacle_sky": not plant.array.obstacles,  # there is nothing to leave out
        "rear_shading": plant.array.panels.bifaciality == 0.0,  # likewise
    }
    return tuple(name for name in NOT_MODELLED if not told.get(name, False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Energy of the whole array left after one effect, kWh over the series."""

    name: str
    kwh: float


def steps_of(
    setting: Setting, orientation: Orientation, held: PanelYield, net_wh: FloatArray
) -> tuple[Step, ...]:
    """The effects that are modelled for this orientation, in the one order; the last is the net energy.

    The first, facing, is the POA-nominal energy of the plane that the mounting means to hold. held is the
    yield of one head at the normals really held, net_wh (T,) that of the array after its consumption.
    """
    panels, array = setting.plant.array.panels, setting.plant.array
    hours = setting.weather.step_s / 3600.0

    def kwh(power_w: FloatArray) -> float:
        return float(np.sum(power_w)) * hours * array.size / 1000.0

    def nominal_kwh(poa_w_m2: FloatArray) -> float:
        return kwh(nominal_power_w(poa_w_m2, panels.dc_capacity_w))

    left = {
        **{name: nominal_kwh(poa) for name, poa in _planes(setting, orientation, held).items()},
        **({} if orientation.shade is None else {"shading": kwh(held.after_shading_w)}),
        "incidence": kwh(held.after_incidence_w),
        **({"soiling": kwh(held.after_soiling_w)} if panels.gets_dirty else {}),
        "temperature": kwh(held.after_temperature_w),
        "system": kwh(held.after_system_w),
        "inverter": kwh(held.ac_w),
        "drive": float(np.sum(net_wh)) / 1000.0,
    }
    return tuple(Step(name=name, kwh=left[name]) for name in ORDER if name in left)


def _planes(setting: Setting, orientation: Orientation, held: PanelYield) -> dict[str, FloatArray]:
    """Light (D,) by the name of the effect it is left after; under an open sky up to the horizon's."""
    ideal, limited = orientation.ideal_normal_enu, orientation.limited_normal_enu
    plan, horizon = setting.plant.comparison, setting.plant.horizon
    behind = {} if horizon is None else {"horizon": held.poa_w_m2}
    if ideal is None or limited is None:
        return {"facing": setting.open_poa(orientation.normal_enu), **behind}
    # the posture that heads take because the sun is hidden is the skyline's doing, not stow's
    stowed = np.where(setting.hidden[:, None], limited, orientation.normal_enu)
    off_deg = pointing_rms_deg(orientation, plan)
    pointed = {"pointing": open_poa(setting, orientation, mean_normal(stowed, off_deg))}
    return {
        "facing": setting.open_poa(ideal),
        "limits": setting.open_poa(limited),
        "stow": open_poa(setting, orientation, stowed),
        **(pointed if np.any(off_deg) else {}),
        **behind,
    }
