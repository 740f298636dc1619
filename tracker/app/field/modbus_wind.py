"""An anemometer over Modbus."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from firmware_bridge.instruments.bus import InstrumentBus
from firmware_bridge.instruments.definition import Kind
from tracker.app.field.modbus_line import named, polled_line
from tracker.ports.wind import WindReading


@dataclass(frozen=True, slots=True)
class ModbusWind:
    """The highest gust of the line's anemometers that have one."""

    bus: InstrumentBus

    def read(self, _now_s: float) -> WindReading | None:
        """The latest gust; None while no anemometer can be believed: missing wind is wind."""
        anemometers = named(self.bus, Kind.ANEMOMETER)
        gusts = [gust for name in anemometers if (gust := self.bus.gust(name)) is not None]
        if not gusts:
            return None
        return WindReading(
            gust_m_s=max(gust.gust_m_s for gust in gusts), measured_s=min(gust.measured_s for gust in gusts)
        )


@contextmanager
def modbus_wind(path: Path) -> Iterator[ModbusWind]:
    """The anemometers of the line that a file describes. Raises what `polled_line` raises."""
    with polled_line(path, Kind.ANEMOMETER) as bus:
        yield ModbusWind(bus)
