"""Pointing error of each head before and after its calibration."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tracker.report.canvas import inline_svg
from tracker.report.palette import AMBER, BLUE, INK, MUTED
from tracker.report.tables import PointingErrors
from tracker.units import FloatArray

SMALLEST_DEG = 1e-3  # a logarithmic axis has no zero; chosen below any mount's resolution


def pointing_figure(errors: PointingErrors) -> str:
    """A row a head: median as a dot, a line out to the maximum, degrees on a logarithmic axis."""

    def paint(figure: Figure) -> None:
        axes = figure.subplots()
        _series(axes, errors.median_before_deg, errors.max_before_deg, BLUE, "before calibration")
        _series(axes, errors.median_after_deg, errors.max_after_deg, AMBER, "after")
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}°")
        axes.xaxis.set_minor_formatter(lambda _value, _: "")
        axes.set_yticks(range(len(errors.heads)), errors.heads)
        axes.set_ylim(len(errors.heads) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        axes.tick_params(axis="x", which="both", length=0)
        axes.grid(axis="x", which="major")
        axes.spines[:].set_visible(False)
        axes.set_xlabel("angle between panel normal and sun; dot: median, line: to the maximum", color=MUTED)
        figure.legend(loc="outside upper left", ncols=2)

    return inline_svg("pointing", 0.8 + 0.16 * len(errors.heads), _spoken(errors), paint)


def _series(axes: Axes, median_deg: FloatArray, max_deg: FloatArray, colour: str, label: str) -> None:
    middle, far = (np.maximum(values, SMALLEST_DEG) for values in (median_deg, max_deg))
    rows = np.arange(len(middle))
    axes.hlines(rows, middle, far, color=colour, linewidth=1.6, alpha=0.5)
    axes.plot(middle, rows, "o", color=colour, markersize=4.5, label=label)


def _spoken(errors: PointingErrors) -> str:
    before, after = np.nanmax(errors.max_before_deg), np.nanmax(errors.max_after_deg)
    return (
        f"Pointing error of {len(errors.heads)} heads; the largest is {before:.2f} deg before calibration "
        f"and {after:.2f} deg after."
    )
