"""A pyranometer that is not there, or whose file is wrong: heads are led all the same, and who says so."""

import json

import pytest

from firmware_bridge.instruments.decode import NoReading, Reading, Reason
from firmware_bridge.instruments.generic import anemometer, irradiance
from tracker.app.field.modbus_irradiance import ModbusIrradiance

LINE = """
port = "{port}"
timeout_s = 0.2
retries = 0
[[instrument]]
name = "pyranometer"
kind = "irradiance"
unit = 4
[instrument.channels.irradiance_w_m2]
address = 0
type = "uint16"
scale = 0.1
low = 0.0
high = 1600.0
"""
AWAY = ("/dev/no-such-port", "socket://127.0.0.1:1")


@pytest.fixture
def site(tmp_path, monkeypatch):
    """`site(diffuse, port, line)`: a site file with light over a line, whose file is missing without port."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))

    def write(diffuse, port="", line=LINE):
        path = tmp_path / "site.toml"
        path.write_text(
            f'[aiming]\ndiffuse = "{diffuse}"\n[irradiance]\nsource = "modbus:light.toml"\n'
            "[array]\nheads = 1\n"
        )
        if port:
            (tmp_path / "light.toml").write_text(line.format(port=port))
        return path

    return write


@pytest.mark.parametrize("port", AWAY)
def test_a_run_leads_its_heads_without_it_and_says_what_is_wrong(site, sunflower, port):
    done = sunflower("run", site("lean", port), "--for", "0", "--json")
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert (events[0]["irradiance"], events[-1]["reason"]) == ("modbus:light.toml", "the time is over")
    assert f"pyranometer: it does not answer: unit 4 on {port} does not answer" in done.stderr


@pytest.mark.parametrize("port", ["", *AWAY])
def test_where_heads_face_the_sun_whatever_the_sky_nobody_asks_it(site, sunflower, port):
    path = site("off", port)
    done = sunflower("run", path, "--for", "0", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[0])["irradiance"] == "none"
    assert "pyranometer" not in done.stderr
    assert sunflower("check", path).returncode == 0


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("", "port is missing"),
        (LINE.replace("irradiance_w_m2", "light"), "light"),
        (LINE.replace('kind = "irradiance"', 'kind = "sun"'), "sun"),
        (LINE.replace("{port}", "ftp://mast"), "port 'ftp://mast' is no Modbus line"),
        (LINE.replace("{port}", "socket://:502"), "names no host"),
        (LINE + LINE.partition("retries = 0")[2], "name pyranometer is given twice"),
        (None, "cannot be read"),
    ],
)
def test_check_finds_in_its_file_what_a_run_would(site, inside, line, says):
    path = site("lean", "" if line is None else AWAY[0], line or "")
    code, _, err = inside("check", path)
    assert code == 2
    assert f"line 4: irradiance.source -> {path.parent / 'light.toml'}: " in err
    assert says in err
    assert inside("run", path, "--for", "0")[0] == 2


def test_check_finds_what_is_wrong_in_the_file_of_the_wind(tmp_path, inside):
    path = tmp_path / "site.toml"
    path.write_text('[wind]\nsource = "modbus:wind.toml"\n')
    code, out, _ = inside("check", path, "--json")
    (problem,) = json.loads(out)["problems"]
    assert (code, problem["line"], problem["key"]) == (2, 2, "wind.source")


def test_doctor_wants_care_and_no_more(site, inside):
    _, out, _ = inside("doctor", site("lean", AWAY[0]), "--json")
    (light,) = [one for one in json.loads(out)["findings"] if one["subject"] == "irradiance"]
    assert light["level"] == "take care"
    assert "nobody knows of clouds, the heads face the sun" in light["says"]


class Answers:
    """A line with an anemometer and three pyranometers, of which the last is silent."""

    instruments = (anemometer("mast", 1), *(irradiance(f"P{unit}", unit) for unit in (2, 3, 4)))

    def latest(self):
        read = {"P2": (200.0, 10.0), "P3": (500.0, 12.0), "mast": (9000.0, 1.0)}
        readings = {
            name: Reading(instrument=name, values={"irradiance_w_m2": w_m2}, raw={}, measured_s=measured_s)
            for name, (w_m2, measured_s) in read.items()
        }
        return readings | {"P4": NoReading(instrument="P4", reason=Reason.SILENT, says="", asked_s=12.0)}


def test_of_several_the_mean_counts_and_is_as_old_as_the_oldest():
    reading = ModbusIrradiance(Answers()).read(13.0)
    assert (reading.ghi_w_m2, reading.measured_s) == (350.0, 10.0)
