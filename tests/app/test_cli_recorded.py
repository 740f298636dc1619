"""sunflower compare --recorded as people run it."""

import json

import pytest

from tracker.app.assemble import open_site, rules_for
from tracker.app.config import check_site_text, plant_of
from tracker.app.field.rules_record import rules_to_json
from tracker.app.field.wind import SimulatedWind
from tracker.app.simulation.day import SimulatedDay, simulate
from tracker.app.simulation.hidden_truth import hidden_pointing
from tracker.control.journal import Journal

SITE = """
[array]
heads = 2
[comparison]
mountings = ["flat", "two_axis_sun_facing"]
claim_over = "flat"
"""
HEAD = "utc,azimuth_deg,elevation_deg\n"


@pytest.fixture
def site(tmp_path):
    path = tmp_path / "site.toml"
    path.write_text(SITE)
    return path


@pytest.fixture(scope="module")
def journal(tmp_path_factory):
    """Three hours of a morning, run by the loop over simulated heads."""
    path = tmp_path_factory.mktemp("run") / "journal.sqlite"
    plant = plant_of(check_site_text(SITE, None), "test")
    rules, wind = rules_for(plant, hidden_pointing(2, seed=4)), SimulatedWind(seed=4)
    day = SimulatedDay(
        plant=plant, date="2025-03-20", tick_s=30.0, rules=rules, wind=wind, from_hour=7.0, to_hour=10.0
    )
    with (
        open_site(plant, lockstep=True) as opened,
        Journal(path, heads=plant.array.names, meta={"rules": rules_to_json(rules)}) as written,
    ):
        simulate(day, opened, written, lambda *_: None)
    return path


def test_compare_says_what_a_stuck_head_cost(tmp_path, site, inside):
    stamps = [f"2022-06-01T{hour:02d}:{minute:02d}:00+08:00" for hour in range(24) for minute in (0, 20, 40)]
    path = tmp_path / "record.csv"
    path.write_text(HEAD + "".join(f"{stamp},180,60\n" for stamp in stamps))
    arguments = ("compare", site, "--recorded", f"{path}=stuck")
    code, out, _ = inside(*arguments, "--json")
    document = json.loads(out)
    assert code == 0
    assert [row["name"] for row in document["mountings"]] == ["flat", "two_axis_sun_facing", "recorded:stuck"]
    assert document["recordings"]["compared_steps"] == 24
    gains = {(gain["of"], gain["over"]): gain["net_percent"] for gain in document["gains"]}
    assert gains["recorded:stuck", "two_axis_sun_facing"] < -5.0
    code, out, _ = inside(*arguments, "--report", tmp_path / "report.html")
    assert code == 0
    assert "Compared: 24 of 8760 intervals" in out
    assert "its moves and standby are not counted" in out
    report = (tmp_path / "report.html").read_text()
    assert f"--recorded {path}=stuck" in report
    (note,) = document["recordings"]["records"][0]["notes"]
    assert "off the sun on average while the sun is up, more than 20 deg" in note
    assert f"recorded:stuck: {note}." in out
    assert "off the sun on average while the sun is up, more than 20" in report


def test_a_report_never_takes_the_place_of_a_record_or_a_meter(tmp_path, site, inside):
    record, meter = tmp_path / "record.csv", tmp_path / "meter.csv"
    record.write_text(HEAD + "2022-06-01T04:30:00Z,180,60\n")
    meter.write_text("utc,register_kwh\n2022-06-01T04:00:00Z,1\n2022-06-01T05:00:00Z,2\n")
    for given in (record, meter):
        before = given.read_text()
        code, _, err = inside(
            "compare", site, "--recorded", f"{record}=r", "--production", meter, "--report", given
        )
        assert code == 2
        assert "the command reads this file" in err
        assert given.read_text() == before
    code, _, err = inside("compare", site, "--production-of", "flat")
    assert code == 2
    assert "give --production FILE" in err


def test_a_journal_of_another_year_needs_to_be_asked_for(site, inside, journal):
    arguments = ("compare", site, "--recorded", journal, "--json")
    code, _, err = inside(*arguments)
    assert code == 2
    assert "--recorded-any-year" in err
    code, out, _ = inside(*arguments, "--recorded-any-year")
    assert code == 0
    rows = {row["name"]: row for row in json.loads(out)["mountings"]}
    assert rows["recorded"]["poa_kwh_m2"] == pytest.approx(
        rows["two_axis_sun_facing"]["poa_kwh_m2"], rel=0.01
    )
    assert rows["recorded"]["drive_kwh"] > 0.0
