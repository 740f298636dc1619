"""The sun's paths over a site, looking up: the skyline, what the mount cannot reach, and the keyhole."""

import io
from dataclasses import replace
from functools import partial
from typing import Final, Literal, cast

import matplotlib as mpl
import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.gridspec import SubplotSpec
from matplotlib.patches import Patch
from matplotlib.projections.polar import PolarAxes

from tracker.report.canvas import NO_METADATA, STYLE, inline_svg
from tracker.report.palette import AMBER, BLUE, INK, MUTED, PAPER, RULE
from tracker.report.sun_paths import Mark, Paths, Reach, ShadedSky, SunPaths

COMPASS: Final = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
SHADES: Final = LinearSegmentedColormap.from_list("shades", [PAPER, "#7f8b95", INK])
SKYLINE: Final = "#8a8378"
OUT_OF_REACH: Final = "#a3212b"
RINGS_NORTH_DEG, RINGS_SOUTH_DEG = 22.5, 157.5
DOTS_PER_INCH: Final = 200
Form = Literal["png", "svg"]


def sun_path_svg(paths: SunPaths) -> str:
    """The whole sky as an SVG element for a page, without the look at the zenith."""
    whole = replace(paths, near_zenith=None, title="")  # the page has its own
    says = f"{paths.title}: the sun's paths over the year" + (
        f"; heads lose up to {100.0 * paths.shaded.share.max():.0f} % of their area to shade"
        if paths.shaded
        else ""
    )
    return inline_svg("sun-path", 4.6, says, partial(_draw, paths=whole))


def sun_path_image(paths: SunPaths, form: Form) -> bytes:
    """The figure as a file of its own: PNG, or SVG with text as text. The same bytes for the same paths."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update({**STYLE, "svg.hashsalt": "sun-path", "figure.facecolor": PAPER})
        wide = paths.near_zenith is not None
        figure = Figure(figsize=(8.6 if wide else 5.4, 5.8), layout="constrained", dpi=DOTS_PER_INCH)
        _draw(figure, paths)
        file = io.BytesIO()
        metadata = NO_METADATA if form == "svg" else {"Software": None}
        figure.savefig(file, format=form, metadata=metadata, facecolor=PAPER)
    return file.getvalue()


def _draw(figure: Figure, paths: SunPaths) -> None:
    wide = paths.near_zenith is not None
    grid = figure.add_gridspec(1, 2 if wide else 1, width_ratios=(1.7, 1.0) if wide else (1.0,))
    sky = _polar(figure, grid[0, 0])
    _dome(sky, 90.0, (30, 60))
    sky.set_rlabel_position(_away_from(paths.dates))
    _obstacles(sky, paths)
    if paths.shaded is not None:
        _shaded(figure, sky, paths.shaded)
    _lines(sky, paths.hours, RULE, 0.7)
    _lines(sky, paths.dates, AMBER, 1.3)
    for mark in paths.hour_marks:
        _write(sky, mark, MUTED)
    for mark in paths.date_marks:
        _write(sky, mark, INK)
    if paths.near_zenith is not None:
        _zenith(_polar(figure, grid[0, 1]), paths, paths.near_zenith)
    if paths.title:
        figure.suptitle(paths.title, x=0.02, ha="left", fontsize=10.0)
    keys = _keys(paths)
    if keys:
        figure.legend(handles=keys, loc="outside lower left", ncols=len(keys), handlelength=1.2)


def _polar(figure: Figure, cell: SubplotSpec) -> PolarAxes:
    return cast("PolarAxes", figure.add_subplot(cell, projection="polar"))


def _dome(axes: PolarAxes, radius_deg: float, rings_deg: tuple[float, ...]) -> None:
    """North up, east to the right as on a map; the zenith in the middle."""
    axes.set_theta_zero_location("N")
    axes.set_theta_direction(-1)
    axes.set_rlim(0.0, radius_deg)
    axes.set_xticks(np.radians(np.arange(0.0, 360.0, 45.0)), COMPASS)
    axes.set_yticks([90.0 - ring for ring in rings_deg], [f"{ring:g}°" for ring in rings_deg])
    axes.tick_params(pad=1.0)
    axes.spines["polar"].set_color(MUTED)


def _away_from(paths: Paths) -> float:
    """Where the rings' numbers stand clear of the paths: beside north, or south where suns pass north."""
    height = np.where(np.isfinite(paths.elevation_deg), paths.elevation_deg, -np.inf)
    noons_deg = np.take_along_axis(paths.azimuth_deg, height.argmax(axis=1)[:, np.newaxis], axis=1)
    return RINGS_NORTH_DEG if np.mean(np.cos(np.radians(noons_deg))) < 0.0 else RINGS_SOUTH_DEG


