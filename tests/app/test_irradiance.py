"""Pyranometers of a site file, and an overcast afternoon led by one over a real pty."""

import os
import time
from dataclasses import replace

import numpy as np
import pytest

from firmware_bridge.instruments.generic import anemometer, irradiance
from firmware_bridge.instruments.simulated import serve_instruments, simulate
from tracker.aiming.facing import AsDrawn
from tracker.app.assemble import open_site, tracking_rules_for
from tracker.app.cli.main import main
from tracker.app.config import check_site_text, plant_of
from tracker.app.field.irradiance import irradiance_sensor
from tracker.app.field.rules_record import rules_from_json, rules_to_json
from tracker.app.field.wind import SimulatedWind, wind_sensor
from tracker.app.simulation.day import SimulatedDay
from tracker.app.simulation.day import simulate as simulate_day
from tracker.control.journal import Journal
from tracker.control.record import open_record, read_changes, read_meta, read_ticks
from tracker.control.replay import replay
from tracker.errors import InvalidInput
from tracker.frames import angle_between_deg, enu_from_azel
from tracker.ports.irradiance import IrradianceReading

LINE = """
port = "socket://127.0.0.1:{port}"
timeout_s = 0.2
retries = 0
"""
INSTRUMENT = """
[[instrument]]
name = "{name}"
kind = "{kind}"
unit = {unit}
[instrument.channels.{channel}]
address = {at.address}
type = "{at.type}"
scale = {at.scale}
low = {at.low}
high = {at.high}
"""


class TestFile:
    @pytest.fixture
    def file(self, tmp_path):
        def write(text, age_s=0.0):
            path = tmp_path / "ghi.txt"
            path.write_text(text)
            written_s = time.time() - age_s
            os.utime(path, (written_s, written_s))
            return tmp_path

        return write

    def test_it_gives_the_light_and_its_age(self, file):
        with irradiance_sensor("file:ghi.txt", file("431.5\n", age_s=40.0)) as sensor:
            reading = sensor.read(1000.0)
        assert reading.ghi_w_m2 == 431.5
        assert reading.measured_s == pytest.approx(960.0, abs=1.0)

    def test_the_offset_of_the_night_is_no_light(self, file):
        with irradiance_sensor("file:ghi.txt", file("-3.1")) as sensor:
            assert sensor.read(0.0).ghi_w_m2 == 0.0

    @pytest.mark.parametrize("text", ["", "nan", "inf", "-400", "5000", "sunny"])
    def test_what_cannot_be_is_no_reading(self, file, text):
        with irradiance_sensor("file:ghi.txt", file(text)) as sensor:
            assert sensor.read(0.0) is None

    def test_no_file_is_no_reading(self, tmp_path):
        with irradiance_sensor("file:ghi.txt", tmp_path) as sensor:
            assert sensor.read(0.0) is None


class TestModbus:
    @pytest.fixture
    def mast(self):
        instruments = (anemometer("mast", 1), irradiance("pyranometer", 4))
        server = serve_instruments(simulate(instruments), "tcp:0", time.monotonic)
        yield server.port
        server.close()

    @pytest.fixture
    def described(self, mast, tmp_path):
        def write(*kinds):
            channels = {
                "anemometer": ("mast", 1, "wind_m_s", anemometer().channels["wind_m_s"]),
                "irradiance": ("pyranometer", 4, "irradiance_w_m2", irradiance().channels["irradiance_w_m2"]),
            }
            text = LINE.format(port=mast)
            for kind in kinds:
                name, unit, channel, at = channels[kind]
                text += INSTRUMENT.format(name=name, kind=kind, unit=unit, channel=channel, at=at)
            (tmp_path / "line.toml").write_text(text)
            return tmp_path

        return write

    def test_a_pyranometer_has_a_line_of_its_own(self, described):
        with irradiance_sensor("modbus:line.toml", described("irradiance")) as sensor:
            reading = sensor.read(time.monotonic())
        assert 0.0 <= reading.ghi_w_m2 < 1600.0

    def test_or_shares_that_of_the_wind_which_is_not_opened_again(self, described):
        source, folder = "modbus:line.toml", described("anemometer", "irradiance")
        with (
            wind_sensor(source, folder) as wind,
            irradiance_sensor(source, folder, wind=wind, wind_source=source) as light,
        ):
            assert light.bus is wind.bus
            assert wind.read(time.monotonic()) is not None
            assert light.read(time.monotonic()) is not None

    def test_a_line_without_one_is_refused_by_what_is_missing(self, described):
        folder = described("anemometer")
        with (
            pytest.raises(InvalidInput, match='no instrument has kind = "irradiance"'),
            irradiance_sensor("modbus:line.toml", folder),
        ):
            pass


