"""Where the energy goes, from the nominal plane to the meter."""

from itertools import pairwise
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tracker.report import labels
from tracker.report.canvas import inline_svg
from tracker.report.document import Mounting, Step
from tracker.report.formats import number
from tracker.report.palette import AMBER, BLUE, INK, RULE

WHOLE: Final = 0.62  # height of a bar, of its row


def losses_figure(mounting: Mounting) -> str:
    """A waterfall of the steps: what is left at both ends, what each effect takes or adds between, kWh."""
    steps = mounting.steps

    def paint(figure: Figure) -> None:
        axes = figure.subplots()
        axes.barh(0, steps[0].kwh, WHOLE, color=AMBER)
        for row, (before, after) in enumerate(pairwise(steps), start=1):
            _fall(axes, row, before, after, steps[0].kwh)
        axes.barh(len(steps), steps[-1].kwh, WHOLE, color=AMBER)
        _frame(axes, steps)

    says = (
        f"Waterfall of the {labels.mounting(mounting.name)} year from {steps[0].kwh:,.0f} kWh nominal to "
        f"{steps[-1].kwh:,.0f} kWh after {steps[-1].name}."
    )
    return inline_svg("losses", 0.6 + 0.22 * (len(steps) + 1), says, paint)


def _fall(axes: Axes, row: int, before: Step, after: Step, nominal_kwh: float) -> None:
    change = after.kwh - before.kwh
    axes.barh(row, change, WHOLE, left=before.kwh, color=BLUE if change < 0.0 else AMBER, linewidth=0)
    axes.plot([before.kwh] * 2, [row - 1 + WHOLE / 2, row + WHOLE / 2], color=INK, linewidth=0.5)
    percent = 100.0 * change / nominal_kwh if nominal_kwh else float("nan")
    text, at = f"{number(percent, 2, sign=True)} %", max(before.kwh, after.kwh)
    axes.annotate(text, (at, row), xytext=(5, 0), textcoords="offset points", va="center", color=INK)


def _frame(axes: Axes, steps: tuple[Step, ...]) -> None:
    names = [f"nominal ({steps[0].name})", *(step.name for step in steps[1:]), "net"]
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlim(0.0, 1.16 * max(step.kwh for step in steps))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    axes.spines["left"].set_color(RULE)
    axes.set_xlabel("energy left, kWh")
