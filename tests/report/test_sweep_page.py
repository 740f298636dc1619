from dataclasses import replace

import numpy as np
import pytest

from tracker.report.sweep_figure import numeric_keys
from tracker.report.sweep_page import render_sweep
from tracker.report.sweep_tables import SweepTable, sweep_answer

DOCUMENT = {"out": "results", "inputs_sha256": "ab" * 32}


def table(net, mountings=("flat", "best_fixed", "sunflower"), parameters=({},), clear_sky_sites=0):
    net = np.asarray(net, dtype=np.float64)
    return SweepTable(
        sites=tuple(f"S{i}" for i in range(len(net))),
        latitude_deg=22.0 + np.arange(len(net)),
        longitude_deg=np.full(len(net), 114.0),
        mountings=mountings,
        parameters=parameters,
        net_kwh_per_kwp=net,
        clear_sky_sites=clear_sky_sites,
    )


TWO_SITES = table([[[1000.0, 1100.0, 1210.0]], [[1000.0, 1000.0, 1200.0]]])
OVER_TWO_SITES = (
    "Sunflower over best fixed tilt: +15.0 % net at 2 sites (median; spread over sites +10.0 to +20.0)"
)


def test_the_answer_holds_the_last_mounting_against_the_best_fixed_one():
    assert sweep_answer(TWO_SITES) == f"{OVER_TWO_SITES}."


def test_the_bracket_says_what_it_spreads_over():
    parameters = ({"site.albedo": 0.1}, {"site.albedo": 0.3})
    both = table([[[1.0, 2.0]] * 2, [[1.0, 3.0]] * 2], ("flat", "sunflower"), parameters)
    assert "(median; spread over sites and parameters +100.0 to +200.0)" in sweep_answer(both)
    one = table([[[1000.0], [1100.0]]], ("flat",), parameters)
    assert (
        sweep_answer(one)
        == "Flat: 1,050 kWh a kWp at 1 site (median; spread over parameters 1,000 to 1,100)."
    )


def test_under_a_clear_sky_the_headline_is_an_upper_bound():
    for clear, says in ((2, "clear sky: an upper bound"), (1, "clear sky: an upper bound at 1 of them")):
        bound = replace(TWO_SITES, clear_sky_sites=clear)
        assert sweep_answer(bound) == f"{OVER_TWO_SITES}, {says}."
        assert f"{says}.</h1>" in render_sweep(DOCUMENT, bound)


def test_the_answer_is_the_energy_where_there_is_nothing_to_compare():
    assert sweep_answer(table([[[1000.0]]], mountings=("flat",))) == "Flat: 1,000 kWh a kWp at 1 site."


def test_a_baseline_that_yields_nothing_gives_no_gain():
    assert sweep_answer(table([[[0.0, 0.0, 0.0]]])) == "Sunflower: 0 kWh a kWp at 1 site."


def test_curves_are_drawn_over_parameters_that_are_numbers_and_change():
    parameters = tuple(
        {"a": number, "b": 1, "c": flag, "d": word}
        for number, flag, word in ((1, True, "x"), (2.5, False, "y"))
    )
    assert numeric_keys(table(np.ones((1, 2, 3)), parameters=parameters)) == ("a",)


@pytest.mark.parametrize(
    ("shown", "figures"),
    [(TWO_SITES, 2), (table([[[1000.0, 1100.0, 1210.0]]]), 1)],
)
def test_the_page_is_self_contained_and_one_site_needs_no_map(shown, figures):
    page = render_sweep(DOCUMENT, shown)
    assert page.count("<svg") == figures
    assert "http" not in page
    assert "<script" not in page
    assert "1,210" in page
    assert "ab" * 32 in page


def test_names_of_parameters_cannot_break_the_page():
    parameters = ({"<b>&": 1}, {"<b>&": 2})
    page = render_sweep(DOCUMENT, table(np.ones((2, 2, 3)), parameters=parameters))
    assert "<b>" not in page


def test_the_same_table_gives_the_same_page():
    assert render_sweep(DOCUMENT, TWO_SITES) == render_sweep(DOCUMENT, TWO_SITES)
