"""One tracked day: sun, gusts, and what each head was doing."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from numpy.typing import NDArray

from tracker.report.canvas import hour_axis, inline_svg
from tracker.report.palette import AMBER, BLUE, INK, MUTED, STATES, colours_for
from tracker.report.tables import DayTables
from tracker.units import FloatArray, IntArray

POINTS: Final = 300  # chosen: finer than a pixel on a phone, and a day of 10-second ticks stays small


def day_figure(day: DayTables) -> str:
    """Sun elevation, sun azimuth, gusts and a strip of states a head, over one axis of local time."""
    hours = _hours(day.local_time)
    strips = 0.5 + 0.15 * len(day.heads)

    def paint(figure: Figure) -> None:
        ratios = (0.8, 0.8, 0.8, strips)
        sun, azimuth, wind, states = figure.subplots(4, 1, sharex=True, height_ratios=ratios)
        _sun(sun, hours, day)
        _azimuth(azimuth, hours, day)
        _wind(wind, hours, day)
        _states(figure, states, hours, day)
        hour_axis(states, float(hours[0]), float(hours[-1]))

    says = f"Sun, gusts and states of {len(day.heads)} heads through the day: {', '.join(_kinds(day))}."
    return inline_svg("day", 3.6 + strips, says, paint)


def runs(names: NDArray[np.str_]) -> Iterator[tuple[int, int, str]]:
    """Stretches of equal names as (first, one past the last, name)."""
    edges = np.flatnonzero(names[1:] != names[:-1]) + 1
    bounds = [0, *edges.tolist(), len(names)]
    for first, end in pairwise(bounds):
        yield first, end, str(names[first])


def _hours(local_time: NDArray[np.datetime64]) -> FloatArray:
    midnight = local_time[0].astype("datetime64[D]")
    return np.asarray((local_time - midnight) / np.timedelta64(1, "s"), dtype=np.float64) / 3600.0


def _starts(hours: FloatArray) -> IntArray:
    """Indices of the few points that are drawn."""
    return np.arange(0, len(hours), max(1, len(hours) // POINTS))


def _sun(axes: Axes, hours: FloatArray, day: DayTables) -> None:
    up = np.maximum(day.sun_apparent_elevation_deg, 0.0)
    few = _starts(hours)
    axes.fill_between(hours[few], up[few], color=AMBER, alpha=0.22, linewidth=0)
    axes.plot(hours[few], up[few], color=AMBER, linewidth=1.2)
    axes.set_ylim(0.0, 90.0)
    axes.set_yticks((0, 45, 90), ("0°", "45°", "90°"))
    _quiet(axes, "sun's apparent elevation")


def _azimuth(axes: Axes, hours: FloatArray, day: DayTables) -> None:
    visible = np.where(day.sun_apparent_elevation_deg > 0.0, day.sun_azimuth_deg, np.nan)
    jumps = np.abs(np.diff(visible, prepend=visible[0])) > 180.0
    axes.plot(hours, np.where(jumps, np.nan, visible), color=AMBER, linewidth=1.2)
    axes.set_ylim(0.0, 360.0)
    axes.set_yticks((90, 180, 270), ("E", "S", "W"))
    _quiet(axes, "sun's azimuth, while it is up")


def _wind(axes: Axes, hours: FloatArray, day: DayTables) -> None:
    starts = _starts(hours)
    peaks = np.fmax.reduceat(day.gust_m_s, starts)  # a gust must not fall between two points of the line
    axes.plot(hours[starts], peaks, color=BLUE, linewidth=0.9)
    axes.set_ylim(bottom=0.0)
    if day.stow_gust_m_s is not None:
        axes.axhline(day.stow_gust_m_s, color=INK, linewidth=0.8, linestyle=(0, (4, 3)))
    limit = "" if day.stow_gust_m_s is None else f"; dashed: stow at {day.stow_gust_m_s:g} m/s"
    _quiet(axes, f"gust, m/s{limit}")


def _states(figure: Figure, axes: Axes, hours: FloatArray, day: DayTables) -> None:
    kinds = _kinds(day)
    colours = colours_for(kinds, STATES)
    ends = np.append(hours[1:], hours[-1])
    for row in range(len(day.heads)):
        for first, end, name in runs(day.state[:, row]):
            width = ends[end - 1] - hours[first]
            axes.barh(row, width, 0.78, left=hours[first], color=colours[name], linewidth=0)
    axes.set_yticks(range(len(day.heads)), day.heads)
    axes.set_ylim(len(day.heads) - 0.4, -0.6)
    axes.tick_params(axis="y", labelcolor=INK)
    _quiet(axes, "state of each head")
    figure.legend(
        handles=[Patch(color=colours[name], label=name.lower()) for name in kinds],
        loc="outside lower center",
        ncols=5,
        columnspacing=1.4,
        handlelength=1.0,
    )


def _kinds(day: DayTables) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(name) for name in day.state.ravel()))


def _quiet(axes: Axes, title: str) -> None:
    axes.set_title(title, color=MUTED)
    axes.tick_params(length=0)
    axes.spines["left"].set_visible(False)
