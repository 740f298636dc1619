"""Finding and numbering devices that know nothing of each other, on a line where they garble each other."""

import pytest

from firmware_bridge.simulator.config import SimulatedDevice
from firmware_bridge.simulator.half_duplex import EventClock, HalfDuplexLine, VirtualPort, served
from firmware_bridge.simulator.line import SimulatedLine
from firmware_bridge.wire.codec import encode_frame
from firmware_bridge.wire.receiver import FrameReceiver
from firmware_bridge.wire.schema import Here, SetAddress
from firmware_bridge.wire.search import SerialSearch
from firmware_bridge.wire.session import Patience, Session

ANSWER_WITHIN_S = 0.02


def line_of(*devices, echo=False):
    line = HalfDuplexLine(EventClock(), baud=115200, turnaround_s=0.002, echo=echo, seed=5)
    heads = [SimulatedLine([device]) for device in devices]
    for head in heads:
        line.join(served(head.receive, head.advance))
    return line, heads


def search_on(line, search):
    port, calls = VirtualPort(line), 0
    while call := search.call():
        calls += 1
        port.write(call)
        until_s = port.now_s() + ANSWER_WITHIN_S
        while port.now_s() < until_s:
            search.receive(port.read(until_s - port.now_s()))
    return calls


@pytest.mark.parametrize("echo", [False, True])
@pytest.mark.parametrize(
    "serials",
    [
        [],
        [0],
        [2**32 - 1],
        list(range(1000, 1032)),  # one batch
        [7, 8, 2**31 - 1, 2**31, 4_000_000_000],
    ],
)
def test_everybody_is_found_although_all_have_the_same_address(serials, echo):
    line, _ = line_of(*(SimulatedDevice(address=1, serial=serial) for serial in serials), echo=echo)
    search = SerialSearch()
    calls = search_on(line, search)
    assert search.found == dict.fromkeys(serials, 1)
    assert search.unclear == []
    halvings, silences = 32, 3  # of a range, until one number is left; of the half in which nobody is
    assert calls <= silences + len(serials) * (halvings * (1 + silences) + 2 * silences)


def test_two_devices_with_the_same_serial_number_are_told_of(rng):
    line, _ = line_of(*(SimulatedDevice(address=address, serial=serial)
                        for address, serial in [(1, 500), (2, 500), (3, 501)]))  # fmt: skip
    search = SerialSearch(low=0, high=1000)
    search_on(line, search)
    assert search.found == {501: 3}
    assert search.unclear == [500]


def test_a_device_louder_than_another_does_not_hide_it():
    """The other's answer leaves no trace on the line at all."""
    search, there = SerialSearch(low=0, high=99), {10: 1, 11: 2, 70: 3}
    while call := search.call():
        ((low, high), sequence) = asked(call)
        answering = [serial for serial in there if low <= serial <= high]
        if answering:
            loudest = max(answering)
            search.receive(encode_frame(there[loudest], sequence, Here(serial=loudest)))
    assert search.found == there


def test_answers_that_come_one_after_the_other_are_all_taken():
    line = SimulatedLine([SimulatedDevice(address=address) for address in (1, 2, 3)])
    search, calls = SerialSearch(), 0
    while call := search.call():
        calls += 1
        search.receive(line.receive(call))
    assert search.found == {1001: 1, 1002: 2, 1003: 3}


def test_a_lost_answer_is_asked_for_again():
    search, call_number = SerialSearch(low=5, high=5), 0
    while call := search.call():
        call_number += 1
        if call_number == 2:
            search.receive(encode_frame(9, asked(call)[1], Here(serial=5)))
    assert search.found == {5: 9}


def test_a_device_is_given_an_address_by_its_serial_number_and_keeps_it(bench):
    world = bench(SimulatedDevice(address=1), SimulatedDevice(address=2))
    session = Session(address=40, receiver=FrameReceiver(), patience=Patience())
    answer = session.receive(world.line.receive(session.request(SetAddress(serial=1002, address=40), 0.0)))
    assert answer == Here(serial=1002)
    assert list(world.line.stations) == [1, 40]
    world.inject(40, reset="external")
    assert world.line.stations[40].head.serial == 1002


@pytest.mark.parametrize("address", [0, 248, 255])
def test_an_address_that_cannot_exist_is_not_taken(bench, address):
    world = bench(SimulatedDevice(address=1))
    assert world.line.receive(encode_frame(0, 1, SetAddress(serial=1001, address=address))) == b""
    assert list(world.line.stations) == [1]


def test_a_moving_device_keeps_its_address(bench):
    world = bench(SimulatedDevice(address=1, elevation_start_deg=45.0))
    world.mounts[1].move_to(10.0, 45.0)
    assert world.line.receive(encode_frame(0, 1, SetAddress(serial=1001, address=7))) == b""


def test_calls_to_one_address_are_not_answered_as_calls(bench):
    world = bench(SimulatedDevice(address=1))
    answer = world.line.receive(encode_frame(1, 1, SetAddress(serial=1001, address=7)))
    assert list(world.line.stations) == [1]
    assert FrameReceiver().feed(answer)[0][2] == 0x83


@pytest.mark.parametrize("wrong", [{"low": 5, "high": 4}, {"high": 2**32}, {"repeats": 0}])
def test_a_search_without_numbers_is_refused(wrong):
    with pytest.raises(ValueError, match="serial numbers"):
        SerialSearch(**wrong)


def asked(call):
    from firmware_bridge.wire.codec import decode_contents

    (contents,) = FrameReceiver().feed(call)
    frame = decode_contents(contents)
    return (frame.message.serial_low, frame.message.serial_high), frame.sequence
