"""Two ptys joined back to back: a serial cable between two programs that each want a port of their own."""

import os
import select
import threading
from types import TracebackType
from typing import Self

from firmware_bridge.simulator.pty_line import PtyLine


class PtyCable:
    """For simulated units: `server_port` for their server, `client_port` (or `link`) for who asks them.

    A context manager. Raises PortUnavailable when the link cannot be made.
    """

    def __init__(self, link: str | None = None) -> None:
        self._client, self._server = PtyLine(link), PtyLine(None)
        self._woken, self._wake = os.pipe()
        self._thread = threading.Thread(target=self._carry, name="pty cable", daemon=True)
        self._thread.start()

    @property
    def client_port(self) -> str:
        """What a client opens."""
        return self._client.port

    @property
    def server_port(self) -> str:
        """What the server opens."""
        return self._server.port

    def close(self) -> None:
        """Take both ends away."""
        os.write(self._wake, b".")
        self._thread.join()
        for line in (self._client, self._server):
            line.close()
        for descriptor in (self._woken, self._wake):
            os.close(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _carry(self) -> None:
        ends = {self._client.descriptor: self._server, self._server.descriptor: self._client}
        lines = {line.descriptor: line for line in (self._client, self._server)}
        while True:
            ready, _, _ = select.select([*ends, self._woken], [], [])
            if self._woken in ready:
                return
            for descriptor in ready:
                ends[descriptor].write(lines[descriptor].read())
