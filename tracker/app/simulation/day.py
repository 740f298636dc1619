"""A day of the real loop over the real bridge, in lockstep with simulated heads."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from tracker.app.assemble import OpenSite
from tracker.app.field.mounts import BridgeMounts
from tracker.control.clock import LockstepClock
from tracker.control.journal import Journal
from tracker.control.loop import Loop, Pace, World
from tracker.decision.values import Decision, Inputs, Rules
from tracker.plant import Plant
from tracker.ports.irradiance import NO_IRRADIANCE, IrradianceSensor
from tracker.ports.wind import WindSensor
from tracker.sun import Sun

HOUR_S: Final = 3600.0
IDLE_TICK_S: Final = 60.0
KEEP_ALIVE_PER_LEASE: Final = 0.8  # of the lease: in lockstep nothing is late and nothing is lost

Observer = Callable[[np.datetime64, Inputs, Decision], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedDay:
    """What to simulate: hours of a local calendar date (YYYY-MM-DD) at the plant's site, ticks of tick_s."""

    plant: Plant
    date: str
    tick_s: float
    rules: Rules
    wind: WindSensor
    irradiance: IrradianceSensor = NO_IRRADIANCE
    from_hour: float = 0.0
    to_hour: float = 24.0

    @property
    def start_utc(self) -> np.datetime64:
        """When it begins."""
        midnight_utc = local_midnight_utc(self.date, self.plant.site.timezone)
        return midnight_utc + np.timedelta64(round(self.from_hour * HOUR_S), "s")

    @property
    def length_s(self) -> float:
        """How long it lasts."""
        return (self.to_hour - self.from_hour) * HOUR_S

    def done(self, utc: np.datetime64) -> float:
        """How much of it has passed, 0 to 1."""
        return float((utc - self.start_utc) / np.timedelta64(1, "s")) / self.length_s


def simulate(day: SimulatedDay, site: OpenSite, journal: Journal | None, observe: Observer) -> None:
    """Run the day's hours; `observe` sees every tick, before its orders have moved anything."""
    clock = LockstepClock(day.start_utc, site.advance)
    world = World(
        clock=clock,
        mounts=BridgeMounts(site.heads, site.buses, clock.now_s()),
        wind=day.wind,
        irradiance=day.irradiance,
        sun_enu=Sun(day.plant.site).direction_at,
    )
    pace = Pace(
        tick_s=day.tick_s,
        idle_tick_s=max(IDLE_TICK_S, day.tick_s),
        keep_alive_s=day.plant.safety.link_lease_s * KEEP_ALIVE_PER_LEASE,
    )
    loop = Loop(world, day.rules, pace, journal, heads=day.plant.array.size)
    while clock.now_s() < day.length_s:
        utc = clock.utc()
        inputs, decision = loop.tick()
        observe(utc, inputs, decision)
        loop.wait(decision)


def local_midnight_utc(date: str, timezone: str) -> np.datetime64:
    """UTC of the first moment of a local calendar date."""
    local = pd.Timestamp(date).tz_localize(ZoneInfo(timezone), ambiguous=True, nonexistent="shift_forward")
    return np.datetime64(local.tz_convert("UTC").tz_localize(None), "ms")
