"""A line that goes away and comes back, with a clock moved by hand and on real ptys."""

import gc
import itertools
import os
import resource
import statistics
import tracemalloc
from dataclasses import dataclass
from pathlib import Path

import pytest

from firmware_bridge.errors import LineGone, PortUnavailable
from firmware_bridge.transport import open_transport
from firmware_bridge.transport.reconnecting import LONGEST_PAUSE_S, Reconnecting

RECONNECTS, STRETCH = 10_000, 1_000


def pull(bench) -> None:
    bench.plug.there = False
    with pytest.raises(LineGone, match="pulled; it is reopened by itself"):
        bench.line.read(0.0)


def test_a_line_that_is_back_is_open_again_with_a_new_epoch(plugged):
    assert plugged.line.epoch() == 0
    pull(plugged)
    plugged.plug.there = True
    plugged.now_s += LONGEST_PAUSE_S
    assert plugged.line.epoch() == 1
    plugged.line.write(b"hello")
    assert plugged.line.read(0.0) == b"hello"
    assert plugged.line.epoch() == 1


def test_nothing_is_said_on_a_new_line_by_who_does_not_know_that_it_is_new(plugged):
    pull(plugged)
    plugged.plug.there = True
    plugged.now_s += 60.0
    with pytest.raises(LineGone):
        plugged.line.write(b"move")
    plugged.line.epoch()
    assert plugged.plug.lines[-1].written == b""


def test_while_it_is_gone_nobody_waits_and_few_tries_are_made(plugged):
    pull(plugged)
    tried = plugged.plug.tried
    for _ in range(1000):
        with pytest.raises(LineGone, match="reopened by itself"):
            plugged.line.epoch()
        plugged.now_s += 0.01
    assert plugged.plug.tried - tried in range(20, 26)  # 10 s at one in 0.5 s, and the quick ones at first


@pytest.mark.parametrize("gone_s", [0.01, 0.3, 3.0, 3600.0])
def test_it_is_tried_within_half_a_second_of_its_return_however_long_it_was_gone(plugged, gone_s):
    pull(plugged)
    for _ in range(int(min(gone_s, 100.0) / 0.01)):
        with pytest.raises(LineGone):
            plugged.line.epoch()
        plugged.now_s += gone_s / min(gone_s, 100.0) * 0.01
    plugged.plug.there = True
    back_s = plugged.now_s
    while plugged.now_s < back_s + 10.0:
        plugged.now_s += 0.01
        try:
            plugged.line.epoch()
            break
        except LineGone:
            continue
    assert plugged.now_s - back_s <= LONGEST_PAUSE_S + 0.011


def test_a_line_that_opens_but_never_says_anything_is_not_opened_over_and_over(plugged):
    for _ in range(1000):
        plugged.now_s += 0.01
        try:
            plugged.line.epoch()
            plugged.plug.there = False
            plugged.line.read(0.0)
        except LineGone:
            plugged.plug.there = True
    assert len(plugged.plug.lines) <= 26


def test_what_was_half_received_stays_behind_with_the_old_line(plugged):
    plugged.line.write(b"half a fr")
    pull(plugged)
    plugged.plug.there = True
    plugged.now_s += 1.0
    plugged.line.epoch()
    plugged.line.write(b"whole")
    assert plugged.line.read(0.0) == b"whole"
    assert plugged.plug.lines[0].closed


def test_an_opening_that_takes_long_is_asked_about_again_and_never_waited_for(plugged):
    pull(plugged)
    plugged.plug.there = plugged.plug.slow = True
    plugged.now_s += 1.0
    with pytest.raises(LineGone):
        plugged.line.epoch()
    plugged.plug.slow = False
    plugged.now_s += LONGEST_PAUSE_S
    assert plugged.line.epoch() == 1


def test_the_first_opening_says_what_is_wrong_instead_of_trying_on(plugged):
    plugged.plug.there = False
    with pytest.raises(PortUnavailable, match="plug it in"):
        Reconnecting(plugged.plug, lambda: 0.0)
    plugged.plug.there = plugged.plug.slow = True
    with pytest.raises(PortUnavailable, match="does not answer within 2 s"):
        Reconnecting(plugged.plug, lambda: 0.0)


