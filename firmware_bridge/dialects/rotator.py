"""What a server of any dialect stands in front of: one head, or an array that shows itself as one."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, IntFlag, auto
from typing import Final, Protocol


class Verdict(Enum):
    """What came of a command; all but DONE have changed nothing."""

    DONE = auto()
    OUTSIDE = auto()  # past the travel
    REFUSED = auto()  # a fault, an emergency stop, a lock, a position that is not trusted, only for looking
    NOT_FITTED = auto()


class Trouble(IntFlag):
    """Why a rotator does not move, with the numbers of EasyComm III's error register."""

    NONE = 0
    SENSOR = 1  # or its position is not trusted
    JAM = 2
    HOMING = 4


class Direction(Enum):
    """Which way to turn until stopped; azimuth and elevation sign."""

    UP = (0, 1)
    DOWN = (0, -1)
    LEFT = (-1, 0)
    RIGHT = (1, 0)


LETTERS: Final[Mapping[str, Direction]] = {each.name[0]: each for each in Direction}
"""U, D, L and R, as EasyComm and GS-232 say them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Travel:
    """Where a rotator can go and how fast; azimuth is unwrapped."""

    azimuth_range_deg: tuple[float, float]
    elevation_range_deg: tuple[float, float]
    azimuth_rate_deg_s: float
    elevation_rate_deg_s: float

    def rate_deg_s(self, direction: Direction) -> float:
        """The fastest that it may turn that way."""
        return self.azimuth_rate_deg_s if direction.value[0] else self.elevation_rate_deg_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Where a rotator is, and whether something keeps it from moving."""

    azimuth_deg: float
    elevation_deg: float
    moving: bool
    stuck: bool = False
    trouble: Trouble = Trouble.NONE


class Rotator(Protocol):
    """One head as foreign hosts know it. Nothing is raised: what cannot be done comes back as a verdict."""

    @property
    def travel(self) -> Travel:
        """Its limits."""
        ...

    def look(self) -> Seen | None:
        """Where it is; None while that is not known."""
        ...

    def move_to(self, azimuth_deg: float | None, elevation_deg: float | None) -> Verdict:
        """Start toward axis angles; an axis without one keeps what it is doing."""
        ...

    def turn(self, direction: Direction, rate_deg_s: float) -> Verdict:
        """Turn one axis until stopped or at the end of its travel, no faster than it may."""
        ...

    def stop(self) -> Verdict:
        """Stand still, both axes."""
        ...

    def park(self) -> Verdict:
        """Go where wind does no harm."""
        ...

    def home(self) -> Verdict:
        """Look for the home switches."""
        ...


class OnlyForLooking:
    """A rotator that shows where another is, and moves for nobody; it does not even stop for a stranger."""

    def __init__(self, shown: Rotator) -> None:
        self._shown = shown

    @property
    def travel(self) -> Travel:
        """The other's limits."""
        return self._shown.travel

    def look(self) -> Seen | None:
        """Where the other is."""
        return self._shown.look()

    def move_to(self, azimuth_deg: float | None, elevation_deg: float | None) -> Verdict:
        """Refused."""
        return Verdict.REFUSED

    def turn(self, direction: Direction, rate_deg_s: float) -> Verdict:
        """Refused."""
        return Verdict.REFUSED

    def stop(self) -> Verdict:
        """Refused."""
        return Verdict.REFUSED

    def park(self) -> Verdict:
        """Refused."""
        return Verdict.REFUSED

    def home(self) -> Verdict:
        """Refused."""
        return Verdict.REFUSED
