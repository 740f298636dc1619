"""The same verbs where no run listens: the ports are opened by the command itself."""

import json
import re
import subprocess
import sys
import time

import pytest

from tracker.app.config import load_site
from tracker.app.field.direct import document_of, tell_each, unlock
from tracker.app.field.direct_stop import lines_as_written

VERBS = ("status", "stop", "stow", "release", "home", "jog", "lock", "clear")
ANGLES = ("--azimuth", "5", "--elevation", "85")
EACH = """
import json, sys
from tracker.app.cli.main import main
codes = [main(command) for command in json.loads(sys.argv[1])]
print(json.dumps(codes))
"""
LOADS = """
import sys
from tracker.app.cli.main import main
code = main(sys.argv[1:])
sys.stderr.write(" ".join(sorted({m.partition(".")[0] for m in sys.modules})))
sys.exit(code)
"""


@pytest.fixture(scope="module")
def site(lasting_field):
    link = lasting_field.folder / "line"
    site = lasting_field.site(port=link, wind="file:gust.txt", lease_s=1.0, more="")
    site.write_text(site.read_text().replace("[safety]", "[safety]\nwind_stale_after_s = 600.0"))
    lasting_field.simulate(site, link)
    return site


@pytest.fixture
def asked(lasting_field, site, eventually):
    """Ask with the command: exit code, answer, stderr. Heads are homed and flat, the air is calm."""
    lasting_field.wind(3.0)
    tell(site, unlock)
    tell(site, lambda head: head.home())
    eventually(lambda: all(one.status.position_trusted for one in tell(site, lambda head: head.keep_alive())))
    tell(site, lambda head: head.stow())
    eventually(lambda: states_of(site) == ["STOWED", "STOWED"])

    def ask(verb, *arguments):
        done = lasting_field.sunflower(verb, site, "--json", *arguments)
        return done.returncode, json.loads(done.stdout), done.stderr

    return ask


def tell(site, action):
    return tell_each(load_site(site), None, (), action)


def states_of(site):
    return [
        head["state"]
        for head in document_of(load_site(site), tell(site, lambda head: head.status()))["heads"]
    ]


def test_simulated_heads_without_a_run_are_not_pretended(field):
    site = field.site()
    commands = [[verb, str(site), *(ANGLES if verb == "jog" else ())] for verb in VERBS]
    done = subprocess.run(
        [sys.executable, "-c", EACH, json.dumps(commands)],
        capture_output=True, text=True, check=True, env=field.environment,
    )  # fmt: skip
    assert json.loads(done.stdout) == [3] * len(VERBS)
    assert done.stderr.count("heads live only inside a run; start `sunflower run SITE` first") == len(VERBS)


def test_heads_that_do_not_know_their_position_are_homed_before_they_are_jogged(field):
    link = field.folder / "line"
    site = field.site(port=link, wind="file:gust.txt")
    field.wind(3.0)
    field.simulate(site, link)
    jog = field.sunflower("jog", site, *ANGLES)
    assert jog.returncode == 4
    assert "H02: it does not know its position: `sunflower home` it first" in jog.stderr
    stow = field.sunflower("stow", site)
    assert stow.returncode == 4
    assert "its position is not trusted" in stow.stderr
    field.wind(3.0)
    home = field.sunflower("home", site, "--head", "H02", "--json")
    assert home.returncode == 0, home.stderr
    assert [(head["name"], head["state"]) for head in json.loads(home.stdout)["heads"]] == [("H02", "STOWED")]
    assert "H02 looks for its home switches at up to 30 deg/s" in home.stderr
    assert states_of(site) == ["UNTRUSTED", "STOWED"]


def test_a_release_that_cannot_lead_a_head_flat_is_refused_and_says_what_can(field):
    link = field.folder / "line"
    site = field.site(port=link, wind="file:gust.txt")
    field.wind(3.0)
    field.simulate(site, link)
    assert field.sunflower("stop", site).returncode == 0
    release = field.sunflower("release", site, "--json")
    assert release.returncode == 4
    heads = json.loads(release.stdout)["heads"]
    assert [head["state"] for head in heads] == ["STOPPED", "STOPPED"]
    assert all("`sunflower home` it, or start `sunflower run`" in head["says"] for head in heads)
    assert "H01: position unknown, so it cannot go flat and stays stopped" in release.stderr


