"""What each point of the served models says: one line a point."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Final

from firmware_bridge.dialects.sunspec.array import ArrayReport, TrackerReport
from firmware_bridge.dialects.sunspec.controls import Ask
from firmware_bridge.dialects.sunspec.layout import ALL, END_MODEL, MARKER, Layout, Place, model_length
from firmware_bridge.dialects.sunspec.lease import ControlLease
from firmware_bridge.dialects.sunspec.models import (
    VENDOR_VERSION,
    Alarm,
    Control,
    StowReason,
    Switch,
    TrackerState,
)
from firmware_bridge.dialects.sunspec.points import Value, registers_from

SCALES: Final[Mapping[str, int]] = {"Dgr_SF": -3, "Tms_SF": -1, "Wnd_SF": -1}
TWO_AXES: Final = 5  # Typ of model 601: "Dual"
OFF_TARGET_DEG: Final = 0.5  # chosen: 0.004 % of the beam, and above any backlash
LONGEST_S: Final = 6553.4  # what 16 bits of tenths can say


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """What the common model says of the device."""

    manufacturer: str = "Sunflower"
    model: str = "sunflower array"
    options: str = ""
    version: str = ""
    serial_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """All that the points are made from."""

    report: ArrayReport
    asks: tuple[Ask, ...]
    common: Ask
    lease: ControlLease
    heartbeat: int
    unit: int
    maker: Maker
    now_s: float


def read_registers(layout: Layout, view: View, address: int, count: int) -> list[int]:
    """Registers of a range that lies within the layout."""
    image = {layout.base + i: word for i, word in enumerate(MARKER)}
    image |= {layout.end_model: END_MODEL, layout.end_model + 1: 0}
    for place in layout.overlapping(address, count):
        words = registers_from(place.point, _value(layout, view, place), SCALES.get(place.point.scale, 0))
        image |= {place.address + i: word for i, word in enumerate(words)}
    return [image[register] for register in range(address, address + count)]


def _value(layout: Layout, view: View, place: Place) -> Value:
    name = place.point.name
    if name in SCALES:
        return SCALES[name]
    if name == "ID":
        return place.model.number
    if name == "L":
        return model_length(place.model, layout.trackers if place.model.tracker_points else 0)
    if place.tracker == ALL:
        return ONCE[name](view)
    return EACH[name](view.report.trackers[place.tracker], view.asks[place.tracker])


def _alarm(tracker: TrackerReport, ask: Ask) -> Alarm:
    moved = tracker.state is TrackerState.CALIBRATING or ask.control is not Control.MANUAL
    return (
        (Alarm(0) if moved or _arrived(tracker, ask) else Alarm.SET_POINT)
        | (Alarm.OBSTRUCTED_ELEVATION if tracker.elevation_obstructed else Alarm(0))
        | (Alarm.OBSTRUCTED_AZIMUTH if tracker.azimuth_obstructed else Alarm(0))
    )


def _arrived(tracker: TrackerReport, ask: Ask) -> bool:
    """Within reach of its set point; an unknown position is not."""
    if ask.azimuth_deg is None or ask.elevation_deg is None:
        return True
    azimuth_miss_deg = abs(math.remainder(tracker.azimuth_deg - ask.azimuth_deg, 360.0))
    return max(azimuth_miss_deg, abs(tracker.elevation_deg - ask.elevation_deg)) <= OFF_TARGET_DEG


def _any_reason(view: View) -> StowReason:
    return reduce(or_, (tracker.stow_reasons for tracker in view.report.trackers), StowReason(0))


def _any_alarm(view: View) -> Alarm:
    alarms = (_alarm(t, ask) for t, ask in zip(view.report.trackers, view.asks, strict=True))
    return reduce(or_, alarms, Alarm(0))


def _switch(on: bool) -> Switch:
    return Switch.ON if on else Switch.OFF


def _azimuth(angle_deg: float) -> float:
    return angle_deg % 360.0 if math.isfinite(angle_deg) else math.nan


def _time(view: View, form: str) -> Value:
    return None if view.report.local_time is None else view.report.local_time.strftime(form)


def _day(view: View) -> Value:
    return None if view.report.local_time is None else view.report.local_time.timetuple().tm_yday


ONCE: Final[Mapping[str, Callable[[View], Value]]] = {
    "Mn": lambda view: view.maker.manufacturer,
    "Md": lambda view: view.maker.model,
    "Opt": lambda view: view.maker.options,
    "Vr": lambda view: view.maker.version,
    "SN": lambda view: view.maker.serial_number,
    "DA": lambda view: view.unit,
    "Pad": lambda _view: None,
    "Nam": lambda view: view.report.name,
    "Typ": lambda _view: TWO_AXES,
    "DtLoc": lambda view: _time(view, "%Y%m%d"),
    "TmLoc": lambda view: _time(view, "%H%M%S"),
    "Day": _day,
    "GlblElCtl": lambda view: view.common.elevation_deg,
    "GlblAzCtl": lambda view: view.common.azimuth_deg,
    "GlblCtl": lambda view: max((ask.control for ask in view.asks), default=Control.AUTOMATIC),
    "GlblAlm": _any_alarm,
    "N": lambda view: len(view.report.trackers),
    "Ver": lambda _view: VENDOR_VERSION,
    "Hb": lambda view: view.heartbeat,
    "LeaSt": lambda view: view.lease.state,
    "LeaTms": lambda view: view.lease.length_s,
    "LeaRem": lambda view: view.lease.left_s(view.now_s),
    "StwCtl": lambda view: _switch(StowReason.SCADA in _any_reason(view)),
    "StwRsn": _any_reason,
    "StpCtl": lambda view: _switch(any(t.state is TrackerState.STOPPED for t in view.report.trackers)),
    "WndGst": lambda view: view.report.gust_m_s,
    "WndAge": lambda view: min(view.report.gust_age_s, LONGEST_S),
}
"""Points that are there once."""

EACH: Final[Mapping[str, Callable[[TrackerReport, Ask], Value]]] = {
    "Id": lambda tracker, _ask: tracker.name,
    "ElTrgt": lambda tracker, _ask: tracker.elevation_target_deg,
    "AzTrgt": lambda tracker, _ask: _azimuth(tracker.azimuth_target_deg),
    "ElPos": lambda tracker, _ask: tracker.elevation_deg,
    "AzPos": lambda tracker, _ask: _azimuth(tracker.azimuth_deg),
    "ElCtl": lambda _tracker, ask: ask.elevation_deg,
    "AzCtl": lambda _tracker, ask: ask.azimuth_deg,
    "Ctl": lambda _tracker, ask: ask.control,
    "Alm": _alarm,
    "St": lambda tracker, _ask: tracker.state,
    "StwCtl": lambda tracker, _ask: _switch(StowReason.SCADA in tracker.stow_reasons),
    "StwRsn": lambda tracker, _ask: tracker.stow_reasons,
    "StpCtl": lambda tracker, _ask: _switch(tracker.state is TrackerState.STOPPED),
    "Flg": lambda tracker, _ask: tracker.flags,
    "Flt": lambda tracker, _ask: tracker.fault_code,
    "Age": lambda tracker, _ask: min(tracker.silent_s, LONGEST_S),
}
"""Points of each tracker."""
