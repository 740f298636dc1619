"""A line inside the process: what is written goes through a function, its answer can be read."""

from collections.abc import Callable


class MemoryTransport:
    """Answers come from `respond(bytes) -> bytes` at once; reading never waits."""

    def __init__(self, respond: Callable[[bytes], bytes], name: str = "memory") -> None:
        self._respond = respond
        self._name = name
        self._arrived = b""

    @property
    def name(self) -> str:
        """What to call the line in a message."""
        return self._name

    def epoch(self) -> int:
        """Always the same line."""
        return 0

    def write(self, data: bytes) -> None:
        """Hand everything to the other side."""
        self._arrived += self._respond(data)

    def read(self, timeout_s: float) -> bytes:
        """What the other side has answered."""
        arrived, self._arrived = self._arrived, b""
        return arrived

    def close(self) -> None:
        """Nothing to let go of."""
