"""A meter's file: intervals or a register, and what is refused in it."""

import json

import numpy as np
import pytest

from tracker.app.meter import read_meter
from tracker.errors import InvalidInput

KWP = 10.0
LABEL = "# interval_label: end\n"
HOURLY = LABEL + "time,energy_kwh\n" + "".join(
    f"2022-06-01T{hour:02d}:00+08:00,{hour}.5\n" for hour in range(8, 14)
)  # fmt: skip
REGISTER = "utc,register_kwh\n" + "".join(
    f"2022-06-01T{hour:02d}:00:00Z,{100 + hour}\n" for hour in range(6)
)  # fmt: skip


@pytest.fixture
def meter(tmp_path):
    def read(text):
        path = tmp_path / "meter.csv"
        path.write_text(text)
        return read_meter(path, KWP)

    return read


@pytest.mark.parametrize(("label", "first"), [("end", "23:00"), ("centre", "23:30"), ("start", "00:00")])
def test_intervals_lie_where_the_label_says(meter, label, first):
    found = meter(HOURLY.replace("end", label))
    assert str(found.start_utc[0]).split("T")[1].startswith(first)
    assert (found.end_utc - found.start_utc == np.timedelta64(3600, "s")).all()
    assert found.energy_kwh.tolist() == [8.5, 9.5, 10.5, 11.5, 12.5, 13.5]
    assert found.missing_intervals == 0


def test_missing_and_empty_intervals_are_counted(meter):
    text = HOURLY.replace("2022-06-01T10:00+08:00,10.5\n", "").replace(",12.5", ",")
    found = meter(text)
    assert found.missing_intervals == 2
    assert np.isnan(found.energy_kwh).sum() == 1
    assert found.start_utc.size == 5


def test_a_register_is_what_it_grows_by(meter):
    found = meter(REGISTER)
    assert found.energy_kwh.tolist() == [1.0] * 5
    longer = meter(REGISTER.replace(",103", ","))
    assert longer.energy_kwh.tolist() == [1.0, 1.0, 2.0, 1.0]
    assert (longer.end_utc - longer.start_utc).max() == np.timedelta64(7200, "s")


def register(*readings):
    rows = (f"2022-06-01T{hour:02d}:00:00Z,{value}\n" for hour, value in enumerate(readings))
    return "utc,register_kwh\n" + "".join(rows)


def test_a_reset_leaves_its_interval_unknown_and_is_told(meter):
    found = meter(register(101, 102, 104, 0.5, 1.5, "", 3.5))
    np.testing.assert_array_equal(found.energy_kwh, [1.0, 2.0, np.nan, 1.0, 2.0])
    assert found.missing_intervals == 1
    assert [str(time)[:16] for time in found.resets_utc] == ["2022-06-01T03:00"]
    assert meter(REGISTER).resets_utc.size == 0


@pytest.mark.parametrize("slip", [9999, 0, 50.5])
def test_a_reading_that_slipped_never_becomes_energy(meter, slip):
    """Without it the register grows all the way: neither of its intervals is known."""
    readings = [101, 102, 104, 105, 107]
    readings[2] = slip
    found = meter(register(*readings))
    np.testing.assert_array_equal(found.energy_kwh, [1.0, np.nan, np.nan, 2.0])
    assert (found.missing_intervals, found.resets_utc.size) == (2, 1)


def test_a_register_that_begins_anew_every_night_keeps_its_days(meter):
    found = meter(register(0, 4, 9, 9, 0, 0, 5, 11, 11, 0))
    np.testing.assert_array_equal(found.energy_kwh, [4, 5, 0, np.nan, 0, 5, 6, 0, np.nan])
    assert found.resets_utc.size == 2


@pytest.mark.parametrize(
    ("light", "temperature"), [("poa_global", "temp_module"), ("G_i", "T_mod"), ("poa_w_m2", "temp_module_c")]
)
def test_light_and_module_temperature_may_stand_beside_energies(meter, light, temperature):
    lines = HOURLY.splitlines()
    rows = [f"{line},{100 * number},{20 + number}" for number, line in enumerate(lines[2:])]
    rows[2] = f"{lines[4]},,"
    found = meter("\n".join([lines[0], f"{lines[1]},{light},{temperature}", *rows]) + "\n")
    np.testing.assert_array_equal(found.poa_w_m2, [0, 100, np.nan, 300, 400, 500])
    np.testing.assert_array_equal(found.temp_module_c, [20, 21, np.nan, 23, 24, 25])
    assert meter(HOURLY).poa_w_m2 is None


