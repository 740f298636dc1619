"""Numbers as 16-bit registers. Pure: no line, no time."""

import struct
from collections.abc import Sequence
from typing import Final, Literal

Order = Literal["big", "little"]

FORMATS: Final = {
    "uint16": "H",
    "int16": "h",
    "uint32": "I",
    "int32": "i",
    "uint64": "Q",
    "int64": "q",
    "float32": "f",
    "float64": "d",
}
"""Kinds of number and their `struct` letters."""

REGISTER_BYTES: Final = 2


def register_count(kind: str) -> int:
    """How many registers a kind takes. Raises ValueError for an unknown one."""
    return struct.calcsize(">" + _letter(kind)) // REGISTER_BYTES


def registers_of(value: float, kind: str, *, words: Order = "big", octets: Order = "big") -> tuple[int, ...]:
    """A number as registers. Raises ValueError when the kind cannot hold it.

    `words` says which register comes first, `octets` which byte comes first in each.
    """
    letter = _letter(kind)
    try:
        data = struct.pack(">" + letter, value if letter in "fd" else int(value))
    except (struct.error, OverflowError, ValueError) as error:
        raise ValueError(f"{value} does not fit in {kind}; use a wider kind or another scale") from error
    return _ordered(struct.unpack(f">{len(data) // REGISTER_BYTES}H", data), words, octets)


def value_of(
    registers: Sequence[int], kind: str, *, words: Order = "big", octets: Order = "big"
) -> int | float:
    """The number in registers; the inverse of `registers_of`. Raises ValueError for another count of them."""
    letter, count = _letter(kind), register_count(kind)
    if len(registers) != count:
        raise ValueError(f"{kind} takes {count} registers, not {len(registers)}; read all of it")
    ordered = _ordered(tuple(registers), words, octets)
    number: int | float = struct.unpack(">" + letter, struct.pack(f">{count}H", *ordered))[0]
    return number


def text_registers(text: str, count: int) -> tuple[int, ...]:
    """Text in count registers, ASCII, padded with zeros and cut where it is too long."""
    data = text.encode("ascii", "replace")[: REGISTER_BYTES * count].ljust(REGISTER_BYTES * count, b"\0")
    return struct.unpack(f">{count}H", data)


def registers_text(registers: Sequence[int]) -> str:
    """The text in registers, without its padding; bytes that are not ASCII become question marks."""
    data = struct.pack(f">{len(registers)}H", *registers)
    return data.split(b"\0", 1)[0].decode("ascii", "replace").replace("\ufffd", "?")


def _letter(kind: str) -> str:
    if kind not in FORMATS:
        raise ValueError(f"number kind {kind!r} is unknown; use one of: {', '.join(FORMATS)}")
    return FORMATS[kind]


def _ordered(registers: tuple[int, ...], words: Order, octets: Order) -> tuple[int, ...]:
    if words == "little":
        registers = registers[::-1]
    if octets == "little":
        registers = tuple((register & 0xFF) << 8 | register >> 8 for register in registers)
    return registers
