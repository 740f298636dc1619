"""A running site in the hands of Hamlib's rotctl and of SunSpec's own client, while people go on as ever."""

import json
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
import sunspec2
from sunspec2.modbus.client import SunSpecModbusClientDeviceTCP
from sunspec2.modbus.modbus import ModbusClientException

from firmware_bridge.dialects.sunspec.models import Control, LeaseState, StowReason, TrackerState
from tracker.control.control_socket import ask, socket_path

START = "from tracker.app.cli.main import run; run()"
AT_WORK = ("TRACKING", "NIGHT")
SITE = """
[site]
name = "Bench"
[array]
heads = 2
[mount]
azimuth_range_deg = [-135.0, 225.0]
elevation_range_deg = [70.0, 95.0]
azimuth_rate_deg_s = 30.0
elevation_rate_deg_s = 30.0
[safety]
release_after_s = 0.0
wind_stale_after_s = 600.0
[[bridge]]
port = "{port}"
[wind]
source = "file:gust.txt"
"""
LEASE_S = 2.0
POLLS = 200
POLL_MS = 50
CALM, UNFIT_FOR_JOGS, STORM = 3.0, 9.0, 20.0
RESOLUTION_DEG = 0.01
DEFINITIONS = Path(__file__).resolve().parents[2] / "docs" / "sunspec"


@pytest.fixture
def no_sleep():
    """pysunspec2 sleeps between frames; the tests themselves never do."""


def eventually(holds):
    """Ask again until it holds; what it gave."""
    poll = select.poll()
    for _ in range(POLLS):
        if value := holds():
            return value
        poll.poll(POLL_MS)
    raise AssertionError("it never came to hold")


class Site:
    """A run of a small site with its two foreign ports, and what people ask of it."""

    def __init__(self, folder: Path, environment) -> None:
        self.folder, self.file, self.environment = folder, folder / "site.toml", environment
        self.file.write_text(SITE.format(port="sim:"))
        self.wind(CALM)
        self._process, self.started = None, None

    def run(self, *services: str) -> None:
        served = [word for service in services for word in ("--serve", service)]
        with (self.folder / "run.err").open("wb") as errors:
            self._process = subprocess.Popen(
                [*self._command("run"), "--json", "--scada-lease", str(LEASE_S), *served],
                stdout=subprocess.PIPE, stderr=errors, text=True, env=self.environment,
            )  # fmt: skip
        self.started = json.loads(self._process.stdout.readline())
        self.ports = {service["protocol"]: service["port"] for service in self.started["serving"]}
        eventually(lambda: all(head["state"] in AT_WORK for head in self.heads()))

    def leave(self) -> int:
        self._process.terminate()
        self._process.stdout.read()
        self._process.stdout.close()
        return self._process.wait()

    def said(self) -> str:
        return (self.folder / "run.err").read_text()

    def sunflower(self, verb: str, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [*self._command(verb), *arguments],
            capture_output=True, text=True, check=False, env=self.environment,
        )  # fmt: skip

    def _command(self, verb: str) -> list[str]:
        return [sys.executable, "-c", START, verb, str(self.file)]

    def wind(self, gust_m_s: float) -> None:
        fresh = self.folder / "gust.new"
        fresh.write_text(f"{gust_m_s}\n")
        fresh.replace(self.folder / "gust.txt")

    def asked(self, verb: str, *heads: str):
        return ask(socket_path(self.file), {"verb": verb, "heads": list(heads)})

    def heads(self):
        return self.asked("status")["heads"]

    def states(self) -> list[str]:
        return [head["state"] for head in self.heads()]

    def at_rest(self) -> bool:
        return not any(head["moving"] for head in self.heads())


@contextmanager
def made_site(folder: Path):
    with tempfile.TemporaryDirectory(prefix="sf-") as runtime, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", runtime)
        yield Site(folder, os.environ | {"XDG_RUNTIME_DIR": runtime})


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with made_site(tmp_path_factory.mktemp("serving")) as site:
        site.run("rotctld:0=H02", "sunspec:0")
        yield site
        site.leave()


@pytest.fixture
def site(running):
    """The run in calm wind, with all heads at work and at rest."""
    running.wind(CALM)
    running.asked("release")
    eventually(lambda: all(state in AT_WORK for state in running.states()) and running.at_rest())
    return running


