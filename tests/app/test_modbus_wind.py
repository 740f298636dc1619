"""An anemometer on a real (loopback) Modbus line, described by a file beside the site file."""

import time
from pathlib import Path

import pytest

from firmware_bridge.instruments.definition import Kind
from firmware_bridge.instruments.generic import anemometer, inclinometer
from firmware_bridge.instruments.simulated import Fault, serve_instruments, simulate
from tracker.app.cli.main import main
from tracker.app.field.modbus_line import findings, read_line
from tracker.app.field.wind import wind_sensor
from tracker.errors import InvalidInput

FILE = """
port = "socket://127.0.0.1:{port}"
timeout_s = 0.2
retries = 0
[[instrument]]
name = "mast"
kind = "anemometer"
unit = 1
[instrument.channels.wind_m_s]
address = {address}
type = "{type}"
scale = {scale}
low = {low}
high = {high}
"""


@pytest.fixture
def mast():
    """A simulated anemometer, its server, and a file that describes it."""
    instruments = (anemometer("mast", 1), inclinometer("tilt", 3))
    simulated = simulate(instruments)
    server = serve_instruments(simulated, "tcp:0", time.monotonic)
    yield simulated[1], server.port
    server.close()


@pytest.fixture
def described(mast, tmp_path):
    channel = anemometer("mast", 1).channels["wind_m_s"]

    def write(change=lambda text: text):
        file = tmp_path / "wind.toml"
        text = FILE.format(
            port=mast[1], address=channel.address, type=channel.type, scale=channel.scale,
            low=channel.low, high=channel.high,
        )  # fmt: skip
        file.write_text(change(text))
        return file

    return write


def test_a_reading_has_its_gust_and_its_time(described):
    file = described()
    with wind_sensor("modbus:wind.toml", file.parent) as sensor:
        now_s = time.monotonic()
        reading = sensor.read(now_s)
    assert 0.0 <= reading.gust_m_s < 60.0
    assert now_s - 5.0 < reading.measured_s <= now_s


@pytest.mark.parametrize(
    "fault", [fault for fault in Fault if fault is not Fault.NONE and "FROZEN" not in fault.name]
)
def test_an_anemometer_that_cannot_be_believed_gives_no_reading(mast, described, fault, caplog):
    mast[0].fault = fault
    with wind_sensor("modbus:wind.toml", described().parent) as sensor:
        assert sensor.read(time.monotonic()) is None
    assert "mast" in caplog.text


def test_findings_name_value_and_limit(described):
    (finding,) = findings(read_line(described()))
    assert finding.usable
    assert "limits 0 to" in finding.says


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: text.replace("port = ", "porch = ", 1), "porch is no key"),
        (lambda text: "", "port is missing"),
        (lambda text: text.split("[[")[0], r"\[\[instrument\]\] is missing"),
        (lambda text: text.replace("unit = 1", "unit = 0"), "unit is 0; it must be 1 to 247"),
        (lambda text: text.replace("anemometer", "barometer"), "kind"),
        (lambda text: text.replace("low = ", "low = 1e3 #"), "wind_m_s: low 1000.0 must be below high"),
        (lambda text: text + "nonsense", "cannot be read"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(described, change, says):
    file = described(change)
    with pytest.raises(InvalidInput, match=says) as refused, wind_sensor("modbus:wind.toml", file.parent):
        pass
    assert str(file) in str(refused.value)


def test_the_manuals_example_is_an_anemometer(tmp_path):
    manual = Path(__file__).parents[2] / "docs" / "instruments.md"
    example = tmp_path / "wind.toml"
    example.write_text(manual.read_text().split("```toml\n")[1].split("```")[0])
    found = read_line(example).instruments
    assert [each.name for each in found if each.kind is Kind.ANEMOMETER] == ["mast"]


def test_a_site_file_may_name_it(described, tmp_path, capsys):
    described()
    site = tmp_path / "site.toml"
    site.write_text('[wind]\nsource = "modbus:wind.toml"\n')
    assert main(["check", str(site)]) == 0
