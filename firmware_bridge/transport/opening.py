"""From a URL to a line that stays usable."""

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from firmware_bridge.errors import PortUnavailable
from firmware_bridge.transport.port import Dial, Transport
from firmware_bridge.transport.reconnecting import Reconnecting
from firmware_bridge.transport.serial_port import SerialDial
from firmware_bridge.transport.tcp_port import TcpDial


def open_transport(url: str, baud: int, clock: Callable[[], float] = time.monotonic) -> Transport:
    """The line at a path of a serial port, tcp://host:port or socket://host:port; reopened when it goes away.

    Raises PortUnavailable when it cannot be had now.
    """
    return Reconnecting(_dial(url, baud, clock), clock)


def _dial(url: str, baud: int, clock: Callable[[], float]) -> Dial:
    if "://" not in url:
        return SerialDial(url, baud)
    parts = urlsplit(url)
    if parts.scheme in ("tcp", "socket"):
        return TcpDial(parts, clock)
    raise PortUnavailable(
        url, "is an address of an unknown kind", "give the path of a serial port, or tcp://host:port"
    )
