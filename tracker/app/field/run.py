"""A site run for real: its ports, its clock, its journal, and the door for people."""

import json
import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

import numpy as np

from firmware_bridge.dialects.sunspec.lease import LEASE_S
from firmware_bridge.errors import BridgeError
from tracker.app.assemble import SIMULATED, OpenSite, bridges_of, open_site, tracking_rules_for
from tracker.app.field.holds import Holds
from tracker.app.field.irradiance import irradiance_sensor
from tracker.app.field.leaving import Leaving
from tracker.app.field.mounts import BridgeMounts
from tracker.app.field.rules_record import rules_to_json
from tracker.app.field.serving import Service, Serving
from tracker.app.field.unled import Concern, concerns_of, unled
from tracker.app.field.wind import site_wind
from tracker.app.shade_talk import keep_shade_told
from tracker.control.clock import RealClock
from tracker.control.control_socket import ControlSocket, socket_path
from tracker.control.journal import Journal
from tracker.control.loop import Loop, Pace, World
from tracker.decision.values import Rules
from tracker.errors import OutputFailed, RefusedForSafety
from tracker.operations.status import Snapshot
from tracker.operations.track import Call, Running, track
from tracker.plant import Plant
from tracker.ports.pointing import Pointing
from tracker.sun import Sun
from tracker.units import BoolArray

_log = logging.getLogger(__name__)

TICK_S: Final = 1.0
IDLE_TICK_S: Final = 10.0  # chosen: at night heads lie flat, and every tick is a row a head in the journal
LEASES_PER_KEEP_ALIVE: Final = 2.5  # two may be lost before a lease ends
LONGEST_KEEP_ALIVE_S: Final = 1.0  # chosen: it is also how a line that went away is noticed


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRun:
    """What to run, and for how long (None: until told to leave). site_file names the control socket.

    serve says for whom ports are opened; scada_lease_s how long a master there may be silent.
    """

    site_file: Path
    plant: Plant
    pointing: Pointing
    port: str | None = None
    journal: Path | None = None
    seconds: float | None = None
    serve: Sequence[Service] = ()
    scada_lease_s: float = LEASE_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What is served, now that all ports are open, and what the heads' protocols cannot do safely."""

    services: Sequence[Service]
    concerns: Sequence[Concern]


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """The signal that ended a run, None when its time was over; and what its heads do now, for people."""

    signal: int | None
    heads_do: str


def run_site(run: SiteRun, *, opened: Callable[[Opened], None], seen: Callable[[Snapshot], None]) -> Left:
    """Track until the time is over or a signal comes; the tick under way is finished.

    `opened` is told when all ports are open, `seen` every tick. Raises DeviceUnavailable when the site is
    run already or a head is not to be had, PortUnavailable for a port that is not, its own or one to serve
    at, ModbusMissing, and OutputFailed when the journal cannot be written.
    """
    refuse_taken(run.journal)
    wake = threading.Event()
    keep_shade_told(run.plant)  # takes its time: before any head is listening
    rules = tracking_rules_for(run.plant, run.pointing)
    with ExitStack() as stack:
        control = stack.enter_context(closing(ControlSocket(socket_path(run.site_file), wake)))
        serving = stack.enter_context(
            Serving(run.serve, run.plant, rules, wake, scada_lease_s=run.scada_lease_s)
        )
        site = stack.enter_context(open_site(run.plant, port=run.port, silent_may_stay=True))
        clock = RealClock(wake)
        mounts = BridgeMounts(site.heads, site.buses, clock.now_s())
        plant, folder = run.plant, run.site_file.parent
        wind_source = plant.wind.source
        wind = stack.enter_context(site_wind(wind_source, folder, mounts, plant.array.names))
        light = irradiance_sensor(plant.light_source, folder, wind=wind, wind_source=wind_source)
        world = World(
            clock=clock,
            mounts=mounts,
            wind=wind,
            irradiance=stack.enter_context(light),
            sun_enu=Sun(run.plant.site).direction_at,
        )
        holds = Holds(run.site_file, run.plant.array.names)
        held = holds.held()
        journal = _journal(run, rules, clock.utc(), held)
        if journal is not None:
            stack.enter_context(journal)
        loop = Loop(world, rules, _pace(run.plant), journal, heads=run.plant.array.size, held=held)

        def remember(snapshot: Snapshot) -> None:
            serving.see(snapshot, loop.held)
            holds.remember(loop.held)
            seen(snapshot)

        running = Running(
            site=run.plant.site.name,
            heads=run.plant.array.names,
            loop=loop,
            clock=clock,
            rules=rules,
            calls=lambda: stopped_first(serving.calls(control.take()), site),
        )
        leaving = stack.enter_context(Leaving(wake, seconds=run.seconds))
        opened(Opened(services=serving.services, concerns=concerns_of(site.lines)))
        track(running, go_on=lambda _utc: not leaving.asked, seen=remember)
        heads_do = unled(site.lines, run.plant.safety.link_lease_s)
        return Left(signal=leaving.signal, heads_do=heads_do)


def refuse_simulated_wind(plant: Plant, port: str | None, *, accepted: bool) -> None:
    """Raises RefusedForSafety where only simulated wind would stand between a storm and real steel."""
    ports = [bridge.port for bridge in bridges_of(plant, port) if bridge.port != SIMULATED]
    if ports and plant.wind.source == SIMULATED and not accepted:
        raise RefusedForSafety(
            f"wind.source is {SIMULATED!r}, but {ports[0]} may move real heads, and simulated wind is always "
            "fair; name the real sensor in [wind], or give --accept-simulated-wind when nothing can be hurt"
        )


def refuse_taken(journal: Path | None) -> None:
    """Raises OutputFailed for a journal that is there already, before anything is opened."""
    if journal is not None and journal.exists():
        raise OutputFailed(f"{journal}: a journal is there already; move it away or name another file")


def stopped_first(calls: Sequence[Call], site: OpenSite) -> Sequence[Call]:
    """The calls, after every stop among them has gone out: a stop waits for nobody's answer.

    The tick that follows holds the heads in the decision too, and shows who did not confirm.
    """
    names = tuple(site.heads)
    for call in calls:
        if call.document.get("verb") == "stop":
            wanted = call.document.get("heads")
            _stop(site, names if not isinstance(wanted, list) or not wanted else wanted)
    return calls


def _stop(site: OpenSite, names: Sequence[object]) -> None:
    known = [head for name, head in site.heads.items() if name in names]
    everybody = len(known) == len(site.heads)
    stops: list[Callable[[], object]] = (
        [bus.stop_all for bus in site.buses] if everybody else [head.stop for head in known]
    )
    for stop in stops:
        try:
            stop()
        except BridgeError as error:
            _log.warning("stop: %s", error)


def _journal(run: SiteRun, rules: Rules, utc: np.datetime64, held: BoolArray) -> Journal | None:
    if run.journal is None:
        return None
    meta = {
        "site": run.plant.site.name,
        "started_utc": f"{np.datetime_as_string(utc, unit='s')}Z",
        "rules": rules_to_json(rules),
        "held": json.dumps(held.tolist()),
        "version": version("sunflower-tracker"),
    }
    return Journal(run.journal, heads=run.plant.array.names, meta=meta)


def _pace(plant: Plant) -> Pace:
    lease_s = plant.safety.link_lease_s
    return Pace(
        tick_s=TICK_S,
        idle_tick_s=IDLE_TICK_S,
        keep_alive_s=min(lease_s / LEASES_PER_KEEP_ALIVE, LONGEST_KEEP_ALIVE_S),
    )
