"""Foreign hosts against our servers: a simulated head behind each dialect, on a pty or a loopback port."""

import importlib.util
import os
import select
import shutil
import socket
import subprocess
import threading
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from firmware_bridge.dialects.servers import SERVERS
from firmware_bridge.foreign_bus import ForeignBus
from firmware_bridge.link import Link
from firmware_bridge.simulator.config import SimulatedDevice
from firmware_bridge.simulator.device import Head
from firmware_bridge.simulator.pty_line import PtyLine
from firmware_bridge.simulator.rotator import HeadRotator
from firmware_bridge.wire.session import Patience

READ_BYTES = 4096
MARK = b"\x00"
PATIENCE = Patience(reply_within_s=0.3, tries=3)


class Station:
    """A simulated head with the server of a dialect in front of it; time passes when it is told to."""

    def __init__(self, protocol: str, **device) -> None:
        config = SimulatedDevice(**({"elevation_start_deg": 45.0} | device))
        self.head = Head(config)
        self.rotator = HeadRotator(self.head, config.gearing)
        self._protocol = protocol
        self.server = self.connect()

    def connect(self):
        """The server of another conversation with the same head."""
        return SERVERS[self._protocol](self.rotator)

    def receive(self, data: bytes) -> bytes:
        return self.server.receive(data)

    def advance(self, seconds: float) -> None:
        self.rotator.advance(round(1000.0 * seconds))

    @property
    def pose_deg(self) -> tuple[float, float]:
        seen = self.rotator.look()
        return seen.azimuth_deg, seen.elevation_deg

    @property
    def target_deg(self) -> tuple[float, float]:
        return tuple(counts / 1000.0 for counts in self.head.target_counts)


class PtyEnd:
    """Our end of a serial line with one server on it; `port` is the other end."""

    def __init__(self, connect) -> None:
        self._line, self._server = PtyLine(None), connect()
        self.port = self._line.port

    def serve_until(self, ended: int) -> None:
        """Serve until a descriptor becomes readable."""
        while ended not in (ready := select.select((self._line.descriptor, ended), (), ())[0]):
            if ready:
                self._line.write(self._server.receive(self._line.read()))

    def catch_up(self) -> None:
        """Hear all that was written: the system delivers it in order, so up to a mark of our own."""
        descriptor = os.open(self.port, os.O_WRONLY | os.O_NOCTTY)
        os.write(descriptor, MARK)
        os.close(descriptor)
        heard = b""
        while not heard.endswith(MARK):
            select.select((self._line.descriptor,), (), ())
            heard += self._line.read()
        self._server.receive(heard.removesuffix(MARK))

    def close(self) -> None:
        self._line.close()


class TcpEnd:
    """A listening port on the loopback, each client with a server of its own; `port` is its number."""

    def __init__(self, connect) -> None:
        self._connect, self._servers = connect, {}
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]

    def serve_until(self, ended: int) -> None:
        """Serve until a descriptor becomes readable."""
        while ended not in (ready := select.select((self._listener, ended, *self._servers), (), ())[0]):
            self._serve(ready)

    def catch_up(self) -> None:
        """Hear all that was sent by clients that are gone."""
        while self._servers:
            self._serve(select.select(tuple(self._servers), (), ())[0])

    def _serve(self, ready) -> None:
        for each in ready:
            if each is self._listener:
                self._servers[each.accept()[0]] = self._connect()
                continue
            data = each.recv(READ_BYTES)
            answer = self._servers[each].receive(data)
            with suppress(BrokenPipeError, ConnectionResetError):
                each.sendall(answer)
            if not data or self._servers[each].finished:
                del self._servers[each]
                each.close()

    def close(self) -> None:
        for client in (self._listener, *self._servers):
            client.close()


@contextmanager
def _served(end):
    """Serve beside the test, in a thread."""
    ended, signal_end = os.pipe()
    thread = threading.Thread(target=end.serve_until, args=(ended,))
    thread.start()
    try:
        yield end.port
    finally:
        os.close(signal_end)
        thread.join()
        os.close(ended)
        end.close()


@pytest.fixture
def station():
    return Station


@pytest.fixture
def pty_end():
    return PtyEnd


@pytest.fixture
def tcp_end():
    return TcpEnd


@pytest.fixture
def served():
    return _served


def _program(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        wanted = f"{name} is missing: apt-get install libhamlib-utils"
        pytest.fail(wanted) if os.environ.get("CI") else pytest.skip(wanted)
    return path


@pytest.fixture
def rotctl():
    """Run Hamlib's rotctl against an end of ours; what it prints. It must leave no error."""
    path = _program("rotctl")

    def run(end, *arguments: str) -> str:
        with subprocess.Popen(
            [path, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            ended = os.pidfd_open(process.pid)
            end.serve_until(ended)
            os.close(ended)
            end.catch_up()
            printed = process.stdout.read()
        assert process.returncode == 0, printed
        assert "error" not in printed.lower()
        return printed

    return run


@pytest.fixture
def rotctld():
    """Hamlib's own server with its dummy rotator; yields its port."""
    path = _program("rotctld")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with subprocess.Popen(
        [path, "-m", "1", "-T", "127.0.0.1", "-t", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            _await_listening(process, port)
            yield port
        finally:
            process.terminate()


def _await_listening(process: subprocess.Popen, port: int) -> None:
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            select.select((), (), (), 0.01)
        else:
            return
    pytest.fail(f"rotctld ended with {process.returncode}")


class HostClock:
    """Time that passes while nobody answers, and otherwise when it is told to."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


class Wire:
    """A transport in memory: what is written goes through `respond`; waiting costs the clock's time only."""

    name = "wire"

    def __init__(self, respond, clock: HostClock) -> None:
        self.respond, self._clock = respond, clock
        self.arrived, self.written, self.opening = b"", b"", 1

    def epoch(self) -> int:
        return self.opening

    def write(self, data: bytes) -> None:
        self.written += data
        self.arrived += self.respond(data) if data else b""

    def read(self, timeout_s: float) -> bytes:
        arrived, self.arrived = self.arrived, b""
        if not arrived:
            self._clock.now_s += max(timeout_s, 0.0)
        return arrived

    def close(self) -> None:
        """Nothing to let go of."""


class Host:
    """Our own client of a dialect, as the driver puts it together, against anything that answers bytes."""

    def __init__(self, protocol: str, respond) -> None:
        self.clock = HostClock()
        self.wire = Wire(respond, self.clock)
        self.bus = ForeignBus(Link(self.wire, self.clock), protocol, PATIENCE, self.clock)
        self.mount = self.bus.mount(1)


@pytest.fixture
def host():
    return Host


@pytest.fixture(scope="session")
def checks():
    """The invariants that the coverage-guided fuzzer holds as well."""
    path = Path(__file__).parents[2] / "fuzz" / "dialect_checks.py"
    specification = importlib.util.spec_from_file_location("dialect_checks", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module
