"""What every protocol gives, by shape: a bus with mounts on it."""

from types import TracebackType
from typing import Protocol, Self

from firmware_bridge.dialects.capabilities import Capabilities
from firmware_bridge.gearing import DEFAULT_GEARING, Gearing
from firmware_bridge.reports import AxisLimits, AxisStatus


class Mount(Protocol):
    """One head; every method is one command and raises a BridgeError when it is not carried out.

    What a head cannot do at all it refuses (CommandRefused), saying why and what to do instead.
    """

    @property
    def address(self) -> int:
        """Which one on its line."""
        ...

    def status(self) -> AxisStatus:
        """Where it is and what it is doing."""
        ...

    def keep_alive(self) -> AxisStatus:
        """Renew the lease, where there is one."""
        ...

    def move_to(
        self,
        azimuth_deg: float,
        elevation_deg: float,
        *,
        azimuth_rate_deg_s: float | None = None,
        elevation_rate_deg_s: float | None = None,
    ) -> AxisStatus:
        """Start toward axis angles (azimuth unwrapped); rates are for heads that know some."""
        ...

    def stop(self) -> AxisStatus:
        """Stop both axes now."""
        ...

    def stow(self) -> AxisStatus:
        """Start toward the stow elevation; azimuth holds."""
        ...

    def home(self) -> AxisStatus:
        """Start looking for the home switches."""
        ...

    def flatten(self) -> AxisStatus:
        """Start elevation alone toward the flat switch."""
        ...

    def clear_fault(self) -> AxisStatus:
        """Release what keeps it from moving after a fault."""
        ...

    def enable(self) -> AxisStatus:
        """Switch the drive on."""
        ...

    def disable(self) -> AxisStatus:
        """Stop, and switch the drive off."""
        ...

    def configure(self, limits: AxisLimits) -> AxisStatus:
        """Keep these limits from now on."""
        ...

    def close(self) -> None:
        """Let go of the line, for all heads on it; twice is once."""
        ...


class Bus(Protocol):
    """One open line. A context manager; for one thread."""

    @property
    def capabilities(self) -> Capabilities:
        """What the protocol can do, as far as is known of the devices on the line."""
        ...

    @property
    def concerns(self) -> tuple[str, ...]:
        """What cannot be done safely over this protocol, a sentence each."""
        ...

    @property
    def bytes_written(self) -> int:
        """How many bytes have been sent since it was opened."""
        ...

    def mount(self, address: int, gearing: Gearing = DEFAULT_GEARING) -> Mount:
        """The head at an address; the gearing is for protocols that speak in counts."""
        ...

    def keep_alive(self) -> None:
        """Renew the lease of every head on the line."""
        ...

    def stop_all(self) -> dict[int, AxisStatus]:
        """Stop every head. Raises LinkLost naming those that did not confirm, after all were asked."""
        ...

    def stow_all(self) -> dict[int, AxisStatus]:
        """Stow every head. Raises LinkLost naming those that did not confirm, after all were asked."""
        ...

    def close(self) -> None:
        """Let go of the port; twice is once."""
        ...

    def __enter__(self) -> Self:
        """The bus itself."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        ...
