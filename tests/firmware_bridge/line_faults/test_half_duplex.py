"""A shared line in virtual time: what takes how long, and what happens when two talk at once."""

import pytest

from firmware_bridge import LinkLost, NativeBus
from firmware_bridge.dialects.native import NativeLine
from firmware_bridge.link import Link
from firmware_bridge.simulator.config import SimulatedDevice
from firmware_bridge.simulator.half_duplex import EventClock, HalfDuplexLine, VirtualPort, served
from firmware_bridge.simulator.line import SimulatedLine
from firmware_bridge.wire.session import Patience

BAUD = 115200
TURNAROUND_S = 0.002


def line_of(*, turnaround_s=TURNAROUND_S, **options) -> HalfDuplexLine:
    return HalfDuplexLine(EventClock(), baud=BAUD, turnaround_s=turnaround_s, **options)


def silent(_data, _now_s):
    return b""


def test_bytes_take_ten_bit_times_each():
    line, heard = line_of(), []
    master = line.join(silent)
    line.join(lambda data, now_s: heard.append((data, now_s)) or b"")
    master.send(b"x" * 28)
    line.clock.run_until(1.0)
    assert heard == [(b"x" * 28, pytest.approx(28 * 10 / BAUD))]
    assert line.busy_s == pytest.approx(28 * 10 / BAUD)
    assert line.clock.now_s == 1.0


def test_a_saturated_exchange_reaches_the_computed_limit():
    """28 bytes out, 36 back, 2 ms turnaround each way: 104.7 a second (computed by hand)."""
    line = line_of()
    master = line.join(lambda _data, _now_s: b"c" * 28)
    line.join(lambda data, _now_s: b"r" * 36 if len(data) == 28 else b"")
    master.send(b"c" * 28)
    line.clock.run_until(100.0)
    assert master.heard_bytes / 36 / 100.0 == pytest.approx(104.65, abs=0.02)
    assert line.collisions == 0


def test_what_is_said_while_talking_follows_without_a_gap():
    line, ends_s = line_of(), []
    master = line.join(silent)
    line.join(lambda _data, now_s: ends_s.append(now_s) or b"")
    master.send(b"a" * 10)
    master.send(b"b" * 10)
    line.clock.run_until(1.0)
    assert ends_s == pytest.approx([10 * 10 / BAUD, 20 * 10 / BAUD])
    assert line.collisions == 0


def test_two_who_talk_at_once_garble_only_the_bytes_that_overlap():
    byte_s = 10 / BAUD
    line, heard = line_of(), []
    one, two = line.join(silent), line.join(silent)
    line.join(lambda data, _now_s: heard.append(data) or b"")
    one.send(bytes(20))
    line.clock.at(14.5 * byte_s, lambda: two.send(bytes(range(65, 75))))
    line.clock.run_until(1.0)
    first, second = heard
    assert first[:14] == bytes(14)
    assert sum(first[14:]) > 0
    assert second[6:] == bytes(range(71, 75))
    assert second[:6] != bytes(range(65, 71))
    assert line.collisions == 1
    assert line.busy_s == pytest.approx(24.5 * byte_s)


def test_the_same_seed_garbles_alike():
    def heard(seed):
        line, pieces = line_of(seed=seed), []
        one, two = line.join(silent), line.join(silent)
        line.join(lambda data, _now_s: pieces.append(data) or b"")
        one.send(bytes(20))
        two.send(bytes(20))
        line.clock.run_until(1.0)
        return pieces

    assert heard(7) == heard(7) != heard(8)


@pytest.mark.parametrize("echo", [False, True])
def test_whoever_talks_hears_himself_only_on_a_line_that_echoes(echo):
    line = line_of(echo=echo)
    port = VirtualPort(line)
    port.write(b"hello")
    assert port.read(1.0) == (b"hello" if echo else b"")


@pytest.mark.parametrize("options", [{"baud": 0, "turnaround_s": 0.0}, {"baud": 9600, "turnaround_s": -1.0}])
def test_a_line_that_cannot_exist_is_refused(options):
    with pytest.raises(ValueError, match="use a speed above 0"):
        HalfDuplexLine(EventClock(), **options)


@pytest.mark.parametrize("echo", [False, True])
def test_the_real_driver_leads_heads_over_it_in_virtual_time(echo):
    line = line_of(echo=echo)
    port = VirtualPort(line)
    devices = [SimulatedDevice(address=address) for address in range(1, 5)]
    simulated = [SimulatedLine([device]) for device in devices]
    for each in simulated:
        line.join(served(each.receive, each.advance))
    bus = NativeBus(Link(port, port.now_s), NativeLine(Patience(reply_within_s=0.05, tries=2)), host_nonce=1)
    mounts = [bus.mount(device.address, device.gearing) for device in devices]
    mounts[2].move_to(1.0, 90.0)
    while line.clock.now_s < 3.0:
        assert all(mount.status().drive_enabled for mount in mounts)
        bus.keep_alive()
    assert mounts[2].status().azimuth_deg == 1.0
    with pytest.raises(LinkLost, match="device 9"):
        bus.mount(9, devices[0].gearing).status()
    assert line.collisions == 0
