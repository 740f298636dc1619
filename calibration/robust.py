"""Losses on the length of a miss, as factors that turn robust fitting into plain least squares.

A loss rho(q) of q = (length / (3 sigma))^2 is minimised by least squares on the miss times
sqrt(rho(q) / q); its derivative is the weight that a sighting keeps (P. J. Huber, "Robust Statistics",
1981, section 7.8). The loss takes the length of both components: a wrong sighting is one wrong length.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from tracker.units import FloatArray

# Chosen: at three sigma a good sighting is rare, and a good set keeps over 90 % of its weight within one.
_KNEE_SIGMAS = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """gain(q) = sqrt(rho(q) / q), and weight(q) = d rho / d q; both 1 at q = 0."""

    gain: Callable[[FloatArray], FloatArray]
    weight: Callable[[FloatArray], FloatArray]


def _cauchy_gain(q: FloatArray) -> FloatArray:
    some = np.maximum(q, 1e-300)
    return np.sqrt(np.log1p(some) / some)


LINEAR: Final = Loss(gain=np.ones_like, weight=np.ones_like)
SOFT_L1: Final = Loss(
    gain=lambda q: np.sqrt(2.0 / (1.0 + np.sqrt(1.0 + q))), weight=lambda q: 1.0 / np.sqrt(1.0 + q)
)
CAUCHY: Final = Loss(gain=_cauchy_gain, weight=lambda q: 1.0 / (1.0 + q))

# Losses in the order of use: Cauchy alone has local minima, soft-L1, nearly convex, leads to the right one.
STAGES: Final[Mapping[str, tuple[Loss, ...]]] = {
    "linear": (LINEAR,),
    "soft_l1": (SOFT_L1,),
    "cauchy": (SOFT_L1, CAUCHY),
}


def tamed(loss: Loss, misses_sigma: FloatArray) -> FloatArray:
    """Misses S + (2,) in sigmas whose squares add up to the loss."""
    return misses_sigma * loss.gain(_ratio(misses_sigma))[..., None]


def weights(loss: Loss, misses_sigma: FloatArray) -> FloatArray:
    """What each sighting still counts, shape S, 1 for a perfect one."""
    return loss.weight(_ratio(misses_sigma))


def _ratio(misses_sigma: FloatArray) -> FloatArray:
    ratio: FloatArray = np.sum(misses_sigma**2, axis=-1) / _KNEE_SIGMAS**2
    return ratio
