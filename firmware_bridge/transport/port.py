"""What a line to the devices is, whatever carries it, and what it takes to open one."""

from typing import Protocol


class Transport(Protocol):
    """Bytes out, bytes in. All but `name` and `close` raise LinkLost while the line is gone."""

    @property
    def name(self) -> str:
        """What to call the line in a message."""
        ...

    def epoch(self) -> int:
        """Which opening of the line this is; one that is gone is opened again, when it is time to try.

        Once it has changed, whoever listens at the other end may be another: greet before commanding.
        """
        ...

    def write(self, data: bytes) -> None:
        """Send everything."""
        ...

    def read(self, timeout_s: float) -> bytes:
        """What has arrived; waits at most timeout_s for the first byte, empty when none came."""
        ...

    def close(self) -> None:
        """Let go of the line; twice is once."""
        ...


class Dial(Protocol):
    """Opens one line, as often as it takes."""

    @property
    def name(self) -> str:
        """What to call the line in a message."""
        ...

    def open(self, wait_s: float) -> Transport | None:
        """The open line; None when that takes longer than wait_s: ask again later.

        Raises PortUnavailable when it cannot be had now.
        """
        ...

    def close(self) -> None:
        """Let go of an opening under way."""
        ...
