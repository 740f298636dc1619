"""The one source of the native protocol: every message, field, flag and code, as data.

The Python codec is built from it, and so are tables and headers for other languages. A message or field
is never changed or removed, only added with the protocol version that brought it (`since`), fields at
the end; the greeting, which tells the version, never grows. Integers only, little-endian; positions in
motor counts, angles nowhere.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from enum import IntEnum, IntFlag
from typing import Final, TypeVar, dataclass_transform

PROTOCOL_VERSION: Final = 1
BROADCAST: Final = 0
FIRST_ADDRESS: Final = 1
LAST_ADDRESS: Final = 247
FIRST_REPLY_ID: Final = 0x80  # requests lie below: an echo of our own bytes is never taken for a reply


class StatusFlag(IntFlag):
    """Conditions in `Status.flags`."""

    POSITION_TRUSTED = 1 << 0
    AZIMUTH_MOVING = 1 << 1
    ELEVATION_MOVING = 1 << 2
    EMERGENCY_STOP = 1 << 3
    DRIVE_ENABLED = 1 << 4
    LEASE_EXPIRED = 1 << 5  # the host was silent past its lease; told once, in the first status after it
    STOWING = 1 << 6
    HOMING = 1 << 7
    FLATTENING = 1 << 8
    HELD = 1 << 9  # stopped on purpose: a silent host does not start a stow, a new motion command ends it
    AZIMUTH_AT_END_STOP = 1 << 10
    ELEVATION_AT_END_STOP = 1 << 11
    FLAT_SWITCH = 1 << 12
    WIND_CONTACT = 1 << 13  # it asks for a stow; of all motion only STOW, FLATTEN and folding are allowed
    FOLD_OUTPUT = 1 << 14  # the petals are told to be folded; no device senses whether they are


class Capability(IntFlag):
    """What a device can do, in `Greeting.capabilities`."""

    HOST_LEASE = 1 << 0
    HOMING = 1 << 1
    FLAT_SWITCH = 1 << 2
    STORED_PARAMETERS = 1 << 3
    WIND_CONTACT = 1 << 4
    FOLD_OUTPUT = 1 << 5
    FAULT_REPORTS = 1 << 6


class Option(IntFlag):
    """Choices in the stored parameters."""

    WIND_CONTACT = 1 << 0  # a wind contact is fitted: closed in calm, so a cut wire is wind
    FOLD_WHEN_STOWED = 1 << 1  # the petals fold once a stow has arrived
    FAULT_REPORTS = 1 << 2  # speak unasked when a fault latches: only for a head alone on its line


class AxisName(IntEnum):
    """Which axis, in `Nudge.axis`."""

    AZIMUTH = 0
    ELEVATION = 1


class Fault(IntEnum):
    """Latched faults: the device stands still until CLEAR."""

    NONE = 0
    AZIMUTH_STALL = 1
    ELEVATION_STALL = 2
    AZIMUTH_HOME_NOT_FOUND = 3
    ELEVATION_HOME_NOT_FOUND = 4
    AZIMUTH_REVERSED = 5  # it counted away from where its motor was sent, by a quarter of the longest nudge
    ELEVATION_REVERSED = 6
    AZIMUTH_END_STOP = 7  # an end switch where a trusted position has none
    ELEVATION_END_STOP = 8
    STORAGE = 9  # what was stored could not be read back: defaults, untrusted and held


class ResetCause(IntEnum):
    """Why the device last started."""

    POWER_ON = 0
    EXTERNAL = 1
    WATCHDOG = 2
    BROWN_OUT = 3


class Refusal(IntEnum):
    """Why a command was declined. A refused command has changed nothing."""

    POSITION_NOT_TRUSTED = 1
    FAULT_LATCHED = 2
    OUTSIDE_TRAVEL = 3
    DRIVE_DISABLED = 4
    EMERGENCY_STOP = 5
    NOT_GREETED = 6
    STALE_SEQUENCE = 7
    RATE_NOT_ALLOWED = 8
    INVALID_PARAMETERS = 9
    MOVING = 10
    UNKNOWN_MESSAGE = 11
    WIND = 12
    TOO_FAR = 13
    NOT_FITTED = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class WireField:
    """One integer of a payload; kind is u8, u16, u32 or i32."""

    name: str
    kind: str
    unit: str
    since: int
    codes: type[IntEnum] | type[IntFlag] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSpec:
    """How a message stands on the wire and who may say it."""

    wire_id: int
    name: str
    meaning: str
    fields: tuple[WireField, ...]
    answers: tuple[str, ...]  # names of the replies to it; none for a reply
    broadcast: bool  # may go to address 0, and is then not answered
    ordered: bool  # needs a greeting first and is refused when its sequence number is an old one
    renews_lease: bool  # says that somebody is in charge; a question does not
    since: int

    @property
    def is_reply(self) -> bool:
        """Whether the device says it."""
        return self.wire_id >= FIRST_REPLY_ID


@dataclass(frozen=True, slots=True)
class Message:
    """What all messages are."""


SPECS: Final[dict[type[Message], MessageSpec]] = {}
_Message = TypeVar("_Message", bound=Message)


def _integer(kind: str, unit: str, since: int, codes: type[IntEnum] | type[IntFlag] | None) -> int:
    declared: int = field(metadata={"kind": kind, "unit": unit, "since": since, "codes": codes})
    return declared


def _u8(unit: str = "", *, since: int = 1, codes: type[IntEnum] | None = None) -> int:
    return _integer("u8", unit, since, codes)


def _u16(unit: str = "", *, since: int = 1, codes: type[IntFlag] | None = None) -> int:
    return _integer("u16", unit, since, codes)


def _u32(unit: str = "", *, since: int = 1, codes: type[IntFlag] | None = None) -> int:
    return _integer("u32", unit, since, codes)


def _i32(unit: str = "", *, since: int = 1) -> int:
    return _integer("i32", unit, since, None)


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(_u8, _u16, _u32, _i32))
def _message(
    wire_id: int,
    *,
    answers: tuple[str, ...] = (),
    broadcast: bool = False,
    ordered: bool = False,
    renews_lease: bool = True,
    since: int = 1,
) -> Callable[[type[_Message]], type[_Message]]:
    def register(plain: type[_Message]) -> type[_Message]:
        message = dataclass(frozen=True, slots=True, kw_only=True)(plain)
        SPECS[message] = MessageSpec(
            wire_id=wire_id,
            name=message.__name__,
            meaning=(message.__doc__ or "").strip(),
            fields=tuple(WireField(name=each.name, **each.metadata) for each in fields(message)),
            answers=answers,
            broadcast=broadcast,
            ordered=ordered,
            renews_lease=renews_lease,
            since=since,
        )
        return message

    return register


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(_i32, _u32, _u16))
def _fields(plain: type[_Message]) -> type[_Message]:
    return dataclass(frozen=True, slots=True, kw_only=True)(plain)


_STATUS: Final = ("Status", "Refused")


@_message(0x01, answers=("Greeting",), renews_lease=False)
class Hello(Message):
    """Open a conversation: the device takes this frame's sequence number as the one to go on from.

    `greeting` counts up within a host's run: one that is held up on the way and arrives late changes nothing.
    """

    host_nonce: int = _u32()
    greeting: int = _u32()


@_message(0x02, answers=_STATUS, renews_lease=False)
class GetStatus(Message):
    """Ask where the axes are; whoever only looks is not in charge, and keeps no lease alive."""


@_message(0x03, answers=("Parameters", "Refused"), renews_lease=False)
class GetParameters(Message):
    """Ask for the stored parameters."""


@_message(0x04, answers=_STATUS, broadcast=True)
class KeepAlive(Message):
    """Renew the lease; the host is there."""


@_message(0x05, answers=("Here",), broadcast=True, renews_lease=False)
class FindSerial(Message):
    """Ask all devices with a serial number in this range who they are, greeted or not.

    Only sent to all, and answered all the same: several answers at once garble each other, and the host then
    halves the range until one is left.
    """

    serial_low: int = _u32()
    serial_high: int = _u32()


@_message(0x06, answers=("Here",), broadcast=True, renews_lease=False)
class SetAddress(Message):
    """Give the one device with this serial number an address; standing still only, else no answer.

    Only sent to all; stored, and answered from the new address.
    """

    serial: int = _u32()
    address: int = _u8()


@_message(0x10, answers=_STATUS, ordered=True)
class Move(Message):
    """Go to an absolute position inside the travel, each axis at its own rate, ramps as stored."""

    azimuth_counts: int = _i32("counts")
    elevation_counts: int = _i32("counts")
    azimuth_rate_counts_s: int = _u32("counts/s")
    elevation_rate_counts_s: int = _u32("counts/s")


@_message(0x11, answers=_STATUS, broadcast=True)
class Stop(Message):
    """Stop both axes now, at the stored ramp, and hold: a silent host or wind starts no stow any more."""


@_message(0x12, answers=_STATUS, broadcast=True)
class Stow(Message):
    """Azimuth holds, elevation goes to the stored stow position; a broadcast stops whoever cannot."""


@_message(0x13, answers=_STATUS, ordered=True)
class Home(Message):
    """Find both home switches; this makes the position trusted.

    Each axis looks for its own at its greatest rate, but at most half of `nudge_max_counts` a second: it has
    to turn round between its home switch and its end switch.
    """


@_message(0x14, answers=_STATUS, ordered=True)
class Flatten(Message):
    """Azimuth holds, elevation goes up to the flat switch; needs no trusted position, allowed in wind."""


@_message(0x15, answers=_STATUS, ordered=True)
class Clear(Message):
    """Release the fault latch."""


@_message(0x16, answers=_STATUS, ordered=True)
class Enable(Message):
    """Switch the drive on."""


@_message(0x17, answers=_STATUS)
class Disable(Message):
    """Stop, hold, and switch the drive off; nothing moves until ENABLE and a motion command."""


@_message(0x18, answers=_STATUS, ordered=True)
class Fold(Message):
    """Tell the petals to fold (1) or to unfold (0); stored, and neither starts nor ends a hold."""

    folded: int = _u8()


@_message(0x19, answers=_STATUS, ordered=True)
class Nudge(Message):
    """Turn one axis a little, trusted or not, to a position at most `nudge_max_counts` from where it is now.

    For a person who looks which head and which way it turns; at the axis's greatest rate, the other axis
    stops. The end switches still stop it, and a trusted head leaves its travel for no nudge.
    """

    axis: int = _u8(codes=AxisName)
    target_counts: int = _i32("counts")


@_fields
class ParameterBlock(Message):
    """What a device stores: travel, rates, accelerations, stow and home positions, lease and choices."""

    azimuth_min_counts: int = _i32("counts")
    azimuth_max_counts: int = _i32("counts")
    elevation_min_counts: int = _i32("counts")
    elevation_max_counts: int = _i32("counts")
    azimuth_rate_max_counts_s: int = _u32("counts/s")
    elevation_rate_max_counts_s: int = _u32("counts/s")
    azimuth_acceleration_counts_s2: int = _u32("counts/s2")
    elevation_acceleration_counts_s2: int = _u32("counts/s2")
    stow_elevation_counts: int = _i32("counts")
    azimuth_home_counts: int = _i32("counts")
    elevation_home_counts: int = _i32("counts")
    nudge_max_counts: int = _u32("counts")
    lease_ms: int = _u32("ms")
    options: int = _u16(codes=Option)


@_message(0x20, answers=_STATUS, ordered=True)
class SetParameters(ParameterBlock):
    """Store parameters; standing still only. Other home positions make the position untrusted.

    A device refuses options that it does not know or is not fitted for, and rates that its motors cannot.
    """


@_message(0x81, renews_lease=False)
class Greeting(Message):
    """Who the device is; a new boot nonce says that it has restarted."""

    protocol_version: int = _u8()
    firmware_major: int = _u8()
    firmware_minor: int = _u8()
    reset_cause: int = _u8(codes=ResetCause)
    capabilities: int = _u32(codes=Capability)
    serial: int = _u32()  # the device's own, whatever its address
    boot_nonce: int = _u32()
    parameter_hash: int = _u32()  # CRC-32C of the parameters as they stand on the wire


@_message(0x82, renews_lease=False)
class Status(Message):
    """Where the axes are and what they are doing."""

    flags: int = _u32(codes=StatusFlag)
    fault: int = _u8(codes=Fault)
    azimuth_counts: int = _i32("counts")
    elevation_counts: int = _i32("counts")
    azimuth_target_counts: int = _i32("counts")
    elevation_target_counts: int = _i32("counts")
    uptime_ms: int = _u32("ms")  # since the device started; wraps after 49.7 days


@_message(0x83, renews_lease=False)
class Refused(Message):
    """A command was declined."""

    reason: int = _u8(codes=Refusal)
    fault: int = _u8(codes=Fault)
    flags: int = _u32(codes=StatusFlag)


@_message(0x84, renews_lease=False)
class Here(Message):
    """Which device this is; the frame comes from its address."""

    serial: int = _u32()


@_message(0x85, renews_lease=False)
class FaultReport(Message):
    """Said unasked, where the option is set, when a fault latches or the emergency stop is pressed.

    Repeated every second with the same sequence number until the host has addressed the device. Reports
    count their own sequence numbers.
    """

    fault: int = _u8(codes=Fault)
    flags: int = _u32(codes=StatusFlag)


@_message(0xA0, renews_lease=False)
class Parameters(ParameterBlock):
    """What is stored."""


# Only said to all, and answered all the same.
CALLS: Final[tuple[type[Message], ...]] = (FindSerial, SetAddress)
