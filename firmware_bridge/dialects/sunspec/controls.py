"""What SCADA has asked for, and what may become of it.

Set points alone move nothing: it takes MANUAL, and both of them. What cannot be right is declined before the
array hears of it, and then nothing is remembered either. STOP and stow are never declined here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from firmware_bridge.dialects.sunspec.array import ArrayReport, Order, Target, TrackerArray, TrackerReport
from firmware_bridge.dialects.sunspec.lease import ControlLease
from firmware_bridge.dialects.sunspec.models import Control, Flag, StowReason, TrackerState
from firmware_bridge.modbus.refusal import Code, Rejected

AT_WORK: Final = frozenset({TrackerState.AUTOMATIC, TrackerState.MANUAL})
MOVABLE: Final[Mapping[Order, frozenset[TrackerState]]] = {
    Order.POINT: AT_WORK,
    Order.CALIBRATE: AT_WORK | {TrackerState.UNTRUSTED},
}
"""From which states SCADA may move a tracker; other orders may always be given."""

EXPECTED: Final[Mapping[Control, TrackerState]] = {
    Control.MANUAL: TrackerState.MANUAL,
    Control.CALIBRATE: TrackerState.CALIBRATING,
}
TAKEN_OVER: Final = frozenset(TrackerState) - AT_WORK - {TrackerState.CALIBRATING, TrackerState.UNTRUSTED}


@dataclass(frozen=True, slots=True)
class Ask:
    """What SCADA wants of one tracker, or of all. `seen`: the tracker has been found doing it."""

    azimuth_deg: float | None = None
    elevation_deg: float | None = None
    control: Control = Control.AUTOMATIC
    seen: bool = False

    @property
    def target(self) -> Target | None:
        """Where to, once both angles are known."""
        if self.azimuth_deg is None or self.elevation_deg is None:
            return None
        return Target(azimuth_deg=self.azimuth_deg, elevation_deg=self.elevation_deg)


class Controls:
    """The memory between what SCADA writes and what the array does."""

    def __init__(self, array: TrackerArray, trackers: int, lease: ControlLease, when_silent: Order) -> None:
        self._array, self._lease, self._when_silent = array, lease, when_silent
        self.everyone: Final = tuple(range(trackers))
        self.asks = [Ask() for _ in self.everyone]
        self.common = Ask()

    def direct(
        self, trackers: tuple[int, ...], ask: Ask, control: Control | None, report: ArrayReport, now_s: float
    ) -> tuple[int, ...]:
        """Carry out new set points and a mode, should one have been written; who took it.

        Raises Rejected, and nothing has changed.
        """
        if control is Control.AUTOMATIC:
            return self.resume(trackers)
        order = Order.CALIBRATE if control is Control.CALIBRATE else Order.POINT
        if control is None:
            trackers = tuple(t for t in trackers if self.asks[t].control is Control.MANUAL)
            if not trackers:
                return ()
        if order is Order.POINT and ask.target is None:
            raise Rejected(Code.ILLEGAL_VALUE, "manual operation needs both an azimuth and an elevation")
        taken = self._order(order, trackers, report, ask.target if order is Order.POINT else None)
        for tracker in taken:
            asked = Control.MANUAL if order is Order.POINT else Control.CALIBRATE
            same = self.asks[tracker].control is asked
            points = ask if order is Order.POINT else self.asks[tracker]
            self.asks[tracker] = replace(points, control=asked, seen=same and self.asks[tracker].seen)
        self._lease.take(now_s)
        return taken

    def resume(self, trackers: tuple[int, ...]) -> tuple[int, ...]:
        """Give trackers back to automatic operation; those that are. Raises Rejected when none is."""
        asked = tuple(t for t in trackers if self.asks[t].control is not Control.AUTOMATIC)
        taken = self._array.obey(Order.RESUME, asked, None) if asked else ()
        if asked and not taken:
            raise Rejected(Code.DEVICE_BUSY, "the array does not take the trackers back now")
        self._forget(taken)
        return taken

    def stow(self, trackers: tuple[int, ...], wanted: bool, report: ArrayReport) -> None:
        """Ask for a stow, or take SCADA's own request back. Raises Rejected when nobody obeys."""
        if wanted:
            self._forget(self._order(Order.STOW, trackers, report, None))
            return
        asked = tuple(t for t in trackers if StowReason.SCADA in report.trackers[t].stow_reasons)
        if asked:
            self._order(Order.UNSTOW, asked, report, None)

    def stop(self, trackers: tuple[int, ...], wanted: bool, report: ArrayReport) -> None:
        """Stop. Raises Rejected for taking a STOP back: that is for a person on site; and when not everybody
        has stopped, though everybody was told.
        """
        if wanted:
            stopped = self._order(Order.STOP, trackers, report, None)
            self._forget(stopped)
            if len(stopped) < len(trackers):
                raise Rejected(
                    Code.DEVICE_FAILURE, f"STOP: only {len(stopped)} of {len(trackers)} have stopped"
                )
        elif any(report.trackers[t].state is TrackerState.STOPPED for t in trackers):
            raise Rejected(Code.DEVICE_BUSY, "a STOP is released on site, not by SCADA")

    def settle(self, report: ArrayReport, now_s: float) -> None:
        """Forget what the array has taken over or finished; end a lease that has run out."""
        for tracker, ask in enumerate(self.asks):
            self.asks[tracker] = _settled(ask, report.trackers[tracker])
        if self._lease.runs_out(now_s):
            self._give_up()
        elif all(ask.control is Control.AUTOMATIC for ask in self.asks):
            self._lease.give_back()

    def _give_up(self) -> None:
        """SCADA is silent. Who does not go back to work is stowed: standing still is not safe in wind."""
        asked = tuple(t for t in self.everyone if self.asks[t].control is not Control.AUTOMATIC)
        taken = self._array.obey(self._when_silent, asked, None) if asked else ()
        left = tuple(t for t in asked if t not in taken)
        if left and self._when_silent is not Order.STOW:
            self._array.obey(Order.STOW, left, None)
        self._forget(asked)

    def _order(
        self, order: Order, trackers: tuple[int, ...], report: ArrayReport, target: Target | None
    ) -> tuple[int, ...]:
        free = tuple(t for t in trackers if may(order, report.trackers[t]))
        taken = self._array.obey(order, free, target) if free else ()
        if not taken:
            states = ", ".join(sorted({report.trackers[t].state.name for t in trackers}))
            raise Rejected(Code.DEVICE_BUSY, f"{order.name}: no tracker may do that now ({states})")
        return taken

    def _forget(self, trackers: tuple[int, ...]) -> None:
        for tracker in trackers:
            self.asks[tracker] = replace(self.asks[tracker], control=Control.AUTOMATIC, seen=False)


def may(order: Order, tracker: TrackerReport) -> bool:
    """Whether SCADA may give an order to a tracker. What holds is never declined, what moves must be free."""
    if order not in MOVABLE:
        return True
    if tracker.stow_reasons or tracker.state not in MOVABLE[order]:
        return False
    return order is not Order.POINT or Flag.POSITION_TRUSTED in tracker.flags


def _settled(ask: Ask, tracker: TrackerReport) -> Ask:
    """An ask after a look at its tracker: it ends when the safety order takes over, or when it is done."""
    if ask.control is Control.AUTOMATIC:
        return ask
    if tracker.state is EXPECTED[ask.control] and not tracker.stow_reasons:
        return replace(ask, seen=True)
    if ask.seen or tracker.stow_reasons or tracker.state in TAKEN_OVER:
        return replace(ask, control=Control.AUTOMATIC, seen=False)
    return ask
