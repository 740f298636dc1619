"""The models we speak: 1 (common), 601 (tracker controller, DRAFT 2) and our own block, 64601.

Models 1 and 601 are SunSpec's; a test holds them against the definitions that ship with pysunspec2. Ours
says what 601 cannot: STOP and stow, wind, the lease, and whether a position can be trusted.
`docs/sunspec/` is written from here (`python -m firmware_bridge.dialects.sunspec json|tables`).
"""

from enum import IntEnum, IntFlag
from typing import Final

from firmware_bridge.dialects.sunspec.points import Model, Point

VENDOR_VERSION: Final = 1


class Control(IntEnum):
    """Ctl and GlblCtl of model 601."""

    AUTOMATIC = 0
    MANUAL = 1
    CALIBRATE = 2


class Alarm(IntFlag):
    """Alm and GlblAlm of model 601."""

    SET_POINT = 1
    OBSTRUCTED_ELEVATION = 2
    OBSTRUCTED_AZIMUTH = 4


class TrackerState(IntEnum):
    """What a tracker is doing, and so what may be asked of it."""

    UNKNOWN = 0
    AUTOMATIC = 1
    MANUAL = 2
    CALIBRATING = 3
    STOWING = 4
    STOWED = 5
    STOPPED = 6
    LOCKED = 7
    FAULT = 8
    EMERGENCY_STOP = 9
    SILENT = 10
    UNTRUSTED = 11


class StowReason(IntFlag):
    """Who holds a stow; it ends when nobody does."""

    SCADA = 1
    PERSON = 2
    WIND = 4
    LINK = 8
    OTHER = 16


class Flag(IntFlag):
    """What a drive says of itself."""

    POSITION_TRUSTED = 1
    MOVING = 2
    DRIVE_ENABLED = 4
    HELD = 8
    FLAT = 16
    LEASE_EXPIRED = 32


class LeaseState(IntEnum):
    """Who is in charge."""

    FREE = 0
    HELD = 1
    ENDED = 2


class Switch(IntEnum):
    """A request: 0 takes it back, 1 makes it."""

    OFF = 0
    ON = 1


def _symbols(codes: type[IntEnum]) -> tuple[tuple[str, int], ...]:
    return tuple((code.name, int(code)) for code in codes)


def _bits(flags: type[IntFlag]) -> tuple[tuple[str, int], ...]:
    """SunSpec numbers bits, where we keep masks."""
    return tuple((str(flag.name), flag.value.bit_length() - 1) for flag in flags)


def _text(name: str, size: int, text: str) -> Point:
    return Point(name=name, kind="string", size=size, text=text)


def _degrees(name: str, text: str, *, writable: bool = False) -> Point:
    return Point(name=name, kind="int32", scale="Dgr_SF", units="Degrees", writable=writable, text=text)


def _control(name: str, text: str) -> Point:
    return Point(name=name, kind="enum16", writable=True, symbols=_symbols(Control), text=text)


def _switch(name: str, text: str) -> Point:
    return Point(name=name, kind="enum16", writable=True, symbols=_symbols(Switch), text=text)


COMMON: Final = Model(
    number=1,
    name="common",
    text="Who made it",
    points=(
        _text("Mn", 16, "Manufacturer"),
        _text("Md", 16, "Model"),
        _text("Opt", 8, "Options"),
        _text("Vr", 8, "Version"),
        _text("SN", 16, "Serial number"),
        Point(name="DA", kind="uint16", text="Modbus unit id; set at the device, not over the line"),
        Point(name="Pad", kind="pad", text="Even length"),
    ),
)

TRACKERS: Final = Model(
    number=601,
    name="tracker_controller",
    text="Tracker controller",
    points=(
        _text("Nam", 8, "Name of the array"),
        Point(name="Typ", kind="enum16", text="5: two axes"),
        _text("DtLoc", 5, "Local date, YYYYMMDD"),
        _text("TmLoc", 3, "Local time, hhmmss"),
        Point(name="Day", kind="uint16", text="Day of the year"),
        _degrees("GlblElCtl", "Elevation for all", writable=True),
        _degrees("GlblAzCtl", "Azimuth for all", writable=True),
        _control("GlblCtl", "Mode for all; reads as the highest mode of any"),
        Point(name="GlblAlm", kind="bitfield16", symbols=_bits(Alarm), text="Alarms of all together"),
        Point(name="Dgr_SF", kind="sunssf", text="Power of ten of all angles"),
        Point(name="N", kind="uint16", text="How many trackers"),
    ),
    tracker_points=(
        _text("Id", 8, "Name of the tracker"),
        _degrees("ElTrgt", "Elevation that automatic operation aims at"),
        _degrees("AzTrgt", "Azimuth that automatic operation aims at"),
        _degrees("ElPos", "Elevation now"),
        _degrees("AzPos", "Azimuth now"),
        _degrees("ElCtl", "Elevation for manual operation", writable=True),
        _degrees("AzCtl", "Azimuth for manual operation", writable=True),
        _control("Ctl", "Mode"),
        Point(name="Alm", kind="bitfield16", symbols=_bits(Alarm), text="Alarms"),
    ),
)

VENDOR: Final = Model(
    number=64601,
    name="sunflower_array",
    text="What model 601 cannot say: STOP, stow, wind, lease and trusted position",
    points=(
        Point(name="Ver", kind="uint16", text="Version of this block; its points depend on it"),
        Point(
            name="Hb",
            kind="uint16",
            writable=True,
            text="Heartbeat: each write of another number than the last renews the lease",
        ),
        Point(name="LeaSt", kind="enum16", symbols=_symbols(LeaseState), text="Whether SCADA is in charge"),
        Point(name="LeaTms", kind="uint16", scale="Tms_SF", units="s", text="Length of the lease"),
        Point(name="LeaRem", kind="uint16", scale="Tms_SF", units="s", text="What is left of it"),
        _switch("StwCtl", "Stow all, or take back such a request; wind is not taken back by it"),
        Point(name="StwRsn", kind="bitfield16", symbols=_bits(StowReason), text="Who holds any stow"),
        _switch("StpCtl", "1 stops all at once; only a person on site takes a STOP back"),
        Point(name="WndGst", kind="uint16", scale="Wnd_SF", units="m/s", text="Gust; missing when unknown"),
        Point(name="WndAge", kind="uint16", scale="Tms_SF", units="s", text="How old the gust is"),
        Point(name="Tms_SF", kind="sunssf", text="Power of ten of all times"),
        Point(name="Wnd_SF", kind="sunssf", text="Power of ten of the gust"),
        Point(name="N", kind="uint16", text="How many trackers, as in model 601"),
    ),
    tracker_points=(
        Point(name="St", kind="enum16", symbols=_symbols(TrackerState), text="What it is doing"),
        _switch("StwCtl", "Stow this one, or take back such a request"),
        Point(name="StwRsn", kind="bitfield16", symbols=_bits(StowReason), text="Who holds its stow"),
        _switch("StpCtl", "1 stops this one; only a person on site takes a STOP back"),
        Point(name="Flg", kind="bitfield16", symbols=_bits(Flag), text="What its drive says of itself"),
        Point(name="Flt", kind="uint16", text="Latched fault, 0 for none"),
        Point(name="Age", kind="uint16", scale="Tms_SF", units="s", text="Since it last answered"),
    ),
)

MODELS: Final = (COMMON, TRACKERS, VENDOR)