@pytest.fixture
def rotctl(site):
    """One rotctl with a command: whether it was obeyed, and what it printed."""
    path = shutil.which("rotctl")
    if path is None:
        wanted = "rotctl is missing: apt-get install libhamlib-utils"
        pytest.fail(wanted) if os.environ.get("CI") else pytest.skip(wanted)

    def run(*command: str) -> tuple[bool, str]:
        done = subprocess.run(
            [path, "-m", "2", "-r", f"127.0.0.1:{site.ports['rotctld']}", *command],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode == 0 and "error" not in done.stdout + done.stderr, done.stdout

    return run


@pytest.fixture
def scada(site):
    """SunSpec's own client, scanned."""
    sunspec2.device.set_model_defs_path([str(DEFINITIONS), str(Path(sunspec2.__file__).parent / "models")])
    device = SunSpecModbusClientDeviceTCP(
        slave_id=1, ipaddr="127.0.0.1", ipport=site.ports["sunspec"], timeout=5.0
    )
    device.connect()
    device.scan(connect=False)
    yield device
    device.disconnect()
    device.close()


def point(scada, head: int, azimuth_deg: float, elevation_deg: float) -> None:
    tracker = scada.tracker_controller[0].tracker[head]
    tracker.AzCtl.cvalue, tracker.ElCtl.cvalue, tracker.Ctl.value = azimuth_deg, elevation_deg, Control.MANUAL
    scada.tracker_controller[0].write()


def block(scada):
    """Our own block, read anew."""
    scada.sunflower_array[0].read()
    return scada.sunflower_array[0]


def states_seen(scada) -> list[int]:
    return [tracker.St.value for tracker in block(scada).tracker]


def give_back(scada, head: int) -> None:
    scada.tracker_controller[0].tracker[head].Ctl.value = Control.AUTOMATIC
    scada.tracker_controller[0].write()


def ask_block(scada, point: str, value: int, head: int | None = None) -> None:
    """Write a point of our block, of one tracker or the one that is there once."""
    ours = block(scada)
    getattr(ours if head is None else ours.tracker[head], point).value = value
    ours.write()


def test_rotctl_sees_what_status_says(site, rotctl):
    shown = json.loads(site.sunflower("status", "--json").stdout)["heads"][1]
    obeyed, printed = rotctl("p")
    assert obeyed
    assert [float(line) for line in printed.split()] == pytest.approx(
        [shown["azimuth_deg"], shown["elevation_deg"]], abs=RESOLUTION_DEG
    )


def test_rotctl_reads_the_travel_of_the_site_file(rotctl):
    _, printed = rotctl("1")
    assert "Min Azimuth:\t\t-135.00\nMax Azimuth:\t\t225.00\nMin Elevation:\t\t70.00\n" in printed


def test_rotctl_moves_its_head_alone_and_it_stays_until_a_person_releases_it(site, rotctl):
    assert rotctl("P", "70.5", "85")[0]
    first, second = site.heads()
    assert (first["state"] in AT_WORK, second["state"], second["why"]) == (True, "JOGGING", "JOG")
    assert eventually(lambda: rotctl("p")[1] == "70.50\n85.00\n")
    site.asked("release")
    assert eventually(lambda: site.states()[1] in AT_WORK)


@pytest.mark.parametrize("pose", [("10", "60"), ("10", "96"), ("nan", "85")])
def test_rotctl_is_told_of_places_past_the_travel(site, rotctl, pose):
    assert not rotctl("P", *pose)[0]
    assert site.states()[1] in AT_WORK


@pytest.mark.parametrize(("gust_m_s", "state"), [(UNFIT_FOR_JOGS, AT_WORK), (STORM, ("STOWING", "STOWED"))])
def test_rotctl_moves_nothing_in_wind_and_hears_so(site, rotctl, gust_m_s, state):
    site.wind(gust_m_s)
    eventually(lambda: site.asked("status")["wind"]["gust_m_s"] == gust_m_s)
    assert not rotctl("P", "10", "85")[0]
    assert site.states()[1] in state


def test_rotctls_stop_holds_its_head_until_a_person_releases_it(site, rotctl):
    assert rotctl("S")[0]
    assert site.states()[0] in AT_WORK
    assert site.states()[1] == "STOPPED"
    assert not rotctl("P", "10", "85")[0]
    assert site.states()[1] == "STOPPED"


def test_rotctl_parks_its_head_and_only_a_person_lets_it_go(site, rotctl, scada):
    assert rotctl("K")[0]
    eventually(lambda: site.states()[1] == "STOWED")
    assert block(scada).tracker[1].StwRsn.value == StowReason.OTHER
    ask_block(scada, "StwCtl", 0, head=1)
    assert site.states()[1] == "STOWED"
    assert not rotctl("P", "10", "85")[0]


def test_rotctl_and_scada_move_no_head_that_the_other_moves(site, rotctl, scada):
    point(scada, 1, 100.0, 80.0)
    assert not rotctl("P", "10", "85")[0]
    assert site.heads()[1]["target_azimuth_deg"] == 100.0
    give_back(scada, 1)
    eventually(lambda: site.states()[1] in AT_WORK)
    assert rotctl("P", "10", "85")[0]
    with pytest.raises(ModbusClientException, match="6"):
        point(scada, 1, 100.0, 80.0)
    assert site.heads()[1]["target_azimuth_deg"] == 10.0


def test_rotctl_cannot_end_a_lock(site, rotctl):
    site.asked("lock", "H02")
    eventually(lambda: site.states()[1] == "LOCKED")
    assert not any(rotctl(*command)[0] for command in (("P", "10", "85"), ("R", "1")))
    rotctl("K")
    assert site.states()[1] == "LOCKED"
    site.asked("unlock", "H02")


def test_several_clients_look_at_a_time(site):
    place = ("127.0.0.1", site.ports["rotctld"])
    with socket.create_connection(place) as one, socket.create_connection(place) as other:
        for client in (one, other, one):
            client.sendall(b"+p\n")
            answer = b""
            while not answer.endswith(b"RPRT 0\n"):
                answer += client.recv(4096)
            assert answer.startswith(b"get_pos:\nAzimuth: ")


def test_scada_sees_what_status_says(site, scada):
    shown, trackers, ours = site.asked("status"), scada.tracker_controller[0], block(scada)
    assert (trackers.Nam.value, trackers.N.value) == ("Bench", 2)
    for head, tracker in zip(shown["heads"], trackers.tracker, strict=True):
        assert tracker.Id.value == head["name"]
        assert tracker.AzPos.cvalue == pytest.approx(head["azimuth_deg"] % 360.0, abs=RESOLUTION_DEG)
        assert tracker.ElPos.cvalue == pytest.approx(head["elevation_deg"], abs=RESOLUTION_DEG)
    assert states_seen(scada) == [TrackerState.AUTOMATIC] * 2
    assert ours.WndGst.cvalue == pytest.approx(CALM)
    assert ours.StwRsn.value == 0


def test_scada_silent_past_its_lease_gives_its_heads_back(site, scada):
    point(scada, 1, 100.0, 80.0)
    assert states_seen(scada) == [TrackerState.AUTOMATIC, TrackerState.MANUAL]
    second = site.heads()[1]
    assert (second["target_azimuth_deg"], second["target_elevation_deg"]) == (100.0, 80.0)
    eventually(lambda: site.states()[1] in AT_WORK)
    assert block(scada).LeaSt.value == LeaseState.ENDED


def test_scada_points_and_gives_back_by_itself(site, scada):
    point(scada, 0, 80.0, 80.0)
    assert site.states()[0] == "JOGGING"
    give_back(scada, 0)
    assert eventually(lambda: site.states()[0] in AT_WORK)
    assert block(scada).LeaSt.value == LeaseState.FREE


def test_scada_moves_nothing_in_wind_and_hears_so(site, scada):
    site.wind(UNFIT_FOR_JOGS)
    eventually(lambda: site.asked("status")["wind"]["gust_m_s"] == UNFIT_FOR_JOGS)
    with pytest.raises(ModbusClientException, match="6"):
        point(scada, 0, 80.0, 80.0)
    assert site.states()[0] in AT_WORK
    site.wind(STORM)
    eventually(lambda: site.states()[0].startswith("STOW"))
    assert block(scada).StwRsn.value == StowReason.WIND


def test_scada_stows_and_lets_go_again(site, scada):
    ask_block(scada, "StwCtl", 1)
    eventually(lambda: states_seen(scada) == [TrackerState.STOWED] * 2)
    assert site.heads()[0]["why"] in ("STOW", "ARRIVED")
    assert block(scada).StwRsn.value == StowReason.SCADA
    ask_block(scada, "StwCtl", 0)
    assert eventually(lambda: all(state in AT_WORK for state in site.states()))


def test_scada_does_not_let_go_of_a_persons_stow(site, scada):
    ask_block(scada, "StwCtl", 1)
    site.asked("stow", "H01")
    eventually(lambda: states_seen(scada) == [TrackerState.STOWED] * 2)
    ask_block(scada, "StwCtl", 0)
    eventually(lambda: site.states()[1] in AT_WORK)
    assert site.states()[0] == "STOWED"
    assert block(scada).StwRsn.value == StowReason.PERSON


def test_a_persons_stop_beats_scada(site, scada):
    point(scada, 0, 80.0, 80.0)
    site.asked("stop", "H01")
    with pytest.raises(ModbusClientException, match="6"):
        point(scada, 0, 70.0, 80.0)
    give_back(scada, 0)
    ask_block(scada, "StwCtl", 1)
    with pytest.raises(ModbusClientException, match="6"):
        ask_block(scada, "StpCtl", 0)
    with pytest.raises(ModbusClientException, match="6"):
        ask_block(scada, "StwCtl", 0, head=0)
    assert site.states()[0] == "STOPPED"
    assert states_seen(scada)[0] == TrackerState.STOPPED


def test_scadas_stop_stops_all_and_is_a_persons_to_release(site, scada):
    ask_block(scada, "StpCtl", 1)
    assert site.states() == ["STOPPED"] * 2
    site.asked("release")
    assert eventually(lambda: all(state in AT_WORK for state in site.states()))


def test_a_run_says_what_it_serves_and_closes_it_at_its_end(tmp_path):
    with made_site(tmp_path) as site:
        site.run("rotctld:0.0.0.0:0", "sunspec:0")
        assert [service["head"] for service in site.started["serving"]] == ["H01", None]
        rotctld, sunspec = site.ports["rotctld"], site.ports["sunspec"]
        client = socket.create_connection(("127.0.0.1", rotctld))
        assert site.leave() == 0
        assert f"rotctld of H01 on 0.0.0.0:{rotctld}: NO PASSWORD" in site.said()
        assert f"sunspec of all heads on 127.0.0.1:{sunspec}, to this machine only" in site.said()
        assert client.recv(1) == b""
        client.close()
        for port in (rotctld, sunspec):
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", port))


@pytest.mark.parametrize("protocol", ["rotctld", "sunspec"])
def test_a_taken_port_is_named_before_any_head_is_looked_for(tmp_path, inside, protocol):
    with made_site(tmp_path) as site, socket.create_server(("127.0.0.1", 0)) as taken:
        site.file.write_text(SITE.format(port="/dev/no-such-port"))
        port = taken.getsockname()[1]
        code, _, errors = inside("run", site.file, "--serve", f"{protocol}:{port}")
    assert code == 3
    assert f"{port} cannot be served" in errors
    assert "choose a port that is free" in errors
    assert "no-such-port" not in errors


def test_without_the_modbus_library_it_says_what_to_install(tmp_path, inside, monkeypatch):
    monkeypatch.setitem(sys.modules, "pymodbus", None)
    with made_site(tmp_path) as site:
        code, _, errors = inside("run", site.file, "--serve", "sunspec:0", "--for", "0")
    assert code == 3
    assert "pip install 'sunflower-tracker[modbus]'" in errors


@pytest.mark.parametrize(
    ("service", "says"),
    [
        ("http:80", "give rotctld:PORT"),
        ("rotctld:abc", "'abc' is no PORT or HOST:PORT"),
        ("rotctld:70000", "'70000' is no PORT or HOST:PORT"),
        ("rotctld:4533=H09", "no head 'H09' on this site; it has H01 to H02"),
        ("sunspec:5020=H01", "sunspec shows all heads; leave =H01 out"),
    ],
)
def test_what_cannot_be_served_is_wrong_use(tmp_path, inside, service, says):
    with made_site(tmp_path) as site:
        code, _, errors = inside("run", site.file, "--serve", service, "--for", "0")
    assert code == 2
    assert says in errors
