"""What the server needs of an array, by shape: how it is, and somebody who obeys.

The array keeps the safety order: it may decline anything. The register map declines first what cannot be
right, so that a master hears of it at once.
"""

import math
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Final, Protocol

from firmware_bridge.dialects.sunspec.models import Flag, StowReason, TrackerState

NO_FLAGS: Final = Flag(0)
NO_REASON: Final = StowReason(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A direction of the panel's normal: azimuth from true north through east, elevation from the horizon."""

    azimuth_deg: float
    elevation_deg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerReport:
    """How one tracker is. Angles are NaN while unknown; `silent_s` is the time since it answered."""

    name: str
    state: TrackerState
    azimuth_deg: float = math.nan
    elevation_deg: float = math.nan
    azimuth_target_deg: float = math.nan
    elevation_target_deg: float = math.nan
    flags: Flag = NO_FLAGS
    stow_reasons: StowReason = NO_REASON
    fault_code: int = 0
    azimuth_obstructed: bool = False
    elevation_obstructed: bool = False
    silent_s: float = math.nan


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayReport:
    """How the array is. The number of trackers never changes; a gust that is missing is NaN, and wind."""

    name: str
    trackers: tuple[TrackerReport, ...]
    local_time: datetime | None = None
    gust_m_s: float = math.nan
    gust_age_s: float = math.nan
    elevation_range_deg: tuple[float, float] = (0.0, 90.0)


class Order(Enum):
    """What SCADA can ask of trackers."""

    POINT = auto()
    RESUME = auto()  # back to automatic operation
    CALIBRATE = auto()  # home, then back to automatic operation
    STOW = auto()
    UNSTOW = auto()  # SCADA's own request only
    STOP = auto()


class TrackerArray(Protocol):
    """A running site, or a simulated one. Called from the server's thread; never raises, never waits long."""

    def report(self) -> ArrayReport:
        """How it is now."""
        ...

    def obey(self, order: Order, trackers: tuple[int, ...], target: Target | None) -> tuple[int, ...]:
        """Pass an order on to some trackers (numbers from 0), a target with POINT alone.

        The numbers of those that took it; the others stay as they are.
        """
        ...
