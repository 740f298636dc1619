"""What a simulated head says of itself."""

from collections.abc import Callable
from typing import Final

from firmware_bridge.simulator.device import Head
from firmware_bridge.simulator.drives import Activity
from firmware_bridge.wire import schema
from firmware_bridge.wire.checksum import crc32c
from firmware_bridge.wire.codec import encode_payload
from firmware_bridge.wire.schema import Capability, Refusal, StatusFlag

FIRMWARE_VERSION: Final = (1, 0)
UPTIME_MASK: Final = 0xFFFFFFFF
ALWAYS: Final = ~Capability.FOLD_OUTPUT
PARAMETER_NAMES: Final = tuple(each.name for each in schema.SPECS[schema.Parameters].fields)
REPORTED: Final[tuple[tuple[int, Callable[[Head], bool]], ...]] = (
    (int(StatusFlag.POSITION_TRUSTED), lambda head: head.trusted),
    (int(StatusFlag.AZIMUTH_MOVING), lambda head: head.azimuth.moving),
    (int(StatusFlag.ELEVATION_MOVING), lambda head: head.elevation.moving),
    (int(StatusFlag.EMERGENCY_STOP), lambda head: head.emergency_stop),
    (int(StatusFlag.DRIVE_ENABLED), lambda head: head.drive_enabled),
    (int(StatusFlag.LEASE_EXPIRED), lambda head: head.lease.expired),
    (int(StatusFlag.STOWING), lambda head: head.activity is Activity.STOWING and head.moving),
    (int(StatusFlag.HOMING), lambda head: head.activity is Activity.HOMING),
    (int(StatusFlag.FLATTENING), lambda head: head.activity is Activity.FLATTENING and head.moving),
    (int(StatusFlag.HELD), lambda head: head.held),
    (int(StatusFlag.AZIMUTH_AT_END_STOP), lambda head: head.azimuth.at_end_stop),
    (int(StatusFlag.ELEVATION_AT_END_STOP), lambda head: head.elevation.at_end_stop),
    (int(StatusFlag.FLAT_SWITCH), lambda head: head.flat_switch),
    (int(StatusFlag.WIND_CONTACT), lambda head: head.wind),
    (int(StatusFlag.FOLD_OUTPUT), lambda head: head.folded),
)


def greeting(head: Head) -> schema.Greeting:
    """Who the head is."""
    return schema.Greeting(
        protocol_version=schema.PROTOCOL_VERSION,
        firmware_major=FIRMWARE_VERSION[0],
        firmware_minor=FIRMWARE_VERSION[1],
        reset_cause=head.reset_cause,
        capabilities=int(ALWAYS | Capability.FOLD_OUTPUT if head.foldable else ALWAYS),
        serial=head.serial,
        boot_nonce=head.boot_nonce,
        parameter_hash=crc32c(encode_payload(parameters(head))),
    )


def parameters(head: Head) -> schema.Parameters:
    """What the head has stored."""
    return schema.Parameters(**{name: getattr(head.parameters, name) for name in PARAMETER_NAMES})


def status(head: Head) -> schema.Status:
    """Where the head is; the host is then told of an expired lease, should there be one."""
    azimuth_target, elevation_target = head.target_counts
    head.lease.told()
    return schema.Status(
        flags=flags(head),
        fault=head.fault,
        azimuth_counts=head.azimuth_counts,
        elevation_counts=head.elevation_counts,
        azimuth_target_counts=azimuth_target,
        elevation_target_counts=elevation_target,
        uptime_ms=head.uptime_ms & UPTIME_MASK,
    )


def refused(head: Head, reason: Refusal) -> schema.Refused:
    """That the head declines."""
    return schema.Refused(reason=reason, fault=head.fault, flags=flags(head))


def here(head: Head) -> schema.Here:
    """Which device it is."""
    return schema.Here(serial=head.serial)


def fault_report(head: Head) -> schema.FaultReport:
    """What is wrong, unasked."""
    return schema.FaultReport(fault=head.fault, flags=flags(head))


def flags(head: Head) -> int:
    """All conditions as `StatusFlag` bits."""
    return sum(bit for bit, holds in REPORTED if holds(head))