def test_a_line_that_was_closed_stays_closed(plugged):
    plugged.line.close()
    plugged.line.close()
    plugged.now_s += 60.0
    with pytest.raises(LineGone, match="port plug was closed"):
        plugged.line.epoch()
    assert plugged.plug.tried == 1


def test_people_are_told_once_that_it_went_and_once_that_it_is_back(plugged, caplog):
    pull(plugged)
    for _ in range(50):
        with pytest.raises(LineGone):
            plugged.line.epoch()
        plugged.now_s += 0.1
    plugged.plug.there = True
    plugged.now_s += 1.0
    plugged.line.epoch()
    said = [record.getMessage() for record in caplog.records]
    assert said == [
        "pulled; it is reopened by itself",
        "port plug does not exist; plug it in; it is reopened by itself",
        "port plug is back",
    ]


def test_a_pty_that_is_pulled_and_plugged_in_behind_its_link_works_again(pulled_pty, reading_on):
    now_s = [0.0]
    line = open_transport(str(pulled_pty.link), 115200, lambda: now_s[0])
    os.write(pulled_pty.ours, b"half a fr")
    pulled_pty.pull()
    with pytest.raises(LineGone, match="gone away"):
        reading_on(line)
    with pytest.raises(LineGone):
        line.write(b"anybody?")
    now_s[0] += 1.0
    with pytest.raises(LineGone, match="does not exist"):
        line.epoch()
    pulled_pty.plug()
    now_s[0] += 0.5
    assert line.epoch() == 1
    line.write(b"hello")
    assert os.read(pulled_pty.ours, 100) == b"hello"
    os.write(pulled_pty.ours, b"hello yourself")
    assert line.read(10.0) == b"hello yourself"
    line.close()


def test_a_pulled_line_is_noticed_without_reading_or_writing(pulled_pty):
    now_s = [0.0]
    line = open_transport(str(pulled_pty.link), 115200, lambda: now_s[0])
    assert line.epoch() == 0
    pulled_pty.pull()
    with pytest.raises(LineGone, match="hung up"):
        line.epoch()
    pulled_pty.plug()
    with pytest.raises(LineGone):  # whoever comes at once is still told that it was gone
        line.epoch()
    now_s[0] += 0.1
    assert line.epoch() == 1
    line.close()


def test_ten_thousand_reconnects_leak_neither_descriptors_nor_memory(pulled_pty, reading_on, monkeypatch):
    """What leaks grows in every stretch; caches that fill up, and tables that are moved, in a few of them."""
    monkeypatch.setattr("firmware_bridge.transport.reconnecting._log.disabled", True)  # pytest keeps them all
    now_s = [0.0]
    line = open_transport(str(pulled_pty.link), 115200, lambda: now_s[0])

    def reconnect() -> None:
        pulled_pty.pull()
        with pytest.raises(LineGone):
            reading_on(line)
        pulled_pty.plug()
        now_s[0] += 1.0
        line.epoch()

    held = []
    tracemalloc.start()
    for _ in range(RECONNECTS // STRETCH):
        for _ in range(STRETCH):
            reconnect()
        gc.collect()
        held.append(Held.now())
    tracemalloc.stop()
    assert line.epoch() == RECONNECTS
    assert {each.descriptors for each in held} == {held[0].descriptors}
    assert usual_growth([each.traced_bytes for each in held]) < STRETCH  # not one byte each time
    assert usual_growth([each.resident_bytes for each in held]) < 40 * STRETCH  # counted in pages
    line.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What this process holds."""

    descriptors: int
    traced_bytes: int
    resident_bytes: int

    @classmethod
    def now(cls):
        resident_pages = int(Path("/proc/self/statm").read_text().split()[1])
        return cls(
            descriptors=len(list(Path("/proc/self/fd").iterdir())),
            traced_bytes=tracemalloc.get_traced_memory()[0],
            resident_bytes=resident_pages * resource.getpagesize(),
        )


def usual_growth(sizes) -> float:
    return statistics.median(later - earlier for earlier, later in itertools.pairwise(sizes))
