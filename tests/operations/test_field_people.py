"""What people ask of a running site, through its control socket."""

import json
import subprocess
import sys

import pytest

AT_WORK = ("TRACKING", "NIGHT")
LOADS = """
import sys
from tracker.app.cli.main import main
code = main(sys.argv[1:])
sys.stderr.write(" ".join(sorted({m.partition(".")[0] for m in sys.modules})))
sys.exit(code)
"""


@pytest.fixture(scope="module")
def site(lasting_field):
    site = lasting_field.site()
    lasting_field.run(site)
    return site


@pytest.fixture
def asked(lasting_field, site, states, question, eventually):
    """Ask with the command: exit code, answer, stderr. Heads are at work before."""
    for verb in ("unlock", "release"):
        question(site, verb=verb)
    eventually(lambda: all(state in AT_WORK for state in states()))

    def ask(verb, *arguments):
        done = lasting_field.sunflower(verb, site, "--json", *arguments)
        return done.returncode, json.loads(done.stdout), done.stderr

    return ask


@pytest.fixture
def states(site, question):
    return lambda: [head["state"] for head in question(site, verb="status")["heads"]]


def test_status_tells_every_head_the_sun_and_the_wind(asked):
    code, answer, _ = asked("status")
    assert code == 0
    assert (answer["through"], answer["site"]) == ("run", "Bench")
    assert [head["name"] for head in answer["heads"]] == ["H01", "H02"]
    assert answer["wind"]["gust_m_s"] > 0.0
    assert -90.0 <= answer["sun"]["apparent_elevation_deg"] <= 90.0


def test_status_for_people_is_a_line_a_head(lasting_field, site):
    done = lasting_field.sunflower("status", site)
    assert done.returncode == 0
    sky, *heads = done.stdout.splitlines()
    assert sky.startswith("Bench  20")
    assert [line.split()[0] for line in heads] == ["H01", "H02"]


def test_stop_holds_until_release(asked, states, eventually):
    code, answer, _ = asked("stop")
    assert code == 0
    assert [head["state"] for head in answer["heads"]] == ["STOPPED", "STOPPED"]
    code, answer, err = asked("jog", "--azimuth", "5", "--elevation", "85")
    assert code == 4
    assert answer["error"]["kind"] == "RefusedForSafety"
    assert "H01 is STOPPED: `release` it first" in err
    assert states() == ["STOPPED", "STOPPED"]
    assert asked("release")[0] == 0
    eventually(lambda: all(state in AT_WORK for state in states()))


def test_stop_of_one_head_leaves_the_others_at_work(asked, states):
    assert asked("stop", "--head", "H02")[0] == 0
    first, second = states()
    assert first in AT_WORK
    assert second == "STOPPED"


def test_jog_takes_a_head_where_it_is_told(asked, site, question, eventually):
    code, _, _ = asked("jog", "--head", "H01", "--azimuth", "-100", "--elevation", "82.5")
    assert code == 0

    def arrived():
        head = question(site, verb="status")["heads"][0]
        return head["state"] == "JOGGING" and (head["azimuth_deg"], head["elevation_deg"]) == (-100.0, 82.5)

    eventually(arrived)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--azimuth", "5", "--elevation", "96"), "elevation: 96.00 deg is past 95.00 deg"),
        (("--azimuth", "-136", "--elevation", "90"), "azimuth: -136.00 deg is past -135.00 deg"),
        (("--azimuth", "nan", "--elevation", "90"), "azimuth_deg is nan"),
        (("--azimuth", "5", "--elevation", "90", "--head", "H03"), "no head 'H03' on this site"),
        (("--azimuth", "5"), "Missing option '--elevation'"),
    ],
)
def test_a_jog_that_makes_no_sense_is_wrong_use_and_moves_nothing(asked, states, arguments, says):
    code, _, err = asked("jog", *arguments)
    assert code == 2
    assert says in err
    assert all(state in AT_WORK for state in states())


def test_a_stow_lasts_until_release_and_home_must_wait_for_it(asked, states, eventually):
    assert asked("stow")[0] == 0
    eventually(lambda: states() == ["STOWED", "STOWED"])
    code, _, err = asked("home")
    assert code == 4
    assert "`release` a stow that was asked for" in err
    assert states() == ["STOWED", "STOWED"]


def test_home_is_done_again_when_asked(asked, states, eventually):
    code, answer, _ = asked("home", "--head", "H01")
    assert code == 0
    assert answer["heads"][0]["state"] == "HOMING"
    eventually(lambda: states()[0] in AT_WORK)


