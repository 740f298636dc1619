"""When in the day and in the year tracking earns its gain."""

from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from tracker.report import labels
from tracker.report.canvas import inline_svg
from tracker.report.formats import number
from tracker.report.labels import MONTHS
from tracker.report.palette import AMBER, BLUE, DIVERGING, MUTED, PAPER
from tracker.report.tables import HourByMonth
from tracker.units import FloatArray

COLOURS: Final = 41  # odd, so that zero has its own; from 50 edges on Matplotlib paints the bar as a bitmap
DIVERGING_MAP: Final = LinearSegmentedColormap.from_list("fixed to tracked", DIVERGING, N=COLOURS)
SPARE_HOURS: Final = 1  # rows kept free above sunrise and below sunset
FINE_BELOW_KWH: Final = 5.0  # a colour bar that reaches less than this needs a decimal


def hours_figure(table: HourByMonth) -> str:
    """Hour by month, zero in the middle of the colours, with the sums of rows and columns as bars, kWh.

    Months of which nothing was compared are not drawn.
    """
    values = np.asarray(table.difference_kwh[:, table.months], dtype=np.float64)
    names = [MONTHS[month] for month in table.months]
    first, last = _daylight(values)

    def paint(figure: Figure) -> None:
        ratios = {"width_ratios": (8, 2), "height_ratios": (1.4, 7)}
        grid = figure.subplots(2, 2, gridspec_kw=ratios, sharex="col", sharey="row")
        grid[0, 1].set_axis_off()
        _bars(grid[0, 0], np.nansum(values, axis=0))
        _side_bars(grid[1, 1], np.nansum(values, axis=1))
        _map(figure, grid[1, 0], values, slice(first, last + 1))
        grid[1, 0].set_xticks(range(len(names)), names)

    return inline_svg("hours", 4.3, _spoken(table), paint)


def _daylight(values: FloatArray) -> tuple[int, int]:
    """First and last hour worth drawing; the whole day where nothing differs."""
    busy = np.flatnonzero(np.nan_to_num(np.abs(values)).max(axis=1) > 0.0)
    if not busy.size:
        return 0, len(values) - 1
    return max(0, int(busy[0]) - SPARE_HOURS), min(len(values) - 1, int(busy[-1]) + SPARE_HOURS)


def _map(figure: Figure, axes: Axes, values: FloatArray, hours: slice) -> None:
    reach = float(np.nanmax(np.abs(values), initial=0.0)) or 1.0
    picture = axes.pcolormesh(
        np.arange(values.shape[1] + 1) - 0.5,
        np.arange(hours.start, hours.stop + 1),
        values[hours],
        cmap=DIVERGING_MAP,
        vmin=-reach,
        vmax=reach,
        edgecolors=PAPER,
        linewidth=0.8,
    )
    axes.set_yticks(range(0, 25, 3), [f"{hour:02d}:00" for hour in range(0, 25, 3)])
    axes.set_ylim(hours.stop, hours.start)  # ticks outside would widen it again
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    bar = figure.colorbar(picture, ax=axes, location="bottom", aspect=40, pad=0.02, shrink=0.9)
    bar.outline.set_visible(False)
    if bar.solids is not None:
        bar.solids.set_edgecolor("face")  # else hairlines of paper show between the colours
    bar.ax.tick_params(length=0)
    bar.ax.xaxis.set_major_formatter(
        lambda value, _: number(value, 0 if reach > FINE_BELOW_KWH else 1, sign=True)
    )
    bar.set_label("← fixed ahead · kWh in that hour of that month · tracked ahead →")


def _bars(axes: Axes, sums: FloatArray) -> None:
    bars = axes.bar(range(sums.size), sums, 0.8, color=_by_sign(sums))
    axes.bar_label(
        bars, [number(value, 0, sign=True) for value in sums], padding=1, color=MUTED, fontsize=6.5
    )
    axes.axhline(0.0, color=MUTED, linewidth=0.6)
    _bare(axes)
    axes.set_title("sum of the month, kWh", color=MUTED)
    axes.tick_params(axis="x", labelbottom=False)


def _side_bars(axes: Axes, sums: FloatArray) -> None:
    bars = axes.barh(np.arange(24) + 0.5, sums, 0.8, color=_by_sign(sums))
    texts = [number(value, 0, sign=True) if value else "" for value in sums]
    axes.bar_label(bars, texts, padding=2, color=MUTED, fontsize=6.5)
    axes.margins(x=0.3)
    axes.axvline(0.0, color=MUTED, linewidth=0.6)
    _bare(axes)
    axes.set_title("of the hour", color=MUTED)
    axes.tick_params(axis="y", labelleft=False)


def _bare(axes: Axes) -> None:
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, labelleft=False, labelbottom=False)


def _by_sign(sums: FloatArray) -> list[str]:
    return [AMBER if value >= 0.0 else BLUE for value in sums]


def _spoken(table: HourByMonth) -> str:
    values = table.difference_kwh
    hour, month = np.unravel_index(int(np.nanargmax(np.nan_to_num(values, nan=-np.inf))), values.shape)
    tracked, fixed = labels.mounting(table.tracked), labels.mounting(table.baseline)
    return (
        f"Heatmap of net energy of {tracked} minus {fixed} by hour of day and month; together "
        f"{np.nansum(values):+,.0f} kWh, most at {hour:02d}:00 in {MONTHS[month]}."
    )
