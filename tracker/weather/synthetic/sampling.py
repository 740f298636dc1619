"""Random sequences whose every month has the wanted distribution: a typical year, not a lucky one."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.random import Generator

from tracker.units import FloatArray, IntArray

BISECTIONS: Final = 60  # halves an interval below the spacing of doubles


def autoregressive(rng: Generator, count: int, lag1: float) -> FloatArray:
    """A stationary AR(1) sequence (count,) of unit variance."""
    sequence: FloatArray = rng.standard_normal(count)
    fresh = np.sqrt(1.0 - lag1**2)
    for i in range(1, count):  # a recursion: each step needs the one before
        sequence[i] = lag1 * sequence[i - 1] + fresh * sequence[i]
    return sequence


def monthly_quantiles(sequence: FloatArray, month_index: IntArray) -> FloatArray:
    """Ranks within each month as probabilities (rank - 1/2)/n, in the sequence's own order.

    So each month draws its distribution evenly and only the order is random, as Knight, Klein and Duffie
    (1991, Solar Energy 46, 109-120) order daily clearness to get one year that stands for many.
    """
    quantiles = np.empty_like(sequence)
    for month in range(12):
        here = month_index == month
        ranks = np.argsort(np.argsort(sequence[here], kind="stable"), kind="stable")
        quantiles[here] = (ranks + 0.5) / here.sum()
    return quantiles


def monthly_sums(values: FloatArray, month_index: IntArray) -> FloatArray:
    """Sums (12,) of values (T,)."""
    return np.bincount(month_index, weights=values, minlength=12).astype(np.float64)


def solve_rising(
    function: Callable[[FloatArray], FloatArray],
    wanted: FloatArray,
    low: float,
    high: float,
    halvings: int = BISECTIONS,
) -> FloatArray:
    """Arguments (12,) within [low, high] where a rising function gives the wanted (12,), by bisection."""
    below, above = np.full(12, low), np.full(12, high)
    for _ in range(halvings):
        middle = (below + above) / 2.0
        too_low = function(middle) < wanted
        below, above = np.where(too_low, middle, below), np.where(too_low, above, middle)
    return np.asarray((below + above) / 2.0)
