"""Finding the models of a device that we know nothing about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from firmware_bridge.dialects.sunspec.layout import BASES, END_MODEL, HEADER, LAST_REGISTER, MARKER
from firmware_bridge.errors import BridgeError, LinkLost, RemoteProtocolError
from firmware_bridge.modbus.port import RegisterLine
from firmware_bridge.modbus.refusal import ModbusRefusal

MOST_MODELS: Final = 128  # chosen: more than any device has; a map that never ends must not hold us


@dataclass(frozen=True, slots=True)
class Block:
    """Where a model stands: `address` of its ID, `length` as in L."""

    number: int
    address: int
    length: int


def find_blocks(line: RegisterLine, unit: int) -> Mapping[int, Block]:
    """The models of a unit, the first of each number.

    Raises LinkLost when it does not answer at all, RemoteProtocolError when its map is not SunSpec's.
    """
    base = _find_base(line, unit)
    blocks: dict[int, Block] = {}
    for block in _walk(line, unit, base):
        blocks.setdefault(block.number, block)
    return blocks


def _find_base(line: RegisterLine, unit: int) -> int:
    """Where the marker stands. Devices that are silent about registers they lack are asked for the others."""
    silence: LinkLost | None = None
    answered = False
    for base in BASES:
        try:
            if tuple(line.read(unit, base, len(MARKER))) == MARKER:
                return base
            answered = True
        except ModbusRefusal:
            answered = True
        except LinkLost as error:
            silence = error
    if silence is not None and not answered:
        raise silence
    places = ", ".join(map(str, BASES))
    raise RemoteProtocolError(
        f"unit {unit} has no SunSpec map at {places}; check that it is a SunSpec device"
    )


def _walk(line: RegisterLine, unit: int, base: int) -> Iterator[Block]:
    address = base + len(MARKER)
    for _ in range(MOST_MODELS):
        number = _one(line, unit, address)
        if number == END_MODEL:
            return
        length = _one(line, unit, address + 1)
        if address + HEADER + length > LAST_REGISTER:
            raise _endless(unit, f"model {number} claims {length} registers from {address}")
        yield Block(number, address, length)
        address += HEADER + length
    raise _endless(unit, f"it has more than {MOST_MODELS} models")


def _one(line: RegisterLine, unit: int, address: int) -> int:
    try:
        return line.read(unit, address, 1)[0]
    except ModbusRefusal as error:
        raise _endless(unit, f"register {address} cannot be read") from error


def _endless(unit: int, problem: str) -> BridgeError:
    return RemoteProtocolError(
        f"the map of unit {unit} does not end as it should: {problem}; update its firmware"
    )
