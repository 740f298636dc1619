"""A smooth function of one variable, tabulated once: for formulas that every interval asks again."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tracker.units import FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tabulated:
    """Straight lines between the N + 1 values on a grid from 0 to the end: intercept + slope x from each."""

    rows_per_unit: float
    values: FloatArray
    slopes: FloatArray
    intercepts: FloatArray

    def at(self, x: FloatArray) -> FloatArray:
        """The function at x of any shape; x must lie in the grid, NaN stays NaN."""
        return self.on_line(self.line(x), x)

    def line(self, x: FloatArray) -> IntArray:
        """The number of the line that x lies on, any shape; tables with one grid share it."""
        return np.fmax(x * self.rows_per_unit, 0.0).astype(np.intp)

    def on_line(self, line: IntArray, x: FloatArray) -> FloatArray:
        """The function at x on lines whose number is known, both of any one shape."""
        return self.intercepts.take(line) + self.slopes.take(line) * x


def tabulated(function: Callable[[FloatArray], FloatArray], end: float, rows: int) -> Tabulated:
    """The table of a function over [0, end]; its error is the second derivative times (end / rows)^2 / 8."""
    grid = np.linspace(0.0, end, rows + 1)
    values = function(grid)
    slopes = np.append(np.diff(values) / np.diff(grid), 0.0)
    return Tabulated(
        rows_per_unit=rows / end, values=values, slopes=slopes, intercepts=values - slopes * grid
    )
