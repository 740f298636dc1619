import numpy as np
import pytest

from tracker.report.sweep_figure import numeric_keys
from tracker.report.sweep_page import render_sweep
from tracker.report.sweep_tables import SweepTable, sweep_answer

DOCUMENT = {"out": "results", "inputs_sha256": "ab" * 32}


def table(net, mountings=("flat", "best_fixed", "sunflower"), parameters=({},)):
    net = np.asarray(net, dtype=np.float64)
    return SweepTable(
        sites=tuple(f"S{i}" for i in range(len(net))),
        latitude_deg=22.0 + np.arange(len(net)),
        longitude_deg=np.full(len(net), 114.0),
        mountings=mountings,
        parameters=parameters,
        net_kwh_per_kwp=net,
    )


TWO_SITES = table([[[1000.0, 1100.0, 1210.0]], [[1000.0, 1000.0, 1200.0]]])


def test_the_answer_holds_the_last_mounting_against_the_best_fixed_one():
    assert (
        sweep_answer(TWO_SITES) == "Sunflower over best fixed tilt: +15.0 (+10.0 to +20.0) % net at 2 sites."
    )


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
