"""The five plain mountings of plain modules, several times as fast as one by one through the chain."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

import numpy as np

from tracker import frames
from tracker.model_names import NO_SPECTRUM, PVWATTS
from tracker.plant import Panels, Plant
from tracker.pv import Models
from tracker.pv.incidence import (
    COATED,
    TABLE_ROWS,
    dome_angle_deg,
    ground_angle_deg,
    incidence_modifier,
)
from tracker.pv.inverter import REFERENCE_EFFICIENCY
from tracker.pv.tabulated import Tabulated, tabulated
from tracker.study.climb import highest
from tracker.study.mountings import LEVEL
from tracker.study.planes import MAX_ROTATION_DEG, latitude_tilt_normal, single_axis_normals
from tracker.study.row_shade import ground_light_left, ground_view_left, sky_view_left
from tracker.study.setting import Setting
from tracker.study.sweeps import compiled
from tracker.units import FloatArray, IntArray

MONTHS: Final = 12


def _at_angle(angle_deg: Callable[[FloatArray], FloatArray]) -> Tabulated:
    return tabulated(
        lambda tilt_deg: incidence_modifier(np.cos(np.radians(angle_deg(tilt_deg)))), 180.0, TABLE_ROWS
    )


THROUGH_GLASS: Final = tabulated(incidence_modifier, 1.0, TABLE_ROWS)
FROM_DOME: Final = _at_angle(dome_angle_deg)
FROM_GROUND: Final = _at_angle(ground_angle_deg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Light on the plane and AC power of one head, summed over all intervals; power by month."""

    poa_w_m2: float
    monthly_ac_w: tuple[float, ...]
    tilt_deg: float | None
    azimuth_deg: float | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hours:
    """A setting's daylight as the loops want it: hours (11, D), months (D,) from 0, the modules' numbers."""

    setting: Setting
    hours: FloatArray
    months: IntArray
    modules: FloatArray

    def every(self, stride: int) -> "Hours":
        """Every so many hours of them, from the middle of the first so many on."""
        some = slice(stride // 2, None, stride)
        hours = np.ascontiguousarray(self.hours[:, some])
        return replace(self, hours=hours, months=self.months[some])

    def power_on(self, normals: FloatArray, cover: float) -> FloatArray:
        """AC power (N,), summed, of planes (N, 3) that stay; cover as in `kernel`."""
        return np.asarray(self._filled(compiled.load().held, normals, cover, len(normals))[1].sum(axis=1))

    def held(self, normal: FloatArray, cover: float) -> Sums:
        """Sums for a plane (3,) that stays."""
        tilt_deg, azimuth_deg = 90.0 - frames.elevation_deg(normal), frames.azimuth_deg(normal)
        light, power = self._filled(compiled.load().held, normal[np.newaxis], cover, 1)
        return self._sums(light, power, float(tilt_deg), float(azimuth_deg))

    def turned(self, normals: FloatArray, cover: float) -> Sums:
        """Sums for a plane that looks along (D, 3)."""
        return self._sums(*self._filled(compiled.load().turned, normals, cover, 1), None, None)

    def _filled(
        self, loop: compiled.Loop, normals: FloatArray, cover: float, planes: int
    ) -> tuple[FloatArray, FloatArray]:
        shape = (planes, self.months.size)
        light, power = np.empty(shape), np.empty(shape)
        tilted, glass = _tilted(normals, cover), THROUGH_GLASS.values
        loop(self.hours, normals, tilted, cover, glass, self.modules, light, power)
        return light, power

    def _sums(
        self, light: FloatArray, power: FloatArray, tilt_deg: float | None, azimuth_deg: float | None
    ) -> Sums:
        by_month = np.bincount(self.months, weights=power[0], minlength=MONTHS)
        return Sums(
            poa_w_m2=float(light.sum()),
            monthly_ac_w=tuple(by_month.tolist()),
            tilt_deg=tilt_deg,
            azimuth_deg=azimuth_deg,
        )

    @property
    def cover(self) -> float:
        """Share of the ground that rows cover; 0 for a lone head's worth, which has no neighbours."""
        plant = self.setting.plant
        return plant.comparison.ground_cover_ratio if plant.array.size > 1 else 0.0


def is_short(name: str, plant: Plant, models: Models) -> bool:
    """Whether this mounting has a short way, which gives what the chain gives; never without numba."""
    if name not in SHORT_WAYS or not compiled.available() or (name in SHADED and plant.array.size > 1):
        return False
    panels = plant.array.panels
    named = models.with_panels(panels)
    plain = (named.incidence, named.spectrum, named.modules, named.inverter)
    open_sky = plant.horizon is None and not plant.array.obstacles
    return (
        open_sky
        and plain == (COATED, NO_SPECTRUM, PVWATTS, PVWATTS)
        and not (panels.bifaciality or panels.gets_dirty)
    )


def hours_of(setting: Setting) -> Hours:
    """The daylight of a setting."""
    daylight, array = setting.daylight, setting.plant.array
    sky, efficiency = daylight.sky, array.panels.dc_capacity_w / (1000.0 * array.head.area_m2)
    columns = (
        *sky.sun_enu.T,
        sky.beam_w_m2,
        sky.circumsolar_w_m2,
        sky.dome_w_m2,
        sky.horizon_w_m2,
        sky.ground_w_m2,
        daylight.temp_air_c,
        daylight.warming_c_m2_w * daylight.cells.heat_share(efficiency),
        sky.from_sun,
    )
    return Hours(
        setting=setting,
        hours=np.stack(columns),
        months=daylight.month - 1,
        modules=_numbers(array.panels),
    )


def sums_of(name: str, hours: Hours) -> Sums:
    """What `SHORT_WAYS[name]` sums up."""
    return SHORT_WAYS[name](hours)


def _flat(hours: Hours) -> Sums:
    return hours.held(LEVEL, 0.0)


def _latitude_tilt(hours: Hours) -> Sums:
    return hours.held(latitude_tilt_normal(hours.setting.plant.site.latitude_deg), hours.cover)


def _best_fixed(hours: Hours) -> Sums:
    def energy(normals: FloatArray, stride: int) -> FloatArray:
        return hours.every(stride).power_on(normals, hours.cover)

    return hours.held(highest(energy), hours.cover)


def _single_axis(hours: Hours) -> Sums:
    plan = hours.setting.plant.comparison
    normals = single_axis_normals(
        hours.setting.daylight.sky.sun_enu,
        ground_cover_ratio=plan.ground_cover_ratio,
        backtrack=plan.single_axis_backtrack,
        max_rotation_deg=MAX_ROTATION_DEG,
    )
    return hours.turned(normals, hours.cover)


def _two_axis(hours: Hours) -> Sums:
    return hours.turned(hours.setting.daylight.sky.sun_enu, 0.0)


SHORT_WAYS: Final[Mapping[str, Callable[[Hours], Sums]]] = MappingProxyType(
    {
        "flat": _flat,
        "latitude_tilt": _latitude_tilt,
        "best_fixed": _best_fixed,
        "single_axis": _single_axis,
        "two_axis_sun_facing": _two_axis,
    }
)
SHADED: Final = frozenset({"two_axis_sun_facing"})  # where heads stand, and shade each other


def _tilted(normals: FloatArray, cover: float) -> FloatArray:
    """What the tilt of planes (N, 3) decides, (N, 5), in the order of `kernel`'s columns."""
    up = normals[:, 2]
    tilt_deg = np.degrees(np.arccos(np.clip(up, -1.0, 1.0)))
    columns = np.ones((len(normals), 5))
    columns[:, 0], columns[:, 1] = FROM_DOME.at(tilt_deg), FROM_GROUND.at(tilt_deg)
    if cover:
        nothing = np.zeros(())
        columns[:, 2], columns[:, 3] = sky_view_left(up, cover), ground_view_left(up, cover)
        columns[:, 4] = ground_light_left(up, nothing, nothing, cover)
    return columns


def _numbers(panels: Panels) -> FloatArray:
    """The modules and the inverter in the order of `kernel`'s columns."""
    rated_ac_w = panels.dc_capacity_w / panels.dc_ac_ratio
    rated_dc_w = rated_ac_w / panels.inverter_efficiency
    return np.array(
        [
            panels.gamma_per_c,
            panels.dc_capacity_w / 1000.0,
            1.0 - panels.system_losses_percent / 100.0,
            rated_dc_w,
            panels.inverter_efficiency / REFERENCE_EFFICIENCY * rated_dc_w,
            rated_ac_w,
        ]
    )
