"""The only loop. Everything that decides is pure and elsewhere; here is what touches the world, in order."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from tracker.control.journal import Journal
from tracker.decision.machine import step
from tracker.decision.states import State
from tracker.decision.values import Decision, Inputs, MachineState, Request, Rules
from tracker.ports.clock import Clock
from tracker.ports.irradiance import NO_IRRADIANCE, IrradianceSensor
from tracker.ports.mount import Mounts
from tracker.ports.wind import WindSensor
from tracker.units import BoolArray, FloatArray

LINE_AWAY_TRY_S: Final = 0.25  # chosen: with the tick that follows, a line that is back is in use within 2 s

Seen = Callable[[float, np.datetime64, Inputs, Decision], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often the loop turns.

    tick_s by day; idle_tick_s while every head rests for the night; keep_alive_s between signs of life to
    the devices, well below their lease.
    """

    tick_s: float
    idle_tick_s: float
    keep_alive_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The ports of one site, and where the sun is."""

    clock: Clock
    mounts: Mounts
    wind: WindSensor
    sun_enu: Callable[[np.datetime64], FloatArray]
    irradiance: IrradianceSensor = NO_IRRADIANCE


class Loop:
    """Reads, decides, orders, records, waits; again."""

    def __init__(
        self,
        world: World,
        rules: Rules,
        pace: Pace,
        journal: Journal | None = None,
        *,
        heads: int,
        held: BoolArray | None = None,
    ) -> None:
        """`held` (H,): whom a person keeps stowed from before this run; nobody by default."""
        self._world, self._rules, self._pace, self._journal = world, rules, pace, journal
        self._state = starting_state(heads, held)
        self._started_s = world.clock.now_s()

    @property
    def held(self) -> BoolArray:
        """Whom a person keeps stowed, (H,)."""
        return self._state.held

    def tick(self, requests: tuple[Request, ...] = ()) -> tuple[Inputs, Decision]:
        """One turn: what was seen and what was decided. Raises OutputFailed when the journal does."""
        clock = self._world.clock
        now_s, utc = clock.now_s(), clock.utc()
        self._world.mounts.keep_alive()
        inputs = self._look(now_s, utc, requests)
        self._state, decision = step(self._state, inputs, now_s, self._rules)
        self._world.mounts.order(decision.orders, decision.target)
        if self._journal is not None:
            self._journal.write(now_s, utc, inputs, decision)
        return inputs, decision

    def wait(self, decision: Decision) -> None:
        """Let time pass to the next tick or request, with signs of life to the devices in between.

        A line that comes back ends the wait: its heads have to be looked at.
        """
        clock, mounts = self._world.clock, self._world.mounts
        until_s = clock.now_s() + (self._pace.idle_tick_s if _resting(decision) else self._pace.tick_s)
        while (left_s := until_s - clock.now_s()) > 0.0:
            there = mounts.lines_there
            step_s = self._pace.keep_alive_s if there else LINE_AWAY_TRY_S
            if not clock.wait_until(clock.now_s() + min(left_s, step_s)):
                return  # somebody asked for something: decide now
            if clock.now_s() < until_s:
                mounts.keep_alive()
            if mounts.lines_there and not there:
                return

    def _look(self, now_s: float, utc: np.datetime64, requests: tuple[Request, ...]) -> Inputs:
        heads = self._world.mounts.read(now_s)
        wind = self._world.wind.read(now_s)  # after the heads: it may be one of theirs
        light = self._world.irradiance.read(now_s)
        ahead = np.timedelta64(round(self._pace.tick_s * 500), "ms")  # the middle of the tick to come
        return Inputs(
            sun_enu=self._world.sun_enu(utc),
            aim_enu=self._world.sun_enu(utc + ahead),
            gust_m_s=np.nan if wind is None else wind.gust_m_s,
            wind_age_s=now_s - (self._started_s if wind is None else wind.measured_s),
            ghi_w_m2=np.nan if light is None else light.ghi_w_m2,
            ghi_age_s=now_s - (self._started_s if light is None else light.measured_s),
            heads=heads,
            requests=requests,
        )


def starting_state(heads: int, held: BoolArray | None) -> MachineState:
    """What a run remembers at its start: nothing but a person's stows from before."""
    state = MachineState.initial(heads)
    return state if held is None else replace(state, held=held)


def _resting(decision: Decision) -> bool:
    return bool(((decision.states == State.NIGHT) & (decision.orders == 0)).all())
