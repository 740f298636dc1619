"""Lines that tests can pull and plug, and a host's clock moved by hand."""

import os
import socket
import tty
from pathlib import Path

import pytest

from firmware_bridge.errors import LinkLost, PortUnavailable
from firmware_bridge.transport.reconnecting import Reconnecting


class Plug:
    """A dial whose line is there or not, as the test says; what it opened is kept to look at."""

    name = "plug"

    def __init__(self) -> None:
        self.there, self.slow = True, False
        self.tried = 0
        self.lines: list[PluggedLine] = []

    def open(self, wait_s):
        self.tried += 1
        if not self.there:
            raise PortUnavailable(self.name, "does not exist", "plug it in")
        if self.slow:
            return None
        self.lines.append(PluggedLine(self))
        return self.lines[-1]

    def close(self):
        self.slow = False


class PluggedLine:
    """Works while its plug is in; answers with what was written."""

    name = "plug"

    def __init__(self, plug: Plug) -> None:
        self._plug = plug
        self.written, self.closed = b"", False

    def epoch(self):
        return 0

    def write(self, data):
        self._check()
        self.written += data

    def read(self, timeout_s):
        self._check()
        arrived, self.written = self.written, b""
        return arrived

    def close(self):
        self.closed = True

    def _check(self):
        if not self._plug.there or self._plug.lines[-1] is not self:
            raise LinkLost("pulled")


class Bench:
    """A reconnecting line on a plug, and its clock."""

    def __init__(self) -> None:
        self.plug, self.now_s = Plug(), 100.0
        self.line = Reconnecting(self.plug, lambda: self.now_s)


class PulledPty:
    """A pty behind a lasting link, made and taken away like an adapter that is plugged in and pulled."""

    def __init__(self, folder: Path) -> None:
        self.link = folder / "line"
        self.plug()

    def plug(self) -> None:
        self.ours, self._theirs = os.openpty()
        tty.setraw(self._theirs)
        self.link.symlink_to(os.ttyname(self._theirs))

    def pull(self) -> None:
        self.link.unlink()
        os.close(self.ours)
        os.close(self._theirs)


def read_on(line) -> None:
    """Read until the line is gone: a hang-up reaches the other end when the system likes."""
    for _ in range(10):
        line.read(1.0)


@pytest.fixture
def reading_on():
    return read_on


@pytest.fixture
def plugged():
    return Bench()


@pytest.fixture
def pulled_pty(tmp_path):
    pty = PulledPty(tmp_path)
    yield pty
    if pty.link.is_symlink():
        pty.pull()


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10.0)
        yield server


def url_of(server: socket.socket) -> str:
    return f"tcp://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def url():
    return url_of
