"""Thirty-two devices on one half-duplex line at 115200 baud with 2 ms turnaround, in virtual time."""

import pytest

from firmware_bridge import LinkLost
from firmware_bridge.dialects.native import NativeLine
from firmware_bridge.simulator.config import SimulatedDevice
from firmware_bridge.simulator.half_duplex import EventClock, HalfDuplexLine, VirtualPort, served
from firmware_bridge.simulator.line import SimulatedLine
from firmware_bridge.wire.polling import Pace, Poller
from firmware_bridge.wire.schedule import LineSpeed, frame_bytes
from firmware_bridge.wire.schema import GetStatus, Hello, Move, Status
from firmware_bridge.wire.session import Patience

HEADS = range(1, 33)
SPEED = LineSpeed()
MOVE = Move(azimuth_counts=10, elevation_counts=90000, azimuth_rate_counts_s=9, elevation_rate_counts_s=9)


class Master:
    """Sessions over a line in virtual time, one exchange after the other."""

    def __init__(self, silent=()):
        self.line = HalfDuplexLine(EventClock(), baud=SPEED.baud, turnaround_s=SPEED.turnaround_s)
        for address in set(HEADS) - set(silent):
            heads = SimulatedLine([SimulatedDevice(address=address)])
            self.line.join(served(heads.receive, heads.advance))
        self.port = VirtualPort(self.line)
        native = NativeLine(Patience())
        self.sessions = {address: native.session(address) for address in HEADS}

    def exchange(self, address, message):
        """Whether it was answered."""
        session, port = self.sessions[address], self.port
        port.write(session.request(message, port.now_s()))
        while True:
            data = port.read(session.deadline_s - port.now_s())
            answer = session.receive(data)
            if answer is not None:
                return True
            try:
                if again := session.expire(port.now_s()):
                    port.write(again)
            except LinkLost:
                return False


def test_a_saturated_master_reaches_nine_tenths_of_what_is_physically_possible():
    """The budget of 28 bytes out and 36 back allows 104.7 exchanges a second; our frames are shorter."""
    assert 1.0 / SPEED.exchange_s(28, 36) == pytest.approx(104.7, abs=0.1)
    assert (frame_bytes(Move), frame_bytes(Status)) == (26, 35)
    limit = 1.0 / SPEED.exchange_s(frame_bytes(Move), frame_bytes(Status))
    assert limit == pytest.approx(107.6, abs=0.1)
    master = Master()
    for address in HEADS:
        assert master.exchange(address, Hello(host_nonce=1, greeting=1))
    poller, start_s, done = Poller(HEADS, Pace(cycle_s=0.0), master.port.now_s()), master.port.now_s(), 0
    while master.port.now_s() < start_s + 10.0:
        address = poller.due(master.port.now_s())
        assert master.exchange(address, MOVE)
        poller.heard(address, master.port.now_s())
        done += 1
    achieved = done / (master.port.now_s() - start_s)
    assert 0.9 * 104.7 <= 0.9 * limit <= achieved <= limit * 1.001
    assert master.line.collisions == 0


def test_a_command_and_its_reading_each_second_leave_most_of_the_line_free():
    """A move is answered by where the head is. Busy are bytes and turns: nobody could talk then."""
    master = Master()
    for address in HEADS:
        master.exchange(address, Hello(host_nonce=1, greeting=1))
    poller, start_s, waited_s = (
        Poller(HEADS, Pace(cycle_s=1.0), master.port.now_s()),
        master.port.now_s(),
        0.0,
    )
    while (now_s := master.port.now_s()) < start_s + 20.0:
        address = poller.due(now_s)
        if address is None:
            master.port.read(poller.due_s - now_s)
            waited_s += master.port.now_s() - now_s
            continue
        assert master.exchange(address, MOVE)
        poller.heard(address, master.port.now_s())
    busy = 1.0 - waited_s / (master.port.now_s() - start_s)
    assert busy == pytest.approx(32 * SPEED.exchange_s(frame_bytes(Move), frame_bytes(Status)), abs=0.01)
    assert busy <= 0.4


@pytest.mark.parametrize("silent", [(), (9,), (9, 10, 31)])
def test_nobody_starves_when_some_are_silent(silent):
    """Each silent one costs its tries; the others are asked in between, in turn."""
    master = Master(silent)
    poller, start_s = Poller(HEADS, Pace(cycle_s=1.0), 0.0), master.port.now_s()
    heard_s, longest_s = dict.fromkeys(HEADS, start_s), dict.fromkeys(HEADS, 0.0)
    while (now_s := master.port.now_s()) < start_s + 30.0:
        address = poller.due(now_s)
        if address is None:
            master.port.read(poller.due_s - now_s)
        elif master.exchange(address, GetStatus()):
            now_s = master.port.now_s()
            longest_s[address] = max(longest_s[address], now_s - heard_s[address])
            heard_s[address] = now_s
            poller.heard(address, now_s)
        else:
            poller.missed(address, master.port.now_s())
    assert poller.silent() == silent
    patience = Patience()
    round_s = 32 * SPEED.exchange_s(frame_bytes(GetStatus), frame_bytes(Status))
    in_vain_s = len(silent) * patience.total_s(patience.tries_of_questions)
    answering = [longest_s[address] for address in set(HEADS) - set(silent)]
    assert max(answering) <= 1.0 + round_s + in_vain_s
    assert min(heard_s[address] for address in set(HEADS) - set(silent)) > 28.0
