"""What one mounting yields."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tracker import frames
from tracker.plant import Plant
from tracker.study.mountings.by_name import mounting
from tracker.study.mountings.held import held_yield
from tracker.study.mountings.orientation import Orientation
from tracker.study.setting import Setting
from tracker.study.steps import Step, steps_of
from tracker.units import MONTHS_PER_YEAR, FloatArray
from tracker.weather.series import Weather

HOURS: Final = 24
SAME_ANGLE_DEG: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MountingResult:
    """Energies of the whole array over the series, kWh unless named otherwise; net_wh is (T,).

    Net is AC less the array's own consumption. tilt and azimuth are those that never change for any module,
    None for others: fixed planes have both, azimuth_only and east_west their tilt.
    """

    name: str
    axes: int
    orientation: Orientation
    poa_kwh_m2: float
    ac_kwh: float
    ac_kwh_per_kwp: float
    drive_kwh: float
    net_kwh: float
    net_kwh_per_m2_land: float
    net_wh: FloatArray
    steps: tuple[Step, ...]
    monthly_kwh: tuple[float, ...]
    tilt_deg: float | None
    azimuth_deg: float | None


def result_of(name: str, setting: Setting) -> MountingResult:
    """Orient one mounting under the setting's weather and sum what it yields.

    Every head gets the same inputs, so one orientation stands for all of them. Raises InvalidInput for an
    unknown name.
    """
    kind = mounting(name)
    return summed(name, kind.axes, kind.land_m2(setting.plant), kind.orient(setting), setting)


def summed(
    name: str, axes: int, land_m2: float, orientation: Orientation, setting: Setting
) -> MountingResult:
    """The sums for an orientation already known."""
    weather, array = setting.weather, setting.plant.array
    held = held_yield(setting, orientation)
    ac_wh = _ac_wh(held.ac_w, setting)
    drive_wh = orientation.consumption_wh(weather.step_s) * array.size
    net_wh = ac_wh - drive_wh
    ac_kwh, net_kwh = float(np.sum(ac_wh)) / 1000.0, float(np.sum(net_wh)) / 1000.0
    normal_enu = orientation.normal_enu
    return MountingResult(
        name=name,
        axes=axes,
        orientation=orientation,
        poa_kwh_m2=weather.energy_kwh_m2(held.poa_w_m2),
        ac_kwh=ac_kwh,
        ac_kwh_per_kwp=ac_kwh / capacity_kwp(setting.plant),
        drive_kwh=float(np.sum(drive_wh)) / 1000.0,
        net_kwh=net_kwh,
        net_kwh_per_m2_land=net_kwh / land_m2,
        net_wh=net_wh,
        steps=steps_of(setting, orientation, held, net_wh),
        monthly_kwh=tuple(by_month_kwh(net_wh, weather).tolist()),
        tilt_deg=None if axes > 1 else _held(90.0 - frames.elevation_deg(normal_enu)),
        azimuth_deg=None if axes > 1 else _held(frames.azimuth_deg(normal_enu)),
    )


def net_wh_under(setting: Setting, orientation: Orientation) -> FloatArray:
    """Net energy (T,) of the array when it is held just so, under this setting's models."""
    ac_wh = _ac_wh(held_yield(setting, orientation).ac_w, setting)
    return ac_wh - orientation.consumption_wh(setting.weather.step_s) * setting.plant.array.size


def capacity_kwp(plant: Plant) -> float:
    """Modules of the whole array at standard test conditions."""
    return plant.array.panels.dc_capacity_w * plant.array.size / 1000.0


def by_month_kwh(energy_wh: FloatArray, weather: Weather) -> FloatArray:
    """Sums (12,) by calendar month of local standard time, kWh."""
    return np.bincount(weather.local_month - 1, weights=energy_wh, minlength=MONTHS_PER_YEAR) / 1000.0


def by_hour_and_month_kwh(energy_wh: FloatArray, weather: Weather) -> FloatArray:
    """Sums (24, 12) by hour of day and month of local standard time, kWh."""
    cell = weather.local_hour * MONTHS_PER_YEAR + weather.local_month - 1
    sums = np.bincount(cell, weights=energy_wh, minlength=HOURS * MONTHS_PER_YEAR) / 1000.0
    return np.asarray(sums.reshape(HOURS, MONTHS_PER_YEAR))


def _held(angle_deg: FloatArray) -> float | None:
    """An angle that is the same at all times for all modules; None for one that is not."""
    first = float(angle_deg.flat[0])
    return first if np.allclose(angle_deg, first, rtol=0.0, atol=SAME_ANGLE_DEG) else None


def _ac_wh(ac_w: FloatArray, setting: Setting) -> FloatArray:
    return ac_w * (setting.weather.step_s / 3600.0) * setting.plant.array.size
