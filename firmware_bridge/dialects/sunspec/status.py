"""A status from the points of one tracker."""

import math

from firmware_bridge.dialects.sunspec.controller import Values
from firmware_bridge.dialects.sunspec.models import Alarm, Control, Flag, TrackerState
from firmware_bridge.reports import AxisStatus
from firmware_bridge.wire.schema import Fault


def plain_status(
    tracker: Values, azimuth_deg: float, elevation_deg: float, *, moving: bool, held: bool
) -> AxisStatus:
    """What model 601 alone says; it has no word on trust, so a position that is there is taken as good."""
    return AxisStatus(
        azimuth_deg=azimuth_deg,
        elevation_deg=elevation_deg,
        position_trusted=math.isfinite(azimuth_deg) and math.isfinite(elevation_deg),
        moving=moving,
        emergency_stop=False,
        drive_enabled=True,
        lease_expired=False,
        stowing=False,
        homing=tracker.get("Ctl", tracker.get("GlblCtl")) == Control.CALIBRATE,
        held=held,
        flat=False,
        fault_code=_fault(tracker),
        device_time_s=math.nan,
    )


def full_status(tracker: Values, ours: Values, azimuth_deg: float, elevation_deg: float) -> AxisStatus:
    """What our block says besides; flags that are not implemented are not set."""
    flags, state = Flag(_whole(ours["Flg"])), ours["St"]
    known = math.isfinite(azimuth_deg) and math.isfinite(elevation_deg)
    return AxisStatus(
        azimuth_deg=azimuth_deg,
        elevation_deg=elevation_deg,
        position_trusted=known and Flag.POSITION_TRUSTED in flags,
        moving=Flag.MOVING in flags,
        emergency_stop=state == TrackerState.EMERGENCY_STOP,
        drive_enabled=Flag.DRIVE_ENABLED in flags,
        lease_expired=Flag.LEASE_EXPIRED in flags,
        stowing=state in (TrackerState.STOWING, TrackerState.STOWED),
        homing=state == TrackerState.CALIBRATING,
        held=Flag.HELD in flags or state == TrackerState.STOPPED,
        flat=Flag.FLAT in flags,
        fault_code=_whole(ours["Flt"]) or _fault(tracker),
        device_time_s=math.nan,
    )


def number(value: object) -> float:
    """A point's value as a number, NaN where it has none."""
    return float(value) if isinstance(value, int | float) else math.nan


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _fault(tracker: Values) -> int:
    alarms = _whole(tracker.get("Alm", tracker.get("GlblAlm")))
    if alarms & Alarm.OBSTRUCTED_AZIMUTH:
        return Fault.AZIMUTH_STALL
    return Fault.ELEVATION_STALL if alarms & Alarm.OBSTRUCTED_ELEVATION else Fault.NONE
