"""Which input makes the gain uncertain: a tornado."""

from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tracker.report import labels
from tracker.report.canvas import inline_svg
from tracker.report.document import Cause, Gain
from tracker.report.formats import number
from tracker.report.palette import AMBER, BLUE, INK, MUTED

WHOLE: Final = 0.62  # height of a bar, of its row


def causes_figure(gain: Gain) -> str:
    """A bar a cause, the strongest on top: the gain at either end of the cause's standard deviation."""

    def paint(figure: Figure) -> None:
        axes = figure.subplots()
        for row, cause in enumerate(gain.causes):
            _one(axes, row, gain.net_percent, cause)
        _frame(axes, gain)

    strongest = gain.causes[0]
    says = (
        f"Tornado: the net gain of {gain.net_percent:+.1f} % by what is uncertain; most by "
        f"{strongest.cause}, {strongest.low_points:+.1f} to {strongest.high_points:+.1f} points."
    )
    return inline_svg("causes", 0.6 + 0.24 * len(gain.causes), says, paint)


def _one(axes: Axes, row: int, gain_percent: float, cause: Cause) -> None:
    for points, colour in ((cause.low_points, BLUE), (cause.high_points, AMBER)):
        axes.barh(row, points, WHOLE, left=gain_percent, color=colour, linewidth=0)
        if abs(points) > 0.0:
            _label(axes, row, gain_percent + points, points)


def _label(axes: Axes, row: int, at_percent: float, points: float) -> None:
    side = 1 if points > 0.0 else -1
    axes.annotate(
        number(points, 1, sign=True),
        (at_percent, row),
        xytext=(4 * side, 0),
        textcoords="offset points",
        ha="left" if side > 0 else "right",
        va="center",
        color=INK,
    )


def _frame(axes: Axes, gain: Gain) -> None:
    reach = max(abs(points) for cause in gain.causes for points in (cause.low_points, cause.high_points))
    axes.set_xlim(gain.net_percent - 1.25 * reach, gain.net_percent + 1.25 * reach)
    axes.set_ylim(len(gain.causes) - 0.5, -0.5)
    axes.axvline(gain.net_percent, color=MUTED, linewidth=0.8)
    axes.set_yticks(range(len(gain.causes)), [cause.cause for cause in gain.causes])
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(f"net gain over {labels.mounting(gain.over)}, %")
