"""The speed that `sunflower probe` is given: within a site file's bounds, and on to the port itself."""

import os
import termios

import pytest

from firmware_bridge.probing import ON_SERIAL
from firmware_bridge.simulator.client import SimulatorProcess
from firmware_bridge.simulator.config import SimulatedDevice
from tracker.app.cli.main import main
from tracker.app.config import check_site_text

SPEEDS = slice(4, 6)  # places of a port's two speeds in termios attributes
WRONG_USE, NOBODY = 2, 3


@pytest.fixture
def silent():
    """A port on which nobody answers."""
    host, device = os.openpty()
    yield os.ttyname(device)
    os.close(host)
    os.close(device)


@pytest.fixture
def head():
    """A port with one head on it."""
    with SimulatorProcess([SimulatedDevice(serial=4711)]) as process:
        yield process.port


def speeds(port):
    descriptor = os.open(port, os.O_RDWR | os.O_NOCTTY)
    try:
        return termios.tcgetattr(descriptor)[SPEEDS]
    finally:
        os.close(descriptor)


@pytest.mark.parametrize("protocol", ON_SERIAL)
def test_every_protocol_is_asked_at_the_speed_that_is_named(silent, protocol):
    assert main(["probe", silent, "--protocol", protocol, "--baud", "57600"]) == NOBODY
    assert speeds(silent) == [termios.B57600] * 2


@pytest.mark.parametrize("options", [[], ["--set-address", "4711=9"], ["--wiggle"]])
def test_a_head_is_asked_told_and_turned_at_the_speed_that_is_named(head, monkeypatch, options):
    monkeypatch.setattr("builtins.input", lambda: "s")
    assert main(["probe", head, "--baud", "38400", *options]) == 0
    assert speeds(head) == [termios.B38400] * 2


@pytest.mark.parametrize(("baud", "allowed"), [(299, False), (300, True), (921_600, True), (921_601, False)])
def test_a_speed_is_judged_as_in_a_site_file(silent, tmp_path, baud, allowed):
    assert (not check_site_text(f"[[bridge]]\nbaud = {baud}", tmp_path).problems) is allowed
    code = main(["probe", silent, "--protocol", "easycomm2", "--baud", str(baud)])
    assert code == (NOBODY if allowed else WRONG_USE)
