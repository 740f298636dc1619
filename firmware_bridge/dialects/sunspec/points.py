"""What SunSpec models are made of, and how a point's value stands in registers.

Types and their "not implemented" values: SunSpec Device Information Model Specification 1.1, section 4.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from firmware_bridge.modbus.words import (
    register_count,
    registers_of,
    registers_text,
    text_registers,
    value_of,
)

Value = int | float | str | None
"""What a point can hold; None stands for "not implemented"."""

UNIMPLEMENTED: Final = {
    "int16": -0x8000,
    "uint16": 0xFFFF,
    "enum16": 0xFFFF,
    "bitfield16": 0xFFFF,
    "sunssf": -0x8000,
    "int32": -0x80000000,
    "uint32": 0xFFFFFFFF,
    "pad": 0x8000,
}
_WORDS: Final = {"enum16": "uint16", "bitfield16": "uint16", "sunssf": "int16", "pad": "uint16"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One value of a model. `scale` names the point that holds its power of ten; `size` is for strings."""

    name: str
    kind: str
    text: str
    size: int = 0
    scale: str = ""
    units: str = ""
    writable: bool = False
    symbols: tuple[tuple[str, int], ...] = ()

    @property
    def registers(self) -> int:
        """How many registers it takes."""
        return self.size or register_count(_WORDS.get(self.kind, self.kind))


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A block of points, and the points that follow it once for each tracker. ID and L come before both."""

    number: int
    name: str
    text: str
    points: tuple[Point, ...]
    tracker_points: tuple[Point, ...] = field(default=())

    @property
    def fixed_length(self) -> int:
        """Registers of the points that are there once."""
        return sum(point.registers for point in self.points)

    @property
    def tracker_length(self) -> int:
        """Registers of the points of one tracker."""
        return sum(point.registers for point in self.tracker_points)


def registers_from(point: Point, value: Value, scale: int = 0) -> tuple[int, ...]:
    """A value as registers; what is unknown or does not fit is "not implemented", never another value."""
    if point.kind == "string":
        return text_registers("" if value is None else str(value), point.size)
    kind = _WORDS.get(point.kind, point.kind)
    missing = registers_of(UNIMPLEMENTED[point.kind], kind)
    if not isinstance(value, int | float) or not math.isfinite(value):
        return missing
    try:
        return registers_of(round(scaled(value, -scale)), kind)
    except ValueError:
        return missing


def value_from(point: Point, registers: Sequence[int], scale: int = 0) -> Value:
    """The value in a point's registers, None for "not implemented". Raises ValueError for another count."""
    if point.kind == "string":
        return registers_text(registers) or None
    raw = value_of(registers, _WORDS.get(point.kind, point.kind))
    if raw == UNIMPLEMENTED[point.kind]:
        return None
    return scaled(raw, scale) if point.scale else raw


def scaled(value: float, scale: int) -> float:
    """A value times a power of ten, divided where that rounds better: 453 tenths are 45.3."""
    return value * 10.0**scale if scale >= 0 else value / 10.0**-scale
