"""A field from above through one day: heads as they are held, and their shadows on the ground."""

import re
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import PolyCollection
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure
from numpy.typing import NDArray

from tracker.report.canvas import inline_svg
from tracker.report.layout_tables import ShadowFrames
from tracker.report.palette import AMBER, INK
from tracker.report.picture import Form, picture
from tracker.units import FloatArray

COLUMNS: Final = 4
CELL_IN: Final = (1.85, 2.1)
MARGIN: Final = 0.12  # of the field's extent, around it: shadows that leave it are cut there
SHADOW: Final = "#c9c7c1"
LIT_TO_SHADED: Final = LinearSegmentedColormap.from_list("lit", ["#f2b653", "#a8500a", "#1f2429"])
BARS_M: Final = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0)


def shadows_image(title: str, frames: ShadowFrames, form: Form) -> bytes:
    """The figure as a file."""
    size_in = (COLUMNS * CELL_IN[0], _rows(frames) * CELL_IN[1] + 0.9)
    return picture("shadows", size_in, form, lambda figure: paint_shadows(figure, title, frames))


def shadows_svg(says: str, frames: ShadowFrames) -> str:
    """The figure inside a page; coordinates to a hundredth of a point, which halves it."""
    height_in = _rows(frames) * 1.5 + 0.5
    svg = inline_svg("shadows", height_in, says, lambda figure: paint_shadows(figure, "", frames))
    return re.sub(r"(\.\d\d)\d+", r"\1", svg)


def paint_shadows(figure: Figure, title: str, frames: ShadowFrames) -> None:
    """One panel a time, all on one scale, north up."""
    grid = figure.subplots(_rows(frames), COLUMNS, squeeze=False)
    low_m, high_m = _frame_m(frames.heads_m)
    for number, axes in enumerate(grid.ravel()):
        if number < len(frames.hours):
            _panel(axes, frames, number, low_m, high_m)
        else:
            axes.set_axis_off()
    _scale(grid[0, 0], low_m, high_m)
    _key(figure, grid)
    if title:
        figure.suptitle(title, x=0.02, ha="left", fontsize=10.0)


def _panel(axes: Axes, frames: ShadowFrames, number: int, low_m: FloatArray, high_m: FloatArray) -> None:
    shadows = PolyCollection(frames.shadows_m[number], facecolor=SHADOW, linewidth=0)
    colours = LIT_TO_SHADED(frames.shaded[number])
    heads = PolyCollection(frames.heads_m[number], facecolor=colours, edgecolor=INK, linewidth=0.3, zorder=2)
    axes.add_collection(shadows)
    axes.add_collection(heads)
    axes.set(xlim=(low_m[0], high_m[0]), ylim=(low_m[1], high_m[1]), aspect="equal", xticks=[], yticks=[])
    axes.spines[:].set_visible(True)
    _sun(axes, frames.sun_azimuth_deg[number], low_m, high_m)
    percent = 100.0 * np.mean(frames.shaded[number])
    axes.set_title(
        f"{frames.hours[number]}   sun {frames.sun_elevation_deg[number]:.0f}° high\n{percent:.1f} % shaded",
        fontsize=7.5,
    )


def _sun(axes: Axes, azimuth_deg: float, low_m: FloatArray, high_m: FloatArray) -> None:
    """A dot on the frame, where the light comes from."""
    toward = np.array([np.sin(np.radians(azimuth_deg)), np.cos(np.radians(azimuth_deg))])
    edge = (low_m + high_m) / 2.0 + (high_m - low_m) / 2.0 * toward / np.max(np.abs(toward))
    axes.plot(*edge[:, np.newaxis], "o", color=AMBER, markersize=5.0, clip_on=False, zorder=3)


def _scale(axes: Axes, low_m: FloatArray, high_m: FloatArray) -> None:
    """A bar of a round length in the corner, and where north is."""
    width_m = float(high_m[0] - low_m[0])
    bar_m = max(length for length in BARS_M if length <= width_m / 3.0)
    left, bottom = low_m + 0.05 * width_m
    axes.plot([left, left + bar_m], [bottom, bottom], color=INK, linewidth=1.2, zorder=3)
    axes.annotate(f"{bar_m:g} m, north up", (left, bottom + 0.02 * width_m), fontsize=6.0, zorder=3)


def _key(figure: Figure, grid: NDArray[np.object_]) -> None:
    shares = ScalarMappable(Normalize(0.0, 100.0), LIT_TO_SHADED)
    key = figure.colorbar(shares, ax=grid, location="bottom", shrink=0.4, aspect=40, pad=0.02)
    key.set_label("share of a head in the others' shade, %; grey: shadows on the ground; dot: the sun")


def _frame_m(heads_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    """A square around all heads at all times, its corners (2,) and (2,)."""
    corners_m = heads_m.reshape(-1, 2)
    low_m, high_m = np.min(corners_m, axis=0), np.max(corners_m, axis=0)
    half_m = (0.5 + MARGIN) * np.max(high_m - low_m)
    middle_m = (low_m + high_m) / 2.0
    return middle_m - half_m, middle_m + half_m


def _rows(frames: ShadowFrames) -> int:
    return -(-len(frames.hours) // COLUMNS)
