"""sunflower sun: times in, positions out."""

import csv
import json

import numpy as np
import pytest

from tracker.app.config import site_at
from tracker.sun import sun_position

HERE = ["--latitude", "22.6097", "--longitude", "114.0296", "--altitude", "80"]


def test_json_gives_the_position_of_every_time(inside):
    code, out, err = inside(
        "sun", *HERE, "--utc", "2025-06-21T04:24:00Z", "--utc", "2025-12-21T12:00+08:00", "--json"
    )
    assert (code, err) == (0, "")
    document = json.loads(out)
    assert list(document) == ["positions"]
    utc = np.array(["2025-06-21T04:24:00", "2025-12-21T04:00:00"], dtype="datetime64[us]")
    expected = sun_position(utc, site_at(22.6097, 114.0296, 80.0))
    assert [row["utc"] for row in document["positions"]] == ["2025-06-21T04:24:00Z", "2025-12-21T04:00:00Z"]
    for name in ("azimuth_deg", "elevation_deg", "apparent_elevation_deg"):
        assert [row[name] for row in document["positions"]] == getattr(expected, name).tolist()


def test_a_span_holds_both_ends_and_csv_carries_the_same_numbers(inside):
    span = ["--from", "2025-03-20T00:00Z", "--to", "2025-03-20T01:00Z", "--step", "20min"]
    rows = list(csv.DictReader(inside("sun", *HERE, *span, "--csv")[1].splitlines()))
    assert [row["utc"] for row in rows] == [
        f"2025-03-20T{time}:00Z" for time in ("00:00", "00:20", "00:40", "01:00")
    ]
    positions = json.loads(inside("sun", *HERE, *span, "--json")[1])["positions"]
    assert [float(row["elevation_deg"]) for row in rows] == [row["elevation_deg"] for row in positions]


def test_the_table_shows_a_line_a_time(inside):
    _, out, _ = inside("sun", *HERE, "--utc", "2025-06-21T04:24")
    header, line = out.splitlines()
    assert header.split() == ["utc", "azimuth_deg", "elevation_deg", "apparent_elevation_deg"]
    assert line.startswith("2025-06-21T04:24:00Z")


def test_local_times_are_those_of_the_sites_timezone(inside, tmp_path):
    path = tmp_path / "site.toml"
    path.write_text("")
    span = ["--local", "--from", "2025-03-20T12:00", "--to", "2025-03-20T12:00", "--json"]
    (row,) = json.loads(inside("sun", path, *span)[1])["positions"]
    assert row["utc"] == "2025-03-20T04:00:00Z"


def test_a_fraction_of_a_second_is_kept(inside):
    (row,) = json.loads(inside("sun", *HERE, "--utc", "2025-03-20T12:00:00.25Z", "--json")[1])["positions"]
    assert row["utc"] == "2025-03-20T12:00:00.250000Z"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--utc", "2025-03-20T12:00Z"], "no place: give a site file"),
        ([*HERE], "no time: give --utc"),
        ([*HERE, "--from", "2025-03-20T12:00Z"], "no time: give --utc"),
        ([*HERE, "--utc", "yesterday"], "--utc yesterday: not a time; give ISO 8601"),
        ([*HERE, "--utc", "1800-01-01T00:00Z"], "1900 to 2200"),
        ([*HERE, "--utc", "9999-12-31T23:00-05:00"], "out of the calendar"),
        ([*HERE, "--utc", "2025-01-01", "--from", "2025-01-01Z"], "exclude each other"),
        (
            [*HERE, "--from", "2025-03-20T12:00", "--to", "2025-03-20T13:00Z"],
            "--from 2025-03-20T12:00: no zone",
        ),
        ([*HERE, "--from", "2025-03-20T12:00Z", "--to", "2025-03-20T11:00Z"], "is before --from"),
        (
            [*HERE, "--from", "2025-03-20T12:00Z", "--to", "2025-03-20T13:00Z", "--step", "0s"],
            "--step 0s: not a time span",
        ),
        (
            [*HERE, "--from", "2025-03-20T12:00Z", "--to", "2025-03-20T13:00Z", "--step", "fast"],
            "--step fast: not",
        ),
        (
            [*HERE, "--from", "2000-03-20T12:00Z", "--to", "2025-03-20T13:00Z", "--step", "1s"],
            "more than 1000000 times",
        ),
        ([*HERE, "--local", "--utc", "2025-03-20T12:00Z"], "--local needs a site file"),
        ([*HERE, "--utc", "2025-03-20T12:00Z", "--csv", "--json"], "--csv and --json exclude each other"),
        (
            ["--latitude", "95", "--longitude", "0", "--utc", "2025-03-20T12:00Z"],
            "latitude_deg = 95.0 is out of range",
        ),
        (
            ["--latitude", "nan", "--longitude", "0", "--utc", "2025-03-20T12:00Z"],
            "latitude_deg = nan is not finite",
        ),
        (["no.toml", "--utc", "2025-03-20T12:00Z"], "no.toml: 1 error"),
        (["no.toml", *HERE, "--utc", "2025-03-20T12:00Z"], "exclude each other; give either"),
    ],
)
def test_what_cannot_be_answered_is_wrong_use(inside, arguments, says):
    code, _, err = inside("sun", *arguments)
    assert code == 2
    assert says in err


@pytest.mark.parametrize("time", ["2025-10-26T02:30", "2025-03-30T02:30"])
def test_a_local_time_that_is_twice_or_never_is_refused(inside, tmp_path, time):
    path = tmp_path / "site.toml"
    path.write_text('[site]\ntimezone = "Europe/Berlin"\nlongitude_deg = 13.4\nlatitude_deg = 52.5\n')
    code, _, err = inside("sun", path, "--local", "--from", time, "--to", "2025-12-01T00:00Z", "--step", "1d")
    assert code == 2
    assert "is twice or never in Europe/Berlin" in err
