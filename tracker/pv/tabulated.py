"""A smooth function of one variable, tabulated once: for formulas that every interval asks again."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tracker.units import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tabulated:
    """Straight lines between the N + 1 values on a grid from 0 to the end."""

    rows_per_unit: float
    values: FloatArray
    rises: FloatArray

    def at(self, x: FloatArray) -> FloatArray:
        """The function at x of any shape; x must lie in the grid, NaN stays NaN."""
        place = x * self.rows_per_unit
        below = np.floor(place)
        row = np.fmax(below, 0.0).astype(np.intp)
        return self.values.take(row) + self.rises.take(row) * (place - below)


def tabulated(function: Callable[[FloatArray], FloatArray], end: float, rows: int) -> Tabulated:
    """The table of a function over [0, end]; its error is the second derivative times (end / rows)^2 / 8."""
    values = function(np.linspace(0.0, end, rows + 1))
    return Tabulated(rows_per_unit=rows / end, values=values, rises=np.append(np.diff(values), 0.0))
