"""sunflower layout."""

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

FEW = ("--pattern", "grid", "--spacings", "6,9", "--heads", "4")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    file = tmp_path_factory.mktemp("layout") / "site.toml"
    file.write_text('[site]\nname = "Yard"\n', encoding="utf-8")
    return file


def test_text_has_every_layout_the_answer_and_what_it_takes_for_granted(inside, site):
    code, out, err = inside("layout", site, *FEW)
    assert (code, err) == (0, "")
    assert out.startswith("Yard: climate:shenzhen (synthetic year), GHI ")
    assert [line.split()[:3] for line in out.splitlines() if line.startswith("grid")] == [
        ["grid", "6", "4"],
        ["grid", "9", "4"],
    ]
    assert re.search(r"From 6 to 9 m apart a head yields [\d,]+ to [\d,]+ kWh", out)
    said = " ".join(out.split())
    assert "Against exact shadows in every interval, net energy came out within 0.7 %" in said
    assert "Heads face the sun." in said


def test_json_is_the_study_with_the_best_on_the_area(inside, site):
    code, out, _ = inside("layout", site, "--pattern", "ring", "--spacings", "6,9", "--area", "150", "--json")
    document = json.loads(out)
    assert code == 0
    assert document["schema"] == "sunflower.layout/1"
    assert [row["spacing_m"] for row in document["patterns"]] == [6.0, 9.0]
    assert all(row["land_m2"] <= 150.0 for row in document["patterns"])
    best = max(document["patterns"], key=lambda row: row["net_kwh"])
    assert document["best_for_area"] == {"area_m2": 150.0, **best}
    assert document["notes"]


def test_a_page_has_both_figures_and_pictures_come_as_two_files(inside, site, tmp_path):
    page, picture = tmp_path / "study.html", tmp_path / "study.svg"
    shadows = ("--shadows", "2025-06-21", "--figure")
    code, _, err = inside("layout", site, *FEW, *shadows, page)
    assert (code, err) == (0, f"written: {page}\n")
    assert page.read_text().count("<svg") == 2
    assert "Shadows on 21 June 2025, the site's heads" in page.read_text().replace("&#39;", "'")
    code, _, err = inside("layout", site, *FEW, *shadows, picture)
    assert (code, err) == (0, f"written: {picture}\nwritten: {tmp_path / 'study-shadows.svg'}\n")
    assert (tmp_path / "study-shadows.svg").read_text().startswith("<?xml")


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        (("--spacings", "4"), "spacing 4 m is less than the disks' diameter of 4.878 m: heads would touch"),
        (("--spacings", ""), "not metres; give numbers such as 5,6,8"),
        (("--spacings", "5;6"), "--spacings 5;6: not metres"),
        (("--area", "10"), "area is 10 m2, but one head takes 18.7 m2; give that or more"),
        (("--area", "nan"), "area is nan m2; give square metres above 0"),
        (("--heads", "0"), "heads is 0; give 1 to 10000"),
        (("--pattern", "vogl"), "pattern 'vogl' is unknown; did you mean vogel?"),
        (("--pattern", ""), "pattern '' is unknown; choose from vogel, ring, grid"),
        (("--shadows", "2025-06-21"), "--shadows is for the figure; give --figure FILE too"),
        (("--figure", "x.pdf"), "give a name that ends in .png, .svg or .html"),
        (("--figure", "x.png", "--shadows", "21.6.2025"), "not a date; give one such as 2025-06-21"),
    ],
)
def test_impossible_wishes_end_with_2_and_the_next_action(inside, site, wish, says):
    code, out, err = inside("layout", site, *wish)
    assert (code, out) == (2, "")
    assert err.startswith("Error: ")
    assert says in err
    assert not Path("x.png").exists()


def test_a_day_without_sun_is_refused_by_its_option(inside, tmp_path):
    gorge = tmp_path / "gorge.toml"
    (tmp_path / "walls.csv").write_text("azimuth_deg,elevation_deg\n0,60\n180,60\n", encoding="utf-8")
    gorge.write_text('[site]\nhorizon = "walls.csv"\n', encoding="utf-8")
    figure = tmp_path / "x.png"
    code, _, err = inside("layout", gorge, *FEW, "--figure", figure, "--shadows", "2025-12-21")
    assert code == 2
    assert (
        "on 2025-12-21 the sun is not 3 deg above the ground, and over the skyline, at any full hour" in err
    )
    assert not figure.exists()


def test_a_terminal_sees_how_far_it_is(site):
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", "from tracker.app.cli.main import run; run()", "layout", str(site), *FEW]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=theirs, env=os.environ | {"TERM": "xterm"}
    ) as process:
        os.close(theirs)
        seen = b"".join(iter(lambda: read(ours), b""))
        out = process.stdout.read()
    os.close(ours)
    assert process.returncode == 0
    assert b"Laying out" in seen
    assert out.startswith(b"Yard")


def read(terminal):
    """What is there; nothing once the other side has closed, which Linux calls an error."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""
