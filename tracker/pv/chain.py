"""The whole chain for one orientation: light, glass, dirt, temperature, modules, system losses, inverter."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeAlias

import numpy as np

from tracker.plant import Head, Panels
from tracker.pv.bifacial import rear_irradiance
from tracker.pv.daylight import Daylight
from tracker.pv.dc import nominal_power_w
from tracker.pv.electric import alternating, direct
from tracker.pv.incidence import effective_irradiance
from tracker.pv.irradiance import PlaneIrradiance, plane_irradiance
from tracker.pv.shade import Shade, shaded_plane
from tracker.units import FloatArray

SkylineView: TypeAlias = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PanelYield:
    """One head at one orientation: light, then power after each effect, (D,) by day; AC power (T,).

    At night all are 0, but AC power where a named inverter draws a little; `Daylight.whole` makes (T,) of
    (D,). The light is that before shading, on the front; where heads shade each other the rest is the mean
    of the heads. Incidence adds the light on the back of bifacial modules, and what its colours are worth
    where a spectrum is modelled; temperature is all that modules make of their light.
    """

    poa_w_m2: FloatArray
    after_shading_w: FloatArray
    after_incidence_w: FloatArray
    after_soiling_w: FloatArray
    after_temperature_w: FloatArray
    after_system_w: FloatArray
    ac_w: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Light:
    """What reaches the cells, (D,) in W/m2, through clean glass and after dirt; all: what warms them."""

    on_clean: FloatArray
    on_dirty: FloatArray
    all: FloatArray


def yield_of(
    normal_enu: FloatArray,
    daylight: Daylight,
    head: Head,
    panels: Panels,
    *,
    skyline: SkylineView | None = None,
    shade: Shade | None = None,
    clean: FloatArray | None = None,
) -> PanelYield:
    """Light and power of one head whose panel normal is (T, 3) or (3,); normals at night do not matter.

    skyline gives the share (D,) of the even sky that a skyline leaves to normals (D, 3); shade is what
    neighbours leave; clean (T,) the share of the light that dirt and snow leave beside what panels say.
    The inverter sees the mean of shaded heads, the cells' temperature the light they use.
    """
    normal = daylight.normals(normal_enu)
    plane = plane_irradiance(daylight.sky, normal)
    if skyline is not None:
        by_day = np.broadcast_to(normal, (daylight.rows.size, 3))
        plane = replace(plane, dome_w_m2=plane.dome_w_m2 * skyline(by_day))
    poa_w_m2 = plane.total_w_m2
    left = plane if shade is None else shaded_plane(plane, shade, panels)
    left_w_m2 = poa_w_m2 if shade is None else left.total_w_m2
    light = _light(left, left_w_m2, normal, daylight, head, panels, clean)
    efficiency = panels.dc_capacity_w / (1000.0 * head.area_m2)
    warming = daylight.warming_c_m2_w * daylight.cells.heat_share(efficiency)
    dc = direct(light.on_dirty, daylight.temp_air_c + light.all * warming, panels)
    system_w = dc.power_w * (1.0 - panels.system_losses_percent / 100.0)
    idle_w = float(alternating(np.zeros(()), np.zeros(()), panels)) if panels.inverter else 0.0
    on_clean_w = on_dirty_w = nominal_power_w(light.on_clean, panels.dc_capacity_w)
    if light.on_dirty is not light.on_clean:
        on_dirty_w = nominal_power_w(light.on_dirty, panels.dc_capacity_w)
    return PanelYield(
        poa_w_m2=poa_w_m2,
        after_shading_w=nominal_power_w(left_w_m2, panels.dc_capacity_w),
        after_incidence_w=on_clean_w,
        after_soiling_w=on_dirty_w,
        after_temperature_w=dc.power_w,
        after_system_w=system_w,
        ac_w=daylight.whole(alternating(system_w, dc.voltage, panels), idle_w),
    )


def mean_yield(heads: Sequence[PanelYield]) -> PanelYield:
    """The mean of several heads' yields."""
    mean = {
        part.name: np.mean([getattr(head, part.name) for head in heads], axis=0)
        for part in fields(PanelYield)
    }
    return PanelYield(**mean)


def _light(
    left: PlaneIrradiance,
    left_w_m2: FloatArray,
    normal: FloatArray,
    daylight: Daylight,
    head: Head,
    panels: Panels,
    clean: FloatArray | None,
) -> _Light:
    cover, up = daylight.models.incidence, normal[..., 2]
    front = _coloured(effective_irradiance(left, up, cover), daylight)
    bright = _bright(daylight, panels, clean)
    dirty = front if bright is None else front * bright
    if not panels.bifaciality:
        return _Light(on_clean=front, on_dirty=dirty, all=left_w_m2)
    rear = rear_irradiance(daylight.sky, normal, head)
    behind = _coloured(effective_irradiance(rear, -up, cover), daylight) * panels.bifaciality
    warms = left_w_m2 + rear.total_w_m2 * panels.bifaciality
    return _Light(on_clean=front + behind, on_dirty=dirty + behind, all=warms)


def _coloured(light_w_m2: FloatArray, daylight: Daylight) -> FloatArray:
    return light_w_m2 if daylight.spectrum is None else light_w_m2 * daylight.spectrum


def _bright(daylight: Daylight, panels: Panels, clean: FloatArray | None) -> FloatArray | None:
    """The share (D,) of the front's light that dirt and snow leave; None where they are not modelled."""
    shares = [] if clean is None else [clean.take(daylight.rows)]
    if panels.gets_dirty:
        month = daylight.month - 1
        by_month = (months for months in (panels.soiling_percent, panels.snow_percent) if months)
        shares += [1.0 - np.array(months).take(month) / 100.0 for months in by_month]
    return np.prod(shares, axis=0) if shares else None
