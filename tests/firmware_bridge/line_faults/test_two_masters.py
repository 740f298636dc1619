"""Two hosts on one line, each sure that it is alone: neither makes a head do what nobody asked for.

Every host hears every answer. Answers get lost, and while one host waits for its own, the other one talks.
"""

import random

import pytest

from firmware_bridge import NativeBus
from firmware_bridge.dialects.native import NativeLine
from firmware_bridge.errors import BridgeError
from firmware_bridge.link import Link
from firmware_bridge.simulator.config import SimulatedDevice
from firmware_bridge.simulator.half_duplex import EventClock, HalfDuplexLine, VirtualPort, served
from firmware_bridge.simulator.line import SimulatedLine
from firmware_bridge.simulator.second_host import native_host
from firmware_bridge.wire.session import Patience

GEARING = SimulatedDevice().gearing
HEADS = (1, 2)


class Shared:
    """A line with two heads and two hosts; `moved` are the targets each head has had."""

    def __init__(self, seed: int, lost: float) -> None:
        self.chance, self.lost = random.Random(seed), lost
        self.line = SimulatedLine([SimulatedDevice(address=address) for address in HEADS])
        self.moved = {address: [self.target(address)] for address in HEADS}
        self.hosts = [Host(self, nonce) for nonce in (1, 2)]

    def target(self, address):
        return self.line.stations[address].head.target_counts

    def say(self, data: bytes) -> None:
        if self.chance.random() < self.lost:
            return
        answer = self.line.receive(data)
        for address in HEADS:
            if self.target(address) != self.moved[address][-1]:
                self.moved[address].append(self.target(address))
        if self.chance.random() >= self.lost:
            for host in self.hosts:
                host.arrived += answer


class Host:
    """One of them; while it waits in vain, the other one does something."""

    name = "shared"

    def __init__(self, shared: Shared, nonce: int) -> None:
        self.shared, self.arrived, self.busy, self.now_s = shared, b"", False, 0.0
        self.asked = {address: set() for address in HEADS}
        self.outcomes: list[bool] = []
        self.bus = NativeBus(Link(self, lambda: self.now_s), NativeLine(Patience()), nonce)
        self.mounts = {address: self.bus.mount(address, GEARING) for address in HEADS}

    def epoch(self):
        return 0

    def write(self, data):
        self.shared.say(data)

    def read(self, timeout_s):
        data, self.arrived = self.arrived, b""
        if not data:
            self.now_s += max(timeout_s, 0.001)
            for other in self.shared.hosts:
                if not other.busy:
                    other.do_something()
        return data

    def close(self):
        pass

    def do_something(self) -> None:
        """Move a head somewhere, or ask how it is; what was believed to be done must have been done."""
        self.busy = True
        address = self.shared.chance.choice(HEADS)
        azimuth_deg, elevation_deg = self.shared.chance.randrange(100), self.shared.chance.randrange(50, 90)
        wanted = (1000 * azimuth_deg, 1000 * elevation_deg)
        before = len(self.shared.moved[address]) - 1
        try:
            if self.shared.chance.random() < 0.5:
                self.mounts[address].status()
            else:
                self.asked[address].add(wanted)
                self.mounts[address].move_to(float(azimuth_deg), float(elevation_deg))
                self.outcomes.append(wanted in self.shared.moved[address][before:])
        except BridgeError:
            pass  # nothing was promised
        self.busy = False


@pytest.mark.parametrize("lost", [0.0, 0.2])
@pytest.mark.parametrize("seed", range(5))
def test_no_head_goes_where_nobody_sent_it_and_what_is_said_to_be_done_was_done(seed, lost):
    shared = Shared(seed, lost)
    start = {address: shared.moved[address][0] for address in HEADS}
    for _ in range(400):
        shared.chance.choice(shared.hosts).do_something()
    for address in HEADS:
        sent = set.union(*(host.asked[address] for host in shared.hosts))
        assert set(shared.moved[address]) <= sent | {start[address]}
    outcomes = [outcome for host in shared.hosts for outcome in host.outcomes]
    assert len(outcomes) > 100
    assert all(outcomes)


def test_on_a_line_that_collides_nothing_is_executed_wrongly_and_most_gets_through():
    clock = EventClock()
    line = HalfDuplexLine(clock, baud=115200, turnaround_s=0.002, seed=3)
    simulated = [SimulatedLine([SimulatedDevice(address=address)]) for address in HEADS]
    for each in simulated:
        line.join(served(each.receive, each.advance))
    other, says = line.join(lambda _data, _now_s: b""), native_host(HEADS)

    def talk(number: int) -> None:
        other.send(says(number))
        clock.at(clock.now_s + 0.0437, lambda: talk(number + 1))

    talk(0)
    port = VirtualPort(line)
    bus = NativeBus(Link(port, port.now_s), NativeLine(Patience()), host_nonce=1)
    head, done, targets = bus.mount(1, GEARING), 0, {(0, 90_000)}
    for number in range(300):
        wanted = (100 * (number % 50), 90_000 - 100 * (number % 30))
        targets.add(wanted)
        try:
            head.move_to(wanted[0] / 1000, wanted[1] / 1000)
        except BridgeError:
            assert simulated[0].stations[1].head.target_counts in targets
        else:
            done += 1
            assert simulated[0].stations[1].head.target_counts == wanted
    assert line.collisions > 20
    assert done > 270
