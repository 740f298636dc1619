"""Wrong input to the whole command: one message with place and next action, nothing half-written."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

START = "from tracker.app.cli.main import run; run()"
WRONG_USE, OUTPUT = 2, 5


@pytest.fixture
def epw(weather_folder):
    return (weather_folder / "shenzhen_swera.epw").read_text().splitlines(keepends=True)


@pytest.fixture
def phoenix(weather_folder):
    return (weather_folder / "phoenix_nsrdb_psm3_tmy.csv").read_text().splitlines(keepends=True)


@pytest.fixture
def compare(sunflower, tmp_path):
    """`sunflower compare` of a site file with a weather file made of these bytes."""

    def run(weather, *, suffix=".epw", site="", options=()):
        path = tmp_path / f"weather{suffix}"
        if isinstance(weather, bytes):
            path.write_bytes(weather)
        elif isinstance(weather, list):
            path.write_text("".join(weather))
        place = tmp_path / "site.toml"
        source = weather if isinstance(weather, Path) else path
        place.write_text(f'{site}\n[weather]\nsource = "{source}"\n')
        return sunflower("compare", place, "--report", tmp_path / "report.html", *options)

    yield run
    assert not list(tmp_path.glob("*report*"))  # not even a part of one


def expect_refusal(result, code, *says):
    assert result.returncode == code, result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    for words in says:
        assert words.lower() in result.stderr.lower()


def test_a_missing_weather_file(compare, tmp_path):
    expect_refusal(compare(tmp_path / "none.epw"), WRONG_USE, "none.epw")


def test_a_directory_instead_of_a_weather_file(compare, tmp_path):
    expect_refusal(compare(tmp_path), WRONG_USE, str(tmp_path), "directory")


def test_a_binary_weather_file(compare):
    expect_refusal(compare(bytes(range(256)) * 64), WRONG_USE, "weather.epw")


def test_a_weather_file_with_one_kind_of_light_that_is_not_global(compare, phoenix):
    header = phoenix[2].replace(",GHI,", ",Nothing,").replace(",DNI,", ",Nought,")
    expect_refusal(
        compare([*phoenix[:2], header, *phoenix[3:]], suffix=".csv", site=PHOENIX), WRONG_USE, "GHI"
    )


def test_a_year_that_lacks_an_hour(compare, epw):
    expect_refusal(compare(epw[:-1]), WRONG_USE, "8,759", "8,760")


def test_a_value_that_is_no_number(compare, phoenix):
    cells = phoenix[4000].split(",")
    cells[7] = "nan"
    damaged = [*phoenix[:4000], ",".join(cells), *phoenix[4001:]]
    expect_refusal(compare(damaged, suffix=".csv", site=PHOENIX), WRONG_USE, "4001", "GHI")


def test_a_wrong_time_zone_in_the_weather_file(compare, epw):
    header = epw[0].split(",")
    header[8] = "2.0"
    expect_refusal(compare([",".join(header), *epw[1:]]), WRONG_USE, "time zone", "8")


def test_a_southern_site_with_a_northern_file(compare, epw):
    site = '[site]\nlatitude_deg = -22.6\nlongitude_deg = 114.0\ntimezone = "Australia/Perth"\n'
    expect_refusal(compare(epw, site=site), WRONG_USE, "hemisphere")


PHOENIX = '[site]\nlatitude_deg = 33.45\nlongitude_deg = -111.98\ntimezone = "America/Phoenix"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[site]\nlatitud_deg = 22.6\n", ("line 2", "latitud_deg", "latitude_deg")),
        ("[mount]\ndrive_power_w = -1.0\n", ("line 2", "drive_power_w", "-1")),
        ('[site]\ntimezone = "America/New_York"\n', ("line 2", "timezone")),
        (
            "[site]\nlatitude_deg = 91.0\n[safety]\nstow_gust_m_s = 'high'\n",
            ("line 2", "91", "line 4", "high"),
        ),
        ("[site\n", ("line 1",)),
    ],
)
def test_a_wrong_site_file(sunflower, tmp_path, text, says):
    place = tmp_path / "site.toml"
    place.write_text(text)
    for command in ("check", "compare", "run"):
        expect_refusal(sunflower(command, place), WRONG_USE, "site.toml", *says)


@pytest.mark.parametrize("command", ["check", "compare", "run", "status"])
def test_a_missing_site_file(sunflower, tmp_path, command):
    expect_refusal(sunflower(command, tmp_path / "none.toml"), WRONG_USE, "none.toml", "init")


def test_two_heads_of_one_name_in_a_survey(sunflower, tmp_path):
    (tmp_path / "survey.csv").write_text("name,east_m,north_m,up_m\nA,0,0,0\nB,9,0,0\nA,18,0,0\n")
    place = tmp_path / "site.toml"
    place.write_text('[array]\nlayout = "survey"\nsurvey = "survey.csv"\n')
    expect_refusal(sunflower("check", place), WRONG_USE, "survey.csv", "line 4", "A")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("replay", "{tmp}/none.sqlite"), "no such journal"),
        (("export", "{tmp}"), "no such journal"),
        (("calibrate", "fit", "{site}", "{tmp}/none.csv"), "none.csv"),
        (("calibrate", "apply", "{site}", "{site}"), "site.toml"),
    ],
)
def test_files_that_are_not_what_a_command_needs(sunflower, tmp_path, arguments, says):
    site = tmp_path / "site.toml"
    site.write_text("")
    expect_refusal(sunflower(*(a.format(tmp=tmp_path, site=site) for a in arguments)), WRONG_USE, says)


def on_a_full_disk(folder, *arguments):
    """The command in a mount namespace of its own, where `folder` is a disk of 64 KiB."""
    script = 'mount -t tmpfs -o size=64k none "$1"; shift; "$@"; code=$?; ls -A "$OUT" >&2; exit $code'
    command = [sys.executable, "-c", START, *map(str, arguments)]
    return subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", folder, *command],
        capture_output=True,
        text=True,
        check=False,
        env={"OUT": str(folder), "PATH": "/usr/bin:/bin:/usr/sbin:/sbin"},
    )


def test_a_full_disk_while_the_report_is_written(tmp_path):
    site = tmp_path / "site.toml"
    site.write_text("[comparison]\nmountings = ['best_fixed', 'two_axis_sun_facing']\n")
    disk = tmp_path / "disk"
    disk.mkdir()
    result = on_a_full_disk(disk, "compare", site, "--report", disk / "report.html")
    assert result.returncode == OUTPUT, result.stderr
    message, *left_on_disk = result.stderr.splitlines()
    assert str(disk / "report.html") in message
    assert "space" in message
    assert left_on_disk == []


def test_a_full_disk_while_the_journal_is_written(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    result = on_a_full_disk(disk, "demo", "--out", disk)
    assert result.returncode == OUTPUT, result.stderr
    assert "Traceback" not in result.stderr
    assert str(disk) in result.stderr


def test_a_place_that_cannot_be_written(sunflower, tmp_path):
    (tmp_path / "file").write_text("")
    expect_refusal(sunflower("demo", "--out", tmp_path / "file" / "folder"), OUTPUT, "file")


def test_a_result_never_takes_the_place_of_what_is_read(sunflower, tmp_path):
    site = tmp_path / "site.toml"
    site.write_text("")
    expect_refusal(sunflower("compare", site, "--report", site), WRONG_USE, "site.toml", "another")
    assert site.read_text() == ""


def test_a_full_stdout_is_an_output_error(sunflower):
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-c", START, "sun", "--latitude", "1", "--longitude", "2", "--json"]
        command += ["--utc", "2025-01-01T00:00Z"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == OUTPUT
    assert "Traceback" not in done.stderr


@pytest.fixture
def sightings(tmp_path):
    path = tmp_path / "sightings.csv"
    columns = "head,utc,axis_azimuth_deg,axis_elevation_deg,observed_azimuth_deg,observed_elevation_deg"
    rows = [
        f"H01,2025-03-20T{h:02}:00:00Z,{90 + 9 * h},{20 + 3 * h},{90 + 9 * h},{20 + 3 * h}" for h in range(16)
    ]
    path.write_text("\n".join([columns, *rows]) + "\n")
    return path


def test_a_device_is_no_calibration_file(sunflower, tmp_path, sightings):
    site = tmp_path / "site.toml"
    site.write_text("")
    result = sunflower("calibrate", "fit", site, sightings, "--out", "/dev/null")
    assert result.returncode == OUTPUT, result.stderr
    assert "regular file" in result.stderr


def test_a_fit_takes_the_place_of_no_file_that_the_site_uses(inside, tmp_path, sightings):
    site, horizon, survey = (tmp_path / name for name in ("site.toml", "horizon.csv", "survey.csv"))
    weather = tmp_path / "hours.csv"
    horizon.write_text("azimuth_deg,elevation_deg\n90,5\n270,0\n")
    survey.write_text("name,east_m,north_m,up_m\nH01,0,0,0\n")
    weather.write_text(hours_of_a_year())
    site.write_text(
        '[site]\nhorizon = "horizon.csv"\n[array]\nlayout = "survey"\nsurvey = "survey.csv"\n'
        '[weather]\nsource = "hours.csv"\n'
    )
    before = {path: path.read_bytes() for path in (site, horizon, survey, weather, sightings)}
    for path in before:
        code, out, err = inside("calibrate", "fit", site, sightings, "--out", path)
        assert (code, out) == (WRONG_USE, "")
        assert f"{path}: the command reads this file" in err
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert inside("calibrate", "fit", site, sightings, "--out", tmp_path / "calibration.json")[0] == 0


def test_a_claim_that_fails_ends_with_one(sunflower, tmp_path):
    site = tmp_path / "site.toml"
    site.write_text("[comparison]\nmountings = ['best_fixed', 'two_axis_sun_facing']\n")
    assert sunflower("compare", site).returncode == 0
    failed = sunflower("compare", site, "--require-claim", "--json")
    assert failed.returncode == 1
    assert "not supported" in failed.stderr
    assert json.loads(failed.stdout)["claim"]["verdict"] == "not supported"  # one document, the answer


def test_no_result_takes_the_place_of_a_file_that_was_read(sunflower, tmp_path, epw):
    """Weather, skyline and whatever else the site file names, by report and by the figures' numbers."""
    horizon, weather = tmp_path / "horizon.csv", tmp_path / "hours.csv"
    horizon.write_text("azimuth_deg,elevation_deg\n90,5\n270,0\n")
    weather.write_text(hours_of_a_year())
    site = tmp_path / "site.toml"
    site.write_text('[site]\nhorizon = "horizon.csv"\n[weather]\nsource = "hours.csv"\n')
    before = {path: path.read_bytes() for path in (horizon, weather, site)}
    for options in (["--report", horizon], ["--report", weather], ["--report", site], ["--data", tmp_path]):
        result = sunflower("compare", site, *options)
        expect_refusal(result, WRONG_USE, "the command reads this file")
        assert {path: path.read_bytes() for path in before} == before
        assert sorted(tmp_path.iterdir()) == sorted(before)


def hours_of_a_year():
    hours = np.arange("2021-01-01T00", "2022-01-01T00", dtype="datetime64[h]")
    light = np.where(hours.astype(int) % 24 < 10, 300, 0)  # of Shenzhen, in UTC
    rows = [f"{hour}:30Z,{ghi},20" for hour, ghi in zip(hours, light, strict=True)]
    return "\n".join(["# interval_label: centre", "utc,ghi,temp_air", *rows, ""])
