"""A bad line as a whole: who hears what, when it is away, and who else talks on it."""

import pytest

from firmware_bridge.simulator.fault_spec import fault_spec
from firmware_bridge.simulator.faulty_line import STRANGER_SAYS, End, FaultyLine, Presence


def line_with(text, **options) -> FaultyLine:
    return FaultyLine(fault_spec(text), **options)


def everything(line, until_s):
    arrived = []
    while (one := line.arrived(until_s)) is not None:
        arrived.append(one)
    return arrived


def test_each_end_gets_what_the_other_has_said():
    line = line_with("delay=0.5")
    line.from_host(b"\0ask\0", 1.0)
    line.from_device(b"\0say\0", 1.2)
    assert line.next_s == 1.5
    assert everything(line, 1.49) == []
    assert everything(line, 2.0) == [(1.5, End.DEVICE, b"\0ask\0"), (1.7, End.HOST, b"\0say\0")]


def test_an_echo_comes_back_whole_and_before_the_answer():
    line = line_with("echo=1")
    line.from_host(b"\0ask\0", 1.0)
    line.from_device(b"\0say\0", 1.0)
    at_host = [data for _, end, data in everything(line, 1.0) if end is End.HOST]
    assert at_host == [b"\0ask\0", b"\0say\0"]


def test_while_it_is_away_everything_is_lost_what_is_under_way_too():
    line = line_with("disconnect=30/2,delay=1")
    line.from_host(b"\0before\0", 29.5)
    line.from_device(b"\0answer\0", 29.5)
    line.from_host(b"\0meanwhile\0", 31.0)
    assert [(end, data) for _, end, data in everything(line, 60.0)] == [(End.DEVICE, b"\0before\0")]
    line.from_host(b"\0after\0", 32.0)
    assert everything(line, 60.0) == [(33.0, End.DEVICE, b"\0after\0")]


def test_it_is_away_back_and_another_device_when_it_says_so():
    line = line_with("disconnect=30/2,rename=45/1,wrong_device=40/3")
    changes, now_s = [], 0.0
    while now_s < 50.0:
        changes.append((now_s, line.presence(now_s), line.renamed(now_s)))
        now_s = line.next_change_s(now_s)
    assert changes == [
        (0.0, Presence.THERE, False),
        (30.0, Presence.AWAY, False),
        (32.0, Presence.THERE, False),
        (40.0, Presence.STRANGER, False),
        (43.0, Presence.THERE, False),
        (45.0, Presence.AWAY, True),
        (46.0, Presence.THERE, False),
    ]


def test_another_device_answers_everything_with_what_is_no_answer():
    line = line_with("wrong_device=40/3")
    line.from_host(b"\0move\0", 41.0)
    assert everything(line, 50.0) == [(41.0, End.HOST, STRANGER_SAYS)]


def test_a_second_host_is_heard_by_devices_and_by_the_first():
    line = line_with("second_host=0.5", another_host=lambda number: b"\0other %d\0" % number)
    assert line.next_s == 0.5
    assert everything(line, 1.2) == [
        (0.5, End.DEVICE, b"\0other 0\0"),
        (0.5, End.HOST, b"\0other 0\0"),
        (1.0, End.DEVICE, b"\0other 1\0"),
        (1.0, End.HOST, b"\0other 1\0"),
    ]


def test_a_second_host_that_has_nothing_to_say_is_refused():
    with pytest.raises(ValueError, match="second_host has no words"):
        line_with("second_host=1")
