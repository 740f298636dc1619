"""What tracking gains over what moves less, with the interval of the paired gain."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

import numpy as np

from tracker.study.gain.causes import CAUSES, Cause
from tracker.study.gain.drawn_years import yearly_kwh
from tracker.study.gain.uncertainty import (
    Z_90,
    Effect,
    Spread,
    gain_percent,
    models_effect,
    shifted,
    spread_of,
    years_effect,
)
from tracker.study.mountings.recorded import is_recorded
from tracker.study.result import MountingResult, net_wh_under
from tracker.study.setting import Setting

Totals: TypeAlias = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """Gain of one mounting over another, percent; p90 is exceeded with 90 % probability."""

    of: str
    over: str
    poa_percent: float
    net_percent: float
    p90_percent: float
    p50_percent: float
    p10_percent: float
    spread: Spread


def gains_of(
    results: Sequence[MountingResult], setting: Setting, *, of_years: bool = True
) -> tuple[Gain, ...]:
    """Gain of each mounting over each one with fewer moving axes, in the order of the results.

    The same orientations are evaluated at both ends of each cause of uncertainty, and, for gains of years,
    over other years: what mountings have in common cancels, as it does on a roof.
    """
    ends = {cause.name: _totals_at_ends(cause, results, setting) for cause in CAUSES}
    years_kwh = yearly_kwh({row.name: row.net_wh for row in results}, setting.weather) if of_years else None

    def gain(of: MountingResult, over: MountingResult) -> Gain:
        net_percent = gain_percent(of.net_kwh, over.net_kwh)
        effects = [
            _effect(name, net_percent, [gain_percent(kwh[of.name], kwh[over.name]) for kwh in totals])
            for name, totals in ends.items()
        ]
        if years_kwh is not None:
            effects.append(years_effect(years_kwh[of.name], years_kwh[over.name]))
        return _gain(of, over, net_percent, spread_of(*effects, models_effect(net_percent)))

    return tuple(gain(of, over) for of, over in _pairs(results))


def _totals_at_ends(cause: Cause, results: Sequence[MountingResult], setting: Setting) -> tuple[Totals, ...]:
    """Net energy of each row, kWh, at both ends; a row that the cause does not touch is not asked again."""

    def net_kwh(row: MountingResult, end: Setting) -> float:
        if end is setting or not cause.touches(row.orientation):
            return row.net_kwh
        return float(np.sum(net_wh_under(end, row.orientation))) / 1000.0

    return tuple({row.name: net_kwh(row, end) for row in results} for end in cause.ends(setting))


def _effect(cause: str, net_percent: float, ends_percent: Sequence[float]) -> Effect:
    low_percent, high_percent = ends_percent
    return shifted(cause, net_percent, low_percent, high_percent)


def _pairs(results: Sequence[MountingResult]) -> Iterator[tuple[MountingResult, MountingResult]]:
    """More axes over fewer, and what was recorded over everything that is modelled."""
    return ((of, over) for of, over in product(results, results) if _rank(over) < _rank(of))


def _rank(row: MountingResult) -> float:
    return np.inf if is_recorded(row.name) else row.axes


def _gain(of: MountingResult, over: MountingResult, net_percent: float, spread: Spread) -> Gain:
    return Gain(
        of=of.name,
        over=over.name,
        poa_percent=gain_percent(of.poa_kwh_m2, over.poa_kwh_m2),
        net_percent=net_percent,
        p90_percent=net_percent - Z_90 * spread.total_points,
        p50_percent=net_percent,
        p10_percent=net_percent + Z_90 * spread.total_points,
        spread=spread,
    )
