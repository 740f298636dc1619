"""The bad line as a process between a client and somebody else's line: a pty or TCP port on either side."""

import json
import os
import signal
import socket
import subprocess
import sys
import tty
from contextlib import closing, contextmanager

import pytest

from firmware_bridge import open_bus
from firmware_bridge.simulator.client import SimulatorProcess
from firmware_bridge.simulator.config import SimulatedDevice
from firmware_bridge.transport import open_transport

PROGRAM = [sys.executable, "-m", "firmware_bridge.simulator.proxy"]


@contextmanager
def proxy(*arguments):
    """The process, and where clients open it."""
    with subprocess.Popen([*PROGRAM, *arguments], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process, json.loads(process.stdout.readline())["port"]
        finally:
            process.terminate()


@pytest.fixture
def far():
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    yield ours, os.ttyname(theirs)
    os.close(ours)
    os.close(theirs)


def test_heads_are_led_through_a_line_that_echoes_and_loses(tmp_path):
    link = tmp_path / "line"
    with (
        SimulatorProcess([SimulatedDevice()], lockstep=False) as simulator,
        proxy(simulator.port, "--listen", str(link), "--faults", "echo=1,loss=0.05,noise=0.1,seed=2") as (
            _,
            port,
        ),
    ):
        assert port == str(link)
        with open_bus(port) as bus:
            head = bus.mount(1, SimulatedDevice().gearing)
            assert head.move_to(5.0, 89.0).moving
            assert all(head.status().drive_enabled for _ in range(30))
    assert not link.is_symlink()


@pytest.mark.parametrize("listen", ["path", "tcp:0"])
def test_bytes_of_any_protocol_pass_either_way(far, tmp_path, listen):
    ours, path = far
    place = str(tmp_path / "line") if listen == "path" else listen
    with proxy(path, "--listen", place, "--text") as (_, port), closing(open_transport(port, 9600)) as line:
        line.write(b"C2\r")
        assert os.read(ours, 100) == b"C2\r"
        os.write(ours, b"+0123+0045\r\n")
        heard = b""
        while len(heard) < 12:
            heard += line.read(10.0)
        assert heard == b"+0123+0045\r\n"


def test_a_tcp_line_can_be_behind_it():
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        with proxy(address, "--faults", "drop=1") as (_, port), closing(open_transport(port, 9600)) as line:
            peer, _ = server.accept()
            with peer:
                line.write(b"nobody hears this")
                peer.sendall(b"nor that")
                assert line.read(0.2) == b""


def test_it_ends_when_the_real_line_goes_away():
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        with proxy(address) as (process, _):
            server.accept()[0].close()
            assert process.wait() == 3


def test_it_ends_when_it_is_told(far):
    with proxy(far[1]) as (process, _):
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["/dev/no-such-port"], 3, "does not exist"),
        (["tcp://127.0.0.1:1"], 3, "does not accept the connection"),
        (["/dev/null", "--faults", "flop=1"], 2, "'flop' is unknown"),
        (["/dev/null", "--listen", "tcp:http"], 2, "write it as tcp:4533"),
        (["/dev/null", "--text", "--faults", "second_host=1"], 2, "second_host has no words"),
    ],
)
def test_what_is_wrong_is_told_without_a_traceback(arguments, code, says):
    done = subprocess.run([*PROGRAM, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_every_fault_is_explained_in_its_help():
    done = subprocess.run([*PROGRAM, "--help"], capture_output=True, text=True, check=True)
    assert "disconnect=S/S: every S seconds the line is away, for S seconds" in done.stdout
