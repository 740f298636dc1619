"""A site whose line is pulled and plugged in again, all in virtual time: the real loop, machine, driver and
reconnection over simulated heads that live on behind the plug."""

import itertools

import numpy as np
import pytest

from firmware_bridge.dialects.native import NativeLine
from firmware_bridge.errors import LinkLost, PortUnavailable
from firmware_bridge.link import Link
from firmware_bridge.native_bus import NativeBus
from firmware_bridge.simulator.config import SimulatedDevice
from firmware_bridge.simulator.line import SimulatedLine
from firmware_bridge.transport.reconnecting import Reconnecting
from firmware_bridge.wire.codec import decode_contents
from firmware_bridge.wire.receiver import FrameReceiver
from firmware_bridge.wire.schema import Move
from firmware_bridge.wire.session import Patience
from tracker.aiming.facing import AsDrawn
from tracker.app.assemble import axis_limits, rules_for
from tracker.app.config import default_plant
from tracker.app.field.mounts import BridgeMounts
from tracker.app.field.run import IDLE_TICK_S, LONGEST_KEEP_ALIVE_S, TICK_S
from tracker.control.clock import LockstepClock
from tracker.control.loop import Loop, Pace, World
from tracker.decision.states import State
from tracker.ports.wind import WindReading
from tracker.sun import Sun

IN_USE_WITHIN_S = 2.0
LEASE_S = 5.0
FLAT_DEG = 90.0
MORNING, NIGHT = "2025-03-20T01:30", "2025-03-20T14:00"
HEADS = ("H01", "H02", "H03")


class Breeze:
    def read(self, now_s):
        return WindReading(gust_m_s=2.0, measured_s=now_s)


class Pluggable:
    """Heads behind a plug; `moves` are the MOVEs that reached them: when, and at which elevation."""

    name = "line"

    def __init__(self, devices) -> None:
        self.heads, self.there, self.pulls, self.now_ms = SimulatedLine(devices), True, 0, 0
        self.moves = []
        self._gearing = devices[0].gearing.elevation

    def open(self, wait_s):
        if not self.there:
            raise PortUnavailable(self.name, "does not exist", "check cable and power")
        return PluggedIn(self)

    def close(self):
        pass

    def receive(self, data):
        for contents in FrameReceiver().feed(data):
            if isinstance(decode_contents(contents).message, Move):
                self.moves.append((self.now_ms / 1000, self.elevation_deg(contents[0])))
        return self.heads.receive(data)

    def advance(self, seconds) -> None:
        self.now_ms += round(1000 * seconds)
        self.heads.advance(round(1000 * seconds))

    def elevation_deg(self, address) -> float:
        return self._gearing.angle_deg(self.heads.stations[address].head.elevation.motor)


class PluggedIn:
    """One opening of the line; it does not survive being pulled."""

    name = "line"

    def __init__(self, plug) -> None:
        self._plug, self._arrived, self._opened_after = plug, b"", plug.pulls

    def epoch(self):
        self._check()
        return 0

    def write(self, data):
        self._check()
        self._arrived += self._plug.receive(data)

    def read(self, timeout_s):
        self._check()
        arrived, self._arrived = self._arrived, b""
        return arrived

    def close(self):
        pass

    def _check(self):
        if self._opened_after != self._plug.pulls:
            raise LinkLost("pulled")


