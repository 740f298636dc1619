"""Home, jog and lock without a run: what is looked at before anything moves, and what is said."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from firmware_bridge.mounts import Mount
from firmware_bridge.reports import AxisStatus
from tracker.app.assemble import OpenSite, open_site
from tracker.app.field.direct import chosen_heads, refuse_simulated, tell_each
from tracker.app.field.direct_run import Deed, PrivateRun
from tracker.app.field.run import refuse_simulated_wind
from tracker.app.field.run_talk import RunTalk, pose_summary
from tracker.app.field.unled import unled
from tracker.app.field.wind import wind_sensor
from tracker.app.output import tell
from tracker.app.wind_contacts import contact_heads
from tracker.decision.states import State
from tracker.errors import RefusedForSafety
from tracker.operations.asking import refuse_in_wind, refuse_past_travel
from tracker.operations.status import Snapshot
from tracker.plant import Limits, Plant
from tracker.ports.wind import WindSensor

Fitness = tuple[str, Callable[[AxisStatus], bool]]

ARRIVED_DEG: Final = 0.15
UNFIT: Final[tuple[Fitness, ...]] = (
    ("its emergency stop is pressed: turn it back at the head", lambda status: status.emergency_stop),
    ("it is locked: `sunflower lock --off` when nobody is at it", lambda status: not status.drive_enabled),
    ("it has a fault: look for the cause, then `sunflower clear`", lambda status: status.fault_code != 0),
    # A head that does not know its position cannot stow, which is how a stop is let go: homing does it.
    ("it is stopped: `sunflower release` it first", lambda status: status.held and status.position_trusted),
)
LOST: Final[Fitness] = (
    "it does not know its position: `sunflower home` it first",
    lambda status: not status.position_trusted,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Direct:
    """Which heads of which site to move on which port; no heads named means all."""

    plant: Plant
    site_file: Path
    port: str | None
    heads: Sequence[str]
    accept_simulated_wind: bool = False

    def wind(self) -> AbstractContextManager[WindSensor]:
        """The site's wind sensor."""
        return wind_sensor(self.plant.wind.source, self.site_file.parent)


def home(direct: Direct) -> int | None:
    """Look for the home switches, then go flat; None when done, or the number of the signal that ended it.

    Raises RefusedForSafety before anything moves, or when a head comes to rest elsewhere.
    """
    _refuse_wind("home", direct)
    with _opened(direct, direct.heads) as site:
        statuses = _fit("home", site, UNFIT)
        limits = direct.plant.array.mount.limits
        for name in site.heads:
            tell(
                f"{name} looks for its home switches at up to {limits.azimuth_rate_deg_s:g} deg/s in azimuth "
                f"and {limits.elevation_rate_deg_s:g} deg/s in elevation, then goes flat"
            )
        known = [name for name, status in statuses.items() if status.position_trusted]  # the rest do at once
        calls = [None, {"verb": "home", "heads": known} if known else None, {"verb": "stow"}]
        return _do(direct, site, Deed(calls=calls, ends_in=State.STOWED))


def jog(direct: Direct, azimuth_deg: float, elevation_deg: float) -> int | None:
    """Move to axis angles and hold there until a signal, whose number it returns.

    Raises TravelExceeded, and RefusedForSafety before anything moves, or when wind or a fault ended it.
    """
    limits = direct.plant.array.mount.limits
    refuse_past_travel(azimuth_deg, elevation_deg, limits)
    _refuse_wind("jog", direct)
    with _opened(direct, direct.heads) as site:
        for name, status in _fit("jog", site, (*UNFIT, LOST)).items():
            tell(_way(name, status, azimuth_deg, elevation_deg, limits))
        call = {"verb": "jog", "azimuth_deg": azimuth_deg, "elevation_deg": elevation_deg}
        return _do(direct, site, Deed(calls=[None, call], ends_in=None))


def lock(direct: Direct) -> int | None:
    """Stow, then switch the drives off; a head that is stopped, or cannot stow, is switched off at once.

    None when done, or the number of the signal that ended it. Raises RefusedForSafety when a head comes to
    rest elsewhere, DeviceUnavailable when one does not answer, after the others were locked.
    """
    told = tell_each(direct.plant, direct.port, direct.heads, _off_unless_it_can_stow)
    stow = [one.name for one in told if one.status is not None and one.status.drive_enabled]
    left_by = None
    if stow:
        tell(f"{', '.join(stow)}: flat first, then switched off")
        with _opened(direct, stow) as site:
            left_by = _do(direct, site, Deed(calls=[{"verb": "lock"}], ends_in=State.LOCKED))
    return left_by


