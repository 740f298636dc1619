"""sunflower doctor: heads on a real pty, foreign protocols, and sites where nothing is right."""

import json

import pytest

from firmware_bridge.simulator.client import SimulatorProcess
from firmware_bridge.simulator.config import SimulatedDevice
from tracker.app.cli.main import main

SITE = """
[array]
heads = {heads}
[[bridge]]
port = "{port}"
protocol = "{protocol}"
[wind]
source = "{wind}"
"""


@pytest.fixture
def site(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    (tmp_path / "gust.txt").write_text("3.0\n")

    def write(port="sim:", protocol="native", wind="file:gust.txt", heads=2):
        path = tmp_path / "site.toml"
        path.write_text(SITE.format(port=port, protocol=protocol, wind=wind, heads=heads))
        return path

    return write


@pytest.fixture
def line():
    with SimulatorProcess([SimulatedDevice(address=1), SimulatedDevice(address=2)]) as process:
        yield process


@pytest.fixture
def examined(capsys):
    """Exit code, and findings as {(level, subject): says and next action}."""

    def examine(site):
        code = main(["doctor", str(site), "--json"])
        findings = json.loads(capsys.readouterr().out)["findings"]
        return code, [(one["level"], one["subject"], one["says"], one["next_action"]) for one in findings]

    return examine


def test_a_site_in_order_has_nothing_in_trouble(site, line, examined):
    code, found = examined(site(port=line.port))
    assert code == 0
    heads = [says for level, subject, says, _ in found if subject in ("H01", "H02")]
    assert len(heads) == 2
    assert "serial number 1001" in heads[0]
    assert {level for level, *_ in found} <= {"ok", "take care"}


def test_looking_moves_nothing(site, line, examined):
    before = line.truth()
    examined(site(port=line.port))
    line.advance(2.0)
    assert line.truth() == before


@pytest.mark.parametrize(
    ("fault", "level", "says", "action"),
    [
        ({"emergency_stop": True}, "trouble", "emergency stop is pressed", "turn it back"),
        ({"reset": "watchdog"}, "take care", "does not know its position", "home it"),
        ({"silent": True}, "trouble", "no answer", "check power, cable and address"),
    ],
)
def test_what_a_head_says_of_itself_is_a_finding(site, line, examined, fault, level, says, action):
    line.inject(2, **fault)
    code, found = examined(site(port=line.port))
    assert code == (1 if level == "trouble" else 0)
    assert [one for one in found if one[:2] == (level, "H02") and says in one[2] and action in one[3]]
    assert not [one for one in found if one[0] != "ok" and one[1] == "H01"]


def test_a_port_that_is_not_there_is_trouble_with_what_to_do(site, examined):
    code, found = examined(site(port="/dev/no-such-port"))
    (trouble,) = [one for one in found if one[0] == "trouble"]
    assert code == 1
    assert "/dev/no-such-port does not exist" in trouble[2]
    assert "check cable and power" in trouble[3]


def test_simulated_wind_beside_real_steel_is_trouble(site, line, examined):
    code, found = examined(site(port=line.port, wind="sim:"))
    assert code == 1
    assert ("trouble", "wind") in [one[:2] for one in found]


def test_missing_wind_is_trouble(site, line, examined, tmp_path):
    (tmp_path / "gust.txt").unlink()
    code, found = examined(site(port=line.port))
    assert code == 1
    assert [one for one in found if one[1] == "wind" and "missing wind is wind" in one[2]]


@pytest.mark.parametrize(
    ("gust", "level", "says"),
    [
        ("100.1", "trouble", "gust 100.1 m/s is not plausible; look at the sensor"),
        ("1000000000", "trouble", "gust 1e+09 m/s is not plausible; look at the sensor"),
        ("25", "take care", "gust 25.0 m/s"),
        ("25", "take care", "above the stow gust 12 m/s: heads stow"),
        ("11.9", "ok", "gust 11.9 m/s"),
    ],
)
def test_a_gust_is_held_against_what_can_be_and_what_stows(site, examined, tmp_path, gust, level, says):
    (tmp_path / "gust.txt").write_text(f"{gust}\n")
    code, found = examined(site())
    (wind,) = [one for one in found if one[1] == "wind"]
    assert (code, wind[0]) == (1 if level == "trouble" else 0, level)
    assert says in f"{wind[2]}; {wind[3]}"


def test_what_a_foreign_protocol_cannot_do_safely_is_said(site, line, examined):
    """Nobody speaks it on this line, and what it lacks is said all the same."""
    code, found = examined(site(port=line.port, protocol="gs232b", heads=1))
    says = [one[2] for one in found if one[:2] == ("take care", "gs232b")]
    assert code == 1
    assert [sentence for sentence in says if sentence.startswith("no lease")]
    assert [sentence for sentence in says if "steps of 1 deg" in sentence]
    assert [one for one in found if one[:2] == ("trouble", "H01")]


def test_people_read_level_subject_and_next_action(site, examined, capsys):
    assert main(["doctor", str(site())]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[0].startswith("ok         port: 2 heads are simulated")
