"""Mounts as an array that can be served: a tracker controller made of heads, for simulators and benches.

Nobody here watches the wind or aims at the sun: in automatic operation a head stays where it is. A running
site serves itself instead, and keeps its own safety order.
"""

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, Protocol

from firmware_bridge.dialects.sunspec.array import ArrayReport, Order, Target, TrackerReport
from firmware_bridge.dialects.sunspec.models import Flag, StowReason, TrackerState
from firmware_bridge.errors import BridgeError
from firmware_bridge.reports import AxisStatus
from firmware_bridge.wire.schema import Fault

AZIMUTH_FAULTS: Final = (Fault.AZIMUTH_STALL, Fault.AZIMUTH_END_STOP)
ELEVATION_FAULTS: Final = (Fault.ELEVATION_STALL, Fault.ELEVATION_END_STOP)


class Head(Protocol):
    """A mount, as far as it is needed here; every call may raise a BridgeError."""

    def status(self) -> AxisStatus:
        """Where it is and what it is doing."""
        ...

    def move_to(self, azimuth_deg: float, elevation_deg: float) -> AxisStatus:
        """Start toward axis angles."""
        ...

    def stop(self) -> AxisStatus:
        """Stop both axes."""
        ...

    def stow(self) -> AxisStatus:
        """Start toward the stow elevation."""
        ...

    def home(self) -> AxisStatus:
        """Look for the home switches."""
        ...


class MountArray:
    """Fits `array.TrackerArray`; the heads are asked at every look. `local_time` is the site's time of day.

    A head that does not answer is silent, one that declines has not taken the order.
    """

    def __init__(
        self, name: str, heads: Mapping[str, Head], local_time: Callable[[], datetime | None] = lambda: None
    ) -> None:
        self._name, self._heads, self._local_time = name, dict(heads), local_time
        self._orders: dict[str, Order] = dict.fromkeys(heads, Order.RESUME)

    def report(self) -> ArrayReport:
        """How it is now."""
        trackers = tuple(self._look(name, head) for name, head in self._heads.items())
        return ArrayReport(name=self._name, trackers=trackers, local_time=self._local_time())

    def obey(self, order: Order, trackers: tuple[int, ...], target: Target | None) -> tuple[int, ...]:
        """Pass an order on; see `TrackerArray`."""
        names = tuple(self._heads)
        return tuple(tracker for tracker in trackers if self._told(names[tracker], order, target))

    def _told(self, name: str, order: Order, target: Target | None) -> bool:
        try:
            self._tell(self._heads[name], order, target)
        except BridgeError:
            return False
        self._orders[name] = order
        return True

    def _tell(self, head: Head, order: Order, target: Target | None) -> None:
        if order is Order.POINT and target is not None:
            head.move_to(target.azimuth_deg, target.elevation_deg)
        elif order is Order.STOW:
            head.stow()
        elif order is Order.STOP:
            head.stop()
        elif order is Order.CALIBRATE:
            head.home()

    def _look(self, name: str, head: Head) -> TrackerReport:
        try:
            status = head.status()
        except BridgeError:
            return TrackerReport(name=name, state=TrackerState.SILENT)
        return report_of(name, status, self._orders[name])


def report_of(name: str, status: AxisStatus, order: Order) -> TrackerReport:
    """What a status says about a tracker that was last given an order."""
    return TrackerReport(
        name=name,
        state=_state(status, order),
        azimuth_deg=status.azimuth_deg if status.position_trusted else math.nan,
        elevation_deg=status.elevation_deg if status.position_trusted else math.nan,
        flags=_flags(status),
        stow_reasons=StowReason.SCADA if order is Order.STOW else StowReason(0),
        fault_code=status.fault_code,
        azimuth_obstructed=status.fault_code in AZIMUTH_FAULTS,
        elevation_obstructed=status.fault_code in ELEVATION_FAULTS,
        silent_s=0.0,
    )


def _state(status: AxisStatus, order: Order) -> TrackerState:
    """The highest of the safety order first."""
    ranked = (
        (status.emergency_stop, TrackerState.EMERGENCY_STOP),
        (not status.drive_enabled, TrackerState.LOCKED),  # who switches off also holds
        (status.held, TrackerState.STOPPED),
        (status.fault_code != Fault.NONE, TrackerState.FAULT),
        (status.homing, TrackerState.CALIBRATING),
        (not status.position_trusted, TrackerState.UNTRUSTED),
        (order is Order.STOW and status.moving, TrackerState.STOWING),
        (order is Order.STOW, TrackerState.STOWED),
        (order is Order.POINT, TrackerState.MANUAL),
    )
    return next((state for holds, state in ranked if holds), TrackerState.AUTOMATIC)


def _flags(status: AxisStatus) -> Flag:
    said = (
        (status.position_trusted, Flag.POSITION_TRUSTED),
        (status.moving, Flag.MOVING),
        (status.drive_enabled, Flag.DRIVE_ENABLED),
        (status.held, Flag.HELD),
        (status.flat, Flag.FLAT),
        (status.lease_expired, Flag.LEASE_EXPIRED),
    )
    flags = Flag(0)
    for holds, flag in said:
        flags |= flag if holds else Flag(0)
    return flags