def _off_unless_it_can_stow(head: Mount) -> AxisStatus:
    status = head.status()
    return head.disable() if any(holds(status) for _, holds in (*UNFIT, LOST)) else status


@contextmanager
def _opened(direct: Direct, heads: Sequence[str]) -> Iterator[OpenSite]:
    chosen = chosen_heads(direct.plant, heads)
    refuse_simulated(direct.plant, direct.port, chosen)
    with open_site(direct.plant, port=direct.port, only=chosen) as site:
        yield site


def _refuse_wind(verb: str, direct: Direct) -> None:
    """Before any port is opened: wind that is simulated, unknown or not calm."""
    refuse_simulated(direct.plant, direct.port, chosen_heads(direct.plant, direct.heads))
    refuse_simulated_wind(direct.plant, direct.port, accepted=direct.accept_simulated_wind)
    if contact_heads(direct.plant.wind.source, direct.plant.array.names):
        raise RefusedForSafety(f"{verb}: wind contacts are read by a run; start `sunflower run` and ask it")
    with direct.wind() as wind:
        now_s = time.monotonic()
        reading = wind.read(now_s)
    gust_m_s, age_s = (np.nan, 0.0) if reading is None else (reading.gust_m_s, now_s - reading.measured_s)
    refuse_in_wind(verb, gust_m_s, age_s, direct.plant.safety)


def _fit(verb: str, site: OpenSite, checks: Sequence[Fitness]) -> dict[str, AxisStatus]:
    """How each head is; RefusedForSafety naming all that must not move."""
    statuses = {name: head.status() for name, head in site.heads.items()}
    refusals = [
        f"{name}: {says}" for name, status in statuses.items() for says, holds in checks if holds(status)
    ]
    if refusals:
        raise RefusedForSafety(f"{verb} is refused, nothing moves\n  " + "\n  ".join(refusals))
    return statuses


def _way(name: str, status: AxisStatus, azimuth_deg: float, elevation_deg: float, limits: Limits) -> str:
    takes_s = max(
        abs(azimuth_deg - status.azimuth_deg) / limits.azimuth_rate_deg_s,
        abs(elevation_deg - status.elevation_deg) / limits.elevation_rate_deg_s,
    )
    return (
        f"{name} moves from azimuth {status.azimuth_deg:.2f}, elevation {status.elevation_deg:.2f} deg to "
        f"{azimuth_deg:.2f}, {elevation_deg:.2f} deg in about {takes_s:.0f} s"
    )


def _do(direct: Direct, site: OpenSite, deed: Deed) -> int | None:
    plant = direct.plant
    talk = RunTalk(heads=tuple(site.heads), timezone=plant.site.timezone, as_json=False, summary=pose_summary)
    heads_do = unled(site.lines, plant.safety.link_lease_s)
    arrival = _Arrival(talk, heads_do)

    def seen(snapshot: Snapshot) -> None:
        talk.seen(snapshot)
        if deed.ends_in is None:
            arrival.seen(snapshot)

    with direct.wind() as wind:
        private = PrivateRun(site, plant, wind, deed)
        left_by = private.do(seen)
    if left_by is not None and deed.ends_in is not State.LOCKED and private.under_way():
        private.stop()
        talk.say("stopped on the way; it holds there until `sunflower release`")
    elif left_by is not None:
        talk.say(f"let go; nothing is locked, nobody leads the heads now\n{heads_do}")
    return left_by


@dataclass(slots=True)
class _Arrival:
    """Says once that the heads of a jog have arrived."""

    talk: RunTalk
    heads_do: str  # once they are let go
    said: bool = False

    def seen(self, snapshot: Snapshot) -> None:
        decision, heads = snapshot.decision, snapshot.inputs.heads
        there = np.hypot(
            heads.azimuth_deg - decision.target.azimuth_deg,
            heads.elevation_deg - decision.target.elevation_deg,
        )
        jogging = decision.states == State.JOGGING
        if not self.said and bool((jogging & ~heads.moving & (there <= ARRIVED_DEG)).all()):
            self.said = True
            self.talk.say(
                f"arrived, and held for as long as this goes on; when Ctrl-C has let go\n{self.heads_do}"
            )
