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
from firmware_bridge.transport import open_transport
from firmware_bridge.wire.session import Patience

Opener = Callable[[Link, Patience], Bus]


def _native(link: Link, patience: Patience) -> NativeBus:
    # A nonce from the system, not a counter: it must differ from that of a host that died.
    host_nonce = int.from_bytes(os.urandom(4), "little")
    return NativeBus(link, NativeLine(patience), host_nonce)


def _foreign(protocol: str, link: Link, patience: Patience) -> ForeignBus:
    return ForeignBus(link, protocol, patience, time.monotonic)


OPENERS: Final[Mapping[str, Opener]] = {"native": _native} | {
    protocol: partial(_foreign, protocol) for protocol in LANGUAGES
}


def open_bus(
    url: str,
    protocol: str = "native",
    *,
    baud: int | None = None,
    patience: Patience | None = None,
) -> Bus:
    """Open a port with the heads on it, any number of native ones or one of any other protocol.

    Speed and patience are those that suit the protocol, unless given. Raises ValueError for an unknown
    protocol, PortUnavailable when the port cannot be had.
    """
    if protocol not in OPENERS:
        raise ValueError(f"protocol {protocol!r} is unknown; use one of: {', '.join(OPENERS)}")
    usual = DIALECTS[protocol]
    transport = open_transport(url, baud or usual.baud)
    return OPENERS[protocol](Link(transport, time.monotonic), patience or usual.patience)


def open_mount(
    url: str, protocol: str = "native", *, address: int = 1, gearing: Gearing = DEFAULT_GEARING
) -> Mount:
    """Open a port with one head on it; the port closes with `Mount.close`. Raises as `open_bus`."""
    return open_bus(url, protocol).mount(address, gearing)
