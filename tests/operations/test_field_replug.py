"""`sunflower run` on a real line that is pulled and plugged in again; see tests/app for how soon."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import numpy as np
import pytest

QUICK = {
    "azimuth_range_deg": [-135.0, 225.0],
    "elevation_range_deg": [80.0, 95.0],
    "elevation_home_deg": 80.0,
    "azimuth_rate_deg_s": 30.0,
    "elevation_rate_deg_s": 30.0,
}
WORKS = ("TRACKING", "NIGHT")
TICKS_WITHIN_2_S = 2  # of a second; one that comes while the line is back begins at once
TICKS = "SELECT utc, MAX(silent_s) FROM tick JOIN head USING (tick) GROUP BY tick ORDER BY tick"


class Heads:
    """Simulated heads in a process of their own, and the plug of their line."""

    def __init__(self, link) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "firmware_bridge.simulator"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        devices = [{"address": address, **QUICK} for address in (1, 2)]
        self.process.stdin.write(
            json.dumps({"devices": devices, "lockstep": False, "link": str(link)}) + "\n"
        )
        self.process.stdin.flush()
        self._side = json.loads(self.process.stdout.readline())["side_channel"]
        self._link = link

    def ask(self, **request) -> dict:
        with socket.socket(socket.AF_UNIX) as channel:
            channel.connect(self._side)
            channel.sendall(json.dumps(request).encode() + b"\n")
            return json.loads(channel.makefile("rb").readline())

    def unplug(self) -> None:
        self._before = self._link.readlink()
        self.ask(unplug=True)

    def plug(self) -> np.datetime64:
        """Plug it in again: the same link, another terminal behind it. Returns when."""
        at_utc = np.datetime64(time.time_ns() // 1_000_000, "ms")
        self.ask(plug=True)
        assert self._link.readlink() != self._before
        return at_utc

    def end(self) -> None:
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def heads(field):
    started = []

    def start():
        started.append(Heads(field.folder / "line"))
        return started[-1]

    yield start
    for each in started:
        each.end()


def ticks_in_vain(journal, since_utc) -> int:
    """How many ticks of the run began from then on before one heard every head."""
    with closing(sqlite3.connect(journal)) as db:
        ticks = [silent_s for utc, silent_s in db.execute(TICKS) if np.datetime64(utc[:-1]) >= since_utc]
    return ticks.index(0.0)


def test_after_a_short_absence_it_goes_on_as_if_nothing_had_been(field, heads, eventually, question):
    plug, site = heads(), field.site(port=field.folder / "line", lease_s=60.0)
    journal = field.folder / "replug.journal"
    running = field.run(site, "--accept-simulated-wind", "--journal", journal)
    plug.unplug()
    eventually(lambda: "gone away" in running.said())
    eventually(lambda: question(site, verb="status")["heads"][1]["silent_s"] > 1.0)
    back_utc = plug.plug()
    eventually(lambda: "is back" in running.said())  # a question would be a tick of its own
    eventually(lambda: question(site, verb="status")["heads"][1]["silent_s"] == 0.0)
    assert running.leave() == 130
    assert ticks_in_vain(journal, back_utc) <= TICKS_WITHIN_2_S
    assert f"port {field.folder / 'line'} is back" in running.said()
    assert "STOWING" not in running.said()


def test_after_a_long_absence_it_finishes_the_stow_and_goes_back_to_work(field, heads, eventually, question):
    plug, site = heads(), field.site(port=field.folder / "line", lease_s=1.0)
    journal = field.folder / "replug.journal"
    running = field.run(site, "--accept-simulated-wind", "--journal", journal)
    plug.unplug()
    eventually(lambda: question(site, verb="status")["heads"][0]["state"] == "STOWING")
    back_utc = plug.plug()
    running.until(lambda event: event.get("state") == "STOWED")
    running.until(lambda event: event.get("state") in WORKS)
    assert running.leave() == 130
    assert ticks_in_vain(journal, back_utc) <= TICKS_WITHIN_2_S


def test_heads_that_restarted_behind_the_same_name_are_led_again(field, heads, eventually, question):
    first, site = heads(), field.site(port=field.folder / "line", lease_s=1.0)
    running = field.run(site, "--accept-simulated-wind")
    os.kill(first.process.pid, signal.SIGKILL)
    eventually(lambda: question(site, verb="status")["heads"][0]["state"] == "STOWING")
    heads()
    running.until(lambda event: event.get("state") == "STOWED")
    running.until(lambda event: event.get("state") in WORKS)
    assert running.leave() == 130


def test_a_stop_during_the_absence_holds_when_the_line_is_back(field, heads, eventually, question):
    plug, site = heads(), field.site(port=field.folder / "line", lease_s=60.0)
    running = field.run(site, "--accept-simulated-wind")
    plug.unplug()
    eventually(lambda: "gone away" in running.said())
    assert {head["state"] for head in question(site, verb="stop")["heads"]} == {"STOPPED"}
    plug.plug()
    eventually(lambda: question(site, verb="status")["heads"][0]["silent_s"] == 0.0)
    assert {head["state"] for head in question(site, verb="status")["heads"]} == {"STOPPED"}
    assert running.leave() == 130
