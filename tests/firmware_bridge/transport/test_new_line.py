"""What the driver does on a line that was opened again: the same heads, restarted ones, or other ones."""

import itertools

import pytest

from firmware_bridge import LinkLost, NativeBus, RemoteProtocolError
from firmware_bridge.dialects.native import NativeLine
from firmware_bridge.errors import LineGone
from firmware_bridge.link import Link
from firmware_bridge.simulator.config import SimulatedDevice
from firmware_bridge.simulator.line import SimulatedLine
from firmware_bridge.transport.memory import MemoryTransport
from firmware_bridge.transport.reconnecting import Reconnecting
from firmware_bridge.wire.codec import decode_contents
from firmware_bridge.wire.receiver import FrameReceiver
from firmware_bridge.wire.schema import Hello, KeepAlive, SetParameters, Stop
from firmware_bridge.wire.session import Patience

GEARING = SimulatedDevice().gearing


class Socket:
    """Where the line is plugged in: the heads behind it, what they were told, and whether it is there."""

    name = "socket"

    def __init__(self) -> None:
        self.now_s, self.told, self.cut_after = itertools.count(0.0, 0.1), [], None
        self.heads(SimulatedDevice(address=1), SimulatedDevice(address=2))
        self.bus = NativeBus(Link(self.transport(), self.time), NativeLine(Patience()), host_nonce=1)

    def time(self) -> float:
        return next(self.now_s)

    def transport(self):
        return Reconnecting(self, self.time)

    def heads(self, *devices) -> None:
        self.line, self.receiver = SimulatedLine(devices), FrameReceiver()

    def open(self, wait_s):
        return MemoryTransport(self._respond)

    def close(self):
        pass

    def pull(self) -> None:
        self.cut_after = 0

    def _respond(self, data):
        if self.cut_after is not None:
            cut, self.cut_after = self.cut_after, None
            self.line.receive(data[:cut])
            raise LinkLost("pulled")
        self.told += [decode_contents(contents).message for contents in self.receiver.feed(data)]
        return self.line.receive(data)


@pytest.fixture
def socket():
    return Socket()


def patiently(ask):
    """Ask until the line is back."""
    for _ in range(100):
        try:
            return ask()
        except LineGone:
            continue
    raise AssertionError("it never came back")


def test_every_head_is_greeted_again_not_only_the_one_whose_request_failed(socket):
    one, two = socket.bus.mount(1, GEARING), socket.bus.mount(2, GEARING)
    for head in (one, two):
        head.move_to(0.0, 90.0)
    socket.pull()
    with pytest.raises(LineGone):
        one.status()
    socket.told.clear()
    patiently(lambda: two.move_to(1.0, 89.0))
    one.move_to(1.0, 89.0)
    kinds = [type(message).__name__ for message in socket.told]
    assert kinds == ["Hello", "Move", "Hello", "Move"]


def test_half_an_answer_from_before_does_not_spoil_the_first_one_after(socket):
    head = socket.bus.mount(1, GEARING)
    head.status()
    socket.bus._line.receiver.feed(b"\0\x09half of")
    socket.pull()
    with pytest.raises(LineGone):
        head.status()
    socket.told.clear()
    patiently(head.status)
    assert len(socket.told) == 2  # a greeting and the question, each asked once


def test_a_head_that_lost_its_limits_meanwhile_has_them_back_before_it_moves(socket):
    head = socket.bus.mount(1, GEARING)
    limits = SimulatedDevice(azimuth_rate_deg_s=0.4).limits
    head.configure(limits)
    socket.pull()
    socket.heads(SimulatedDevice(address=1), SimulatedDevice(address=2))  # restarted with what they had first
    socket.told.clear()
    with pytest.raises(LineGone):
        head.move_to(0.0, 80.0)
    patiently(lambda: head.move_to(0.0, 80.0))
    assert [type(m) for m in socket.told[:2]] == [Hello, SetParameters]


def test_another_device_at_the_old_name_is_never_commanded(socket):
    head = socket.bus.mount(1, GEARING)
    head.move_to(0.0, 80.0)
    socket.pull()
    with pytest.raises(LineGone):
        head.status()
    stranger = SimulatedDevice(address=1, serial=4711)
    socket.heads(stranger)
    for _ in range(3):
        with pytest.raises(RemoteProtocolError, match=r"serial number 4711, before it was.*check ports"):
            patiently(lambda: head.move_to(0.0, 10.0))
    assert not socket.line.stations[1].head.moving
    assert head.stop().held  # but anybody may be stopped


def test_a_command_whose_retry_falls_on_the_new_line_is_not_sent_there(socket):
    head = socket.bus.mount(1, GEARING)
    head.status()
    socket.pull()
    with pytest.raises(LineGone):
        head.move_to(0.0, 10.0)
    assert not any(type(message).__name__ == "Move" for message in socket.told)
    patiently(socket.bus.keep_alive)
    assert type(socket.told[-1]) is KeepAlive


def test_stop_goes_out_on_a_new_line_without_a_greeting(socket):
    head = socket.bus.mount(1, GEARING)
    head.move_to(0.0, 10.0)
    socket.pull()
    with pytest.raises(LinkLost):
        socket.bus.stop_all()
    socket.told.clear()
    patiently(socket.bus.stop_all)
    assert type(socket.told[0]) is Stop
    assert socket.line.stations[1].head.held


def test_a_request_that_could_not_be_sent_owes_no_answer(socket):
    head = socket.bus.mount(1, GEARING)
    head.status()
    for _ in range(3):
        socket.pull()
        with pytest.raises(LineGone):
            head.stop()
        patiently(head.stop)
