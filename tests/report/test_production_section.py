"""What a report says of records and meters; without them it says nothing of either."""

import csv
import io

import pytest

from tracker.report import render_comparison
from tracker.report.document import read_document
from tracker.report.page import figures_of
from tracker.report.production_figure import production_figure


def period(name, measured, modelled, finding="within"):
    difference = 100.0 * (measured / modelled - 1.0) if modelled else None
    return {
        "name": name,
        "hours": 700.0,
        "measured_kwh": measured,
        "modelled_kwh": modelled,
        "poa_kwh_m2": 120.125,
        "performance_ratio": 0.7123456,
        "performance_ratio_25c": 0.7512345,
        "modelled_performance_ratio": 0.7223456,
        "modelled_performance_ratio_25c": None,
        "difference_percent": difference,
        "interval_percent": None if difference is None else 6.25,
        "finding": finding,
        "says": f"below the model by 0.0 %: {finding} its interval of +-6.2 %",
    }


@pytest.fixture
def metered(document):
    record = {
        "name": "recorded:<east>",
        "source": "east & west.csv",
        "heads": 19,
        "samples": 5,
        "first_utc": "2026-03-01T00:00:00Z",
        "last_utc": "2026-05-01T00:00:00Z",
        "bridged_s": 900.0,
        "outside_steps": 7296,
        "unknown_steps": 12,
        "drive_counted": False,
    }
    document["recordings"] = {"compared_steps": 1452, "left_out_steps": 7308, "records": [record]}
    document["production"] = {
        "source": "meter.csv",
        "of": "recorded:<east>",
        "counted_intervals": 1400,
        "left_out_intervals": 3,
        "missing_intervals": 21,
        "months": [
            period("2026-03", 970.5, 1000.0),
            period("2026-04", 700.0, 1000.0, "below"),
            period("2026-05", 0.0, 0.0, "unknown"),
        ],
        "whole": period("all", 1670.5, 2000.0, "below"),
        "causes": [{"cause": "transposition", "percent": 2.58}, {"cause": "meter", "percent": 0.5}],
    }
    return document


def test_the_page_names_the_difference_and_the_months_that_are_not_explained(metered, tables):
    page = render_comparison(metered, tables)
    assert 'id="production"' in page
    assert "below its interval of ±6.2" in page
    assert "Months that the model does not explain: 2026-04 (−30.0" in page
    assert "1,400 intervals compared, 3 left out" in page
    assert "21 missing in the meter" in page
    for shown in ("970.5", "0.712", "0.751", "0.722", "−30.0", "transposition"):
        assert shown in page


def test_the_page_says_what_was_recorded_and_that_it_is_no_year(metered, tables):
    metered["part_year"] = {
        "days": 60.5, "months": [{"month": 3, "days": 29.5}, {"month": 4, "days": 31.0}],
        "says": "60.5 days from 2020-03-02 to 2020-05-01, and not a year", "notes": ["of these days"],
    }  # fmt: skip
    page = render_comparison(metered, tables)
    assert "everything is compared over 1,452 of 8,760" in page
    assert "not counted" in page
    assert "60.5 days that were recorded, tracked against fixed" in page
    assert "/year" not in page
    assert "<east>" not in page
    assert "&lt;east&gt;" in page


def test_light_measured_in_the_plane_has_a_table_that_names_it(metered, tables):
    april = {
        "name": "2020-04", "hours": 700.0, "measured_kwh": 412.0, "poa_kwh_m2": 171.3,
        "modelled_poa_kwh_m2": 166.1, "modelled_over_measured_percent": -3.036, "performance_ratio": 0.8017,
        "performance_ratio_25c": None,
    }  # fmt: skip
    light = {"months": [april], "whole": {**april, "name": "all"}, "says": "measured <here>"}
    metered["production"] = {**metered["production"], "light": light}
    page = render_comparison(metered, tables)
    assert "With the light that was measured in the plane" in page
    assert "measured &lt;here&gt;." in page
    for shown in ("171.3", "166.1", "−3.0", "0.802"):
        assert shown in page


def test_without_records_and_meters_the_page_is_of_a_year(document, tables):
    page = render_comparison(document, tables)
    assert 'id="production"' not in page
    assert "What was recorded" not in page
    assert "kWh/year" in page
    assert "production" not in figures_of(document, tables)


def test_the_numbers_behind_the_figure_are_the_documents(metered, tables):
    data = figures_of(metered, tables)["production"]
    rows = list(csv.DictReader(io.StringIO(data.csv())))
    given = [*metered["production"]["months"], metered["production"]["whole"]]
    assert [row["period"] for row in rows] == [part["name"] for part in given]
    for row, part in zip(rows, given, strict=True):
        for name in ("hours", "measured_kwh", "modelled_kwh", "performance_ratio", "poa_kwh_m2"):
            assert float(row[name]) == part[name]
        assert row["finding"] == part["finding"]
    assert rows[2]["difference_percent"] == ""


def test_the_figure_is_the_same_bytes_and_draws_the_unknown_as_nothing(metered):
    production = read_document(metered).production
    assert production_figure(production) == production_figure(production)
    assert 'role="img"' in production_figure(production)
    assert "nan" not in production_figure(production).lower().replace("nano", "")
