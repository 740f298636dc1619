"""The simulator's end of a line that clients open: a pty, or a TCP port on this machine."""

import contextlib
import os
import selectors
import socket
from typing import Final, Protocol

from firmware_bridge.errors import PortUnavailable
from firmware_bridge.simulator.pty_line import PtyLine

READ_BYTES: Final = 4096
LOOPBACK: Final = "127.0.0.1"
TCP: Final = "tcp:"
LAST_TCP_PORT: Final = 65535


class LineEnd(Protocol):
    """What clients write can be read here. `fileno` is readable when there is something, hung up or not."""

    @property
    def port(self) -> str:
        """What a client opens."""
        ...

    def fileno(self) -> int:
        """For a selector; the same throughout."""
        ...

    def read(self, timeout_s: float) -> bytes:
        """What clients have sent; waits at most timeout_s."""
        ...

    def write(self, data: bytes) -> None:
        """Send to whoever is there; what nobody fetches is lost, as on a wire."""
        ...

    def hang_up(self) -> None:
        """Be gone for clients; twice is once."""
        ...

    def come_back(self, *, renamed: bool = False) -> None:
        """Be there again for clients; renamed, as another device file."""
        ...

    def close(self) -> None:
        """Take everything away."""
        ...


class PtyEnd:
    """A pty, at an optional link."""

    def __init__(self, link: str | None) -> None:
        self._selector = selectors.EpollSelector()
        self._pty = PtyLine(link)
        self._selector.register(self._pty.descriptor, selectors.EVENT_READ)

    @property
    def port(self) -> str:
        """See LineEnd."""
        return self._pty.port

    def fileno(self) -> int:
        """See LineEnd."""
        return self._selector.fileno()

    def read(self, timeout_s: float) -> bytes:
        """See LineEnd."""
        return self._pty.read() if self._selector.select(timeout_s) else b""

    def write(self, data: bytes) -> None:
        """See LineEnd."""
        if self._pty.descriptor >= 0:
            self._pty.write(data)

    def hang_up(self) -> None:
        """See LineEnd."""
        if self._pty.descriptor >= 0:
            self._selector.unregister(self._pty.descriptor)
            self._pty.hang_up()

    def come_back(self, *, renamed: bool = False) -> None:
        """See LineEnd."""
        self._pty.come_back(renamed=renamed)
        self._selector.register(self._pty.descriptor, selectors.EVENT_READ)

    def close(self) -> None:
        """See LineEnd."""
        self.hang_up()
        self._selector.close()


class TcpEnd:
    """A TCP port on loopback; several clients are on one line, and all hear what devices say.

    Port 0 takes any that is free. Raises PortUnavailable for one that is taken.
    """

    def __init__(self, number: int) -> None:
        self._selector = selectors.EpollSelector()
        self._clients: list[socket.socket] = []
        self._number = number
        self._listener: socket.socket | None = None
        self.come_back()

    @property
    def port(self) -> str:
        """See LineEnd."""
        return f"tcp://{LOOPBACK}:{self._number}"

    def fileno(self) -> int:
        """See LineEnd."""
        return self._selector.fileno()

    def read(self, timeout_s: float) -> bytes:
        """See LineEnd."""
        arrived = b""
        for key, _ in self._selector.select(timeout_s):
            if key.fileobj is self._listener:
                self._accept(self._listener)
            elif isinstance(key.fileobj, socket.socket):
                arrived += self._heard(key.fileobj)
        return arrived

    def write(self, data: bytes) -> None:
        """See LineEnd."""
        for client in self._clients:
            with contextlib.suppress(OSError):  # that it has left shows when it is read
                client.send(data)

    def hang_up(self) -> None:
        """See LineEnd."""
        for client in self._clients.copy():
            self._leave(client)
        if self._listener is not None:
            self._selector.unregister(self._listener)
            self._listener.close()
            self._listener = None

    def come_back(self, *, renamed: bool = False) -> None:
        """See LineEnd; a port number stays the same."""
        try:
            self._listener = socket.create_server((LOOPBACK, self._number))
        except OSError as error:
            self._selector.close()
            why = os.strerror(error.errno or 0)
            raise PortUnavailable(self.port, f"cannot be had ({why})", "name another one") from error
        self._number = self._listener.getsockname()[1]
        self._selector.register(self._listener, selectors.EVENT_READ)

    def close(self) -> None:
        """See LineEnd."""
        self.hang_up()
        self._selector.close()

    def _accept(self, listener: socket.socket) -> None:
        client, _ = listener.accept()
        client.setblocking(False)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._clients.append(client)
        self._selector.register(client, selectors.EVENT_READ)

    def _heard(self, client: socket.socket) -> bytes:
        try:
            data = client.recv(READ_BYTES)
        except ConnectionError:
            data = b""
        if not data:
            self._leave(client)
        return data

    def _leave(self, client: socket.socket) -> None:
        self._clients.remove(client)
        self._selector.unregister(client)
        client.close()


def listening_place(text: str | None) -> tuple[str | None, int | None]:
    """A link and a TCP port from what people write: a path, tcp:NUMBER, or nothing. Raises ValueError."""
    if text is None or not text.startswith(TCP):
        return text, None
    number = text.removeprefix(TCP)
    if not number.isdecimal() or int(number) > LAST_TCP_PORT:
        raise ValueError(f"{text} names no TCP port; write it as tcp:4533, 0 to {LAST_TCP_PORT}")
    return None, int(number)


def open_end(link: str | None, tcp_port: int | None) -> LineEnd:
    """A TCP port where one is given, else a pty. Raises PortUnavailable."""
    return PtyEnd(link) if tcp_port is None else TcpEnd(tcp_port)
