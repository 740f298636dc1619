"""A line with one head on it that speaks a foreign dialect."""

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Final, Self

from firmware_bridge.dialects.capabilities import EASYCOMM2, EASYCOMM3, GS232A, GS232B, ROTCTLD, Capabilities
from firmware_bridge.dialects.easycomm_client import EasyComm
from firmware_bridge.dialects.gs232_client import Gs232
from firmware_bridge.dialects.rotctld_client import Rotctld
from firmware_bridge.dialects.text_session import Language, TextSession
from firmware_bridge.errors import BridgeError, LinkLost, LocalProtocolError
from firmware_bridge.foreign_mount import ForeignMount
from firmware_bridge.gearing import DEFAULT_GEARING, Gearing
from firmware_bridge.link import Link
from firmware_bridge.reports import AxisStatus
from firmware_bridge.wire.session import Patience

ADDRESS: Final = 1
LANGUAGES: Final[Mapping[str, tuple[Language, Capabilities]]] = {
    "easycomm2": (EasyComm(2), EASYCOMM2),
    "easycomm3": (EasyComm(3), EASYCOMM3),
    "gs232a": (Gs232(), GS232A),
    "gs232b": (Gs232(), GS232B),
    "rotctld": (Rotctld(), ROTCTLD),
}


class ForeignBus:
    """Fits `mounts.Bus`; the head has address 1."""

    def __init__(self, link: Link, protocol: str, patience: Patience, clock: Callable[[], float]) -> None:
        language, self.capabilities = LANGUAGES[protocol]
        self._link = link
        self._mount = ForeignMount(
            address=ADDRESS,
            link=link,
            conversation=TextSession(language, patience),
            capabilities=self.capabilities,
            clock=clock,
        )

    @property
    def concerns(self) -> tuple[str, ...]:
        """What cannot be done safely, a sentence each."""
        return self.capabilities.concerns

    @property
    def bytes_written(self) -> int:
        """How many bytes have been sent since it was opened."""
        return self._link.bytes_written

    def mount(self, address: int, gearing: Gearing = DEFAULT_GEARING) -> ForeignMount:
        """The head; its language knows no counts. Raises LocalProtocolError for any address but 1."""
        if address != ADDRESS:
            raise LocalProtocolError(
                f"a port with {self.capabilities.protocol} carries one head, at address {ADDRESS}, not at "
                f"{address}; give each head a bridge of its own"
            )
        return self._mount

    def keep_alive(self) -> None:
        """There is no lease to renew; a line that is gone is reopened when it is time to. Raises LineGone."""
        self._link.epoch()

    def stop_all(self) -> dict[int, AxisStatus]:
        """Stop the head. Raises LinkLost when that is not confirmed."""
        return self._all("stop", self._mount.stop)

    def stow_all(self) -> dict[int, AxisStatus]:
        """Stow the head. Raises LinkLost when that is not confirmed."""
        return self._all("stow", self._mount.stow)

    def close(self) -> None:
        """Let go of the port; twice is once."""
        self._link.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _all(self, what: str, order: Callable[[], AxisStatus]) -> dict[int, AxisStatus]:
        try:
            return {ADDRESS: order()}
        except BridgeError as error:
            raise LinkLost(f"{what} was sent, but not confirmed: {error}") from error
