"""How far a gain can be trusted: the spread of the paired gain, not of the two yields."""

from dataclasses import dataclass
from math import erf, sqrt
from typing import Final

import numpy as np

from tracker.units import FloatArray

Z_90: Final = 1.2815515655446004  # standard normal quantile of 0.9
MODELS_RATIO: Final = 0.005  # chosen, see the decision record: of tracked over fixed energy, 1 sigma


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What one cause does to a net gain, percentage points, at either end of its standard deviation."""

    cause: str
    low_points: float
    high_points: float

    @property
    def sigma_points(self) -> float:
        """The standard deviation: half of what lies between the ends and the gain itself."""
        reached = (self.low_points, 0.0, self.high_points)
        return (max(reached) - min(reached)) / 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """What makes a net gain uncertain, the strongest cause first."""

    effects: tuple[Effect, ...]

    @property
    def total_points(self) -> float:
        """All together, taken as independent; percentage points."""
        return float(np.linalg.norm([effect.sigma_points for effect in self.effects]))


def spread_of(*effects: Effect) -> Spread:
    """Those of the effects that do something, in the order of their weight."""
    at_work = [effect for effect in effects if effect.sigma_points > 0.0]
    return Spread(effects=tuple(sorted(at_work, key=lambda effect: -effect.sigma_points)))


def gain_percent(of_kwh: float, over_kwh: float) -> float:
    """Gain of one energy over another: 100 (of / over - 1)."""
    return 100.0 * (of_kwh / over_kwh - 1.0)


def shifted(cause: str, gain_percent: float, low_percent: float, high_percent: float) -> Effect:
    """A cause that makes of a gain one value or the other."""
    return Effect(cause=cause, low_points=low_percent - gain_percent, high_points=high_percent - gain_percent)


def models_effect(net_percent: float) -> Effect:
    """What a relative error in the ratio of the two energies does to their gain: glass, cells, inverter."""
    points = MODELS_RATIO * (100.0 + net_percent)
    return Effect(cause="shared models", low_points=-points, high_points=points)


def years_effect(of_kwh: FloatArray, over_kwh: FloatArray) -> Effect:
    """What years that differ do to a gain, from paired totals (N,) of a sample of years."""
    points = float(np.std(100.0 * of_kwh / over_kwh, ddof=1))
    return Effect(cause="year to year", low_points=-points, high_points=points)


def exceedance(percent: float, net_percent: float, sigma_points: float) -> float:
    """Probability that a gain is higher than a percentage; without a spread it is or is not."""
    if sigma_points == 0.0:
        return float(net_percent > percent)
    return 0.5 * (1.0 + erf((net_percent - percent) / (sigma_points * sqrt(2.0))))
