"""Lines over TCP: serial servers, simulators, and daemons that speak a dialect."""

import errno
import os
import select
import socket
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias
from urllib.parse import SplitResult

from firmware_bridge.errors import LinkLost, PortUnavailable
from firmware_bridge.transport.hang_up import hung_up

READ_BYTES: Final = 4096
WRITE_WITHIN_S: Final = 0.25
CONNECT_WITHIN_S: Final = 1.0  # chosen: then a fresh try is quicker than the system's own, which doubles
# A peer that vanished without a word is noticed within 3 s, idle or not (RFC 5482, tcp(7)); chosen: after
# shorter absences TCP goes on by itself, its tries then at most 1.6 s apart.
VANISHED_AFTER_S: Final = 3
OPTIONS: Final = (
    (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, VANISHED_AFTER_S - 1),
    (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 1000 * VANISHED_AFTER_S),
)

_Address: TypeAlias = tuple[int, tuple[Any, ...]]


class TcpPort:
    """A connection. Raises LinkLost when the peer has closed it or vanished."""

    def __init__(self, connection: socket.socket, name: str) -> None:
        self._connection, self._name = connection, name
        connection.settimeout(WRITE_WITHIN_S)
        for level, option, value in OPTIONS:
            connection.setsockopt(level, option, value)

    @property
    def name(self) -> str:
        """The URL it was opened with."""
        return self._name

    def epoch(self) -> int:
        """Always 0: it is never opened again. Raises LinkLost when the other side has hung up."""
        if hung_up(self._connection.fileno()):
            raise self._lost("closed by the other side")
        return 0

    def fileno(self) -> int:
        """For a selector."""
        return self._connection.fileno()

    def write(self, data: bytes) -> None:
        """Send everything."""
        try:
            self._connection.sendall(data)
        except OSError as error:
            raise self._lost(error) from error

    def read(self, timeout_s: float) -> bytes:
        """What has arrived, waiting at most timeout_s."""
        try:
            if not select.select((self._connection,), (), (), max(timeout_s, 0.0))[0]:
                return b""
            data = self._connection.recv(READ_BYTES)
        except (OSError, ValueError) as error:
            raise self._lost(error) from error
        if not data:
            raise self._lost("closed by the other side")
        return data

    def close(self) -> None:
        """Hang up; twice is once."""
        self._connection.close()

    def _lost(self, why: Exception | str) -> LinkLost:
        return LinkLost(f"port {self._name} has gone away ({why}); check network and server")


class TcpDial:
    """Connects to one host and port without ever waiting longer than asked; `clock` gives monotonic seconds.

    The host's addresses are looked up once, at the first opening: a look-up may block for seconds.
    """

    def __init__(self, parts: SplitResult, clock: Callable[[], float]) -> None:
        """From tcp://host:port or socket://host:port. Raises PortUnavailable for another form."""
        self._name, self._clock = parts.geturl(), clock
        self._host, self._number = _host_and_number(parts)
        self._addresses: deque[_Address] = deque()
        self._pending: socket.socket | None = None
        self._give_up_s = 0.0

    @property
    def name(self) -> str:
        """The URL."""
        return self._name

    def open(self, wait_s: float) -> TcpPort | None:
        """The connection, or None while it is being made. Raises PortUnavailable when nobody accepts it."""
        if not self._addresses:
            self._addresses.extend(self._looked_up())
        why = ""
        for _ in range(len(self._addresses)):
            connection = self._pending or self._begun()
            if not select.select((), (connection,), (), wait_s)[1]:
                if self._clock() >= self._give_up_s:
                    self._drop()
                return None
            failed = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if not failed and not _talks_to_itself(connection):
                self._pending = None
                return TcpPort(connection, self._name)
            why = os.strerror(failed or errno.ECONNREFUSED)
            self._drop()
        raise self._unavailable(f"does not accept the connection ({why})")

    def close(self) -> None:
        """Let go of a connection that is being made."""
        if self._pending is not None:
            self._drop()

    def _looked_up(self) -> Sequence[_Address]:
        try:
            found = socket.getaddrinfo(self._host, self._number, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise self._unavailable(f"has a host that is unknown ({error})") from error
        return [(family, address) for family, _, _, _, address in found]

    def _begun(self) -> socket.socket:
        family, address = self._addresses[0]
        self._pending = socket.socket(family, socket.SOCK_STREAM)
        self._pending.setblocking(False)
        self._pending.connect_ex(address)  # what becomes of it is asked when it is writable
        self._give_up_s = self._clock() + CONNECT_WITHIN_S
        return self._pending

    def _drop(self) -> None:
        if self._pending is not None:
            self._pending.close()
            self._pending = None
            self._addresses.rotate(-1)

    def _unavailable(self, problem: str) -> PortUnavailable:
        return PortUnavailable(self._name, problem, "check host, port number and that the server runs")


def _host_and_number(parts: SplitResult) -> tuple[str, int]:
    try:
        host, number = parts.hostname, parts.port
    except ValueError:
        host = number = None
    if not host or not number:
        raise PortUnavailable(parts.geturl(), "names no host and port", "write it as tcp://host:port")
    return host, number


def _talks_to_itself(connection: socket.socket) -> bool:
    """Where nobody listens on this machine, the system may pick that very port as ours (RFC 9293)."""
    return bool(connection.getsockname() == connection.getpeername())
