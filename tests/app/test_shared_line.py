"""A run of thirty-two heads on one half-duplex line, some of them silent: the real loop, machine and driver
in virtual time, at 115200 baud with 2 ms turnaround.
"""

import itertools

import numpy as np
import pytest

from firmware_bridge import NativeBus
from firmware_bridge.dialects.native import NativeLine
from firmware_bridge.link import Link
from firmware_bridge.simulator.config import SimulatedDevice
from firmware_bridge.simulator.half_duplex import EventClock, HalfDuplexLine, VirtualPort, served
from firmware_bridge.simulator.line import SimulatedLine
from firmware_bridge.wire.codec import decode_contents
from firmware_bridge.wire.receiver import FrameReceiver
from firmware_bridge.wire.schedule import LineSpeed, frame_bytes
from firmware_bridge.wire.schema import GetStatus, Move, Status
from firmware_bridge.wire.session import Patience
from tracker.aiming.facing import AsDrawn
from tracker.app.assemble import axis_limits, rules_for
from tracker.app.config import default_plant
from tracker.app.field.mounts import BridgeMounts
from tracker.app.field.run import IDLE_TICK_S, LONGEST_KEEP_ALIVE_S, TICK_S
from tracker.control.loop import Loop, Pace, World
from tracker.decision.states import State
from tracker.ports.wind import WindReading
from tracker.sun import Sun

HEADS, SPEED, PATIENCE = 32, LineSpeed(), Patience()
MORNING = np.datetime64("2025-03-20T01:30", "us")
READ_S, MOVE_S = (SPEED.exchange_s(frame_bytes(asked), frame_bytes(Status)) for asked in (GetStatus, Move))
ROUND_S = HEADS * (READ_S + MOVE_S) + 0.1  # and signs of life


class LineClock:
    """Fits `ports.clock.Clock`: time passes with the bytes on the line, and by waiting."""

    def __init__(self, line) -> None:
        self._clock = line.clock

    def now_s(self):
        return self._clock.now_s

    def utc(self):
        return MORNING + np.timedelta64(round(1e6 * self._clock.now_s), "us")

    def wait_until(self, now_s):
        self._clock.run_until(now_s)
        return True


class Breeze:
    def read(self, now_s):
        return WindReading(gust_m_s=2.0, measured_s=now_s)


class FullLine:
    """A run on one line. `answers` are when each head told where it is; `states` what each tick decided."""

    def __init__(self) -> None:
        plant = default_plant()
        devices = [
            SimulatedDevice(address=n, azimuth_start_deg=110.0, elevation_start_deg=45.0)
            for n in range(1, HEADS + 1)
        ]
        self.line = HalfDuplexLine(EventClock(), baud=SPEED.baud, turnaround_s=SPEED.turnaround_s)
        self.heads = SimulatedLine(devices)
        self.line.join(served(self.heads.receive, self.heads.advance))
        self.answers, self.states = {device.address: [] for device in devices}, []
        self._receiver = FrameReceiver()
        self.line.join(self._listen)
        port = VirtualPort(self.line)
        bus = NativeBus(Link(port, port.now_s), NativeLine(PATIENCE), host_nonce=1)
        heads = {f"H{device.address}": bus.mount(device.address, device.gearing) for device in devices}
        for head in heads.values():
            head.configure(axis_limits(plant))
        clock = LineClock(self.line)
        world = World(
            clock=clock,
            mounts=BridgeMounts(heads, (bus,), clock.now_s()),
            wind=Breeze(),
            sun_enu=Sun(plant.site).direction_at,
        )
        pace = Pace(tick_s=TICK_S, idle_tick_s=IDLE_TICK_S, keep_alive_s=LONGEST_KEEP_ALIVE_S)
        self.loop = Loop(world, rules_for(plant, AsDrawn()), pace, heads=HEADS)

    def run(self, seconds) -> None:
        until_s = self.line.clock.now_s + seconds
        while self.line.clock.now_s < until_s:
            _, decision = self.loop.tick()
            self.states.append(decision.states.copy())
            self.loop.wait(decision)

    def silence(self, addresses, *, silent=True) -> None:
        for address in addresses:
            self.heads.stations[address].silent = silent

    def told(self) -> int:
        """How often any head told where it is."""
        return sum(map(len, self.answers.values()))

    def longest_s(self, address, after_s) -> float:
        """The longest time without an answer of this head, from then until now."""
        times_s = [
            after_s,
            *(at_s for at_s in self.answers[address] if at_s > after_s),
            self.line.clock.now_s,
        ]
        return max(later - earlier for earlier, later in itertools.pairwise(times_s))

    def _listen(self, data, now_s):
        for contents in self._receiver.feed(data):
            if isinstance(decode_contents(contents).message, Status):
                self.answers[contents[0]].append(now_s)
        return b""


@pytest.mark.parametrize("silent", [(), (9,), (9, 10, 31)])
def test_nobody_starves_when_some_are_silent(silent):
    """A silent one costs its tries once, then those of a lost one, one of them a tick."""
    site = FullLine()
    site.run(5.0)
    since_s = site.line.clock.now_s
    site.silence(silent)
    site.run(40.0)
    others = set(range(1, HEADS + 1)) - set(silent)
    in_vain_s = len(silent) * PATIENCE.total_s(PATIENCE.tries_of_questions)
    assert max(site.longest_s(address, since_s) for address in others) <= TICK_S + ROUND_S + in_vain_s
    assert all(site.states[-1][address - 1] == State.TRACKING for address in others)
    assert not any(site.heads.stations[address].head.lease.expired for address in others)
    assert site.line.collisions == 0


def test_who_was_silent_is_heard_again_within_a_tick_for_each_of_them():
    site, silent = FullLine(), (9, 10, 31)
    site.run(5.0)
    site.silence(silent)
    site.run(30.0)
    back_s = site.line.clock.now_s
    site.silence(silent, silent=False)
    site.run(10.0)
    a_tick_s = TICK_S + ROUND_S
    for address in silent:
        assert min(at_s for at_s in site.answers[address] if at_s > back_s) - back_s <= len(silent) * a_tick_s


def test_a_run_leaves_most_of_the_line_free():
    """Each head is read each tick, and led when the sun has gone on; busy are bytes and turns."""
    site = FullLine()
    site.run(5.0)
    start_s, ticks, before = site.line.clock.now_s, len(site.states), site.told()
    site.run(60.0)
    told = site.told() - before
    assert told >= HEADS * (len(site.states) - ticks + 1)  # and at least one move for each
    assert told * MOVE_S / (site.line.clock.now_s - start_s) <= 0.4
