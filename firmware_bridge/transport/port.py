"""What a line to the devices is, whatever carries it."""

from typing import Protocol


class Transport(Protocol):
    """Bytes out, bytes in. Both raise LinkLost when the line is gone for good."""

    @property
    def name(self) -> str:
        """What to call the line in a message."""
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