def test_a_jog_says_what_moves_holds_the_head_and_lets_go(asked, lasting_field, site, eventually):
    jogging = lasting_field.start("jog", site, "--head", "H01", *ANGLES)
    eventually(lambda: "arrived" in jogging.said())
    assert "H01 moves from azimuth" in jogging.said()
    three_leases_on_s = time.monotonic() + 3.0
    eventually(lambda: time.monotonic() > three_leases_on_s)
    assert jogging.said().rstrip().endswith("stay where they are")  # and nothing after the arrival
    assert jogging.leave() == 130
    assert "nobody leads the heads now\nH01 stow by themselves within 1 s" in jogging.said()


def test_an_interrupt_on_the_way_stops_the_head(asked, lasting_field, site, eventually):
    there = lasting_field.start("jog", site, "--head", "H01", "--azimuth", "60", "--elevation", "90")
    eventually(lambda: "arrived" in there.said())
    assert there.leave() == 130
    back = lasting_field.start_at_terminal(
        "jog", site, "--head", "H01", "--azimuth", "-130", "--elevation", "90"
    )
    eventually(lambda: any(azimuth_deg < 59.0 for azimuth_deg in azimuths_shown_deg(back)))
    assert back.leave() == 130
    code, answer, _ = asked("status", "--head", "H01")
    (head,) = answer["heads"]
    assert (code, head["state"]) == (0, "STOPPED")
    assert -130.0 < head["azimuth_deg"] < 60.0


def azimuths_shown_deg(jogging):
    """What the line that is kept up to date on a terminal has read back so far."""
    assert jogging.process.poll() is None, jogging.said()
    return [float(shown) for shown in re.findall(r"azimuth/elevation (-?\d+\.\d+)/", jogging.said())]


def test_wind_that_rises_ends_a_jog_with_a_stow(asked, lasting_field, site, eventually):
    jogging = lasting_field.start("jog", site, *ANGLES)
    eventually(lambda: "arrived" in jogging.said())
    lasting_field.wind(20.0)
    assert jogging.process.wait() == 4
    assert "H01 is STOWED" in jogging.said()


@pytest.mark.parametrize(("gust", "says"), [("9.0", "9.0 m/s is not below 8.0 m/s"), ("", "no wind reading")])
@pytest.mark.parametrize("verb", [("home",), ("jog", *ANGLES)])
def test_in_wind_that_is_not_known_to_be_calm_nothing_moves(asked, lasting_field, gust, says, verb):
    (lasting_field.folder / "gust.txt").write_text(gust)
    code, _, err = asked(*verb)
    assert code == 4
    assert says in err


def test_simulated_wind_lets_nobody_move_real_heads(field):
    done = field.sunflower("jog", field.site(port="/dev/no-such-port"), *ANGLES)
    assert done.returncode == 4
    assert "--accept-simulated-wind" in done.stderr


def test_a_jog_past_travel_is_wrong_use(asked):
    code, _, err = asked("jog", "--azimuth", "5", "--elevation", "96")
    assert code == 2
    assert "elevation: 96.00 deg is past 95.00 deg" in err


def test_stop_outranks_stow_jog_and_home_until_release(asked):
    code, answer, err = asked("stop")
    assert (code, [head["state"] for head in answer["heads"]]) == (0, ["STOPPED", "STOPPED"])
    assert "stop sent to every head on" in err
    for verb in (("stow",), ("jog", *ANGLES), ("home",)):
        code, _, err = asked(*verb)
        assert code == 4
        assert "it is stopped" in err
    code, answer, _ = asked("release")
    assert code == 0
    assert {head["state"] for head in answer["heads"]} <= {"STOWED", "STOWING"}


def test_a_stop_of_one_head_is_for_it_alone(asked, lasting_field, site):
    assert asked("stop", "--head", "H02")[0] == 0
    assert states_of(site) == ["STOWED", "STOPPED"]


def test_lock_switches_the_drive_off_and_unlock_moves_nothing(asked):
    code, answer, _ = asked("lock")
    assert (code, [head["state"] for head in answer["heads"]]) == (0, ["LOCKED", "LOCKED"])
    code, _, err = asked("home")
    assert code == 4
    assert "it is locked" in err
    code, answer, err = asked("lock", "--off")
    assert (code, [head["state"] for head in answer["heads"]]) == (0, ["STOPPED", "STOPPED"])
    assert "unlocked, and still stopped: `sunflower release" in err


