"""The numbers beside the figures are the document's, to the last bit."""

import csv
import io
from urllib.parse import unquote

import pytest

from tracker.report import render_comparison
from tracker.report.causes_figure import causes_figure
from tracker.report.document import read_document
from tracker.report.duration_figure import duration_figure
from tracker.report.formats import typeset
from tracker.report.page import figures_of


@pytest.fixture
def figures(document, tables):
    return figures_of(document, tables)


def read(figure):
    return list(csv.DictReader(io.StringIO(figure.csv())))


def test_every_figure_has_its_numbers(figures):
    assert set(figures) == {"gains", "causes", "months", "losses", "hours", "duration", "carbon"}


def test_gains_and_months_and_steps_come_back_exactly(figures, document):
    for row, gain in zip(read(figures["gains"]), document["gains"], strict=True):
        assert row["of"] == gain["of"]
        assert float(row["net_percent"]) == gain["net_percent"]
        assert float(row["p90_percent"]) == gain["p90_percent"]
    for mounting in document["mountings"]:
        months = [float(row[f"{mounting['name']}_net_kwh"]) for row in read(figures["months"])]
        assert months == mounting["monthly_kwh"]
        steps = [row for row in read(figures["losses"]) if row["mounting"] == mounting["name"]]
        assert [float(row["left_kwh"]) for row in steps] == [step["kwh"] for step in mounting["steps"]]
        changes = sum(float(row["change_kwh"]) for row in steps[1:])
        assert steps[0]["change_kwh"] == ""
        assert changes == pytest.approx(mounting["steps"][-1]["kwh"] - mounting["steps"][0]["kwh"], abs=1e-9)


def test_an_auditor_s_months_add_up_to_the_year_and_carry_the_factor(figures, document):
    rows = read(figures["carbon"])
    assert len(rows) == 12
    avoided = sum(float(row["avoided_kg"]) for row in rows)
    assert avoided == pytest.approx(document["carbon"]["avoided_kg"])
    extra = sum(float(row["extra_avoided_kg"]) for row in rows)
    assert extra == pytest.approx(document["carbon"]["extra_avoided_kg"])
    for row in rows:
        stated = [row[f"factor_{key}"] for key in ("kind", "year", "region", "scope", "source")]
        assert stated == ["average", "2023", "South China", "generation", "South region average, 2023"]


def test_the_causes_are_those_of_the_claim_s_gain(figures):
    rows = read(figures["causes"])
    assert {(row["of"], row["over"]) for row in rows} == {("sunflower", "best_fixed")}
    assert [row["cause"] for row in rows] == ["transposition", "year to year", "albedo"]


def test_each_figure_of_the_page_carries_its_numbers_in_the_page(document, tables, figures):
    page = render_comparison(document, tables)
    for name, figure in figures.items():
        _, _, link = page.partition(f'download="{name}.csv" href="data:text/csv;charset=utf-8,')
        assert unquote(link[: link.index('"')]) == figure.csv()


def test_a_document_without_an_interval_has_no_tornado(document, tables):
    for gain in document["gains"]:
        gain["causes"] = []
    assert "causes" not in figures_of(document, tables)
    assert "What makes it uncertain" not in render_comparison(document, tables)


def test_the_tornado_names_the_strongest_cause_and_labels_both_ends(document):
    gain = read_document(document).gain("sunflower", "best_fixed")
    svg = causes_figure(gain)
    assert "most by transposition, +0.0 to -4.8 points" in svg
    for label in ("\N{MINUS SIGN}4.8", "\N{MINUS SIGN}1.3", "+1.3", "+0.5"):
        assert f">{label}<" in svg
    assert ">+0.0<" not in svg  # an end that is the answer itself needs no label


def test_the_duration_curves_end_where_nothing_is_yielded(tables):
    svg = duration_figure(tables.duration, "one year")
    assert "sunflower reaches 40.0 kW, best fixed tilt 35.0 kW" in svg
    assert ">4000<" in svg
    assert ">8000<" not in svg


def test_the_page_says_what_would_make_a_claim_true_and_what_tracking_may_cost(document, tables):
    page = render_comparison(document, tables)
    for words in ("on 1 % of the days it is reached", "breaks even with best fixed at 1,150 CNY"):
        assert typeset(words) in page
