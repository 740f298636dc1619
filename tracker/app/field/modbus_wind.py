"""An anemometer over Modbus, as a file beside the site file describes it."""

import logging
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from firmware_bridge.instruments.bus import InstrumentBus, InstrumentPoller
from firmware_bridge.instruments.check import Finding, check_instruments
from firmware_bridge.instruments.definition import Instrument, Kind
from firmware_bridge.instruments.table import instrument_from
from firmware_bridge.modbus.line import LineSettings, open_line
from tracker.errors import InvalidInput
from tracker.ports.wind import WindReading

_log = logging.getLogger(__name__)

SETTINGS: Final = frozenset(each.name for each in fields(LineSettings))
KEYS: Final = SETTINGS | {"port", "instrument"}
EXAMPLE: Final = "docs/instruments.md has one to start from"


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentLine:
    """One line of instruments, as its file says."""

    port: str
    settings: LineSettings
    instruments: tuple[Instrument, ...]

    @property
    def anemometers(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(each.name for each in self.instruments if each.kind is Kind.ANEMOMETER)


@dataclass(frozen=True, slots=True)
class ModbusWind:
    """The highest gust of the line's anemometers that have one."""

    bus: InstrumentBus
    anemometers: tuple[str, ...]

    def read(self, _now_s: float) -> WindReading | None:
        """The latest gust; None while no anemometer can be believed: missing wind is wind."""
        gusts = [gust for name in self.anemometers if (gust := self.bus.gust(name)) is not None]
        if not gusts:
            return None
        return WindReading(
            gust_m_s=max(gust.gust_m_s for gust in gusts), measured_s=min(gust.measured_s for gust in gusts)
        )


def read_line(path: Path) -> InstrumentLine:
    """The line that a TOML file describes. Raises InvalidInput with file, key and what is possible."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidInput(f"{path}: cannot be read ({error}); {EXAMPLE}") from error
    unknown = sorted(set(values) - KEYS)
    if unknown:
        raise InvalidInput(f"{path}: {unknown[0]} is no key; use: {', '.join(sorted(KEYS))}")
    try:
        return _line(values)
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"{path}: {error}; {EXAMPLE}") from error


def findings(line: InstrumentLine) -> tuple[Finding, ...]:
    """Ask every instrument once. Raises PortUnavailable when the line cannot be had."""
    bus = _bus(line)
    try:
        return check_instruments(bus)
    finally:
        bus.close()


@contextmanager
def modbus_wind(path: Path) -> Iterator[ModbusWind]:
    """The line's anemometers, asked all the time; what is wrong with an instrument is said at once.

    Raises InvalidInput for the file, PortUnavailable when the line cannot be had.
    """
    line = read_line(path)
    bus = _bus(line)
    for finding in check_instruments(bus):
        if not finding.usable:
            _log.warning("%s: %s; %s", finding.instrument, finding.says, finding.next_action)
    with InstrumentPoller(bus):
        yield ModbusWind(bus, line.anemometers)


def _bus(line: InstrumentLine) -> InstrumentBus:
    return InstrumentBus(open_line(line.port, line.settings), line.instruments, time.monotonic)


def _line(values: dict[str, Any]) -> InstrumentLine:
    port, tables = values.get("port"), values.get("instrument")
    if not isinstance(port, str):
        raise ValueError(  # noqa: TRY004  all that is wrong with a file is one kind of error
            'port is missing; name the serial port, socket://host:port or rtu://host:port, as port = "..."'
        )
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ValueError("[[instrument]] is missing; describe each instrument in a table of its own")
    line = InstrumentLine(
        port=port,
        settings=LineSettings(**{key: value for key, value in values.items() if key in SETTINGS}),
        instruments=tuple(instrument_from(table) for table in tables),
    )
    if not line.anemometers:
        raise ValueError('no instrument has kind = "anemometer"; describe the one that sees the wind')
    return line