def test_a_stopped_head_is_locked_where_it_stands(asked):
    assert asked("stop", "--head", "H01")[0] == 0
    code, answer, _ = asked("lock")
    assert (code, [head["state"] for head in answer["heads"]]) == (0, ["LOCKED", "LOCKED"])


def test_a_head_that_is_not_on_the_site_is_wrong_use(asked):
    code, _, err = asked("status", "--head", "H09")
    assert code == 2
    assert "no head 'H09' on this site; it has H01 to H02" in err


def test_a_broken_site_file_does_not_keep_a_stop_from_the_line(asked, lasting_field, site):
    broken = lasting_field.folder / "broken.toml"
    broken.write_text(site.read_text() + "\n[[[ half a line")
    done = lasting_field.sunflower("stop", broken)
    assert done.returncode == 2
    assert "stop sent to every head on" in done.stderr
    assert "broken.toml: 1 error" in done.stderr
    assert states_of(site) == ["STOPPED", "STOPPED"]


def test_a_port_that_fails_does_not_keep_a_stop_from_the_other(asked, lasting_field, site):
    two = lasting_field.folder / "two.toml"
    line = '[[bridge]]\nport = "/dev/no-such-port"\nheads = { H03 = 1 }\n[[bridge]]'
    two.write_text(site.read_text().replace("[[bridge]]", line).replace("heads = 2", "heads = 3"))
    done = lasting_field.sunflower("stop", two)
    assert done.returncode == 3
    assert "stop is not confirmed by all" in done.stderr
    assert "H03 port /dev/no-such-port does not exist" in done.stderr
    assert states_of(site) == ["STOPPED", "STOPPED"]


def test_a_port_that_cannot_be_had_is_told_once(field):
    done = field.sunflower("status", field.site(port="/dev/no-such-port"))
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.count("/dev/no-such-port does not exist") == 1


def test_stop_loads_no_more_than_it_needs(asked, lasting_field, site):
    done = subprocess.run(
        [sys.executable, "-c", LOADS, "stop", site],
        capture_output=True, text=True, check=False, env=lasting_field.environment,
    )  # fmt: skip
    assert done.returncode == 0
    assert set(done.stderr.split()) & {"pandas", "pvlib", "scipy", "numba", "matplotlib"} == set()


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ('[[bridge]]\nport = "/dev/a"\n[[bridge]]\nport = "sim:"', [("/dev/a", "native")]),
        ('[[bridge]]\nport = "/dev/a"\nprotocol = "morse"', [("/dev/a", "native")]),
        ('[bridge]\nport = "/dev/a"', [("/dev/a", "native")]),
        ("[[bridge]]\nport = 3\n", []),
        ("  port = '/dev/a'\n# port = '/dev/b'\n[[[", [("/dev/a", "native")]),
        ('[[bridge]]\nport = "/dev/a"\nbaud = 9600', [("/dev/a", "native", 9600)]),
        ('[[bridge]]\nport = "/dev/a"\nbaud = -3', [("/dev/a", "native")]),
        ('[[bridge]]\nport = "/dev/a"\nbaud = "fast"', [("/dev/a", "native")]),
        (
            "[[bridge]]\nport = '/dev/a'\nbaud = 9600\n[[ bridge ]]\nport = '/dev/b'\n[[[",
            [("/dev/a", "native", 9600), ("/dev/b", "native")],
        ),
    ],
)
def test_ports_are_found_however_broken_the_file_is(tmp_path, text, lines):
    path = tmp_path / "site.toml"
    path.write_text(text)
    assert written(path) == [(*line, None)[:3] for line in lines]
    speed = written(path)[0][2] if len(lines) == 1 else None
    assert written(path, "/dev/c") == [("/dev/c", "native", speed)]


def written(path, port=None):
    return [(line.port, line.protocol, line.baud) for line in lines_as_written(path, port)]


def test_a_missing_file_with_a_port_still_stops_the_line(tmp_path):
    assert written(tmp_path / "no.toml", "/dev/c") == [("/dev/c", "native", None)]
