"""Stop without a run: on the line before anything else is looked at, even before the site file is read whole.

So that it is quick, and goes out when the site file has errors, this imports no more than it needs.
"""

import re
import tomllib
from pathlib import Path
from typing import Final

from firmware_bridge.dialects import DIALECTS
from firmware_bridge.driver import open_bus
from firmware_bridge.errors import BridgeError

NATIVE: Final = "native"
TIMES: Final = 3  # nobody answers a broadcast, and one may be lost
PORT_LINE: Final = re.compile(r"""^\s*port\s*=\s*["']([^"']+)["']""", re.MULTILINE)


def stop_lines(site_file: Path, port: str | None) -> tuple[tuple[str, ...], list[BridgeError]]:
    """Stop everything on every port that the site file names, or on `port`: the ports told, and the failures.

    Nothing is confirmed: ask the heads afterwards. Simulated ports are left out.
    """
    told, failed = [], []
    for url, protocol in lines_as_written(site_file, port):
        try:
            with open_bus(url, protocol) as bus:
                for _ in range(TIMES):
                    bus.stop_all()
            told.append(url)
        except BridgeError as error:
            failed.append(error)
    return tuple(told), failed


def lines_as_written(site_file: Path, port: str | None) -> list[tuple[str, str]]:
    """Ports and protocols, however broken the rest of the file is; `port` replaces them."""
    try:
        text = site_file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    lines = _bridges(text)
    if port is not None:
        lines = [(port, lines[0][1] if len(lines) == 1 else NATIVE)]
    return [(url, protocol) for url, protocol in lines if not url.startswith("sim:")]


def _bridges(text: str) -> list[tuple[str, str]]:
    try:
        tables = tomllib.loads(text).get("bridge", [])
    except tomllib.TOMLDecodeError:
        return [(url, NATIVE) for url in PORT_LINE.findall(text)]
    if not isinstance(tables, list):
        tables = [tables]
    return [
        (table["port"], table["protocol"] if table.get("protocol") in DIALECTS else NATIVE)
        for table in tables
        if isinstance(table, dict) and isinstance(table.get("port"), str)
    ]
