"""What is asked of foreign heads, and what they answer, whatever their language."""

from dataclasses import dataclass
from enum import IntEnum

from firmware_bridge.wire.schema import Message


class ForeignFault(IntEnum):
    """Above our own firmware's codes: faults as EasyComm III numbers them, then what this host has seen."""

    SENSOR = 257
    JAM = 258
    HOMING = 260
    STANDS = 513
    REFUSES = 514


@dataclass(frozen=True, slots=True)
class GetPose(Message):
    """Asks where it is."""


@dataclass(frozen=True, slots=True)
class GetRange(Message):
    """Asks which angles it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoTo(Message):
    """Go to angles, as the device counts them."""

    azimuth_deg: float
    elevation_deg: float


@dataclass(frozen=True, slots=True)
class Halt(Message):
    """Stop, both axes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose(Message):
    """Where it is, as it counts; what it says of motion and faults, as far as it can."""

    azimuth_deg: float
    elevation_deg: float
    moving: bool = False
    fault_code: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Range(Message):
    """The angles that it takes."""

    azimuth_deg: tuple[float, float]
    elevation_deg: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Obeyed(Message):
    """Done, or at least not declined."""


@dataclass(frozen=True, slots=True)
class Declined(Message):
    """Understood and not done, or not understood."""

    explanation: str
