import re
from dataclasses import replace

import numpy as np
import pytest

from tracker.report.day_figure import day_figure, runs
from tracker.report.document import read_document
from tracker.report.hours_figure import DIVERGING_MAP, hours_figure
from tracker.report.labels import MONTHS
from tracker.report.losses_figure import losses_figure
from tracker.report.months_figure import months_figure
from tracker.report.palette import MOUNTINGS, STATES, colours_for
from tracker.report.pointing_figure import pointing_figure
from tracker.report.tables import DayTables, HourByMonth, PointingErrors


def filled(svg, colour):
    return len(re.findall(rf"<path [^>]*fill: {colour}", svg))


def luminance(rgb):
    return float(np.dot(rgb[:3], (0.2126, 0.7152, 0.0722)))


def test_each_mounting_has_twelve_bars_and_a_legend_key(document):
    mountings = read_document(document).mountings
    svg = months_figure(mountings, dict(enumerate(MONTHS)))
    assert [filled(svg, MOUNTINGS[row.name]) for row in mountings] == [13] * len(mountings)


def test_the_heatmap_is_centred_on_zero_and_says_its_sum(tables):
    table = tables.hour_by_month
    svg = hours_figure(table)
    assert f"{table.difference_kwh.sum():+,.0f} kWh" in svg
    assert luminance(DIVERGING_MAP(0.5)) > 0.9
    assert luminance(DIVERGING_MAP(0.0)) < 0.4
    assert luminance(DIVERGING_MAP(1.0)) < 0.45


def test_only_fixed_ahead_paints_only_the_fixed_half(tables):
    below = HourByMonth(tracked="sunflower", baseline="flat", difference_kwh=np.full((24, 12), -3.0))
    svg = hours_figure(below)
    in_the_colour_bar = 1
    assert filled(svg, "#1f4e7d") == 288 + in_the_colour_bar
    assert filled(svg, "#b05a00") == in_the_colour_bar


@pytest.mark.parametrize("value", [0.0, np.nan])
def test_a_heatmap_without_a_difference_can_be_drawn(value):
    table = HourByMonth(tracked="sunflower", baseline="flat", difference_kwh=np.full((24, 12), value))
    assert hours_figure(table).startswith("<svg")


def test_a_waterfall_names_every_step_with_its_share(document):
    mounting = read_document(document).mountings[-1]
    svg = losses_figure(mounting)
    nominal = mounting.steps[0].kwh
    change = 100 * (mounting.steps[8].kwh - mounting.steps[7].kwh) / nominal
    assert f">{change:.2f} %".replace("-", "\N{MINUS SIGN}") in svg
    assert all(f">{step.name}<" in svg for step in mounting.steps[1:])


def test_states_are_cut_into_runs():
    names = np.array(["NIGHT", "NIGHT", "TRACKING", "STOWED", "STOWED"])
    assert list(runs(names)) == [(0, 2, "NIGHT"), (2, 3, "TRACKING"), (3, 5, "STOWED")]


def test_the_day_shows_every_head_and_every_state(tables):
    svg = day_figure(tables.day)
    assert all(f">{head}<" in svg for head in tables.day.heads)
    assert all(f">{name}<" in svg for name in ("night", "tracking", "stowing", "stowed", "calibrating"))


def test_a_gust_between_two_drawn_points_is_still_seen(tables):
    calm = replace(tables.day, gust_m_s=np.zeros(len(tables.day.local_time)))
    gust = np.zeros(len(calm.local_time))
    gust[1001] = 20.0
    axis = re.compile(r">20</text>")
    assert axis.search(day_figure(replace(calm, gust_m_s=gust)))
    assert not axis.search(day_figure(calm))


def test_the_pointing_figure_tells_the_worst_before_and_after(tables):
    errors = tables.day.pointing
    svg = pointing_figure(errors)
    assert f"{errors.max_before_deg.max():.2f} deg before" in svg
    assert f"{errors.max_after_deg.max():.2f} deg after" in svg


def test_unknown_names_get_spare_colours_of_their_own():
    colours = colours_for(("TRACKING", "dreaming", "singing"), STATES)
    assert colours["TRACKING"] == STATES["tracking"]
    assert len(set(colours.values())) == 3


def test_a_dollar_in_a_name_is_a_dollar():
    one = np.array([1.0])
    errors = PointingErrors(
        heads=("$a_b$",), median_before_deg=one, max_before_deg=one, median_after_deg=one, max_after_deg=one
    )
    assert ">$a_b$<" in pointing_figure(errors)


def test_tables_of_the_wrong_shape_are_refused(tables):
    with pytest.raises(ValueError, match=r"\(12, 24\)"):
        HourByMonth(tracked="sunflower", baseline="flat", difference_kwh=np.zeros((12, 24)))
    with pytest.raises(ValueError, match="gust_m_s"):
        replace(tables.day, gust_m_s=np.zeros(3))
    with pytest.raises(ValueError, match="max_after_deg"):
        replace(tables.day.pointing, max_after_deg=np.zeros(3))


def test_a_day_of_one_moment_is_refused(tables):
    day = tables.day
    with pytest.raises(ValueError, match="at least 2"):
        DayTables(
            about="A simulation of a day.",
            local_time=day.local_time[:1],
            sun_apparent_elevation_deg=day.sun_apparent_elevation_deg[:1],
            sun_azimuth_deg=day.sun_azimuth_deg[:1],
            gust_m_s=day.gust_m_s[:1],
            heads=day.heads,
            state=day.state[:1],
        )
