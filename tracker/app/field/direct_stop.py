"""Stop without a run: on the line before anything else is looked at, even before the site file is read whole.

So that it is quick, and goes out when the site file has errors, this imports no more than it needs.
"""

import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Final

from firmware_bridge.dialects import DIALECTS
from firmware_bridge.driver import open_bus
from firmware_bridge.errors import BridgeError
from tracker.named_files import LARGEST_SITE_BYTES, content_of
from tracker.plant import Bridge

NATIVE: Final = "native"
TIMES: Final = 3  # nobody answers a broadcast, and one may be lost
FASTEST: Final = 4_000_000  # that serial ports of Linux know
BRIDGE_LINE: Final = re.compile(r"^\s*\[\[\s*bridge\s*\]\]", re.MULTILINE)
BAUD_LINE: Final = re.compile(r"^\s*baud\s*=\s*(\d{1,7})\b", re.MULTILINE)
PORT_LINE: Final = re.compile(r"""^\s*port\s*=\s*["']([^"']+)["']""", re.MULTILINE)


def stop_lines(site_file: Path, port: str | None) -> tuple[tuple[str, ...], list[BridgeError]]:
    """Stop everything on every port that the site file names, or on `port`: the ports told, and the failures.

    Nothing is confirmed: ask the heads afterwards. Simulated ports are left out.
    """
    told, failed = [], []
    for line in lines_as_written(site_file, port):
        try:
            with open_bus(line.port, line.protocol, baud=line.baud) as bus:
                for _ in range(TIMES):
                    bus.stop_all()
            told.append(line.port)
        except BridgeError as error:
            failed.append(error)
    return tuple(told), failed


def lines_as_written(site_file: Path, port: str | None) -> list[Bridge]:
    """Ports, protocols and speeds, however broken the rest of the file is; `port` replaces the ports."""
    try:
        text = content_of(site_file, LARGEST_SITE_BYTES).decode(errors="replace")
    except OSError:
        text = ""
    lines = _bridges(text)
    if port is not None:
        like = lines[0] if len(lines) == 1 else Bridge(port=port, protocol=NATIVE)
        lines = [replace(like, port=port)]
    return [line for line in lines if not line.port.startswith("sim:")]


def _bridges(text: str) -> list[Bridge]:
    try:
        tables = tomllib.loads(text).get("bridge", [])
    except tomllib.TOMLDecodeError:
        return [line for table in BRIDGE_LINE.split(text) for line in _guessed(table)]
    if not isinstance(tables, list):
        tables = [tables]
    return [
        Bridge(
            port=table["port"],
            protocol=table["protocol"] if table.get("protocol") in DIALECTS else NATIVE,
            baud=_speed(table.get("baud")),
        )
        for table in tables
        if isinstance(table, dict) and isinstance(table.get("port"), str)
    ]


def _guessed(table: str) -> list[Bridge]:
    """The ports in a part of a text that is no TOML, at the speed that stands beside them."""
    said = BAUD_LINE.search(table)
    baud = None if said is None else _speed(int(said[1]))
    return [Bridge(port=url, protocol=NATIVE, baud=baud) for url in PORT_LINE.findall(table)]


def _speed(said: object) -> int | None:
    """A speed that a line can have; else the protocol's usual one is tried."""
    return said if isinstance(said, int) and 0 < said <= FASTEST else None
