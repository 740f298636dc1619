"""What a head reports and is told, in axis angles; the border between counts and degrees."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from firmware_bridge.gearing import Gearing, SlewDrive
from firmware_bridge.wire.schema import Capability, Greeting, Option, SetParameters, Status, StatusFlag

NO_OPTIONS: Final = Option(0)
_TRUSTED: Final = int(StatusFlag.POSITION_TRUSTED)
_MOVING: Final = int(StatusFlag.AZIMUTH_MOVING | StatusFlag.ELEVATION_MOVING)
_EMERGENCY_STOP: Final = int(StatusFlag.EMERGENCY_STOP)
_DRIVE_ENABLED: Final = int(StatusFlag.DRIVE_ENABLED)
_LEASE_EXPIRED: Final = int(StatusFlag.LEASE_EXPIRED)
_STOWING: Final = int(StatusFlag.STOWING)
_HOMING: Final = int(StatusFlag.HOMING)
_HELD: Final = int(StatusFlag.HELD)
_FLAT: Final = int(StatusFlag.FLAT_SWITCH)
_WIND: Final = int(StatusFlag.WIND_CONTACT)
_FOLD: Final = int(StatusFlag.FOLD_OUTPUT)

CAPABILITIES: Final[Mapping[Capability, tuple[str, str]]] = {
    Capability.HOST_LEASE: (
        "stows by itself when its host falls silent",
        "does NOT notice that its host falls silent: whoever leaves it moving leaves it alone",
    ),
    Capability.HOMING: ("finds its home switches", "has NO home switches: its position must be set by hand"),
    Capability.FLAT_SWITCH: (
        "knows when it is flat",
        "has NO flat switch: without a position it cannot be brought out of the wind",
    ),
    Capability.STORED_PARAMETERS: ("stores its limits and its position", "forgets its limits without power"),
    Capability.WIND_CONTACT: ("can take a wind contact", "takes NO wind contact"),
    Capability.FOLD_OUTPUT: ("folds its petals", "does not fold"),
    Capability.FAULT_REPORTS: ("can report faults unasked", "reports faults only when asked"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisStatus:
    """What one head says of itself. Angles are only as true as `position_trusted`; azimuth is unwrapped.

    `lease_expired` is told once, in the first status after the host was silent too long; `held` means
    stopped on purpose; `flat` that the flat switch is closed; `wind_contact` that it feels wind and stows by
    itself; `folded` what the petals are told, not what they do; `device_time_s` counts from its start.
    """

    azimuth_deg: float
    elevation_deg: float
    position_trusted: bool
    moving: bool
    emergency_stop: bool
    drive_enabled: bool
    lease_expired: bool
    stowing: bool
    homing: bool
    held: bool
    flat: bool
    fault_code: int
    device_time_s: float
    wind_contact: bool = False
    folded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who a device is. Another `boot_nonce` than before means that it has restarted meanwhile."""

    address: int
    protocol_version: int
    firmware_version: str
    capabilities: int
    serial: int
    boot_nonce: int
    reset_cause: int
    parameter_hash: int

    @property
    def sentences(self) -> tuple[str, ...]:
        """What it can do and what it cannot, for people, one sentence each."""
        return tuple(
            can if self.capabilities & each else cannot for each, (can, cannot) in CAPABILITIES.items()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisLimits:
    """What a device must know by itself: travel, rates, stow and home positions, its host's lease, choices.

    Raises ValueError when stow or home lie outside the travel, or a rate, an acceleration, the longest nudge
    or the lease is not positive.
    """

    azimuth_range_deg: tuple[float, float]
    elevation_range_deg: tuple[float, float]
    azimuth_rate_deg_s: float
    elevation_rate_deg_s: float
    stow_elevation_deg: float = 90.0
    azimuth_home_deg: float = 0.0
    elevation_home_deg: float = 0.0
    lease_s: float = 5.0
    azimuth_acceleration_deg_s2: float = 0.5  # chosen: full speed after a second
    elevation_acceleration_deg_s2: float = 0.5
    nudge_max_deg: float = 2.0  # chosen: seen from the ground, harmless anywhere
    options: Option = NO_OPTIONS

    def __post_init__(self) -> None:
        check_inside("azimuth_home_deg", self.azimuth_home_deg, self.azimuth_range_deg)
        check_inside("elevation_home_deg", self.elevation_home_deg, self.elevation_range_deg)
        check_inside("stow_elevation_deg", self.stow_elevation_deg, self.elevation_range_deg)
        _check_positive("azimuth_rate_deg_s", self.azimuth_rate_deg_s)
        _check_positive("elevation_rate_deg_s", self.elevation_rate_deg_s)
        _check_positive("azimuth_acceleration_deg_s2", self.azimuth_acceleration_deg_s2)
        _check_positive("elevation_acceleration_deg_s2", self.elevation_acceleration_deg_s2)
        _check_positive("nudge_max_deg", self.nudge_max_deg)
        _check_positive("lease_s", self.lease_s)


def status_of(reply: Status, gearing: Gearing) -> AxisStatus:
    """A status in axis angles."""
    flags = reply.flags
    return AxisStatus(
        azimuth_deg=gearing.azimuth.angle_deg(reply.azimuth_counts),
        elevation_deg=gearing.elevation.angle_deg(reply.elevation_counts),
        position_trusted=flags & _TRUSTED != 0,
        moving=flags & _MOVING != 0,
        emergency_stop=flags & _EMERGENCY_STOP != 0,
        drive_enabled=flags & _DRIVE_ENABLED != 0,
        lease_expired=flags & _LEASE_EXPIRED != 0,
        stowing=flags & _STOWING != 0,
        homing=flags & _HOMING != 0,
        held=flags & _HELD != 0,
        flat=flags & _FLAT != 0,
        fault_code=reply.fault,
        device_time_s=reply.uptime_ms / 1000.0,
        wind_contact=flags & _WIND != 0,
        folded=flags & _FOLD != 0,
    )


def identity_of(address: int, greeting: Greeting) -> Identity:
    """A greeting as a value of ours."""
    return Identity(
        address=address,
        protocol_version=greeting.protocol_version,
        firmware_version=f"{greeting.firmware_major}.{greeting.firmware_minor}",
        capabilities=greeting.capabilities,
        serial=greeting.serial,
        boot_nonce=greeting.boot_nonce,
        reset_cause=greeting.reset_cause,
        parameter_hash=greeting.parameter_hash,
    )


def parameters_of(limits: AxisLimits, gearing: Gearing) -> SetParameters:
    """Limits as the device stores them, in counts; a backward motor's range is turned round."""
    azimuth = _range_counts(gearing.azimuth, limits.azimuth_range_deg)
    elevation = _range_counts(gearing.elevation, limits.elevation_range_deg)
    return SetParameters(
        azimuth_min_counts=azimuth[0],
        azimuth_max_counts=azimuth[1],
        elevation_min_counts=elevation[0],
        elevation_max_counts=elevation[1],
        azimuth_rate_max_counts_s=gearing.azimuth.rate_counts_s(limits.azimuth_rate_deg_s),
        elevation_rate_max_counts_s=gearing.elevation.rate_counts_s(limits.elevation_rate_deg_s),
        stow_elevation_counts=gearing.elevation.counts(limits.stow_elevation_deg),
        azimuth_home_counts=gearing.azimuth.counts(limits.azimuth_home_deg),
        elevation_home_counts=gearing.elevation.counts(limits.elevation_home_deg),
        azimuth_acceleration_counts_s2=gearing.azimuth.rate_counts_s(limits.azimuth_acceleration_deg_s2),
        elevation_acceleration_counts_s2=gearing.elevation.rate_counts_s(
            limits.elevation_acceleration_deg_s2
        ),
        nudge_max_counts=_nudge_counts(limits, gearing),
        lease_ms=round(limits.lease_s * 1000.0),
        options=int(limits.options),
    )


def _nudge_counts(limits: AxisLimits, gearing: Gearing) -> int:
    finest = max(abs(gearing.azimuth.counts_per_deg), abs(gearing.elevation.counts_per_deg))
    return round(finest * limits.nudge_max_deg)


def _range_counts(axis: SlewDrive, range_deg: tuple[float, float]) -> tuple[int, int]:
    ends = sorted(axis.counts(angle_deg) for angle_deg in range_deg)
    return ends[0], ends[1]


def check_inside(name: str, angle_deg: float, range_deg: tuple[float, float]) -> None:
    """Raise ValueError when an angle is not within a range."""
    low_deg, high_deg = range_deg
    if not low_deg <= angle_deg <= high_deg or low_deg == high_deg:
        raise ValueError(f"{name} is {angle_deg} deg; it must lie within {low_deg} to {high_deg} deg")


def _check_positive(name: str, value: float) -> None:
    if not 0.0 < value < math.inf:
        raise ValueError(f"{name} is {value}; it must be positive and finite")
