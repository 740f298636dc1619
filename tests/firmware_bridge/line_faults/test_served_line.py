"""Simulated heads in a process of their own, with a bad line in front: pty and TCP, pulled and plugged."""

import json
import os
import select
import socket
import subprocess
import sys
from collections import Counter
from contextlib import closing

import pytest

from firmware_bridge import open_bus
from firmware_bridge.errors import BridgeError, LineGone, PortUnavailable
from firmware_bridge.simulator.config import SimulatedDevice, SimulatorConfig
from firmware_bridge.simulator.line_end import PtyEnd, TcpEnd, listening_place
from firmware_bridge.simulator.serve import LineServer
from firmware_bridge.transport import open_transport
from firmware_bridge.wire.codec import decode_contents, encode_frame
from firmware_bridge.wire.receiver import FrameReceiver
from firmware_bridge.wire.schema import FaultReport, Hello, KeepAlive, Move

GEARING = SimulatedDevice().gearing


class Served:
    """The simulator as a process, and its side channel."""

    def __init__(self, **config) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "firmware_bridge.simulator"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        devices = [{"address": 1}, {"address": 2}]
        self.process.stdin.write(json.dumps({"devices": devices, "lockstep": False, **config}) + "\n")
        self.process.stdin.flush()
        ready = json.loads(self.process.stdout.readline())
        self.port, self._path = ready["port"], ready["side_channel"]

    def ask(self, **request):
        with socket.socket(socket.AF_UNIX) as channel:
            channel.connect(self._path)
            channel.sendall(json.dumps(request).encode() + b"\n")
            return json.loads(channel.makefile("rb").readline())

    def end(self) -> None:
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def served():
    started = []

    def serve(**config):
        started.append(Served(**config))
        return started[-1]

    yield serve
    for each in started:
        each.end()


def ask_on(ask) -> None:
    """Ask until the line is gone: a hang-up reaches the other end when the system likes."""
    for _ in range(3):
        ask()


def until(ask, *, tries=400):
    """Ask until it is answered; waits on a descriptor, not on the clock."""
    poll = select.poll()
    for _ in range(tries):
        try:
            return ask()
        except LineGone:
            poll.poll(20)
    raise AssertionError("it never came back")


def test_over_tcp_several_hosts_share_the_line(served):
    simulator = served(tcp_port=0)
    assert simulator.port.startswith("tcp://127.0.0.1:")
    with open_bus(simulator.port) as one, open_bus(simulator.port) as two:
        assert one.mount(1, GEARING).move_to(1.0, 89.0).moving
        assert two.mount(2, GEARING).status().drive_enabled
        assert two.mount(1, GEARING).status().moving


@pytest.mark.parametrize("over", ["pty", "tcp"])
def test_a_line_that_is_unplugged_and_plugged_in_works_again_and_its_heads_lived_on(served, tmp_path, over):
    simulator = served(tcp_port=0) if over == "tcp" else served(link=str(tmp_path / "line"))
    with open_bus(simulator.port) as bus:
        head = bus.mount(1, GEARING)
        started_s = head.status().device_time_s
        simulator.ask(unplug=True)
        with pytest.raises(LineGone):
            ask_on(head.status)
        with pytest.raises(PortUnavailable):
            open_bus(simulator.port)
        simulator.ask(plug=True)
        assert until(head.status).device_time_s >= started_s


def test_a_port_that_another_program_took_meanwhile_is_had_again_when_it_lets_go(served, tmp_path):
    simulator = served(link=str(tmp_path / "line"))
    with open_bus(simulator.port) as bus:
        head = bus.mount(1, GEARING)
        head.status()
        simulator.ask(unplug=True)
        with pytest.raises(LineGone):
            ask_on(head.status)
        simulator.ask(plug=True)
        other = open_bus(simulator.port)
        with pytest.raises(AssertionError, match="never came back"):
            until(head.status, tries=30)
        with pytest.raises(LineGone, match="in use by another program"):
            head.status()
        assert other.mount(1, GEARING).status().drive_enabled  # and nobody disturbs it
        other.close()
        assert until(head.status).drive_enabled


def test_a_line_can_be_away_by_itself_and_be_another_device(served, tmp_path):
    simulator = served(link=str(tmp_path / "line"), faults="disconnect=0.4/0.2")
    with open_bus(simulator.port) as bus:
        head = bus.mount(1, GEARING)
        seen = Counter()
        poll = select.poll()
        while seen["gone"] < 3 or seen["back"] < 3:
            before = bus._link._transport._epoch
            try:
                head.status()
                seen["back"] += bus._link._transport._epoch > before
            except LineGone:
                seen["gone"] += 1
            except BridgeError:
                seen["unanswered"] += 1
            poll.poll(10)


