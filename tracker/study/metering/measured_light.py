"""Performance ratios with the light that was measured in the plane, as IEC 61724-1 has them, by month."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from tracker.pv.dc import temperature_factor
from tracker.study.metering.metered import NONE, Matched, Metered
from tracker.study.metering.plausible import demand_light
from tracker.study.metering.production_sums import REFERENCE_W_M2, Periods
from tracker.study.result import capacity_kwp
from tracker.study.setting import Setting
from tracker.units import BoolArray, FloatArray, IntArray

LightSource: TypeAlias = Literal["meter", "weather"]
FILES: Final = {"meter": "the meter's file", "weather": "the weather"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LightPeriod:
    """A month (YYYY-MM) or the whole: the hours whose light was measured, and the energy metered in them.

    modelled_poa_kwh_m2 is the model's light in the same hours, and modelled_over_measured_percent its bias.
    Ratios are E / P0 over the measured light; 25c needs measured module temperature. None without light.
    """

    name: str
    hours: float
    measured_kwh: float
    poa_kwh_m2: float
    modelled_poa_kwh_m2: float
    modelled_over_measured_percent: float | None
    performance_ratio: float | None
    performance_ratio_25c: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredLight:
    """What was measured in the plane of the metered modules, in whose file, by month and as a whole."""

    source: LightSource
    module_temperature: bool
    months: tuple[LightPeriod, ...]
    whole: LightPeriod
    says: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _InBlocks:
    """Light of B blocks, kWh/m2, as it is and weighted by the modules' temperature; NaN where unknown."""

    source: LightSource
    light: FloatArray
    corrected: FloatArray | None


def measured_light(
    metered: Metered,
    setting: Setting,
    found: Matched,
    periods: Periods,
    modelled_poa_w_m2: FloatArray,
    names: Sequence[str],
) -> MeasuredLight | None:
    """Ratios over the light that the meter's file, or else the weather, has in the plane; None without any.

    names are those of the P months and of the whole; modelled_poa_w_m2 (T,) is the model's light in the same
    plane. A block counts where all its light, and module temperature if there is any, is known; where the
    model has none either it is night, and unknown light is none. Raises InvalidInput for next to no light.
    """
    hours = setting.weather.step_s / 3600.0
    modelled = _by_block(found.block, modelled_poa_w_m2 / REFERENCE_W_M2 * hours, found)
    given = _given(metered, setting, found, modelled > 0.0)
    if given is None:
        return None
    known = np.isfinite(given.light)
    if given.corrected is not None:
        known &= np.isfinite(given.corrected)

    def sums(values: FloatArray) -> FloatArray:
        return periods.sums_of_blocks(np.where(known, values, 0.0))

    kwp = capacity_kwp(setting.plant)
    block_h = _by_block(found.block, np.full(found.block.size, hours), found)
    corrected = np.zeros_like(modelled) if given.corrected is None else given.corrected
    columns = np.stack([sums(part) for part in (block_h, found.energy_kwh, given.light, modelled, corrected)])
    told = [_period(name, kwp, *column) for name, column in zip(names, columns.T.tolist(), strict=True)]
    source = metered.source if given.source == "meter" else setting.weather.source
    demand_light(source, told[-1].poa_kwh_m2, told[-1].modelled_poa_kwh_m2)
    return MeasuredLight(
        source=given.source,
        module_temperature=given.corrected is not None,
        months=tuple(told[:-1]),
        whole=told[-1],
        says=_says(given.source, told[-1], float(np.sum(block_h))),
    )


def _given(metered: Metered, setting: Setting, found: Matched, lit: BoolArray) -> _InBlocks | None:
    """The light of the blocks from the meter's intervals where it has any, else from the weather's."""
    weather, gamma_per_c = setting.weather, setting.plant.array.panels.gamma_per_c
    if metered.poa_w_m2 is not None:
        length_h = (metered.end_utc - metered.start_utc) / np.timedelta64(1, "ms") / 3.6e6
        poa_w_m2, temp_c, block = metered.poa_w_m2, metered.temp_module_c, found.block_of_metered
        source: LightSource = "meter"
    elif weather.poa_w_m2 is not None:
        length_h = np.full(weather.utc.size, weather.step_s / 3600.0)
        poa_w_m2, temp_c, block = weather.poa_w_m2, weather.temp_module_c, found.block
        poa_w_m2 = np.where(np.isnan(poa_w_m2) & ~setting.daylight.up, 0.0, poa_w_m2)
        source = "weather"
    else:
        return None
    light = np.maximum(poa_w_m2, 0.0) / REFERENCE_W_M2 * length_h  # thermal offsets of the night are none
    corrected = None
    if temp_c is not None:
        weighted = light * temperature_factor(temp_c, gamma_per_c)
        corrected = _or_dark(_by_block(block, np.where(light == 0.0, 0.0, weighted), found), lit)
    return _InBlocks(source=source, light=_or_dark(_by_block(block, light, found), lit), corrected=corrected)


def _by_block(block: IntArray, values: FloatArray, found: Matched) -> FloatArray:
    """Sums (B,) of values by their block; NaN where one of them is."""
    inside = block != NONE
    sums = np.bincount(block[inside], weights=values[inside], minlength=found.energy_kwh.size)
    return sums.astype(np.float64)


def _or_dark(values: FloatArray, lit: BoolArray) -> FloatArray:
    return np.where(np.isnan(values) & ~lit, 0.0, values)


def _period(
    name: str, kwp: float, hours: float, energy_kwh: float, light: float, modelled: float, corrected: float
) -> LightPeriod:
    return LightPeriod(
        name=name,
        hours=hours,
        measured_kwh=energy_kwh,
        poa_kwh_m2=light,
        modelled_poa_kwh_m2=modelled,
        modelled_over_measured_percent=100.0 * (modelled / light - 1.0) if light > 0.0 else None,
        performance_ratio=energy_kwh / (kwp * light) if light > 0.0 else None,
        performance_ratio_25c=energy_kwh / (kwp * corrected) if corrected > 0.0 else None,
    )


def _says(source: LightSource, whole: LightPeriod, compared_h: float) -> str:
    known = f"the plane's light was measured ({FILES[source]}) in {whole.hours:,.5g} of {compared_h:,.5g} h"
    if whole.modelled_over_measured_percent is None:
        return f"{known}, all of them dark"
    ratios = f"the performance ratio with measured light is {whole.performance_ratio:.3f}"
    if whole.performance_ratio_25c is not None:
        ratios += f", and {whole.performance_ratio_25c:.3f} corrected to 25 C by measured module temperature"
    bias = whole.modelled_over_measured_percent
    side = "above" if bias >= 0.0 else "below"
    return f"{known}; the model's light is {abs(bias):.1f} % {side} it; {ratios}"
