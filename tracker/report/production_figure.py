"""The meter against the model by month: energies above, the difference with its interval below."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tracker.report import labels
from tracker.report.canvas import inline_svg
from tracker.report.palette import AMBER, INK, MUTED, RULE
from tracker.report.production_document import Period, Production
from tracker.units import FloatArray

WIDTH: Final = 0.4
HEIGHTS: Final = (3, 2)


def production_figure(production: Production) -> str:
    """Bars from zero, kWh, and below them the difference in percent over the band that the model allows."""

    def paint(figure: Figure) -> None:
        energies, differences = figure.subplots(2, sharex=True, height_ratios=HEIGHTS)
        _energies(energies, production)
        _differences(differences, production.months)
        figure.legend(loc="outside lower center", ncols=3, columnspacing=1.4, handlelength=1.0)

    says = (
        f"Metered and modelled energy of each month, and their difference over its interval; "
        f"as a whole {production.whole.says}."
    )
    return inline_svg("production", 3.4, says, paint)


def _energies(axes: Axes, production: Production) -> None:
    at = np.arange(len(production.months))
    measured = [month.measured_kwh for month in production.months]
    modelled = [month.modelled_kwh for month in production.months]
    model = f"model ({labels.mounting(production.of)})"
    axes.bar(at - WIDTH, measured, WIDTH, align="edge", color=AMBER, linewidth=0.3, label="meter")
    axes.bar(at, modelled, WIDTH, align="edge", color=MUTED, linewidth=0.3, label=model)
    axes.set_title("energy, kWh", color=MUTED)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    _frame(axes)


def _differences(axes: Axes, months: tuple[Period, ...]) -> None:
    at = np.arange(len(months))
    band = _column([month.interval_percent for month in months])
    differences = _column([month.difference_percent for month in months])
    axes.bar(at, 2.0 * band, 2.0 * WIDTH, bottom=-band, color=RULE, linewidth=0, label="P90 to P10")
    within = np.array([month.finding == "within" for month in months])
    for which, colour in ((within, INK), (~within, AMBER)):
        axes.plot(at[which], differences[which], "o", markersize=3.5, color=colour)
    axes.axhline(0.0, color=MUTED, linewidth=0.8)
    axes.set_title("meter over model, %", color=MUTED)
    axes.set_xticks(range(len(months)), [month.name for month in months])
    axes.tick_params(axis="x", length=0, labelrotation=45 if len(months) > 6 else 0)
    _frame(axes)


def _column(values: Sequence[float | None]) -> FloatArray:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _frame(axes: Axes) -> None:
    axes.grid(axis="y")
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="both", length=0)
