"""Names of serial ports that survive the next plug-in; /dev/serial/by-id is played by a folder."""

import os

import pytest

from firmware_bridge.errors import PortUnavailable
from firmware_bridge.transport import names, serial_port
from firmware_bridge.transport.names import candidate_ports, lasting_name
from firmware_bridge.transport.serial_port import SerialDial


@pytest.fixture
def by_id(tmp_path, monkeypatch):
    folder = tmp_path / "by-id"
    folder.mkdir()
    monkeypatch.setattr(serial_port, "lasting_name", lambda path: lasting_name(path, folder))
    monkeypatch.setattr(serial_port, "candidate_ports", lambda: candidate_ports(folder))
    monkeypatch.setattr(names.list_ports, "comports", list)
    return folder


@pytest.fixture
def adapter():
    ours, theirs = os.openpty()
    yield os.ttyname(theirs)
    os.close(ours)
    os.close(theirs)


@pytest.fixture
def another():
    ours, theirs = os.openpty()
    yield os.ttyname(theirs)
    os.close(ours)
    os.close(theirs)


def test_a_bare_name_is_led_back_to_its_name_by_id(by_id, adapter):
    assert lasting_name(adapter, by_id) is None
    link = by_id / "usb-FTDI_A50285BI-if00"
    link.symlink_to(adapter)
    assert lasting_name(adapter, by_id) == str(link)
    assert lasting_name("/dev/serial/by-id/usb-FTDI_A50285BI-if00", by_id) is None
    assert lasting_name("/dev/no-such-port", by_id) is None


def test_a_port_that_was_renamed_is_found_again_and_its_old_name_is_left_alone(
    by_id, adapter, another, caplog
):
    link = by_id / "usb-FTDI_A50285BI-if00"
    link.symlink_to(adapter)
    dial = SerialDial(adapter, 115200)
    dial.open(0.0).close()
    assert f"use {link}" in caplog.text
    link.unlink()
    with pytest.raises(PortUnavailable, match="A50285BI-if00 does not exist"):
        dial.open(0.0)  # the old name is there, but it is another's by now
    link.symlink_to(another)
    port = dial.open(0.0)
    assert os.ttyname(port._descriptor) == another
    port.close()


def test_the_ports_there_are_named_by_id_where_one_is_missing(by_id, adapter):
    (by_id / "usb-FTDI_A50285BI-if00").symlink_to(adapter)
    (by_id / "usb-gone").symlink_to("/dev/no-such-port")
    assert [(port.url, port.device) for port in candidate_ports(by_id)] == [
        (str(by_id / "usb-FTDI_A50285BI-if00"), adapter)
    ]
    with pytest.raises(PortUnavailable, match=r"these are there: .*A50285BI-if00$"):
        SerialDial("/dev/ttyUSB77", 115200).open(0.0)


def test_a_bare_name_that_is_in_use_is_told_with_its_lasting_one(by_id, adapter):
    first = SerialDial(adapter, 115200).open(0.0)
    (by_id / "usb-FTDI_A50285BI-if00").symlink_to(adapter)
    with pytest.raises(PortUnavailable, match="in use by another program"):
        SerialDial(adapter, 115200).open(0.0)
    first.close()


def test_candidates_come_from_the_system_where_udev_gives_no_names(tmp_path):
    assert candidate_ports(tmp_path / "no-such-folder") == [
        port for port in candidate_ports() if not port.url.startswith("/dev/serial/")
    ]
