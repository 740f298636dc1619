"""Heads' wind contacts as the site's wind sensor: two states, and silence is wind."""

import dataclasses
import math

import numpy as np
import pytest

from firmware_bridge.errors import LinkLost
from firmware_bridge.reports import AxisStatus
from firmware_bridge.simulator.client import SimulatorProcess
from firmware_bridge.simulator.config import SimulatedDevice
from tracker.app.assemble import open_site
from tracker.app.cli.main import main
from tracker.app.cli.people import table
from tracker.app.config import load_site
from tracker.app.field.contact_wind import ContactWind
from tracker.app.field.mounts import BridgeMounts
from tracker.app.field.wind import site_wind
from tracker.app.wind_contacts import contact_heads
from tracker.errors import InvalidInput, RefusedForSafety
from tracker.operations.asking import refuse_in_wind
from tracker.operations.words import gust_words
from tracker.plant import Safety

NAMES = ("H01", "H02", "H03")
SITE = """
[site]
name = "Bench"
[array]
heads = {heads}
[[bridge]]
port = "{port}"
protocol = "{protocol}"
[wind]
source = "{wind}"
"""
CALM = AxisStatus(
    azimuth_deg=0.0,
    elevation_deg=90.0,
    position_trusted=True,
    moving=False,
    emergency_stop=False,
    drive_enabled=True,
    lease_expired=False,
    stowing=False,
    homing=False,
    held=False,
    flat=True,
    fault_code=0,
    device_time_s=1.0,
)


class Head:
    """A head whose contact and power a test has at hand."""

    def __init__(self):
        self.blows = self.silent = False

    def status(self):
        if self.silent:
            raise LinkLost("nobody there")
        return dataclasses.replace(CALM, wind_contact=self.blows)


@pytest.fixture
def site_file(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))

    def write(port="sim:", protocol="native", wind="contact:", heads=2):
        path = tmp_path / "site.toml"
        path.write_text(SITE.format(port=port, protocol=protocol, wind=wind, heads=heads))
        return path

    return write


@pytest.fixture
def contacts(tmp_path):
    """Three heads, their mounts, and the sensor that the contacts of the first two are."""
    heads = {name: Head() for name in NAMES}
    mounts = BridgeMounts(heads, (), started_s=100.0)
    with site_wind("contact:H01,H02", tmp_path, mounts, NAMES) as sensor:
        yield heads, mounts, sensor


@pytest.mark.parametrize(
    ("source", "names"),
    [("contact:", NAMES), ("contact:H01, H03", ("H01", "H03")), ("sim:", ()), ("file:contact", ())],
)
def test_a_source_names_all_heads_or_some(source, names):
    assert contact_heads(source, NAMES) == names


def test_any_contact_that_feels_wind_is_wind_and_all_calm_is_calm(contacts):
    heads, mounts, sensor = contacts
    assert isinstance(sensor, ContactWind)
    assert sensor.read(100.0) is None
    for blows, gust_m_s in ((False, -math.inf), (True, math.inf), (False, -math.inf)):
        heads["H02"].blows = blows
        mounts.read(101.0)
        assert sensor.read(101.0).gust_m_s == gust_m_s


def test_who_is_not_named_is_not_asked_about_wind(contacts):
    heads, mounts, sensor = contacts
    heads["H03"].blows = True
    seen = mounts.read(101.0)
    assert sensor.read(101.0).gust_m_s == -math.inf
    np.testing.assert_array_equal(seen.wind_contact, [False, False, True])


def test_the_reading_is_as_old_as_the_newest_answer_of_a_contact(contacts):
    heads, mounts, sensor = contacts
    mounts.read(101.0)
    heads["H01"].silent = True
    mounts.read(102.0)
    assert sensor.read(102.0).measured_s == 102.0
    heads["H02"].silent = True
    mounts.read(150.0)
    assert sensor.read(150.0).measured_s == 102.0


def test_a_contact_that_fell_silent_in_wind_still_feels_it(contacts):
    heads, mounts, sensor = contacts
    heads["H01"].blows = True
    mounts.read(101.0)
    heads["H01"].silent = True
    mounts.read(102.0)
    assert sensor.read(102.0).gust_m_s == math.inf


@pytest.mark.parametrize(
    ("gust_m_s", "words"),
    [
        (math.nan, "no wind reading"),
        (math.inf, "wind contact: wind"),
        (-math.inf, "wind contact: calm"),
        (3.04, "gust 3.0 m/s"),
    ],
)
def test_no_speed_is_made_up_for_a_contact(gust_m_s, words):
    assert gust_words(gust_m_s) == words


def test_a_person_is_told_which_wind_keeps_a_jog_back():
    safety = Safety(
        stow_gust_m_s=12.0,
        release_gust_m_s=8.0,
        release_after_s=0.0,
        wind_stale_after_s=10.0,
        link_lease_s=5.0,
        gust_factor=1.5,
    )
    refuse_in_wind("jog", -math.inf, 0.0, safety)
    with pytest.raises(RefusedForSafety, match="a wind contact feels wind; wait for calm"):
        refuse_in_wind("jog", math.inf, 0.0, safety)


def test_a_contact_of_no_head_is_an_error_of_the_site_file(site_file, capsys):
    assert main(["check", str(site_file(wind="contact:H01,H20"))]) == 2
    assert "'H20' is no head of the array (H01 to H02)" in capsys.readouterr().err


def test_only_the_heads_named_are_told_of_a_contact(site_file):
    with SimulatorProcess([SimulatedDevice(address=1), SimulatedDevice(address=2)]) as line:
        for address in (1, 2):
            line.inject(address, wind_contact=True)
        with open_site(load_site(site_file(port=line.port, wind="contact:H02"))) as site:
            assert [head.status().wind_contact for head in site.heads.values()] == [False, True]


def test_a_head_that_cannot_feel_wind_is_no_sensor(site_file):
    with SimulatorProcess([SimulatedDevice()], protocol="gs232b") as line:
        plant = load_site(site_file(port=line.port, protocol="gs232b", heads=1))
        with pytest.raises(InvalidInput, match=r"H01 .* takes no wind contact"), open_site(plant):
            pass


def test_without_a_run_nobody_reads_contacts_so_nothing_is_jogged(site_file, capsys):
    with SimulatorProcess([SimulatedDevice(address=1), SimulatedDevice(address=2)]) as line:
        site = site_file(port=line.port)
        assert main(["jog", str(site), "--azimuth", "5", "--elevation", "85"]) == 4
    assert "wind contacts are read by a run" in capsys.readouterr().err


def test_what_heads_report_is_told_in_words():
    head = {
        "name": "H01", "state": "FAULT", "azimuth_deg": 0.0, "elevation_deg": 90.0, "moving": False,
        "trusted": True, "fault": 5, "wind_contact": True, "silent_s": 0.0,
    }  # fmt: skip
    line = table({"heads": []}, [head])
    assert "fault 5: azimuth counts away from where it is sent" in line
    assert "feels wind" in line
