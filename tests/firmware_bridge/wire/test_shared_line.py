"""Thirty-two devices on one half-duplex line at 115200 baud with 2 ms turnaround, led by the real driver in
virtual time. For a whole run with silent heads among them see tests/app/test_shared_line.py.
"""

import pytest

from firmware_bridge import NativeBus
from firmware_bridge.dialects.native import NativeLine
from firmware_bridge.link import Link
from firmware_bridge.simulator.config import SimulatedDevice
from firmware_bridge.simulator.half_duplex import EventClock, HalfDuplexLine, VirtualPort, served
from firmware_bridge.simulator.line import SimulatedLine
from firmware_bridge.wire.schedule import LineSpeed, frame_bytes
from firmware_bridge.wire.schema import Move, Status
from firmware_bridge.wire.session import Patience

SPEED = LineSpeed()
MOVE_S = SPEED.exchange_s(frame_bytes(Move), frame_bytes(Status))


class Field:
    """Heads that have been greeted; a round is one move, answered by where the head is, for each."""

    def __init__(self):
        devices = [SimulatedDevice(address=address) for address in range(1, 33)]
        self.line = HalfDuplexLine(EventClock(), baud=SPEED.baud, turnaround_s=SPEED.turnaround_s)
        for device in devices:
            heads = SimulatedLine([device])
            self.line.join(served(heads.receive, heads.advance))
        self.port = VirtualPort(self.line)
        bus = NativeBus(Link(self.port, self.port.now_s), NativeLine(Patience()), host_nonce=1)
        self.heads = [bus.mount(device.address, device.gearing) for device in devices]
        self.round()

    def round(self):
        for head in self.heads:
            assert head.move_to(1.0, 89.0).position_trusted

    def rest_until(self, until_s):
        while (now_s := self.port.now_s()) < until_s:
            self.port.read(until_s - now_s)


@pytest.fixture
def field():
    return Field()


def test_a_saturated_master_reaches_nine_tenths_of_what_is_physically_possible(field):
    """The budget of 28 bytes out and 36 back allows 104.7 exchanges a second; our frames are shorter."""
    assert 1.0 / SPEED.exchange_s(28, 36) == pytest.approx(104.7, abs=0.1)
    assert (frame_bytes(Move), frame_bytes(Status)) == (26, 35)
    limit = 1.0 / MOVE_S
    assert limit == pytest.approx(107.6, abs=0.1)
    start_s, rounds = field.port.now_s(), 30
    for _ in range(rounds):
        field.round()
    achieved = 32 * rounds / (field.port.now_s() - start_s)
    assert 0.9 * 104.7 <= 0.9 * limit <= achieved <= 1.001 * limit
    assert field.line.collisions == 0


def test_a_command_and_its_reading_each_second_leave_most_of_the_line_free(field):
    """Busy are bytes and turns: nobody could talk then."""
    start_s, rested_s = field.port.now_s(), 0.0
    for second in range(1, 21):
        field.round()
        done_s = field.port.now_s()
        field.rest_until(start_s + second)
        rested_s += field.port.now_s() - done_s
    busy = 1.0 - rested_s / (field.port.now_s() - start_s)
    assert busy == pytest.approx(32 * MOVE_S, abs=0.01)
    assert busy <= 0.4
