"""JSON lines over a Unix socket: each request line gets one answer line."""

import json
import selectors
import socket
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeAlias

RECEIVE_BYTES: Final = 65536
LONGEST_LINE: Final = 65536

Answerer: TypeAlias = Callable[[Mapping[str, Any]], Mapping[str, Any]]


class SideChannel:
    """Listens at `path`; a ValueError or TypeError of `answer` reaches the client as `{"error": ...}`.

    It registers with a selector whose data are functions to call when there is something to read.
    """

    def __init__(self, selector: selectors.BaseSelector, answer: Answerer) -> None:
        self._selector, self._answer = selector, answer
        self._folder = tempfile.TemporaryDirectory(prefix="sunflower-")
        self.path = str(Path(self._folder.name) / "side")
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(self.path)
        self._listener.listen()
        self._pending: dict[socket.socket, bytes] = {}
        selector.register(self._listener, selectors.EVENT_READ, self._accept)

    def close(self) -> None:
        """Hang up on everybody and take the socket away."""
        for connection in (*self._pending, self._listener):
            self._selector.unregister(connection)
            connection.close()
        self._pending.clear()
        self._folder.cleanup()

    def _accept(self) -> None:
        connection, _ = self._listener.accept()
        self._pending[connection] = b""
        self._selector.register(connection, selectors.EVENT_READ, partial(self._serve, connection))

    def _serve(self, connection: socket.socket) -> None:
        try:
            data = connection.recv(RECEIVE_BYTES)
            *lines, rest = (self._pending[connection] + data).split(b"\n")
            for line in lines:
                connection.sendall(self._answered(line))
        except ConnectionError:
            data, rest = b"", b""
        self._pending[connection] = rest
        if not data or len(rest) > LONGEST_LINE:
            self._hang_up(connection)

    def _hang_up(self, connection: socket.socket) -> None:
        self._selector.unregister(connection)
        del self._pending[connection]
        connection.close()

    def _answered(self, line: bytes) -> bytes:
        try:
            answer = self._answer(_request(line))
        except (TypeError, ValueError) as error:
            answer = {"error": str(error)}
        return json.dumps(answer).encode() + b"\n"


def _request(line: bytes) -> Mapping[str, Any]:
    request = json.loads(line)
    if not isinstance(request, dict):
        raise TypeError(f"a request is a JSON object, not {request!r}")
    return request
