"""Where every point of the models stands among the registers."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from firmware_bridge.dialects.sunspec.points import Model, Point

BASES: Final = (40000, 0, 50000)  # where a map may begin (SunSpec Device Information Model, section 6.2)
MARKER: Final = (0x5375, 0x6E53)  # "SunS"
END_MODEL: Final = 0xFFFF
HEADER: Final = 2  # ID and L
ALL: Final = -1  # the place of a tracker's number in points that are there once
_ID: Final = Point(name="ID", kind="uint16", text="Model identifier")
_LENGTH: Final = Point(name="L", kind="uint16", text="Model length")
HEADER_NAMES: Final = (_ID.name, _LENGTH.name)
LAST_REGISTER: Final = 0xFFFF


@dataclass(frozen=True, slots=True)
class Place:
    """One point at its address; `tracker` counts from 0, ALL for points that are there once."""

    address: int
    model: Model
    point: Point
    tracker: int = ALL

    @property
    def end(self) -> int:
        """The address after it."""
        return self.address + self.point.registers


class Layout:
    """All points of some models, in order. `trackers` is how often the repeated points stand there.

    Raises ValueError when they do not fit below register 65536.
    """

    def __init__(self, models: Sequence[Model], trackers: int, base: int = BASES[0]) -> None:
        self.base, self.trackers = base, trackers
        places, address = [], base + len(MARKER)
        for model in models:
            for place in model_places(model, address, trackers):
                places.append(place)
                address = place.end
        self.places: Final = tuple(places)
        self.end_model: Final = address
        if address + HEADER > LAST_REGISTER + 1:
            raise ValueError(
                f"{trackers} trackers need {address - base} registers; split them over more units"
            )
        self._starts = [place.address for place in places]
        self._by_name = {(p.model.number, p.point.name, p.tracker): p for p in places}

    @property
    def length(self) -> int:
        """Registers from the marker to the end model, both included."""
        return self.end_model + HEADER - self.base

    def place(self, model: Model, name: str, tracker: int = ALL) -> Place:
        """Where a point stands. Raises KeyError for one that is not there."""
        return self._by_name[model.number, name, tracker]

    def overlapping(self, address: int, count: int) -> tuple[Place, ...]:
        """The points that have a register within a range."""
        first = max(bisect_right(self._starts, address) - 1, 0)
        last = bisect_right(self._starts, address + count - 1)
        return tuple(place for place in self.places[first:last] if place.end > address)


def model_places(model: Model, address: int, trackers: int) -> Iterator[Place]:
    """The points of one model, which begins with its ID at an address."""
    rounds = [(ALL, (_ID, _LENGTH, *model.points))]
    rounds += [(tracker, model.tracker_points) for tracker in range(trackers)]
    for tracker, points in rounds:
        for point in points:
            yield Place(address, model, point, tracker)
            address += point.registers


def model_length(model: Model, trackers: int) -> int:
    """What stands in L: the registers after it."""
    return model.fixed_length + trackers * model.tracker_length
