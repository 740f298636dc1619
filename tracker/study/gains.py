"""What tracking gains over what moves less, with the interval of the paired gain."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np

from tracker.study.result import MountingResult, net_wh_under
from tracker.study.setting import Setting, under
from tracker.study.uncertainty import (
    Z_90,
    Spread,
    gain_percent,
    resampled_kwh,
    shared_spread,
    transposition_spread,
    weather_spread,
)

OTHER_MODEL: Final = {"perez": "hay-davies", "hay-davies": "perez", "isotropic": "perez"}


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


def gains_of(results: Sequence[MountingResult], setting: Setting) -> tuple[Gain, ...]:
    """Gain of each mounting over each one with fewer moving axes, in the order of the results.

    The same orientations are evaluated under a second transposition model, and under resampled weather.
    """
    other = under(setting, OTHER_MODEL[setting.models.transposition])
    other_kwh = {row.name: float(np.sum(net_wh_under(other, row.orientation))) / 1000.0 for row in results}
    drawn_kwh = resampled_kwh({row.name: row.net_wh for row in results}, setting.weather)

    def gain(of: MountingResult, over: MountingResult) -> Gain:
        net_percent = gain_percent(of.net_kwh, over.net_kwh)
        other_percent = gain_percent(other_kwh[of.name], other_kwh[over.name])
        spread = Spread(
            transposition=transposition_spread(net_percent, other_percent),
            weather=weather_spread(drawn_kwh[of.name], drawn_kwh[over.name]),
            shared=shared_spread(net_percent),
        )
        return _gain(of, over, net_percent, spread)

    return tuple(gain(of, over) for of, over in _pairs(results))


def _pairs(results: Sequence[MountingResult]) -> Iterator[tuple[MountingResult, MountingResult]]:
    return ((of, over) for of, over in product(results, results) if over.axes < of.axes)


def _gain(of: MountingResult, over: MountingResult, net_percent: float, spread: Spread) -> Gain:
    return Gain(
        of=of.name,
        over=over.name,
        poa_percent=gain_percent(of.poa_kwh_m2, over.poa_kwh_m2),
        net_percent=net_percent,
        p90_percent=net_percent - Z_90 * spread.total,
        p50_percent=net_percent,
        p10_percent=net_percent + Z_90 * spread.total,
        spread=spread,
    )
