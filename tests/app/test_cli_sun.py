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


@pytest.fixture
def site_file(tmp_path):
    path = tmp_path / "site.toml"
    path.write_text("[mount]\nazimuth_rate_deg_s = 0.25\nelevation_range_deg = [5.0, 95.0]\n")
    return path


@pytest.mark.parametrize("suffix", ["png", "SVG"])
def test_a_figure_of_the_paths_is_drawn_without_any_time_asked_for(inside, tmp_path, site_file, suffix):
    figure = tmp_path / f"paths.{suffix}"
    code, out, err = inside("sun", site_file, "--figure", figure, "--year", "2025")
    assert (code, out, err) == (0, "", f"written: {figure}\n")
    assert figure.read_bytes()[:4] in (b"\x89PNG", b"<?xm")


def test_the_figure_holds_the_mount_of_the_site_and_the_skyline_of_the_file(inside, tmp_path, site_file):
    figure, horizon = tmp_path / "paths.svg", tmp_path / "horizon.csv"
    horizon.write_text("azimuth_deg,elevation_deg\n0,5\n180,20\n")
    inside("sun", site_file, "--figure", figure, "--year", "2025", "--horizon", horizon)
    for words in ("skyline", "out of the mount's travel", "keyhole: azimuth faster than 0.25°/s"):
        assert f">{words}</text>" in figure.read_text()


def test_the_skyline_is_the_sites_own_unless_another_is_given(inside, tmp_path, site_file):
    (tmp_path / "low.csv").write_text("azimuth_deg,elevation_deg\n0,5\n")
    (tmp_path / "high.csv").write_text("azimuth_deg,elevation_deg\n0,40\n")
    site_file.write_text('site.horizon = "low.csv"\n' + site_file.read_text())
    drawn = {}
    for name, more in {"own": (), "low": ("low.csv",), "high": ("high.csv",)}.items():
        horizon = [part for file in more for part in ("--horizon", tmp_path / file)]
        figure = tmp_path / f"{name}.svg"
        assert inside("sun", site_file, "--figure", figure, "--year", "2025", *horizon)[0] == 0
        drawn[name] = figure.read_text()
    assert ">skyline</text>" in drawn["own"]
    assert drawn["own"] == drawn["low"] != drawn["high"]


def test_positions_and_figure_come_in_one_go(inside, tmp_path):
    figure = tmp_path / "paths.svg"
    asked = [*HERE, "--utc", "2025-06-21T04:24Z", "--json", "--figure", figure, "--year", "2025"]
    code, out, err = inside("sun", *asked)
    assert (code, len(json.loads(out)["positions"])) == (0, 1)
    assert err == f"written: {figure}; without a mount: give SITE to see its limits\n"
    code, out, _ = inside("sun", *HERE, "--json", "--figure", figure, "--year", "2025")
    assert json.loads(out) == {"positions": []}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--figure", "paths.pdf", "--year", "2025"], "give a name that ends in .png or .svg"),
        (["--figure", "paths.png"], "--figure needs the year of its paths; give --year 2025"),
        (["--year", "2025"], "--year is for the figure; give --figure FILE too"),
        (["--horizon", "h.csv", "--utc", "2025-06-21T04:24Z"], "--horizon is for the figure"),
        (["--figure", "paths.png", "--year", "1800"], "give years from 1900 to 2200"),
        (["--figure", "paths.png", "--year", "2025", "--horizon", "none.csv"], "none.csv: cannot be read"),
    ],
)
def test_a_figure_that_cannot_be_drawn_is_wrong_use(inside, tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    code, _, err = inside("sun", *HERE, *arguments)
    assert code == 2
    assert says in err
    assert not list(tmp_path.iterdir())


def test_a_horizon_that_is_none_is_told_with_its_line(inside, tmp_path):
    horizon = tmp_path / "horizon.csv"
    horizon.write_text("azimuth_deg,elevation_deg\n0,high\n")
    asked = ["--figure", tmp_path / "paths.png", "--year", "2025", "--horizon", horizon]
    code, _, err = inside("sun", *HERE, *asked)
    assert code == 2
    assert "horizon.csv, line 2: '0,high' is not azimuth, elevation" in err