def test_lock_ends_with_the_drive_off_and_unlock_moves_nothing(
    asked, states, eventually, lasting_field, site
):
    assert asked("lock")[0] == 0
    eventually(lambda: states() == ["LOCKED", "LOCKED"])
    assert lasting_field.sunflower("release", site).returncode == 0
    assert states() == ["LOCKED", "LOCKED"]
    assert lasting_field.sunflower("lock", site, "--off").returncode == 0
    assert states() == ["STOPPED", "STOPPED"]


def test_clear_without_a_fault_is_refused(asked):
    code, _, err = asked("clear")
    assert code == 4
    assert "clear is refused" in err


def test_stop_goes_through_when_the_site_file_is_broken_by_now(asked, lasting_field, site, states):
    whole = site.read_text()
    site.write_text('[[[ half a fi"le')
    done = lasting_field.sunflower("stop", site)
    site.write_text(whole)
    assert done.returncode == 0, done.stderr
    assert states() == ["STOPPED", "STOPPED"]


def test_stop_loads_nothing_that_takes_time(lasting_field, site):
    done = subprocess.run(
        [sys.executable, "-c", LOADS, "stop", site],
        capture_output=True, text=True, check=False, env=lasting_field.environment,
    )  # fmt: skip
    assert done.returncode == 0
    slow = {"numpy", "pandas", "pvlib", "scipy", "serial", "numba", "matplotlib"}
    assert set(done.stderr.split()) & slow == set()


@pytest.mark.parametrize(
    "call",
    [
        {"verb": "jig"},
        {"verb": ["stop"]},
        {"verb": "stop", "heads": "H01"},
        {"verb": "stop", "heads": [["H01"]]},
        {"verb": "stop", "heads": [{}]},
        {"verb": "jog", "azimuth_deg": 10**400, "elevation_deg": 90},
        {"verb": "jog", "azimuth_deg": "5", "elevation_deg": 90},
        {"verb": "jog", "azimuth_deg": 5},
        {},
    ],
)
def test_nonsense_on_the_socket_is_answered_and_the_run_goes_on(site, question, call):
    assert question(site, **call)["error"]["kind"] == "usage"
    assert question(site, verb="status")["site"] == "Bench"


def test_a_stop_outlives_its_run(field, eventually):
    """The heads are told to hold, so that no lease that ends moves them under somebody's hands."""
    link = field.folder / "line"
    site = field.site(port=link, lease_s=0.5)
    field.simulate(site, link)
    running = field.run(site, "--accept-simulated-wind")
    jog = ("--azimuth", "5", "--elevation", "85")
    assert field.sunflower("jog", site, *jog).returncode == 0
    eventually(lambda: poses(field, site) == [(5.0, 85.0)] * 2)
    assert field.sunflower("stop", site).returncode == 0
    assert running.leave() == 130
    done = json.loads(field.sunflower("status", site, "--json").stdout)
    assert done["through"] == "ports"
    assert [(head["state"], head["elevation_deg"]) for head in done["heads"]] == [("STOPPED", 85.0)] * 2
    again = field.start("run", site, "--json", "--accept-simulated-wind")
    again.until(lambda event: event.get("state") == "STOPPED")
    assert poses(field, site) == [(5.0, 85.0)] * 2


def test_a_stow_and_a_lock_outlive_their_run(field, eventually):
    link = field.folder / "line"
    site = field.site(port=link, heads=3)
    field.simulate(site, link)
    running = field.run(site, "--accept-simulated-wind")
    assert field.sunflower("stow", site, "--head", "H01").returncode == 0
    assert field.sunflower("lock", site, "--head", "H02").returncode == 0
    eventually(lambda: states_at(field, site)[:2] == ["STOWED", "LOCKED"])
    running.process.kill()
    again = field.start("run", site, "--json", "--accept-simulated-wind")
    again.until(lambda event: event.get("head") == "H03" and event.get("state") in ("TRACKING", "NIGHT"))
    assert states_at(field, site)[:2] == ["STOWED", "LOCKED"]
    assert field.sunflower("release", site, "--head", "H01").returncode == 0
    eventually(lambda: states_at(field, site)[0] in ("TRACKING", "NIGHT"))


def states_at(field, site):
    return [head["state"] for head in json.loads(field.sunflower("status", site, "--json").stdout)["heads"]]


def poses(field, site):
    heads = json.loads(field.sunflower("status", site, "--json").stdout)["heads"]
    return [(head["azimuth_deg"], head["elevation_deg"]) for head in heads]
