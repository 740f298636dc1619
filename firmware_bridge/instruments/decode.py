"""From registers to a reading that can be believed, or to the reason why there is none. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Final

from firmware_bridge.instruments.definition import Channel, Instrument
from firmware_bridge.modbus.words import value_of

STANDARD_C: Final = 25.0
Registers = Mapping[int, int]
"""What was read, by address."""


class Reason(StrEnum):
    """Why there is no reading."""

    SILENT = "it does not answer"
    EXCEPTION = "it declines the request"
    NONSENSE = "its answer does not fit the request"
    NO_VALUE = "it says itself that it has no value"
    OUT_OF_RANGE = "the value cannot be"
    FROZEN = "the value has not changed for too long"
    STALE = "the last good reading is too old"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All channels of an instrument at one time; `raw` as they stood in the registers."""

    instrument: str
    values: Mapping[str, float]
    raw: Mapping[str, float]
    measured_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NoReading:
    """No reading, since when it was asked for, and why: with the value and the limit where there are any."""

    instrument: str
    reason: Reason
    says: str
    asked_s: float


def spans(instrument: Instrument) -> tuple[range, ...]:
    """The registers to ask for: adjoining ones together, gaps never, since a device may decline them."""
    addresses = {a for c in instrument.channels.values() for a in range(c.address, c.address + c.registers)}
    runs = groupby(enumerate(sorted(addresses)), key=lambda pair: pair[1] - pair[0])
    grouped = ([address for _, address in run] for _, run in runs)
    return tuple(range(run[0], run[-1] + 1) for run in grouped)


def decode(instrument: Instrument, registers: Registers, measured_s: float) -> Reading | NoReading:
    """The reading in registers, all channels of it or none. Raises KeyError when some were not read."""
    raw = {name: _raw(instrument, channel, registers) for name, channel in instrument.channels.items()}
    values = {name: raw[name] * c.scale + c.offset for name, c in instrument.channels.items()}
    for name, channel in instrument.channels.items():
        problem = _problem(channel, raw[name], values[name])
        if problem is not None:
            limits = f"limits {channel.low:g} to {channel.high:g}"
            says = f"{name} is {values[name]:g} (raw {raw[name]:g}), {limits}"
            return NoReading(instrument=instrument.name, reason=problem, says=says, asked_s=measured_s)
    return Reading(
        instrument=instrument.name,
        values=_compensated(values, instrument.per_c),
        raw=raw,
        measured_s=measured_s,
    )


def by_address(span: range, registers: Sequence[int]) -> dict[int, int]:
    """Registers of a span by their addresses. Raises ValueError for another count of them."""
    return dict(zip(span, registers, strict=True))


def _raw(instrument: Instrument, channel: Channel, registers: Registers) -> float:
    words = [registers[channel.address + i] for i in range(channel.registers)]
    return value_of(words, channel.type, words=instrument.words, octets=instrument.octets)


def _problem(channel: Channel, raw: float, value: float) -> Reason | None:
    if raw in channel.missing or not math.isfinite(value):
        return Reason.NO_VALUE
    return None if channel.low <= value <= channel.high else Reason.OUT_OF_RANGE


def _compensated(values: dict[str, float], per_c: float) -> dict[str, float]:
    """Irradiance at 25 C: a cell gives `per_c` more for each degree above."""
    if per_c:
        warmth = 1.0 + per_c * (values["temperature_c"] - STANDARD_C)
        values["irradiance_w_m2"] /= warmth
    return values
