"""Which of many fields to take: those that none beats, that of most energy, and what the last heads bring."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

Energy: TypeAlias = tuple[float, int]  # of a field, kWh, and its heads


def on_front(values: Sequence[tuple[float, float]]) -> list[bool]:
    """Whether no other pair is at least as large in both values and larger in one (Pareto); ties all stay."""
    pairs = np.array(values, dtype=np.float64).reshape(-1, 2)
    at_least = np.all(pairs[np.newaxis] >= pairs[:, np.newaxis], axis=-1)
    larger = np.any(pairs[np.newaxis] > pairs[:, np.newaxis], axis=-1)
    beaten: list[bool] = np.any(at_least & larger, axis=1).tolist()
    return [not lost for lost in beaten]


def best_of(fields: Sequence[Energy]) -> int:
    """Index of the field with most energy; of equals that with the fewest heads, then the first."""
    return max(range(len(fields)), key=lambda index: (fields[index][0], -fields[index][1], -index))


def marginal_kwh(field: Energy, others: Sequence[Energy]) -> float | None:
    """Energy a head by which a field exceeds the next one with fewer heads; None where there is none.

    Of fields with as many heads the one with most energy counts.
    """
    fewer = [other for other in others if other[1] < field[1]]
    if not fewer:
        return None
    energy_kwh, heads = max(fewer, key=lambda other: (other[1], other[0]))
    return (field[0] - energy_kwh) / (field[1] - heads)
