"""Net energy by month, the mountings side by side."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from matplotlib.figure import Figure

from tracker.report import labels
from tracker.report.canvas import inline_svg
from tracker.report.document import Mounting
from tracker.report.palette import MUTED, mounting_colours

GROUP_WIDTH: Final = 0.84


def months_figure(mountings: tuple[Mounting, ...], months: Mapping[int, str]) -> str:
    """A group of bars from zero for each month (number 0 to 11: name), one bar a mounting, kWh."""
    colours = mounting_colours(tuple(row.name for row in mountings))

    def paint(figure: Figure) -> None:
        axes = figure.subplots()
        width = GROUP_WIDTH / len(mountings)
        for index, row in enumerate(mountings):
            left = np.arange(len(months)) - GROUP_WIDTH / 2 + index * width
            label, colour = labels.mounting(row.name), colours[row.name]
            energy_kwh = [row.monthly_kwh[month] for month in months]
            axes.bar(left, energy_kwh, width, align="edge", color=colour, linewidth=0.3, label=label)
        axes.set_xticks(range(len(months)), list(months.values()))
        axes.set_xlim(-0.6, len(months) - 0.4)
        axes.tick_params(axis="x", length=0)
        axes.set_title("net energy, kWh", color=MUTED)
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axes.grid(axis="y")
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0)
        figure.legend(loc="outside lower center", ncols=3, columnspacing=1.4, handlelength=1.0)

    names = ", ".join(labels.mounting(row.name) for row in mountings)
    return inline_svg("months", 3.0, f"Bars of net energy in each month for {names}.", paint)
