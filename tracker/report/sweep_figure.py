"""A sweep drawn: a map of its sites, and curves over each parameter, or over latitude where there is none."""

from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from tracker.report import labels
from tracker.report.canvas import inline_svg
from tracker.report.palette import AMBER, BLUE, MOUNTINGS, MUTED, colours_for
from tracker.report.sweep_tables import SweepTable, sweep_answer
from tracker.units import FloatArray

LIGHT: Final = "#f3e6cf"
COLOURS: Final = 41  # from 50 on Matplotlib paints the bar as a bitmap
SCALE: Final = LinearSegmentedColormap.from_list("low to high", (BLUE, LIGHT, AMBER), N=COLOURS)
LARGEST_DOT, SMALLEST_DOT = 160.0, 6.0  # points squared
DOTS_AREA: Final = 12_000.0  # of all sites together, so that a grid fills its map without overlap
MOST_LINES: Final = 20_000  # sites drawn; more are thinned, a page is no data base


def sweep_map(table: SweepTable) -> str:
    """Gain, or net energy without a baseline, at every site, of the first set of parameters."""
    gain = table.gain_percent()[:, 0]
    relative = bool(np.isfinite(gain).any())
    values = gain if relative else table.net_kwh_per_kwp[:, 0, table.subject]
    unit = "net gain, %" if relative else "net, kWh/kWp"
    return inline_svg("map", 3.8, sweep_answer(table), lambda figure: _paint_map(figure, table, values, unit))


def sweep_curves(table: SweepTable) -> str:
    """Net energy of every mounting over each parameter with numbers, or over latitude."""
    keys = numeric_keys(table)
    says = "Net energy of every mounting over " + (", ".join(keys) or "latitude")

    def paint(figure: Figure) -> None:
        axes = figure.subplots(max(len(keys), 1), 1, squeeze=False)[:, 0]
        if not keys:
            _over_latitude(axes[0], table)
        for each, key in zip(axes, keys, strict=False):
            _over_parameter(each, table, key)
        for each in axes:
            each.set_ylabel("net, kWh/kWp")
            each.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
            each.grid(visible=True)
        figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper left", ncols=3)

    return inline_svg("curves", 2.8 * max(len(keys), 1), says, paint)


def numeric_keys(table: SweepTable) -> tuple[str, ...]:
    """Parameters whose values are numbers, and more than one."""
    keys = table.parameters[0]
    return tuple(
        key
        for key in keys
        if len(values := {each[key] for each in table.parameters}) > 1
        and all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    )


def _paint_map(figure: Figure, table: SweepTable, values: FloatArray, unit: str) -> None:
    axes = figure.subplots()
    step = -(-values.size // MOST_LINES)
    some = slice(None, None, step)
    dot = float(np.clip(DOTS_AREA / values[some].size, SMALLEST_DOT, LARGEST_DOT))
    drawn = axes.scatter(
        table.longitude_deg[some], table.latitude_deg[some], c=values[some], s=dot, marker="s", cmap=SCALE,
        linewidths=0.0,
    )  # fmt: skip
    axes.set_aspect(1.0 / max(float(np.cos(np.radians(np.mean(table.latitude_deg)))), 0.1))
    axes.set_xlabel("longitude, deg")
    axes.set_ylabel("latitude, deg")
    axes.margins(0.06)
    bar = figure.colorbar(drawn, ax=axes, shrink=0.8)
    bar.set_label(unit, color=MUTED)
    bar.outline.set_visible(False)


def _over_latitude(axes: Axes, table: SweepTable) -> None:
    order = np.argsort(table.latitude_deg, kind="stable")
    for i, (name, colour) in enumerate(colours_for(table.mountings, MOUNTINGS).items()):
        net = table.net_kwh_per_kwp[order, 0, i]
        axes.plot(
            table.latitude_deg[order], net, "o", color=colour, markersize=3.0, label=labels.mounting(name)
        )
    axes.set_xlabel("latitude, deg")


def _over_parameter(axes: Axes, table: SweepTable, key: str) -> None:
    """The median over sites and all other parameters."""
    at = np.array([each[key] for each in table.parameters], dtype=np.float64)
    values = np.unique(at)
    for i, (name, colour) in enumerate(colours_for(table.mountings, MOUNTINGS).items()):
        net = [float(np.median(table.net_kwh_per_kwp[:, at == value, i])) for value in values]
        axes.plot(values, net, "o-", color=colour, markersize=3.0, label=labels.mounting(name))
    axes.set_xlabel(key)