class TestSiteFile:
    def test_leaning_without_a_sensor_is_told_at_its_line(self):
        checked = check_site_text('[aiming]\ndiffuse = "lean"\n', None)
        (problem,) = map(str, checked.problems)
        assert "nothing measures the light" in problem
        assert "line 2" in problem

    def test_a_source_that_nobody_knows_is_told(self):
        (problem,) = map(str, check_site_text('[irradiance]\nsource = "sky:"\n', None).problems)
        assert "none, file:PATH or modbus:PATH" in problem

    def test_both_lead_into_the_rules_of_a_run(self):
        plant = small_plant()
        assert tracking_rules_for(plant, AsDrawn()).diffuse is not None
        assert tracking_rules_for(replace(plant, diffuse="off"), AsDrawn()).diffuse is None

    def test_doctor_says_that_there_is_no_light(self, tmp_path, capsys, monkeypatch):
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
        site = tmp_path / "site.toml"
        site.write_text('[irradiance]\nsource = "file:ghi.txt"\n[array]\nheads = 1\n')
        main(["doctor", str(site)])
        assert "nobody knows of clouds, the heads face the sun" in capsys.readouterr().out


def small_plant():
    text = '[array]\nheads = 2\n[irradiance]\nsource = "file:ghi.txt"\n[aiming]\ndiffuse = "lean"\n'
    return plant_of(check_site_text(text, None), "test")


class Afternoon:
    """Sun until half past twelve, then a closed sky; from three on the sensor is silent."""

    def read(self, now_s):
        if now_s >= 3.0 * 3600.0:
            return None
        return IrradianceReading(ghi_w_m2=850.0 if now_s < 1800.0 else 130.0, measured_s=now_s)


def test_an_overcast_afternoon_over_a_real_pty(tmp_path):
    """Heads lie flatter under clouds and say why, face the sun when the sensor is gone, and it replays."""
    plant = small_plant()
    rules = tracking_rules_for(plant, AsDrawn())
    day = SimulatedDay(
        plant=plant, date="2025-03-20", tick_s=30.0, rules=rules, wind=SimulatedWind(seed=2),
        irradiance=Afternoon(), from_hour=12.0, to_hour=15.5,
    )  # fmt: skip
    off_deg, journal = {}, tmp_path / "day.journal"
    with open_site(plant, lockstep=True) as site:
        assert site.lines[0].simulator.port.startswith("/dev/pts/")

        def see(utc, inputs, decision):
            pose = site.true_pose()
            hour = float((utc - day.start_utc) / np.timedelta64(3600, "s"))
            looks = enu_from_azel(pose.azimuth_deg, pose.elevation_deg)
            off_deg[hour] = angle_between_deg(looks, inputs.sun_enu), pose.elevation_deg

        with Journal(journal, heads=plant.array.names, meta={"rules": rules_to_json(rules)}) as written:
            simulate_day(day, site, written, see)
    at = {hour: off_deg[min(off_deg, key=lambda known: abs(known - hour))] for hour in (0.45, 2.5, 3.45)}
    assert at[0.45][0].max() < 0.3  # facing the sun
    assert at[2.5][1].min() > 75.0  # the sun stands 47 deg high
    assert at[2.5][0].min() > 20.0
    assert at[3.45][0].max() < 0.3
    with open_record(journal) as db:
        told = [change.why for change in read_changes(db) if change.head == "H01"]
        again = list(replay(read_ticks(db), rules_from_json(read_meta(db)["rules"])))
    assert told[-2:] == ["DIFFUSE", "DIRECT"]
    assert again == []
