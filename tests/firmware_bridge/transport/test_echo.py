"""Lines that send our own bytes back to us, in native and in text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.dialects.native import NativeLine
from firmware_bridge.dialects.servers import SERVERS
from firmware_bridge.foreign_bus import ForeignBus
from firmware_bridge.link import Link
from firmware_bridge.native_bus import NativeBus
from firmware_bridge.simulator.config import SimulatedDevice
from firmware_bridge.simulator.device import Head
from firmware_bridge.simulator.line import SimulatedLine
from firmware_bridge.simulator.rotator import HeadRotator
from firmware_bridge.transport.echo import MOST_OWED, EchoCancelling
from firmware_bridge.wire.session import Patience


class Wire:
    """A transport with bytes that the test puts there, in pieces; it can echo. Only waiting takes time."""

    name = "wire"

    def __init__(self, *, echoes: bool, respond=lambda _data: b"", piece=1000) -> None:
        self.arriving, self.opening, self.now_s = b"", 0, 0.0
        self._echoes, self._respond, self._piece = echoes, respond, piece

    def epoch(self):
        return self.opening

    def write(self, data):
        self.arriving += (data if self._echoes else b"") + self._respond(data)

    def read(self, timeout_s):
        data, self.arriving = self.arriving[: self._piece], self.arriving[self._piece :]
        self.now_s += 0.0 if data else max(timeout_s, 0.0)
        return data

    def time(self):
        return self.now_s

    def close(self):
        pass


def heard(line, reads=400) -> bytes:
    return b"".join(line.read(0.1) for _ in range(reads))


SAID = st.lists(st.binary(min_size=1, max_size=12), min_size=1, max_size=5)


@given(said=SAID, answer=st.binary(min_size=1, max_size=30), piece=st.integers(1, 20))
def test_on_a_line_that_is_known_to_echo_exactly_our_bytes_are_taken_out(said, answer, piece):
    wire = Wire(echoes=True, piece=piece)
    line = EchoCancelling(wire, echoes=True)
    for data in said:
        line.write(data)
    wire.arriving += answer
    assert heard(line) == answer


@given(said=SAID, answer=st.binary(max_size=60), piece=st.integers(1, 20))
def test_on_a_line_that_is_known_not_to_echo_every_byte_passes(said, answer, piece):
    wire = Wire(echoes=False, piece=piece)
    line = EchoCancelling(wire, echoes=False)
    for data in said:
        line.write(data)
    wire.arriving += answer
    assert heard(line) == answer


@pytest.mark.parametrize("piece", [1, 3, 1000])
@pytest.mark.parametrize("echoes", [True, False])
def test_it_finds_out_by_the_first_answer(echoes, piece):
    wire = Wire(echoes=echoes, respond=lambda _data: b"AZ10.0 EL20.0\n", piece=piece)
    line = EchoCancelling(wire)
    assert line.echoes is None
    for _ in range(3):
        line.write(b"AZ EL \n")
        assert heard(line) == b"AZ10.0 EL20.0\n"
        assert line.echoes is echoes


def test_an_answer_that_reads_like_an_earlier_command_is_no_echo():
    """EasyComm says where it is in the words in which it is sent there."""
    wire = Wire(echoes=False)
    line = EchoCancelling(wire)
    line.write(b"AZ10.0 EL20.0\n")
    line.write(b"AZ EL \n")
    wire.arriving = b"AZ10.0 EL20.0\n"
    assert heard(line) == b"AZ10.0 EL20.0\n"


def test_a_damaged_echo_is_passed_on_and_the_next_one_taken_out_again():
    wire = Wire(echoes=True)
    line = EchoCancelling(wire)
    line.write(b"C2\r")
    assert heard(line) == b""
    line.write(b"C2\r")
    wire.arriving = b"C3\r+0010+0020\r\n"
    assert heard(line) == b"C3\r+0010+0020\r\n"
    line.write(b"C2\r")
    wire.arriving += b"+0010+0020\r\n"
    assert heard(line) == b"+0010+0020\r\n"


def test_on_a_line_opened_again_it_finds_out_anew():
    wire = Wire(echoes=True)
    line = EchoCancelling(wire)
    line.write(b"C2\r")
    line.read(0.1)
    assert line.echoes
    line.write(b"half")
    wire.opening, wire.arriving = 1, b""
    assert line.epoch() == 1
    assert line.echoes is None
    line.write(b"C2\r")
    wire.arriving = b"+0010+0020\r\n"
    assert heard(line) == b"+0010+0020\r\n"


def test_what_nobody_reads_is_not_hoarded():
    line = EchoCancelling(Wire(echoes=False))
    for _ in range(100):
        line.write(bytes(1000))
    assert len(line._owed) == MOST_OWED


@pytest.mark.parametrize("echoes", [True, False])
def test_native_heads_are_led_through_an_echo_by_ids_alone(echoes):
    simulated = SimulatedLine([SimulatedDevice()])
    wire = Wire(echoes=echoes, respond=simulated.receive, piece=5)
    bus = NativeBus(Link(wire, wire.time), NativeLine(Patience()), host_nonce=1)
    head = bus.mount(1, SimulatedDevice().gearing)
    assert head.move_to(3.0, 89.0).moving
    assert head.stop().held


@pytest.mark.parametrize("protocol", ["easycomm2", "easycomm3", "gs232a", "gs232b"])
@pytest.mark.parametrize("echoes", [True, False])
def test_heads_that_speak_text_are_led_through_an_echo(protocol, echoes):
    head = Head(SimulatedDevice(elevation_start_deg=45.0))
    rotator = HeadRotator(head, SimulatedDevice().gearing)
    wire = Wire(echoes=echoes, respond=SERVERS[protocol](rotator).receive, piece=4)
    line = EchoCancelling(wire)
    bus = ForeignBus(Link(line, wire.time), protocol, Patience(), wire.time)
    mount = bus.mount(1)
    assert mount.status().elevation_deg == 45.0
    for azimuth_deg in (10.0, 20.0, 10.0):
        mount.move_to(azimuth_deg, 50.0)
        rotator.advance(120_000)
        status = mount.status()
        assert (status.azimuth_deg, status.elevation_deg) == (azimuth_deg, 50.0)
    assert line.echoes is echoes
