"""Dialect, link and gearing together: open a line and get a mount for each head on it."""

import os
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from firmware_bridge.dialects import DIALECTS
from firmware_bridge.dialects.native import NativeLine
from firmware_bridge.foreign_bus import LANGUAGES, ForeignBus
from firmware_bridge.gearing import DEFAULT_GEARING, Gearing
from firmware_bridge.link import Link
from firmware_bridge.mounts import Bus, Mount
from firmware_bridge.native_bus import NativeBus
from firmware_bridge.transport import EchoCancelling, open_transport
from firmware_bridge.wire.session import Patience

Opener = Callable[[str, int, Patience], Bus]


def _native(url: str, baud: int, patience: Patience) -> NativeBus:
    # A nonce from the system, not a counter: it must differ from that of a host that died.
    host_nonce = int.from_bytes(os.urandom(4), "little")
    link = Link(open_transport(url, baud), time.monotonic)
    return NativeBus(link, NativeLine(patience), host_nonce)


def _foreign(protocol: str, url: str, baud: int, patience: Patience) -> ForeignBus:
    link = Link(EchoCancelling(open_transport(url, baud)), time.monotonic)
    return ForeignBus(link, protocol, patience, time.monotonic)


def _sunspec(url: str, baud: int, patience: Patience) -> Bus:
    from firmware_bridge.dialects.sunspec.bus import open_sunspec
    from firmware_bridge.modbus.line import LineSettings
    from firmware_bridge.modbus.port import LONGEST_EXCHANGE

    timeout_s = patience.reply_within_s + LONGEST_EXCHANGE * patience.byte_s
    settings = LineSettings(baud=baud, timeout_s=timeout_s, retries=patience.tries - 1)
    return open_sunspec(url, settings)


OPENERS: Final[Mapping[str, Opener]] = (
    {"native": _native}
    | {protocol: partial(_foreign, protocol) for protocol in LANGUAGES}
    | {"sunspec": _sunspec}
)


def open_bus(
    url: str,
    protocol: str = "native",
    *,
    baud: int | None = None,
    patience: Patience | None = None,
) -> Bus:
    """Open a port with the heads on it, as many as the protocol carries.

    Speed and patience are those that suit the protocol, unless given; the time that bytes take at this speed
    comes on top of the patience. Raises ValueError for an unknown protocol, PortUnavailable when the port
    cannot be had.
    """
    if protocol not in OPENERS:
        raise ValueError(f"protocol {protocol!r} is unknown; use one of: {', '.join(OPENERS)}")
    usual = DIALECTS[protocol]
    speed = baud or usual.baud
    return OPENERS[protocol](url, speed, (patience or usual.patience).at(speed))


def open_mount(
    url: str, protocol: str = "native", *, address: int = 1, gearing: Gearing = DEFAULT_GEARING
) -> Mount:
    """Open a port with one head on it; the port closes with `Mount.close`. Raises as `open_bus`."""
    return open_bus(url, protocol).mount(address, gearing)
