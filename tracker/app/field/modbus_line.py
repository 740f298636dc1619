"""Instruments on a Modbus line, as a file beside the site file describes them."""

import logging
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from firmware_bridge.instruments.bus import InstrumentBus, InstrumentPoller, check_distinct
from firmware_bridge.instruments.check import Finding, check_instruments
from firmware_bridge.instruments.definition import Instrument, Kind
from firmware_bridge.instruments.table import instrument_from
from firmware_bridge.modbus.line import LineSettings, check_url, open_line
from tracker.errors import InvalidInput
from tracker.named_files import LARGEST_SITE_BYTES, text_of

_log = logging.getLogger(__name__)

SETTINGS: Final = frozenset(each.name for each in fields(LineSettings))
KEYS: Final = SETTINGS | {"port", "instrument"}
EXAMPLE: Final = "docs/instruments.md has one to start from"
SEES: Final = {Kind.ANEMOMETER: "the wind", Kind.IRRADIANCE: "the light on level ground"}


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentLine:
    """One line of instruments, as its file says."""

    port: str
    settings: LineSettings
    instruments: tuple[Instrument, ...]


def named(bus: InstrumentBus, kind: Kind) -> tuple[str, ...]:
    """Names of a line's instruments of a kind."""
    return tuple(each.name for each in bus.instruments if each.kind is kind)


def read_line(path: Path, needed: Kind = Kind.ANEMOMETER) -> InstrumentLine:
    """The line that a TOML file describes. Raises InvalidInput with file, key and what is possible."""
    try:
        values = tomllib.loads(text_of(path, LARGEST_SITE_BYTES))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidInput(f"{path}: cannot be read ({error}); {EXAMPLE}") from error
    unknown = sorted(set(values) - KEYS)
    if unknown:
        raise InvalidInput(f"{path}: {unknown[0]} is no key; use: {', '.join(sorted(KEYS))}")
    try:
        return _line(values, needed)
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"{path}: {error}; {EXAMPLE}") from error


def findings(line: InstrumentLine, needed: Kind = Kind.ANEMOMETER) -> tuple[Finding, ...]:
    """Ask every instrument once. Raises PortUnavailable when the line cannot be had."""
    bus = _bus(line)
    try:
        return check_instruments(bus, (needed,))
    finally:
        bus.close()


@contextmanager
def polled_line(path: Path, needed: Kind, *, may_be_away: bool = False) -> Iterator[InstrumentBus]:
    """The line's instruments, asked all the time; what is wrong with one is said at once.

    Raises InvalidInput for the file or a line without an instrument of the kind, PortUnavailable when the
    line cannot be had; one that may be away is asked again until it is there.
    """
    bus = _bus(read_line(path, needed), may_be_away=may_be_away)
    for finding in check_instruments(bus, (needed,)):
        if not finding.usable:
            _log.warning("%s: %s; %s", finding.instrument, finding.says, finding.next_action)
    with InstrumentPoller(bus):
        yield bus


def _bus(line: InstrumentLine, *, may_be_away: bool = False) -> InstrumentBus:
    opened = open_line(line.port, line.settings, may_be_away=may_be_away)
    return InstrumentBus(opened, line.instruments, time.monotonic)


def _line(values: dict[str, Any], needed: Kind) -> InstrumentLine:
    port, tables = values.get("port"), values.get("instrument")
    if not isinstance(port, str):
        raise ValueError(  # noqa: TRY004  all that is wrong with a file is one kind of error
            'port is missing; name the serial port, socket://host:port or rtu://host:port, as port = "..."'
        )
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ValueError("[[instrument]] is missing; describe each instrument in a table of its own")
    check_url(port)
    line = InstrumentLine(
        port=port,
        settings=LineSettings(**{key: value for key, value in values.items() if key in SETTINGS}),
        instruments=tuple(instrument_from(table) for table in tables),
    )
    check_distinct(line.instruments)
    if not any(each.kind is needed for each in line.instruments):
        raise ValueError(f'no instrument has kind = "{needed}"; describe the one that sees {SEES[needed]}')
    return line
