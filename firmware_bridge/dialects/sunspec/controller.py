"""One tracker controller on a line, seen as points: read by name, written whole."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from firmware_bridge.dialects.sunspec.layout import ALL, HEADER_NAMES, Place, model_places
from firmware_bridge.dialects.sunspec.models import TRACKERS, VENDOR, VENDOR_VERSION
from firmware_bridge.dialects.sunspec.points import (
    Model,
    Value,
    registers_from,
    value_from,
)
from firmware_bridge.dialects.sunspec.walk import Block, find_blocks
from firmware_bridge.errors import LinkLost, RemoteProtocolError
from firmware_bridge.modbus.port import RegisterLine
from firmware_bridge.modbus.refusal import Code, ModbusRefusal

Values = Mapping[str, Value]
ANGLE_SCALE: Final = "Dgr_SF"
FINEST: Final = -6  # below, 32 bits do not hold a full turn
COARSEST: Final = 0  # above, whole degrees cannot be said
BEATS: Final = 0xFFFF  # heartbeats count below this, which stands for "not implemented"


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """What was found: the places of model 601, and of our block where there is one, by model and tracker."""

    trackers: int
    places: Mapping[tuple[int, int], Sequence[Place]]
    angle_scale: int

    @property
    def ours(self) -> bool:
        """Whether our own block is there."""
        return (VENDOR.number, ALL) in self.places


class Controller:
    """Shared by all heads behind one unit id. The map is looked for at first use and after a lost link."""

    def __init__(self, line: RegisterLine, unit: int) -> None:
        self.unit: Final = unit
        self._line = line
        self._map: Map | None = None

    def map(self) -> Map:
        """What there is. Raises LinkLost, or RemoteProtocolError when there is no usable model 601."""
        if self._map is None:
            self._map = _mapped(self._line, self.unit, find_blocks(self._line, self.unit))
        return self._map

    @property
    def known_ours(self) -> bool:
        """Whether it has been found to have our block; nothing is asked."""
        return self._map is not None and self._map.ours

    def read(self, model: Model, tracker: int) -> Values:
        """All points of a model for one tracker, or those for ALL; None for what is not implemented."""
        places = self.map().places[model.number, tracker]
        first, end = places[0].address, places[-1].end
        with self._doubting():
            registers = self._line.read(self.unit, first, end - first)
        return {
            place.point.name: value_from(
                place.point, registers[place.address - first : place.end - first], self._scale(place)
            )
            for place in places
        }

    def write(self, model: Model, tracker: int, values: Values) -> None:
        """Write points that adjoin, all in one request. Raises ValueError when one cannot hold its value."""
        places = [p for p in self.map().places[model.number, tracker] if p.point.name in values]
        registers = [register for place in places for register in self._words(place, values)]
        with self._doubting():
            self._line.write(self.unit, places[0].address, registers)

    def beat(self) -> None:
        """Renew the lease, where there is one."""
        if self.map().ours:
            last = self.read(VENDOR, ALL)["Hb"]
            self.write(VENDOR, ALL, {"Hb": ((int(last) if isinstance(last, int) else 0) + 1) % BEATS})

    def close(self) -> None:
        """Let go of the line; twice is once."""
        self._line.close()

    @contextmanager
    def _doubting(self) -> Iterator[None]:
        """Whoever answers after silence may be another, and one that lacks its registers is."""
        try:
            yield
        except (LinkLost, ModbusRefusal) as error:
            if not isinstance(error, ModbusRefusal) or error.code == Code.ILLEGAL_ADDRESS:
                self._map = None
            raise

    def _words(self, place: Place, values: Values) -> tuple[int, ...]:
        value = values[place.point.name]
        words = registers_from(place.point, value, self._scale(place))
        if value_from(place.point, words) is None:
            raise ValueError(f"{place.point.name} of unit {self.unit} cannot be {value}; ask for less")
        return words

    def _scale(self, place: Place) -> int:
        return self.map().angle_scale if place.point.scale == ANGLE_SCALE else 0


def _mapped(line: RegisterLine, unit: int, blocks: Mapping[int, Block]) -> Map:
    if TRACKERS.number not in blocks:
        found = ", ".join(map(str, blocks)) or "none"
        raise RemoteProtocolError(
            f"unit {unit} has no model {TRACKERS.number} (it has: {found}); it is no tracker controller"
        )
    block = blocks[TRACKERS.number]
    trackers = _tracker_count(unit, TRACKERS, block)
    places = _places(TRACKERS, block, trackers)
    scale = _read_point(line, unit, places[TRACKERS.number, ALL], ANGLE_SCALE)
    if not isinstance(scale, int) or not FINEST <= scale <= COARSEST:
        raise RemoteProtocolError(
            f"unit {unit} scales its angles by ten to the power of {scale}, not {FINEST} to {COARSEST}; "
            "update its firmware"
        )
    if VENDOR.number in blocks:
        places |= _ours(line, unit, blocks[VENDOR.number], trackers)
    return Map(trackers=trackers, places=places, angle_scale=scale)


def _ours(line: RegisterLine, unit: int, block: Block, trackers: int) -> dict[tuple[int, int], list[Place]]:
    """Our block, when it is one that we know: others may use the same number for something else."""
    if block.length != VENDOR.fixed_length + trackers * VENDOR.tracker_length:
        return {}
    places = _places(VENDOR, block, trackers)
    return places if _read_point(line, unit, places[VENDOR.number, ALL], "Ver") == VENDOR_VERSION else {}


def _tracker_count(unit: int, model: Model, block: Block) -> int:
    trackers, rest = divmod(block.length - model.fixed_length, model.tracker_length)
    if trackers < 0 or rest:
        raise RemoteProtocolError(
            f"model {model.number} of unit {unit} has {block.length} registers, which is no whole number of "
            "trackers; update its firmware"
        )
    return trackers


def _places(model: Model, block: Block, trackers: int) -> dict[tuple[int, int], list[Place]]:
    places: dict[tuple[int, int], list[Place]] = {}
    for place in model_places(model, block.address, trackers):
        if place.point.name not in HEADER_NAMES:
            places.setdefault((model.number, place.tracker), []).append(place)
    return places


def _read_point(line: RegisterLine, unit: int, places: Sequence[Place], name: str) -> Value:
    place = next(place for place in places if place.point.name == name)
    return value_from(place.point, line.read(unit, place.address, place.point.registers))