WRONG = {
    "Wh for kWh": (
        HOURLY.replace("10.5", "10500"),
        r"line 5: 10,500 kWh in 1 h, at most 15 kWh are credible \(1.5 x 10 kWp x time\): .* may be Wh",
    ),
    "a register in Wh": (register(1, 2, "", 3000), r"line 5: 2,998 kWh in 2 h, at most 30 kWh .* be Wh"),
    "light beside a register": (
        REGISTER.replace("_kwh", "_kwh,poa").replace("Z,1", "Z,5,1"),
        "whose stamps are of no interval",
    ),
    "impossible light": (
        HOURLY.replace("_kwh", "_kwh,poa").replace(".5", ".5,3000"),
        r'line 3: poa is "3000", not a number',
    ),
    "no label": (HOURLY.replace(LABEL, ""), 'begin the file with "# interval_label: end"'),
    "no column": (HOURLY.replace("energy_kwh", "kwh"), "neither energy_kwh nor register_kwh"),
    "both": (REGISTER.replace("utc,", "utc,energy_kwh,").replace("Z,", "Z,1,"), "it has energy_kwh and reg"),
    "no zone": (HOURLY.replace("+08:00", ""), r'line 3: "2022-06-01T08:00" is no time with a zone'),
    "backward": (HOURLY + "2022-06-01T09:00+08:00,1\n", r"line 9: 2022-06-01T01:00:00.000Z is not later"),
    "short": (HOURLY + "2022-06-01T13:10+08:00,1\n", r"line 9: 600 s after .* intervals are 3600 s"),
    "words": (HOURLY.replace("10.5", "full"), r'line 5: energy_kwh is "full", not a number'),
    "one row": (LABEL + "utc,energy_kwh\n2022-06-01T00:00Z,1\n", "one row does not tell"),
    "one reading": ("utc,register_kwh\n2022-06-01T00:00Z,1\n", "1 readings make no energy"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_meter_is_refused_by_line_value_and_remedy(meter, name):
    text, says = WRONG[name]
    with pytest.raises(InvalidInput, match=says):
        meter(text)


def test_compare_holds_a_meter_against_a_row(tmp_path, inside):
    site = tmp_path / "site.toml"
    site.write_text(
        "[array]\nheads = 1\n[comparison]\nmountings = ['flat', 'two_axis_sun_facing']\nclaim_over = 'flat'\n"
    )
    rows = [f"2023-06-{day:02d}T00:00:00+08:00,{20 * day}\n" for day in range(1, 11)]
    good = list(rows)
    (tmp_path / "meter.csv").write_text("time,register_kwh\n" + "".join(rows))
    arguments = ("compare", site, "--production", tmp_path / "meter.csv")
    code, _, err = inside(*arguments)
    assert code == 2
    assert "'sunflower', which was not compared" in err
    arguments = (*arguments, "--production-of", "flat")
    code, _, err = inside(*arguments)
    assert code == 2
    assert "--recorded-any-year" in err
    report = tmp_path / "report.html"
    code, out, _ = inside(*arguments, "--recorded-any-year", "--json", "--report", report)
    assert code == 0
    production = json.loads(out)["production"]
    assert production["of"] == "flat"
    assert production["whole"]["measured_kwh"] == 180.0
    assert production["whole"]["hours"] == 9 * 24
    assert production["counted_intervals"] == 9
    assert production["whole"]["finding"] == "above"
    assert "--production-of flat --recorded-any-year" in report.read_text()
    rows[5] = "2023-06-06T00:00:00+08:00,3\n"
    (tmp_path / "meter.csv").write_text("time,register_kwh\n" + "".join(rows))
    code, out, _ = inside(*arguments, "--recorded-any-year", "--json")
    reset = json.loads(out)["production"]
    assert reset["resets_utc"] == ["2023-06-05T16:00:00Z"]
    assert (reset["counted_intervals"], reset["missing_intervals"]) == (7, 2)
    code, out, _ = inside(*arguments, "--recorded-any-year", "--report", report)
    said = "its register fell, as after a reset, 1 x: at 2023-06-05T16:00:00Z; nobody knows what it counted"
    assert code == 0
    assert f"Meter: {said}" in out
    assert said in report.read_text()
    (tmp_path / "meter.csv").write_text("time,register_kwh\n" + "".join(good))
    code, out, _ = inside(*arguments, "--recorded-any-year")
    assert f"Meter: {production['whole']['says']}. 9 intervals compared, 0 left out, 0 missing." in out
