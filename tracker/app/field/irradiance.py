"""Pyranometers that a site file can name."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tracker.app.field.number_file import NumberFile
from tracker.errors import InvalidInput
from tracker.plant import NO_SOURCE
from tracker.ports.irradiance import NO_IRRADIANCE, IrradianceReading, IrradianceSensor
from tracker.ports.wind import WindSensor

FILE: Final = "file"
MODBUS: Final = "modbus"
SOURCES: Final = "none, file:PATH or modbus:PATH"
LOWEST_W_M2: Final = -20.0  # a pyranometer loses heat to the sky at night
HIGHEST_W_M2: Final = 2000.0  # chosen: beside a cloud 1,600 have been seen


@dataclass(frozen=True, slots=True)
class IrradianceFile:
    """A text file that another program renews with the latest GHI in W/m2; its time is the reading's."""

    path: Path

    def read(self, now_s: float) -> IrradianceReading | None:
        """The light in the file; None while there is none that can be: then nobody knows of clouds."""
        said = NumberFile(path=self.path, low=LOWEST_W_M2, high=HIGHEST_W_M2).read(now_s)
        if said is None:
            return None
        return IrradianceReading(ghi_w_m2=max(said.value, 0.0), measured_s=said.written_s)


@contextmanager
def irradiance_sensor(
    source: str, folder: Path, *, wind: WindSensor | None = None, wind_source: str = ""
) -> Iterator[IrradianceSensor]:
    """The sensor that a site file names, while the block lasts; files are looked for from its folder.

    Where the wind comes over the same Modbus line, that line is asked and not opened again. One that is not
    there gives no reading until it is. Raises InvalidInput for a source that is not supported, and what
    `modbus_irradiance` raises.
    """
    kind, _, place = source.partition(":")
    if source == NO_SOURCE:
        yield NO_IRRADIANCE
    elif kind == FILE and place:
        yield IrradianceFile(folder / place)
    elif kind == MODBUS and place:
        from tracker.app.field.modbus_irradiance import modbus_irradiance

        with modbus_irradiance(folder / place, wind if source == wind_source else None) as sensor:
            yield sensor
    else:
        raise InvalidInput(f"irradiance.source {source!r} is not supported; use {SOURCES}")
