"""Our side of every text dialect, by the protocol's name."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, Protocol

from firmware_bridge.dialects.easycomm_server import EasyCommServer
from firmware_bridge.dialects.gs232_server import Gs232Server, Style
from firmware_bridge.dialects.rotator import Rotator
from firmware_bridge.dialects.rotctld_server import RotctldServer


class Server(Protocol):
    """One conversation with one host; hosts that come over TCP get one each."""

    @property
    def finished(self) -> bool:
        """Whether the host has taken its leave: close the connection."""
        ...

    def receive(self, data: bytes) -> bytes:
        """The answers to bytes in any chunks."""
        ...


SERVERS: Final[Mapping[str, Callable[[Rotator], Server]]] = {
    "easycomm2": partial(EasyCommServer, version=2),
    "easycomm3": partial(EasyCommServer, version=3),
    "gs232a": partial(Gs232Server, style=Style.A),
    "gs232b": partial(Gs232Server, style=Style.B),
    "rotctld": RotctldServer,
}
