"""A TCP port at which one rotator answers as Hamlib's rotctld does, to several clients at a time."""

import logging
import socket
import socketserver
import sys
import threading
from contextlib import suppress
from typing import Final

from firmware_bridge.dialects.rotator import Rotator
from firmware_bridge.dialects.rotctld_server import RotctldServer
from firmware_bridge.errors import PortUnavailable

_log = logging.getLogger(__name__)

MOST_CLIENTS: Final = 16  # chosen: each costs a thread
READ_BYTES: Final = 4096
Request = socket.socket | tuple[bytes, socket.socket]  # as socketserver has it; with TCP the former


class RotctldPort:
    """Listens until it is closed; `port` is the one it has got, when 0 left that open.

    Raises PortUnavailable.
    """

    def __init__(self, host: str, port: int, rotator: Rotator) -> None:
        try:
            self._server = _Server(host, port, rotator)
        except OSError as error:
            raise PortUnavailable(
                f"{host}:{port}",
                f"cannot be served ({error.strerror or error})",
                "choose a port that is free and yours to use",
            ) from error
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, name=f"rotctld {host}:{self.port}", daemon=True
        )
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether it still takes clients."""
        return self._thread.is_alive()

    def close(self) -> None:
        """Hang up on everybody; twice is once."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._server.hang_up()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False  # a client that hangs must not hold up the end of a run

    def __init__(self, host: str, port: int, rotator: Rotator) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.rotator = rotator
        self._clients: set[socket.socket] = set()
        super().__init__((host, port), _Conversation)

    def get_request(self) -> tuple[socket.socket, object]:
        """A client is there."""
        client, address = super().get_request()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)  # who vanished gives up his place
        self._clients.add(client)
        return client, address

    def verify_request(self, request: object, client_address: object) -> bool:
        """Take so many clients and no more."""
        if len(self._clients) <= MOST_CLIENTS:
            return True
        _log.warning("rotctld: %s is turned away, %d clients are the most", client_address, MOST_CLIENTS)
        return False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away in the middle of a word is no trouble of ours; anything else is."""
        error = sys.exception()
        level = logging.DEBUG if isinstance(error, OSError) else logging.ERROR
        _log.log(level, "rotctld: %s is hung up on: %r", client_address, error)

    def shutdown_request(self, request: Request) -> None:
        """A client has gone, or was turned away."""
        self._clients -= {request}
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End all conversations."""
        for client in tuple(self._clients):
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)


class _Conversation(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        host = RotctldServer(self.server.rotator)
        while not host.finished and (data := self.request.recv(READ_BYTES)):
            self.request.sendall(host.receive(data))
