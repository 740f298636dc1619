"""Instruments that answer like real ones, and break when told to. Served over TCP or on a pty."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Final

from firmware_bridge.instruments.definition import Channel, Instrument, Kind
from firmware_bridge.modbus.line import DEFAULT_SETTINGS, LineSettings
from firmware_bridge.modbus.refusal import Code, Rejected
from firmware_bridge.modbus.served import ModbusServer
from firmware_bridge.modbus.words import registers_of

Source = Callable[[float], Mapping[str, float]]
"""The true values at a time, by channel."""


class Fault(StrEnum):
    """What can be wrong with an instrument."""

    NONE = "none"
    SILENT = "silent"
    EXCEPTION = "exception"
    FROZEN = "frozen"
    OUT_OF_RANGE = "out_of_range"
    NO_VALUE = "no_value"


STANDING: Final[Mapping[Kind, Mapping[str, float]]] = {
    Kind.ANEMOMETER: {"wind_m_s": 3.0, "gust_m_s": 3.0, "direction_deg": 180.0},
    Kind.SUN_SENSOR: {"angle_x_deg": 0.2, "angle_y_deg": -0.1, "intensity": 0.9},
    Kind.INCLINOMETER: {"tilt_x_deg": 1.5, "tilt_y_deg": -2.5, "temperature_c": 25.0},
    Kind.IRRADIANCE: {"irradiance_w_m2": 800.0, "temperature_c": 25.0},
}
"""Values of a fair day, for an instrument that nobody gives any."""


class SimulatedInstrument:
    """One unit of a simulated line; fits `modbus.served.Unit`. Set `fault` at any time, from any thread."""

    def __init__(self, instrument: Instrument, source: Source | None = None) -> None:
        self._instrument = instrument
        self._source: Source = source or (lambda _now_s: STANDING[instrument.kind])
        self._frozen: Mapping[str, float] | None = None
        self.fault = Fault.NONE
        channels = instrument.channels.values()
        self.base: Final = min(channel.address for channel in channels)
        self.length: Final = max(channel.address + channel.registers for channel in channels) - self.base

    @property
    def silent(self) -> bool:
        """It does not answer now."""
        return self.fault is Fault.SILENT

    def read(self, function: int, address: int, count: int, now_s: float) -> list[int]:
        """Registers as the instrument's map has them. Raises Rejected for another function, or as told."""
        if self.fault is Fault.EXCEPTION:
            raise Rejected(Code.DEVICE_FAILURE, "told to")
        if function != self._instrument.function:
            raise Rejected(Code.ILLEGAL_FUNCTION, f"registers are read with {self._instrument.function}")
        registers = dict.fromkeys(range(self.base, self.base + self.length), 0)
        values = self._values(now_s)
        for name, channel in self._instrument.channels.items():
            registers |= enumerate(self._words(channel, values[name]), channel.address)
        return [registers[address + i] for i in range(count)]

    def write(self, address: int, values: list[int], now_s: float) -> None:
        """Raises Rejected: instruments are only read."""
        raise Rejected(Code.ILLEGAL_FUNCTION, "nothing to write")

    def tick(self, now_s: float) -> None:
        """Nothing happens by itself."""

    def _values(self, now_s: float) -> Mapping[str, float]:
        if self.fault is not Fault.FROZEN or self._frozen is None:
            self._frozen = self._source(now_s)
        return self._frozen

    def _words(self, channel: Channel, value: float) -> tuple[int, ...]:
        return registers_of(
            _raw(channel, value, self.fault),
            channel.type,
            words=self._instrument.words,
            octets=self._instrument.octets,
        )


def _raw(channel: Channel, value: float, fault: Fault) -> float:
    if fault is Fault.NO_VALUE and channel.missing:
        return channel.missing[0]
    if fault is Fault.OUT_OF_RANGE:
        value = channel.high + (channel.high - channel.low) / 10.0
    raw = (value - channel.offset) / channel.scale
    return raw if channel.type.startswith("float") else round(raw)


def serve_instruments(
    simulated: Mapping[int, SimulatedInstrument],
    listen: str,
    clock: Callable[[], float],
    settings: LineSettings = DEFAULT_SETTINGS,
) -> ModbusServer:
    """Serve instruments by unit id; see `ModbusServer` for `listen` and what it raises."""
    return ModbusServer(simulated, listen, clock, settings)


def simulate(instruments: Sequence[Instrument]) -> dict[int, SimulatedInstrument]:
    """One simulated instrument for each, by unit id."""
    return {instrument.unit: SimulatedInstrument(instrument) for instrument in instruments}
