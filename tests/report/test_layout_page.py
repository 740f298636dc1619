"""The page and the figures of a layout study."""

import re

import numpy as np
import pytest
from matplotlib.figure import Figure

from tracker.report.layout_figure import layout_image, paint_layouts
from tracker.report.layout_headline import layout_answer, spread
from tracker.report.layout_page import render_layouts
from tracker.report.layout_tables import ShadowFrames, best_row, layout_rows
from tracker.report.shadows_figure import paint_shadows, shadows_image

PNG = b"\x89PNG\r\n\x1a\n"
NOTE = "Heads <are> held so."


def row(pattern, spacing_m, heads, per_head, land_m2, **more):
    return {
        "pattern": pattern,
        "spacing_m": spacing_m,
        "heads": heads,
        "land_m2": land_m2,
        "ground_cover_ratio": 18.0 * heads / land_m2,
        "beam_lost_percent": 3.21,
        "diffuse_lost_percent": 4.56,
        "net_kwh": per_head * heads,
        "net_kwh_per_head": per_head,
        "net_kwh_per_kwp": per_head / 2.5,
        "net_kwh_per_m2_land": per_head * heads / land_m2,
        "marginal_kwh_per_head": None,
        "pareto": True,
        **more,
    }


@pytest.fixture
def study():
    """Three layouts on 900 m2; the first is the densest and the best, the last is beaten."""
    rows = [
        row("vogel", 5.2, 20, 2900.0, 720.0, marginal_kwh_per_head=1234.4),
        row("vogel", 8.0, 12, 3300.0, 880.0),
        row("grid", 8.0, 10, 3200.0, 890.0, pareto=False),
    ]
    return {
        "site": {"name": "Roof & <yard>"},
        "weather": {"source": "climate:shenzhen", "kind": "synthetic year"},
        "patterns": rows,
        "best_for_area": {"area_m2": 900.0, **rows[0]},
        "notes": [NOTE],
    }


@pytest.fixture
def frames():
    """Two heads at two times; the second is half in shade at the first."""
    square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    heads = np.stack([square, square + np.array([6.0, 0.0])])
    return ShadowFrames(
        hours=("08:00", "12:00"),
        sun_azimuth_deg=np.array([90.0, 180.0]),
        sun_elevation_deg=np.array([20.0, 60.0]),
        heads_m=np.stack([heads, heads]),
        shadows_m=np.stack([heads - np.array([5.0, 0.0]), heads]),
        shaded=np.array([[0.5, 0.0], [0.0, 0.0]]),
    )


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_page_fetches_nothing_and_keeps_names_as_text(study, frames):
    page = render_layouts(study, ("Shadows", frames))
    assert not re.search(r"https?:|@import|<script|<link|<img|url\((?!#)", page)
    assert set(re.findall(r'(?:href|src)="(#|data:|.)', page)) <= {"#", "data:"}
    assert "Roof &amp; &lt;yard&gt;" in page
    assert "Heads &lt;are&gt; held so." in page
    assert "<yard>" not in page


def test_the_heading_is_the_best_layout_and_its_row_stands_out(study):
    page = plain(render_layouts(study, None))
    heading = re.search(r"<h1>(.*)</h1>", page).group(1)
    assert heading == (
        "Most energy on 900 m²: vogel, 5.2 m, 20 heads, 58,000 kWh, 2,900 a head; "
        "each of the last heads adds 1,234 kWh."
    )
    strong = re.findall(r'<tr class="strong">(.*)</tr>', page)
    assert len(strong) == 1
    assert re.findall(r">([^<]+)</t[hd]>", strong[0]) == [
        *("vogel", "5.2", "20", "720", "0.50", "3.2", "4.6", "2,900", "1,160", "80.6", "1,234", "yes")
    ]


def test_without_an_area_the_answer_is_the_range_of_both_yields(study):
    study["best_for_area"] = None
    assert layout_answer(study) == (
        "From 5.2 to 8 m apart a head yields 2,900 to 3,300 kWh, and a square metre of land 36 to 81 kWh."
    )
    study["patterns"] = study["patterns"][:1]
    assert layout_answer(study).startswith("5.2 m apart a head yields 2,900 kWh, and")
    assert '<tr class="strong">' not in render_layouts(study, None)


def test_one_head_is_no_heads():
    assert [spread([heads], "head") for heads in (1, 2)] == ["1 head", "2 heads"]


def test_shadows_stand_on_the_page_only_if_asked_for(study, frames):
    assert 'id="shadows"' not in render_layouts(study, None)
    page = render_layouts(study, ("Shadows on 21 June 2025, vogel", frames))
    assert "Shadows on 21 June 2025, vogel</h2>" in page
    assert page.count("<svg") == 2
    assert "25.0 % shaded" in page


def test_the_front_is_a_stair_under_which_the_beaten_layout_lies(study):
    figure = Figure()
    rows = layout_rows(study)
    paint_layouts(figure, "", rows, best_row(study))
    stair = figure.axes[0].lines[0]
    assert stair.get_drawstyle() == "steps-pre"
    front = sorted((r.net_kwh_per_m2_land, r.net_kwh_per_head) for r in rows[:2])
    assert list(zip(*stair.get_data(), strict=True)) == front
    beaten = rows[2]
    assert any(x > beaten.net_kwh_per_m2_land and y > beaten.net_kwh_per_head for x, y in front)


def test_layouts_off_the_front_are_hollow_and_all_are_numbered(study):
    figure = Figure()
    paint_layouts(figure, "", layout_rows(study), None)
    axes = figure.axes[0]
    points = [line for line in axes.lines if line.get_marker() in "os" and len(line.get_xdata()) == 1]
    assert [line.get_markerfacecolor() == line.get_color() for line in points] == [True, True, False]
    assert sorted(text.get_text() for text in axes.texts) == ["5.2", "8", "8"]


def test_shadows_lie_under_heads_that_are_darker_in_the_shade(frames):
    figure = Figure()
    paint_shadows(figure, "", frames)
    shadows, heads = figure.axes[0].collections
    assert shadows.get_zorder() < heads.get_zorder()
    brightness = np.sum(heads.get_facecolor()[:, :3], axis=1)
    assert brightness[0] < brightness[1]
    low, high = figure.axes[0].get_xlim()
    assert low < 0.0
    assert high > 7.0
    assert figure.axes[0].get_xlim() == figure.axes[1].get_xlim()


def test_the_sun_s_dot_stands_on_the_side_that_light_comes_from(frames):
    figure = Figure()
    paint_shadows(figure, "", frames)
    east, south = (axes.lines[0].get_xydata()[0] for axes in figure.axes[:2])
    assert east == pytest.approx([figure.axes[0].get_xlim()[1], 0.5])
    assert south == pytest.approx([3.5, figure.axes[1].get_ylim()[0]])


def test_figures_are_files_of_the_same_bytes_for_the_same_study(study, frames):
    rows = layout_rows(study)
    for draw in (
        lambda form: layout_image("Title", rows, None, form),
        lambda form: shadows_image("Title", frames, form),
    ):
        assert draw("png").startswith(PNG)
        assert draw("png") == draw("png")
        assert draw("svg").startswith(b"<?xml")
        assert draw("svg") == draw("svg")
        assert b"Title" in draw("svg")


def test_no_layouts_are_nothing_to_draw():
    with pytest.raises(ValueError, match="give at least one"):
        layout_image("", (), None, "png")
