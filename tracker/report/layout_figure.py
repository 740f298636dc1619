"""Energy a head against energy a square metre of land: what each layout makes of both."""

from dataclasses import dataclass
from itertools import cycle
from typing import Final, Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tracker.report.canvas import inline_svg
from tracker.report.layout_headline import spread
from tracker.report.layout_tables import LayoutRow
from tracker.report.palette import AMBER, BLUE, INK, MUTED, PAPER, RULE
from tracker.report.picture import Form, picture

SIZE_IN: Final = (6.4, 4.6)


@dataclass(frozen=True, slots=True)
class _Look:
    """How a pattern is told from others: colour, shape, and on which side of its points its numbers stand."""

    colour: str
    shape: str
    offset: tuple[float, float]
    across: Literal["left", "center", "right"]
    up: Literal["bottom", "center", "top"]


LOOKS: Final = (
    _Look(AMBER, "o", (-5.0, 0.0), "right", "center"),
    _Look(BLUE, "s", (0.0, -5.0), "center", "top"),
    _Look("#4b8f77", "D", (3.0, 3.0), "left", "bottom"),
)


def layout_image(title: str, rows: tuple[LayoutRow, ...], best: LayoutRow | None, form: Form) -> bytes:
    """The figure as a file; raises ValueError when there are no rows."""
    return picture("layouts", SIZE_IN, form, lambda figure: paint_layouts(figure, title, rows, best))


def layout_svg(rows: tuple[LayoutRow, ...], best: LayoutRow | None) -> str:
    """The figure inside a page."""
    says = "Net energy a head against net energy a square metre of land; on the front: " + ", ".join(
        f"{row.pattern} {row.spacing_m:g} m" for row in rows if row.pareto
    )
    return inline_svg("layouts", 3.8, says, lambda figure: paint_layouts(figure, "", rows, best))


def paint_layouts(figure: Figure, title: str, rows: tuple[LayoutRow, ...], best: LayoutRow | None) -> None:
    """Draw the patterns as lines over their spacings, the front as a stair behind them.

    Raises ValueError for no layout at all.
    """
    if not rows:
        raise ValueError("no layouts to draw; give at least one")
    axes = figure.subplots()
    _front(axes, rows)
    for look, pattern in zip(cycle(LOOKS), dict.fromkeys(row.pattern for row in rows), strict=False):
        _pattern(axes, [row for row in rows if row.pattern == pattern], look)
    if best is not None:
        _ring(axes, best)
    axes.set_xlabel("net energy a square metre of land, kWh/m²")
    axes.set_ylabel("net energy a head, kWh")
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.margins(0.08, 0.12)
    axes.grid(visible=True)
    axes.legend(loc="lower left", title="filled: on the front\nnumbers: spacing, m", alignment="left")
    if title:
        figure.suptitle(title, x=0.02, ha="left", fontsize=10.0)


def _front(axes: Axes, rows: tuple[LayoutRow, ...]) -> None:
    """A stair through the front: everything below and left of it is beaten."""
    front = sorted((row.net_kwh_per_m2_land, row.net_kwh_per_head) for row in rows if row.pareto)
    axes.step(*zip(*front, strict=True), where="pre", color=RULE, linewidth=4.0, zorder=1.0)


def _pattern(axes: Axes, rows: list[LayoutRow], look: _Look) -> None:
    ordered = sorted(rows, key=lambda row: row.spacing_m)
    across = [row.net_kwh_per_m2_land for row in ordered]
    up = [row.net_kwh_per_head for row in ordered]
    axes.plot(across, up, color=look.colour, linewidth=1.0, alpha=0.6, zorder=2.0)
    for x, y, row in zip(across, up, ordered, strict=True):
        filled = look.colour if row.pareto else PAPER
        axes.plot([x], [y], look.shape, color=look.colour, markerfacecolor=filled, markersize=5.0, zorder=3.0)
        axes.annotate(
            f"{row.spacing_m:g}",
            (x, y),
            xytext=look.offset,
            textcoords="offset points",
            ha=look.across,
            va=look.up,
            color=look.colour,
            fontsize=7.0,
        )
    axes.plot([], [], look.shape, color=look.colour, markersize=5.0, label=_key(ordered))


def _key(rows: list[LayoutRow]) -> str:
    return f"{rows[0].pattern}, {spread([row.heads for row in rows], 'head')}"


def _ring(axes: Axes, best: LayoutRow) -> None:
    place = (best.net_kwh_per_m2_land, best.net_kwh_per_head)
    axes.plot(*([value] for value in place), "o", color=INK, fillstyle="none", markersize=12.0)
    axes.annotate(
        "most energy on this area",
        place,
        xytext=(6.0, -9.0),
        textcoords="offset points",
        ha="right",
        va="top",
        color=MUTED,
    )
