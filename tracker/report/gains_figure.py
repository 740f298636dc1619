"""Gain over each baseline with its interval, against what was claimed."""

from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tracker.report import labels
from tracker.report.canvas import inline_svg
from tracker.report.document import Claim, Gain
from tracker.report.formats import number
from tracker.report.palette import AMBER, INK, MUTED, PAPER

CLEAR: Final[dict[str, Any]] = {
    "facecolor": PAPER,
    "linewidth": 0,
    "pad": 0.5,
}  # keeps a number readable across a line


def gains_figure(gains: tuple[Gain, ...], claim: Claim) -> str:
    """One dot and one P90 to P10 bar a baseline, percent; a dashed line where the claim stands."""

    def paint(figure: Figure) -> None:
        axes = figure.subplots()
        for row, gain in enumerate(gains):
            _one(axes, row, gain)
        _frame(axes, gains, claim)

    says = (
        "Net gain of " + "; ".join(_spoken(gain) for gain in gains) + f"; the claim is {claim.percent:+g} %."
    )
    return inline_svg("gains", 0.7 + 0.3 * len(gains), says, paint)


def _one(axes: Axes, row: int, gain: Gain) -> None:
    low = gain.net_percent if gain.p90_percent is None else gain.p90_percent
    high = gain.net_percent if gain.p10_percent is None else gain.p10_percent
    axes.plot([low, high], [row, row], color=AMBER, linewidth=5, alpha=0.35, solid_capstyle="butt")
    axes.plot([gain.net_percent], [row], "o", color=AMBER, markersize=6)
    axes.annotate(
        f"{number(gain.net_percent, 1, sign=True)} %",
        (gain.net_percent, row),
        xytext=(0, 5),
        textcoords="offset points",
        ha="center",
        va="bottom",
        color=INK,
        bbox=CLEAR,
    )


def _frame(axes: Axes, gains: tuple[Gain, ...], claim: Claim) -> None:
    ends = [end for gain in gains for end in (gain.net_percent, gain.p90_percent, gain.p10_percent)]
    known = [end for end in ends if end is not None] + [0.0, claim.percent]
    margin = 0.06 * (max(known) - min(known))
    axes.set_xlim(min(known) - margin, max(known) + margin)
    axes.set_ylim(len(gains) - 0.5, -0.9)
    axes.axvline(0.0, color=MUTED, linewidth=0.8)
    axes.axvline(claim.percent, color=INK, linewidth=1.0, linestyle=(0, (4, 3)))
    axes.annotate(
        f"claimed {number(claim.percent, 0, sign=True)} % over {labels.mounting(claim.over)}",
        (claim.percent, len(gains) - 0.5),
        xytext=(-4, 4),
        textcoords="offset points",
        ha="right",
        color=MUTED,
    )
    axes.set_yticks(range(len(gains)), [f"over {labels.mounting(gain.over)}" for gain in gains])
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("net gain, %")


def _spoken(gain: Gain) -> str:
    return f"{labels.mounting(gain.of)} over {labels.mounting(gain.over)} {gain.net_percent:+.1f} %"