def test_through_a_bad_line_every_command_arrives_once_or_is_known_not_to(served):
    faults = "flip=2e-4,loss=0.03,half=0.02,noise=0.05,duplicate=0.05,stale=0.05/0.2,echo=1,seed=11"
    simulator = served(tcp_port=0, faults=faults)
    outcomes: Counter[str] = Counter()
    with open_bus(simulator.port) as bus:
        head = bus.mount(1, GEARING)
        for number in range(60):
            wanted_deg = float(number % 7)
            try:
                head.move_to(wanted_deg, 90.0)
                outcomes["done"] += 1
            except BridgeError as error:
                outcomes[type(error).__name__] += 1
    assert outcomes["done"] >= 55, outcomes


def lockstep_run(faults):
    """Two heads led through a minute of device time: where their shafts are, second by second, and how often
    each fault has happened either way."""
    config = SimulatorConfig(devices=(SimulatedDevice(), SimulatedDevice(address=2)), faults=faults)
    truths, sent = [], 0
    with LineServer(config, lambda: 0.0) as server:
        descriptor = os.open(server.port, os.O_RDWR | os.O_NOCTTY)
        for number in range(60):
            for frame in frames_of(number):
                os.write(descriptor, frame)
                sent += len(frame)
            server.answer({"advance_s": 1.0, "after_bytes": sent})
            truths.append(server.answer({"truth": True})["truth"])
        os.close(descriptor)
        ways = server._line._line.to_device, server._line._line.to_host
        return truths, [way.counts for way in ways]


def frames_of(number):
    if number == 0:
        return [encode_frame(address, 0, Hello(host_nonce=5, greeting=1)) for address in (1, 2)]
    rate = {"azimuth_rate_counts_s": 500, "elevation_rate_counts_s": 300}
    move = Move(azimuth_counts=100 * number, elevation_counts=90_000 - 200 * number, **rate)
    return [encode_frame(0, 0, KeepAlive()), *(encode_frame(a, number, move) for a in (1, 2))]


BAD = (
    "flip=1e-3,drop=1e-3,loss=0.1,half=0.05,duplicate=0.1,stale=0.1/5,delay=0.3,jitter=1,second_host=2.5,"
    "seed="
)


def test_in_lockstep_the_same_seed_gives_the_same_minute():
    truths, counts = lockstep_run(BAD + "1")
    assert (truths, counts) == lockstep_run(BAD + "1")
    assert all(min(way[kind] for kind in ("flip", "drop", "loss", "duplicate")) > 0 for way in counts)
    assert truths != lockstep_run(BAD + "2")[0]
    assert truths != lockstep_run("")[0]


def test_a_head_that_may_speaks_unasked(served):
    simulator = served(tcp_port=0, devices=[{"address": 1, "fault_reports": True}])
    with closing(open_transport(simulator.port, 115200)) as line:
        line.write(b"\0")
        simulator.ask(inject={"address": 1, "emergency_stop": True})
        heard = FrameReceiver().feed(line.read(10.0))
    assert [type(decode_contents(frame).message) for frame in heard] == [FaultReport]


def test_a_renamed_line_keeps_its_link_and_gets_another_terminal(tmp_path):
    link = tmp_path / "line"
    end = PtyEnd(str(link))
    for _ in range(3):
        before = link.readlink()
        end.hang_up()
        assert not link.is_symlink()
        end.come_back(renamed=True)
        assert link.readlink() != before
    end.close()
    assert not link.is_symlink()


def test_a_tcp_port_that_is_taken_is_named():
    first = TcpEnd(0)
    number = int(first.port.rpartition(":")[2])
    with pytest.raises(PortUnavailable, match=r"cannot be had \(Address already in use\)"):
        TcpEnd(number)
    first.close()


def test_a_tcp_port_is_asked_for_by_its_number():
    assert listening_place("tcp:4533") == (None, 4533)
    assert listening_place("/tmp/line") == ("/tmp/line", None)  # noqa: S108
    assert listening_place(None) == (None, None)
    for wrong in ("tcp:", "tcp:http", "tcp:-1", "tcp:70000"):
        with pytest.raises(ValueError, match="write it as tcp:4533"):
            listening_place(wrong)


@pytest.mark.parametrize("wrong", [{"tcp_port": 70000}, {"faults": "flop=1"}])
def test_a_wrong_configuration_is_refused(wrong):
    with pytest.raises(ValueError, match=r"tcp_port is 70000|'flop' is unknown"):
        SimulatorConfig(devices=(SimulatedDevice(),), **wrong)
