"""A level pyranometer over Modbus, on a line of its own or on that of the wind."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from firmware_bridge.instruments.bus import InstrumentBus
from firmware_bridge.instruments.decode import Reading
from firmware_bridge.instruments.definition import Kind
from tracker.app.field.modbus_line import named, polled_line, read_line
from tracker.app.field.modbus_wind import ModbusWind
from tracker.ports.irradiance import IrradianceReading
from tracker.ports.wind import WindSensor


@dataclass(frozen=True, slots=True)
class ModbusIrradiance:
    """The mean of the line's irradiance sensors that have a reading."""

    bus: InstrumentBus

    def read(self, _now_s: float) -> IrradianceReading | None:
        """The latest light; None while no sensor can be believed: then nobody knows of clouds."""
        answers = self.bus.latest()
        seen = [
            answer
            for name in named(self.bus, Kind.IRRADIANCE)
            if isinstance(answer := answers[name], Reading)
        ]
        if not seen:
            return None
        return IrradianceReading(
            ghi_w_m2=max(fmean(each.values["irradiance_w_m2"] for each in seen), 0.0),
            measured_s=min(each.measured_s for each in seen),
        )


@contextmanager
def modbus_irradiance(path: Path, wind: WindSensor | None) -> Iterator[ModbusIrradiance]:
    """The irradiance sensors of the line that a file describes, which may be open for the wind already.

    A line that is not there is no fault: it is asked again until it is. Raises InvalidInput as `read_line`.
    """
    if isinstance(wind, ModbusWind):
        read_line(path, Kind.IRRADIANCE)  # says what is missing
        yield ModbusIrradiance(wind.bus)
        return
    with polled_line(path, Kind.IRRADIANCE, may_be_away=True) as bus:
        yield ModbusIrradiance(bus)
