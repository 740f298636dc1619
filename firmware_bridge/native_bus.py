"""A line with any number of heads that speak our own protocol."""

from collections.abc import Callable
from itertools import count
from types import TracebackType
from typing import Self

from firmware_bridge.dialects.capabilities import NATIVE, Capabilities
from firmware_bridge.dialects.native import NativeLine
from firmware_bridge.errors import BridgeError, LinkLost
from firmware_bridge.gearing import DEFAULT_GEARING, Gearing
from firmware_bridge.link import Conversation, Link
from firmware_bridge.mount import HeadMount
from firmware_bridge.reports import AxisStatus
from firmware_bridge.wire.reported import Reported
from firmware_bridge.wire.schema import Hello, KeepAlive, Message, Stop, Stow


class NativeBus:
    """Fits `mounts.Bus`: several heads, one request at a time. `close` lets go of the port.

    For one thread: who shares it among several keeps them apart.
    """

    def __init__(self, link: Link, line: NativeLine, host_nonce: int) -> None:
        self._link, self._line = link, line
        self._greetings = (Hello(host_nonce=host_nonce, greeting=number) for number in count(1))
        self._mounts: dict[int, HeadMount] = {}
        self._conversations: dict[int, Conversation] = {}

    @property
    def capabilities(self) -> Capabilities:
        """What the protocol can do."""
        return NATIVE

    @property
    def concerns(self) -> tuple[str, ...]:
        """What the protocol cannot do safely: nothing; what a device lacks, its greeting tells."""
        return NATIVE.concerns

    @property
    def bytes_written(self) -> int:
        """How many bytes have been sent since it was opened."""
        return self._link.bytes_written

    def mount(self, address: int, gearing: Gearing = DEFAULT_GEARING) -> HeadMount:
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

    def fault_reports(self) -> list[Reported]:
        """What heads have said unasked since the last time, each thing once; heard while awaiting answers."""
        return self._line.reports.take()

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
