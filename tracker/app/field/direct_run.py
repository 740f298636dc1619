"""Moves without a run: a private run of the heads asked for, with one person in it who asks.

The same machine decides as in the field, so wind, faults and the emergency stop are seen to. The other heads
on the line are not kept alive: nobody leads them.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from firmware_bridge.errors import BridgeError
from firmware_bridge.mounts import Mount
from tracker.aiming.facing import AsDrawn
from tracker.app.assemble import OpenSite, rules_for
from tracker.app.field.leaving import Leaving
from tracker.app.field.mounts import BridgeMounts
from tracker.control.clock import RealClock
from tracker.control.loop import Loop, Pace, World
from tracker.decision.states import Event, State
from tracker.decision.values import Order, Rules
from tracker.errors import DeviceUnavailable, InvalidInput, RefusedForSafety
from tracker.operations.status import Snapshot
from tracker.operations.track import Running, track
from tracker.operations.words import WHY
from tracker.plant import Plant
from tracker.ports.wind import WindSensor

SLOWEST_TICK_S: Final = 0.5
TICKS_PER_LEASE: Final = 4.0  # the leases of the heads that are led are renewed every tick
NIGHT_ENU: Final = np.array([0.0, 0.0, -1.0])  # nobody tracks here, so nobody need know where the sun is
AT_REST: Final = (State.STOWED, State.FAULT, State.EMERGENCY, State.LOCKED, State.STOPPED)
ERRORS: Final = {"usage": InvalidInput, "refused": RefusedForSafety}

Document = Mapping[str, Any]


@dataclass(slots=True)
class Asked:
    """A call of our own; see `tracker.operations.track.Call`."""

    document: Document
    answered: Document = field(default_factory=dict)

    def answer(self, document: Document) -> None:
        """Keep the answer."""
        self.answered = document

    def raise_refusal(self) -> None:
        """Raise what the answer is, when it is an error."""
        error = self.answered.get("error")
        if error is not None:
            raise ERRORS.get(error["kind"], DeviceUnavailable)(error["message"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What to do: a call a tick (None: none in that one), and the state in which a head is done with it.

    ends_in None: hold the heads where they were moved, until told to leave.
    """

    calls: Sequence[Document | None]
    ends_in: State | None


@dataclass(frozen=True, slots=True)
class _Led:
    """A head that is led, and it alone, where a run keeps whole lines alive."""

    head: Mount

    def keep_alive(self) -> None:
        """Renew its lease."""
        self.head.keep_alive()


class PrivateRun:
    """One deed on the heads of an open site."""

    def __init__(self, site: OpenSite, plant: Plant, wind: WindSensor, deed: Deed) -> None:
        self._site, self._plant, self._wind, self._deed = site, plant, wind, deed
        self._waiting = [None if call is None else Asked(call) for call in deed.calls]
        self._asked: list[Asked] = []
        self._last: Snapshot | None = None

    def do(self, seen: Callable[[Snapshot], None]) -> int | None:
        """Do it; None when it is done, or the number of the signal that ended it. `seen` is told every tick.

        Raises what refuses it, RefusedForSafety when a head comes to rest elsewhere than it should, and
        DeviceUnavailable when one falls silent.
        """

        def both(snapshot: Snapshot) -> None:
            self._last = snapshot
            seen(snapshot)

        wake = threading.Event()
        running = self._running(RealClock(wake), rules_for(self._plant, AsDrawn()))
        with Leaving(wake) as leaving:
            track(running, go_on=lambda _utc: not leaving.asked and self._goes_on(), seen=both)
            if leaving.asked:
                return leaving.signal
        self._refuse_wrong_end()
        return None

    def under_way(self) -> bool:
        """Whether a head was moving at last, or had just been told to."""
        last = self._last
        return last is not None and bool(
            (last.inputs.heads.moving | (last.decision.orders != Order.NONE)).any()
        )

    def stop(self) -> None:
        """Stop the heads; they then hold. Raises DeviceUnavailable for those that do not confirm."""
        silent = []
        for name, head in self._site.heads.items():
            try:
                head.stop()
            except BridgeError as error:
                silent.append(f"{name}: {error}")
        if silent:
            raise DeviceUnavailable("not stopped, as far as they tell\n  " + "\n  ".join(silent))

    def _running(self, clock: RealClock, rules: Rules) -> Running:
        site, names = self._site, tuple(self._site.heads)
        tick_s = min(SLOWEST_TICK_S, rules.safety.link_lease_s / TICKS_PER_LEASE)
        led = tuple(_Led(head) for head in site.heads.values())
        mounts = BridgeMounts(site.heads, led, clock.now_s())
        world = World(clock=clock, mounts=mounts, wind=self._wind, sun_enu=lambda _utc: NIGHT_ENU)
        pace = Pace(tick_s=tick_s, idle_tick_s=tick_s, keep_alive_s=tick_s)
        return Running(
            site=self._plant.site.name,
            heads=names,
            loop=Loop(world, rules, pace, heads=len(names)),
            clock=clock,
            rules=rules,
            calls=self._calls,
        )

    def _calls(self) -> Sequence[Asked]:
        call = self._waiting.pop(0) if self._waiting else None
        if call is None:
            return ()
        self._asked.append(call)
        return (call,)

    def _goes_on(self) -> bool:
        for call in self._asked:
            call.raise_refusal()
        if self._last is None or self._waiting:
            return True
        seen = self._last.inputs.heads
        silent = np.flatnonzero(seen.silent_s > self._plant.safety.link_lease_s).tolist()
        if silent:
            names = ", ".join(list(self._site.heads)[head] for head in silent)
            raise DeviceUnavailable(f"{names} does not answer any more; look at its power and cable")
        at_rest = np.isin(self._last.decision.states, AT_REST) & ~seen.moving
        switched_off = ~seen.enabled if self._deed.ends_in is State.LOCKED else True
        return not bool((at_rest & switched_off).all())

    def _refuse_wrong_end(self) -> None:
        if self._last is None:
            return
        states, why = self._last.decision.states.tolist(), self._last.why
        wrong = [
            f"{name} is {State(state).name}: {WHY[Event[reason]]}"
            for name, state, reason in zip(self._site.heads, states, why, strict=True)
            if state != self._deed.ends_in
        ]
        if wrong:
            raise RefusedForSafety("not done as asked\n  " + "\n  ".join(wrong))
