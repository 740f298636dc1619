"""No command's result takes the place of a file that it reads, or that the site file names for the field."""

import sqlite3

import pytest

from tracker.app.cli.border import files_of, refuse_over_input
from tracker.errors import InvalidInput
from tracker.named_files import LARGEST_SITE_BYTES

NAMED = """
[site]
horizon = "skyline.png"
[wind]
source = "modbus:line.png"
[irradiance]
source = "file:light.png"
"""
SKYLINE = "azimuth_deg,elevation_deg\n90,5\n270,0\n"
FEW = ("--pattern", "grid", "--spacings", "6,9", "--heads", "2")


@pytest.fixture
def site(tmp_path):
    (tmp_path / "skyline.png").write_text(SKYLINE)
    (tmp_path / "line.png").write_text('port = "/dev/ttyUSB0"\n')
    (tmp_path / "light.png").write_text("431\n")
    file = tmp_path / "site.toml"
    file.write_text(NAMED)
    return file


@pytest.fixture
def refused(inside, tmp_path):
    """Run a command that must refuse, and leave every file as it was."""

    def run(*arguments):
        before = {path: path.read_bytes() for path in tmp_path.iterdir()}
        code, out, err = inside(*arguments)
        assert (code, out) == (2, "")
        assert "the command reads this file; name another one for the result" in err
        assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before

    return run


@pytest.mark.parametrize("name", ["line.png", "light.png", "skyline.png", "site.toml"])
def test_a_comparison(site, refused, name):
    refused("compare", site, "--report", site.parent / name)


@pytest.mark.parametrize("name", ["line.png", "light.png", "skyline.png"])
def test_a_figure_of_layouts(site, refused, name):
    refused("layout", site, *FEW, "--figure", site.parent / name)


def test_the_shadows_beside_a_figure_of_layouts(site, refused):
    site.write_text(NAMED.replace("modbus:line", "modbus:drawn-shadows"))
    (site.parent / "line.png").rename(site.parent / "drawn-shadows.png")
    refused("layout", site, *FEW, "--figure", site.parent / "drawn.png", "--shadows", "2025-06-21")


@pytest.mark.parametrize("name", ["line.png", "light.png", "skyline.png"])
def test_a_figure_of_the_sun(site, refused, name):
    refused("sun", site, "--year", "2025", "--figure", site.parent / name)


def test_a_figure_of_the_sun_over_the_skyline_that_was_given(tmp_path, refused):
    skyline = tmp_path / "other.svg"
    skyline.write_text(SKYLINE)
    place = ("--latitude", "22.5", "--longitude", "114", "--year", "2025")
    refused("sun", *place, "--horizon", skyline, "--figure", skyline)


def test_a_fit(site, refused, tmp_path):
    sightings = tmp_path / "sightings.csv"
    sightings.write_text("")
    refused("calibrate", "fit", site, sightings, "--out", tmp_path / "line.png")


def test_a_sweep_spares_the_tables_of_its_plan_and_their_weather(tmp_path, refused):
    plan, weather = tmp_path / "plan.toml", tmp_path / "hours.csv"
    weather.write_text("utc,ghi,temp_air\n")
    (tmp_path / "sites.csv").write_text(
        "name,latitude_deg,longitude_deg,altitude_m,weather\nA,22.5,114,10,hours.csv\n"
    )
    plan.write_text('[sweep]\nsites = "sites.csv"\nmountings = ["flat"]\n')
    for given in (plan, weather, tmp_path / "sites.csv"):
        refused("sweep", plan, "--out", tmp_path / "out", "--jobs", "1", "--report", given)


def test_an_export_spares_its_journal(tmp_path, refused):
    journal = tmp_path / "tick.csv"
    with sqlite3.connect(journal) as db:
        db.execute("create table t(x)")
    db.close()
    refused("export", journal, "--out", tmp_path)


def test_a_result_beside_them_is_written(site, inside):
    drawn = site.parent / "paths.png"
    code, _, err = inside("sun", site, "--year", "2025", "--figure", drawn)
    assert (code, err) == (0, f"written: {drawn}\n")


def test_a_link_to_a_file_is_that_file(tmp_path):
    (tmp_path / "gust.txt").write_text("3\n")
    (tmp_path / "report.html").symlink_to("gust.txt")
    with pytest.raises(InvalidInput):
        refuse_over_input(tmp_path / "report.html", tmp_path / "gust.txt")


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b", "none.csv"])
def test_what_cannot_be_a_file_is_none_to_be_spared(tmp_path, name):
    (tmp_path / "report.html").touch()
    refuse_over_input(tmp_path / "report.html", tmp_path / name)


def test_a_site_file_is_read_up_to_a_size(tmp_path):
    site = tmp_path / "site.toml"
    site.write_text("#" * (LARGEST_SITE_BYTES + 1))
    with pytest.raises(OSError, match="it holds more than"):
        files_of(site)
