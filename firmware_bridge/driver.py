"""Dialect, link and gearing together: open a line and get a mount for each head on it."""

import os
import time
from collections.abc import Callable
from itertools import count
from types import TracebackType
from typing import Final, Self

from firmware_bridge.dialects import DIALECTS
from firmware_bridge.dialects.native import NativeLine
from firmware_bridge.errors import BridgeError, LinkLost
from firmware_bridge.gearing import DEFAULT_GEARING, Gearing
from firmware_bridge.link import Conversation, Link
from firmware_bridge.mount import HeadMount
from firmware_bridge.reports import AxisStatus
from firmware_bridge.transport import open_transport
from firmware_bridge.wire.schema import Hello, KeepAlive, Message, Stop, Stow
from firmware_bridge.wire.session import Patience

DEFAULT_BAUD: Final = 115200
DEFAULT_PATIENCE: Final = Patience()


class Bus:
    """One line with several heads, one request at a time. A context manager; `close` lets go of the port.

    For one thread: who shares it among several keeps them apart.
    """

    def __init__(self, link: Link, line: NativeLine, host_nonce: int) -> None:
        self._link, self._line = link, line
        self._greetings = (Hello(host_nonce=host_nonce, greeting=number) for number in count(1))
        self._mounts: dict[int, HeadMount] = {}
        self._conversations: dict[int, Conversation] = {}

    @property
    def bytes_written(self) -> int:
        """How many bytes have been sent since it was opened."""
        return self._link.bytes_written

    def mount(self, address: int, gearing: Gearing) -> HeadMount:
        """The head at an address. Asked again, it goes on with the same conversation and new gearing."""
        conversation = self._conversations.setdefault(address, self._line.session(address))
        mount = HeadMount(
            address=address,
            link=self._link,
            conversation=conversation,
            gearing=gearing,
            greetings=self._greetings,
        )
        self._mounts[address] = mount
        return mount

    def keep_alive(self) -> None:
        """Renew the lease of every device on the line; nobody answers."""
        self._broadcast(KeepAlive())

    def stop_all(self) -> dict[int, AxisStatus]:
        """Stop everything on the line at once, then hear from each known head that it has.

        Raises LinkLost naming the heads that did not confirm, after all were asked.
        """
        self._broadcast(Stop())
        return self._confirmed("stop", HeadMount.stop)

    def stow_all(self) -> dict[int, AxisStatus]:
        """Stow everything on the line at once (heads that cannot, stop), then hear from each known head.

        Raises LinkLost naming the heads that did not confirm, after all were asked.
        """
        self._broadcast(Stow())
        return self._confirmed("stow", HeadMount.status)

    def close(self) -> None:
        """Let go of the port; twice is once."""
        self._link.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _broadcast(self, message: Message) -> None:
        self._link.send(self._line.broadcast(message))

    def _confirmed(self, what: str, ask: Callable[[HeadMount], AxisStatus]) -> dict[int, AxisStatus]:
        confirmed: dict[int, AxisStatus] = {}
        unconfirmed: dict[int, BridgeError] = {}
        for address, mount in self._mounts.items():
            try:
                confirmed[address] = ask(mount)
            except BridgeError as error:
                unconfirmed[address] = error
        if unconfirmed:
            heads = ", ".join(map(str, unconfirmed))
            first = next(iter(unconfirmed.values()))
            raise LinkLost(f"{what} was sent to all, but not confirmed by {heads}: {first}") from first
        return confirmed


def open_bus(
    url: str,
    protocol: str = "native",
    *,
    baud: int = DEFAULT_BAUD,
    patience: Patience = DEFAULT_PATIENCE,
) -> Bus:
    """Open a port with any number of heads on it.

    Raises ValueError for an unknown protocol, PortUnavailable when the port cannot be had.
    """
    if protocol not in DIALECTS:
        raise ValueError(f"protocol {protocol!r} is unknown; use one of: {', '.join(sorted(DIALECTS))}")
    line = DIALECTS[protocol](patience)
    # A nonce from the system, not a counter: it must differ from that of a host that died.
    host_nonce = int.from_bytes(os.urandom(4), "little")
    return Bus(Link(open_transport(url, baud), time.monotonic), line, host_nonce)


def open_mount(
    url: str, protocol: str = "native", *, address: int = 1, gearing: Gearing = DEFAULT_GEARING
) -> HeadMount:
    """Open a port with one head on it; the port closes with `HeadMount.close`. Raises as `open_bus`."""
    return open_bus(url, protocol).mount(address, gearing)