class PluggableSite:
    """A run in virtual time. `plan` are moments of pulling and plugging; `seen` what each tick saw."""

    def __init__(self, start) -> None:
        plant = default_plant()
        limits = axis_limits(plant)
        devices = [SimulatedDevice(address=n, elevation_start_deg=60.0) for n in range(1, len(HEADS) + 1)]
        self.plug, self.plan, self.seen = Pluggable(devices), [], []
        self.clock = LockstepClock(np.datetime64(start), self._advance)
        looks = itertools.count()
        link = Link(
            Reconnecting(self.plug, self.clock.now_s), lambda: self.clock.now_s() + next(looks) * 1e-4
        )
        bus = NativeBus(link, NativeLine(Patience()), host_nonce=1)
        heads = {name: bus.mount(n, devices[0].gearing) for n, name in enumerate(HEADS, 1)}
        for head in heads.values():
            head.configure(limits)
        world = World(
            clock=self.clock,
            mounts=BridgeMounts(heads, (bus,), 0.0),
            wind=Breeze(),
            sun_enu=Sun(plant.site).direction_at,
        )
        pace = Pace(tick_s=TICK_S, idle_tick_s=IDLE_TICK_S, keep_alive_s=LONGEST_KEEP_ALIVE_S)
        self.loop = Loop(world, rules_for(plant, AsDrawn()), pace, heads=len(HEADS))

    def _advance(self, seconds) -> None:
        end_s = self.clock.now_s() + seconds
        now_s = self.clock.now_s()
        while self.plan and self.plan[0][0] <= end_s:
            at_s, there = self.plan.pop(0)
            self.plug.advance(max(at_s - now_s, 0.0))
            self.plug.there, now_s = there, max(at_s, now_s)
            self.plug.pulls += not there
        self.plug.advance(end_s - now_s)

    def run_until(self, now_s) -> None:
        while self.clock.now_s() < now_s:
            at_s = self.clock.now_s()
            inputs, decision = self.loop.tick()
            self.seen.append((at_s, inputs.heads, decision.states.copy()))
            self.loop.wait(decision)

    def pulled(self, at_s, for_s) -> float:
        """Plan it; when it is plugged in again."""
        back_s = round(at_s + for_s, 3)
        self.plan += [(at_s, False), (back_s, True)]
        return back_s

    def in_use_s(self, after_s) -> float:
        """When all heads were heard first from then on."""
        return next(at_s for at_s, heads, _ in self.seen if at_s >= after_s and heads.heard.all())

    def states_after(self, after_s):
        states = [State(states[0]) for at_s, _, states in self.seen if at_s >= after_s]
        return [state for state, _ in itertools.groupby(states)]


@pytest.fixture(scope="module", params=[(MORNING, State.TRACKING, 300.0), (NIGHT, State.NIGHT, 600.0)])
def setting(request):
    return request.param


@pytest.mark.parametrize("at_s", [0.0, 0.301, 9.9])
@pytest.mark.parametrize("for_s", [0.05, 0.7, 3.2])
def test_back_before_the_lease_ran_out_it_goes_on_within_two_seconds(setting, at_s, for_s):
    start, state, settled_s = setting
    site = PluggableSite(start)
    back_s = site.pulled(settled_s + at_s, for_s)
    site.run_until(back_s + 60.0)
    assert site.in_use_s(back_s) - back_s <= IN_USE_WITHIN_S
    assert site.states_after(settled_s) == [state]


@pytest.mark.parametrize("at_s", [0.301, 9.9])
@pytest.mark.parametrize("for_s", [6.1, 7.3, 12.4, 300.0])
def test_back_after_the_lease_ran_out_the_stow_is_finished_and_released_first(setting, at_s, for_s):
    start, state, settled_s = setting
    site = PluggableSite(start)
    pulled_s = settled_s + at_s
    back_s = site.pulled(pulled_s, for_s)
    site.run_until(pulled_s)
    moves_before = len(site.plug.moves)
    site.run_until(back_s + 400.0)
    assert site.in_use_s(back_s) - back_s <= IN_USE_WITHIN_S
    after = site.states_after(pulled_s)
    assert [s for s in after if s not in (state, State.TRACKING)] == [State.STOWING, State.STOWED]
    assert after[-1] is state
    first_moves = site.plug.moves[moves_before : moves_before + len(HEADS)]
    late = [elevation_deg for at_s, elevation_deg in first_moves if at_s > pulled_s + LEASE_S]
    assert all(elevation_deg == pytest.approx(FLAT_DEG, abs=0.15) for elevation_deg in late)
    if state is State.TRACKING:
        assert late  # they were flat, and left for the sun again


def test_a_line_that_comes_and_goes_all_the_time_neither_stows_nor_tires(setting):
    start, state, settled_s = setting
    site = PluggableSite(start)
    for number in range(40):
        site.pulled(settled_s + 7.0 * number, 1.0 + 0.05 * number)
    site.run_until(settled_s + 7.0 * 40 + 10.0)
    assert site.states_after(settled_s) == [state]


def test_while_it_is_gone_the_loop_keeps_its_pace(setting):
    """Asking heads on a line that is away takes no time: the ticks come as ever."""
    start, _, settled_s = setting
    site = PluggableSite(start)
    site.pulled(settled_s, 600.0)
    site.run_until(settled_s + 200.0)
    ticks_s = [at_s for at_s, _, _ in site.seen if at_s > settled_s]
    assert max(np.diff(ticks_s)) <= IDLE_TICK_S
    assert len(site.seen) < 1000
