"""Sums over what meter and model both know, by month, and how well the model knows them."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tracker.pv.dc import temperature_factor
from tracker.study.gain.causes import CAUSES
from tracker.study.gain.drawn_years import YEARLY_RATIO
from tracker.study.metering.metered import NONE, Matched
from tracker.study.result import MountingResult, capacity_kwp, net_wh_under
from tracker.study.setting import Setting
from tracker.units import FloatArray, IntArray, UtcArray
from tracker.weather.series import Weather, standard_time

REFERENCE_W_M2: Final = 1000.0
# One standard deviation each, chosen; docs/decisions/0026-recorded-and-measured.md says after whom.
PLANT_PERCENT: Final = 3.0  # modules, losses and inverter as built against those of the site file
METER_PERCENT: Final = 0.5  # a meter of class 1
OTHER_MONTH_PERCENT: Final = 10.0  # of the light, where the weather is not that of the metered months


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Periods:
    """P local months: which of them each of B blocks belongs to, and each of the U intervals in a block."""

    months: UtcArray
    of_block: IntArray
    used: IntArray
    of_used: IntArray

    def sums(self, values: FloatArray) -> FloatArray:
        """Sums by month and of the whole, (P + 1,), of values (T,)."""
        return self._with_whole(self.of_used, values[self.used])

    def sums_of_blocks(self, values: FloatArray) -> FloatArray:
        """The same of values (B,)."""
        return self._with_whole(self.of_block, values)

    def _with_whole(self, month: IntArray, values: FloatArray) -> FloatArray:
        by_month = np.bincount(month, weights=values, minlength=self.months.size)
        return np.append(by_month, np.sum(values))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sums:
    """By P months and of the whole, each (P + 1,); reference energies are what P0 yields at 1 kW/m2."""

    hours: FloatArray
    measured_kwh: FloatArray
    modelled_kwh: FloatArray
    poa_kwh_m2: FloatArray
    reference_kwh: FloatArray
    corrected_kwh: FloatArray


def periods_of(found: Matched, weather: Weather) -> Periods:
    """The local months that blocks begin in."""
    local = standard_time(found.start_utc, weather.utc_offset_h).astype("datetime64[M]")
    months, of_block = np.unique(local, return_inverse=True)
    used = np.flatnonzero(found.block != NONE)
    return Periods(months=months, of_block=of_block, used=used, of_used=of_block[found.block[used]])


def sums_of(
    setting: Setting, row: MountingResult, found: Matched, periods: Periods, poa_w_m2: FloatArray
) -> Sums:
    """What the meter counted, what the row yields, and what heat it had under its modelled light (T,)."""
    hours = setting.weather.step_s / 3600.0
    light_h = poa_w_m2 / REFERENCE_W_M2 * hours
    kwp = capacity_kwp(setting.plant)
    return Sums(
        hours=periods.sums(np.full(light_h.size, hours)),
        measured_kwh=periods.sums_of_blocks(found.energy_kwh),
        modelled_kwh=periods.sums(row.net_wh) / 1000.0,
        poa_kwh_m2=periods.sums(light_h),
        reference_kwh=periods.sums(light_h) * kwp,
        corrected_kwh=periods.sums(light_h * correction_for_heat(poa_w_m2, setting, row)) * kwp,
    )


def correction_for_heat(poa_w_m2: FloatArray, setting: Setting, row: MountingResult) -> FloatArray:
    """C_k = 1 + gamma (T - 25 C) of IEC 61724-1 (T,), with the modelled temperature of the cells."""
    array, daylight = setting.plant.array, setting.daylight_on(on_heads=row.orientation.on_heads)
    efficiency = array.panels.dc_capacity_w / (REFERENCE_W_M2 * array.head.area_m2)
    warming = daylight.whole(daylight.warming_c_m2_w) * daylight.cells.heat_share(efficiency)
    return temperature_factor(setting.weather.temp_air_c + poa_w_m2 * warming, array.panels.gamma_per_c)


def shifts_percent(periods: Periods, setting: Setting, row: MountingResult) -> dict[str, FloatArray]:
    """Standard deviations (P + 1,) by what makes the model or the meter uncertain, percent of the model."""
    base = periods.sums(row.net_wh) / 1000.0
    safe = np.where(base > 0.0, base, np.inf)
    shifts = {}
    for cause in CAUSES:
        if not cause.touches(row.orientation):
            continue
        low, high = (
            periods.sums(net_wh_under(end, row.orientation)) / 1000.0 - base for end in cause.ends(setting)
        )
        reached = np.stack([low, np.zeros_like(low), high])
        shifts[cause.name] = 100.0 * np.ptp(reached, axis=0) / 2.0 / safe
    everywhere = np.ones_like(base)
    shifts["plant as built"] = PLANT_PERCENT * everywhere
    shifts["meter"] = METER_PERCENT * everywhere
    if setting.weather.kind != "measured":
        shifts["weather of other years"] = _other_years_percent(periods.months.size)
    return {name: shift for name, shift in shifts.items() if np.any(shift > 0.0)}


def _other_years_percent(months: int) -> FloatArray:
    """Months differ from year to year by much, a whole year by less: (P + 1,)."""
    whole = max(OTHER_MONTH_PERCENT / np.sqrt(months), 100.0 * YEARLY_RATIO)
    return np.append(np.full(months, OTHER_MONTH_PERCENT), whole)
