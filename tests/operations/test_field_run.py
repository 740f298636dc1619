"""`sunflower run` as an installer meets it: on simulated heads, over a real pty, and with things missing."""

import json
import os
import select
import signal
import sqlite3
import threading
import tty
from contextlib import closing

import pytest

from firmware_bridge import open_bus
from tracker.app.field.rules_record import rules_from_json
from tracker.control.control_socket import socket_path
from tracker.control.record import open_record, read_meta, read_ticks
from tracker.control.replay import replay


def test_a_run_homes_its_heads_works_and_ends_with_its_time(field):
    site, journal = field.site(), field.folder / "day.journal"
    done = field.sunflower("run", site, "--for", 4, "--json", "--journal", journal)
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert (events[0]["event"], events[0]["heads"], events[0]["ports"]) == (
        "started",
        ["H01", "H02"],
        ["sim:"],
    )
    assert events[-1] == {"event": "ended", "reason": "the time is over"}
    states = [event["state"] for event in events[1:-1] if event["head"] == "H02"]
    assert states[:3] == ["UNTRUSTED", "HOMING", "READY"]
    assert set(states[3:]) <= {"TRACKING", "NIGHT"}
    assert "H01 H02: HOMING, it does not know its position, and the wind is calm" in done.stderr
    assert "heads count as drawn" in done.stderr
    assert not socket_path(site).exists()


def test_its_journal_replays_from_its_own_rules_and_says_what_it_is_of(field):
    site, journal = field.site(), field.folder / "day.journal"
    assert field.sunflower("run", site, "--for", 2, "--journal", journal).returncode == 0
    with open_record(journal) as db:
        meta, ticks = read_meta(db), list(read_ticks(db))
    assert meta["site"] == "Bench"
    assert meta["started_utc"].endswith("Z")
    assert meta["version"]
    assert len(ticks) >= 2
    assert list(replay(ticks, rules_from_json(meta["rules"]))) == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_a_signal_leaves_a_whole_journal_and_no_socket(field, number, code):
    site, journal = field.site(), field.folder / "day.journal"
    running = field.start("run", site, "--json", "--journal", journal)
    running.until(lambda event: event.get("state") == "HOMING")
    assert socket_path(site).exists()
    assert running.leave(number) == code
    assert "stow by themselves within 5 s" in running.said()
    assert "Traceback" not in running.said()
    assert not socket_path(site).exists()
    assert [path.name for path in field.folder.glob("day.journal*")] == ["day.journal"]
    with closing(sqlite3.connect(journal)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        ticks = db.execute("SELECT count(*) FROM tick").fetchone()[0]
        assert db.execute("SELECT count(*) FROM head").fetchone()[0] == 2 * ticks > 0


def test_a_run_over_a_real_line_leads_the_heads_there(field):
    link = field.folder / "line"
    site = field.site(port=link)
    field.simulate(site, link)
    running = field.run(site, "--accept-simulated-wind")
    assert running.leave() == 130
    done = field.sunflower("status", site, "--json")
    assert all(head["trusted"] for head in json.loads(done.stdout)["heads"])


def test_simulated_wind_never_stands_between_a_storm_and_a_real_port(field):
    done = field.sunflower("run", field.site(), "--port", "/dev/no-such-port")
    assert done.returncode == 4
    assert "simulated wind is always fair" in done.stderr


def test_a_second_run_of_a_site_is_refused_and_the_first_goes_on(field, question):
    site = field.site()
    first = field.run(site)
    second = field.sunflower("run", site, "--for", 1)
    assert second.returncode == 3
    assert "another `sunflower run` of this site" in second.stderr
    assert question(site, verb="status")["site"] == "Bench"
    assert first.leave() == 130


def test_a_port_that_is_not_there_is_named(field):
    done = field.sunflower("run", field.site(port="/dev/no-such-port", wind="file:gust.txt"))
    assert done.returncode == 3
    assert "port /dev/no-such-port does not exist; check cable and power" in done.stderr


def test_a_busy_port_is_named_with_what_to_stop(field):
    link = field.folder / "line"
    site = field.site(port=link, wind="file:gust.txt")
    field.simulate(site, link)
    with open_bus(str(link)):
        done = field.sunflower("run", site)
    assert done.returncode == 3
    assert f"port {link} is in use by another program; stop that program" in done.stderr


def test_a_device_that_talks_nonsense_is_named_with_head_and_port(field, babbling_line):
    done = field.sunflower("run", field.site(port=babbling_line, wind="file:gust.txt"))
    assert done.returncode == 3
    assert f"H01 (address 1 on {babbling_line}): device 1: no answer to Hello" in done.stderr
    assert "check protocol, speed and wiring" in done.stderr


def test_a_line_where_nobody_answers_names_every_head(field, silent_line):
    done = field.sunflower("run", field.site(port=silent_line, wind="file:gust.txt"))
    assert done.returncode == 3
    assert f"no head answers on {silent_line}" in done.stderr
    assert f"H02 (address 2 on {silent_line})" in done.stderr


def test_one_silent_head_does_not_keep_the_others_from_work(field):
    link = field.folder / "line"
    field.simulate(field.site("two.toml"), link)
    running = field.start("run", field.site(port=link, heads=3), "--json", "--accept-simulated-wind")
    working = running.until(lambda event: event.get("state") in ("TRACKING", "NIGHT"))
    assert working["head"] in ("H01", "H02")
    assert f"H03 (address 3 on {link})" in running.said()
    assert "the others go on without it" in running.said()
    assert running.leave() == 130


def test_a_journal_that_is_there_is_not_touched_and_nothing_is_opened(field):
    journal = field.folder / "day.journal"
    journal.write_text("precious")
    done = field.sunflower("run", field.site(port="/dev/no-such-port", wind="file:x"), "--journal", journal)
    assert done.returncode == 5
    assert "move it away" in done.stderr
    assert journal.read_text() == "precious"


@pytest.mark.parametrize(
    ("more", "arguments", "says"),
    [
        ('protocol = "easycomm2"', (), "easycomm2 carries 1 on a port"),
        ("", ("--calibration", "no.json"), "no.json"),
        ("", ("--for", "-1"), "--for"),
    ],
)
def test_wrong_use_is_told_before_anything_is_opened(field, more, arguments, says):
    site = field.site()
    site.write_text(site.read_text().replace("[[bridge]]\n", f"[[bridge]]\n{more}\n"))
    done = field.sunflower("run", site, *arguments)
    assert done.returncode == 2
    assert says in done.stderr


@pytest.fixture
def silent_line():
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    yield os.ttyname(theirs)
    os.close(ours)
    os.close(theirs)


@pytest.fixture
def babbling_line():
    """A pty whose other end answers everything with the words of another protocol."""
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    ended_read, ended_write = os.pipe()

    def talk() -> None:
        while ended_read not in (ready := select.select([ours, ended_read], [], [])[0]):
            os.read(ready[0], 1024)
            os.write(ours, b"AZ=123 EL=045\r\n")

    talking = threading.Thread(target=talk)
    talking.start()
    yield os.ttyname(theirs)
    os.write(ended_write, b"x")
    talking.join()
    for descriptor in (ours, theirs, ended_read, ended_write):
        os.close(descriptor)
