"""What an instrument is: a table of numbers that its user fills in from its manual.

No maker's map is built in: register addresses, scales and ranges of a real instrument stand in its manual
and change with its firmware. `generic` has maps with made-up addresses, to start from and to simulate.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from firmware_bridge.modbus.port import READ_HOLDING, READ_INPUT
from firmware_bridge.modbus.words import FORMATS, Order, register_count

LAST_UNIT: Final = 247
LAST_REGISTER: Final = 0xFFFF


class Kind(StrEnum):
    """What is measured."""

    ANEMOMETER = "anemometer"
    SUN_SENSOR = "sun_sensor"
    INCLINOMETER = "inclinometer"
    IRRADIANCE = "irradiance"


CHANNELS: Final[Mapping[Kind, tuple[frozenset[str], frozenset[str]]]] = {
    Kind.ANEMOMETER: (frozenset({"wind_m_s"}), frozenset({"gust_m_s", "direction_deg"})),
    Kind.SUN_SENSOR: (frozenset({"angle_x_deg", "angle_y_deg", "intensity"}), frozenset()),
    Kind.INCLINOMETER: (frozenset({"tilt_x_deg", "tilt_y_deg"}), frozenset({"temperature_c"})),
    Kind.IRRADIANCE: (frozenset({"irradiance_w_m2"}), frozenset({"temperature_c"})),
}
"""The channels that a kind must have, and those that it may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One number in registers: value = raw * scale + offset, believed from `low` to `high`.

    `missing` are raw values that say "no value". A raw value that stays the same for `frozen_after_s` is
    frozen, always or only while other channels of the line move. At `rests_at` (calm, night) it may stay for
    `rest_after_s`. Raises ValueError for a table that contradicts itself.
    """

    address: int
    type: str
    low: float
    high: float
    scale: float = 1.0
    offset: float = 0.0
    missing: tuple[int, ...] = ()
    frozen_after_s: float = math.inf
    frozen_while: Literal["always", "others_move"] = "others_move"
    rests_at: float | None = None
    rest_after_s: float = math.inf

    def __post_init__(self) -> None:
        if self.type not in FORMATS:
            raise ValueError(f"type {self.type!r} is unknown; use one of: {', '.join(FORMATS)}")
        if not 0 <= self.address <= LAST_REGISTER + 1 - self.registers:
            raise ValueError(f"address is {self.address}; it must be 0 to {LAST_REGISTER} with all registers")
        if not -math.inf < self.low < self.high < math.inf:
            raise ValueError(f"low {self.low} must be below high {self.high}, both finite")
        if not (math.isfinite(self.scale) and math.isfinite(self.offset)) or self.scale == 0.0:
            raise ValueError(f"scale {self.scale} must not be 0, and offset {self.offset} be finite")
        if not (self.frozen_after_s > 0.0 and self.rest_after_s > 0.0):
            raise ValueError("frozen_after_s and rest_after_s must be positive; leave them out for never")

    @property
    def registers(self) -> int:
        """How many registers it takes."""
        return register_count(self.type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """One unit on a line. `words` and `octets` say which half of a number comes first.

    A reading older than `stale_after_s` is none. `per_c` is the temperature coefficient of an irradiance
    sensor, for its value at 25 C; 0 where the sensor compensates by itself. Raises ValueError.
    """

    name: str
    kind: Kind
    unit: int
    channels: Mapping[str, Channel]
    function: int = READ_INPUT
    words: Order = "big"
    octets: Order = "big"
    stale_after_s: float = 10.0
    per_c: float = 0.0

    def __post_init__(self) -> None:
        if not 1 <= self.unit <= LAST_UNIT:
            raise ValueError(f"{self.name}: unit is {self.unit}; it must be 1 to {LAST_UNIT}")
        if self.function not in (READ_HOLDING, READ_INPUT):
            raise ValueError(f"{self.name}: function is {self.function}; use {READ_HOLDING} or {READ_INPUT}")
        if not 0.0 < self.stale_after_s < math.inf:
            raise ValueError(f"{self.name}: stale_after_s is {self.stale_after_s}; it must be positive")
        needed, possible = CHANNELS[self.kind]
        if not needed <= set(self.channels) <= needed | possible:
            raise ValueError(
                f"{self.name}: channels are {_listed(self.channels)}; {self.kind} needs {_listed(needed)}"
                + (f" and may have {_listed(possible)}" if possible else "")
            )
        if self.per_c and "temperature_c" not in self.channels:
            raise ValueError(f"{self.name}: per_c needs the channel temperature_c; add it or leave per_c out")


def _listed(names: frozenset[str] | Mapping[str, Channel]) -> str:
    return ", ".join(sorted(names)) or "none"