def _obstacles(axes: PolarAxes, paths: SunPaths) -> None:
    if paths.skyline is not None:
        around = np.radians(paths.skyline.azimuth_deg[0])
        top = 90.0 - np.maximum(paths.skyline.elevation_deg[0], 0.0)
        axes.fill_between(around, top, 90.0, color=SKYLINE, alpha=0.55, linewidth=0, zorder=1.5)
    if paths.reach is not None:
        _out_of_reach(axes, paths.reach)
        _keyhole(axes, paths.reach)


def _shaded(figure: Figure, axes: PolarAxes, shaded: ShadedSky) -> None:
    drawn = axes.pcolormesh(
        np.radians(shaded.azimuth_deg),
        90.0 - shaded.elevation_deg,
        100.0 * shaded.share.T,
        cmap=SHADES,
        vmin=0.0,
        vmax=max(100.0 * float(shaded.share.max()), 1.0),
        rasterized=True,
        zorder=0.5,
    )
    axes.grid(visible=True)
    bar = figure.colorbar(drawn, ax=axes, shrink=0.6, pad=0.08)
    bar.set_label("panels in shade, %")
    bar.outline.set_visible(False)


def _out_of_reach(axes: PolarAxes, reach: Reach) -> None:
    if not reach.unreachable.any():
        return
    around, out = np.radians(reach.azimuth_deg), 90.0 - reach.elevation_deg
    mask = np.where(reach.unreachable.T, 1.0, 0.0)
    axes.contourf(around, out, mask, levels=[0.5, 1.5], colors=[OUT_OF_REACH], alpha=0.12, zorder=1.2)
    axes.contour(around, out, mask, levels=[0.5], colors=[OUT_OF_REACH], linewidths=0.8)


def _keyhole(axes: PolarAxes, reach: Reach) -> None:
    around = np.radians(reach.azimuth_deg)
    axes.fill_between(around, 0.0, 90.0 - reach.keyhole_edge_deg, color=BLUE, alpha=0.35, linewidth=0)
    axes.plot(around, 90.0 - reach.keyhole_edge_deg, color=BLUE, linewidth=0.9)


def _zenith(axes: PolarAxes, paths: SunPaths, passes: Paths) -> None:
    radius_deg = paths.zenith_radius_deg
    _dome(axes, radius_deg, tuple(90.0 - radius_deg * part for part in (1 / 3, 2 / 3)))
    axes.set_rlabel_position(RINGS_NORTH_DEG)
    if paths.reach is not None:
        _keyhole(axes, paths.reach)
    _lines(axes, passes, AMBER, 0.5)
    axes.set_title(
        f"within {radius_deg:g}° of the zenith: {len(passes.azimuth_deg)} days a year", color=MUTED
    )


def _lines(axes: PolarAxes, paths: Paths, colour: str, width: float) -> None:
    for azimuth_deg, elevation_deg in zip(paths.azimuth_deg, paths.elevation_deg, strict=True):
        axes.plot(
            np.radians(np.unwrap(azimuth_deg, period=360.0)),
            90.0 - elevation_deg,
            color=colour,
            linewidth=width,
        )


def _write(axes: PolarAxes, mark: Mark, colour: str) -> None:
    axes.annotate(
        mark.text,
        (np.radians(mark.azimuth_deg), 90.0 - mark.elevation_deg),
        color=colour,
        fontsize=6.5,
        ha="center",
        va="center",
        bbox={"boxstyle": "square,pad=0.1", "facecolor": PAPER, "edgecolor": "none", "alpha": 0.75},
    )


def _keys(paths: SunPaths) -> list[Patch]:
    keys = [Patch(color=SKYLINE, alpha=0.55, label="skyline")] if paths.skyline is not None else []
    if paths.reach is None:
        return keys
    if paths.reach.unreachable.any():
        keys.append(Patch(color=OUT_OF_REACH, alpha=0.3, label="out of the mount's travel"))
    rate = f"keyhole: azimuth faster than {paths.reach.azimuth_rate_deg_s:g}°/s"
    return [*keys, Patch(color=BLUE, alpha=0.5, label=rate)]
