"""A small quick site, and the command as processes around it: a run, a simulator, people who ask."""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tracker.control.control_socket import ask, socket_path

START = "from tracker.app.cli.main import run; run()"
SITE = """
[site]
name = "Bench"
[array]
heads = {heads}
[mount]
azimuth_range_deg = [-135.0, 225.0]
elevation_range_deg = [80.0, 95.0]
azimuth_rate_deg_s = 30.0
elevation_rate_deg_s = 30.0
[safety]
release_after_s = 0.0
link_lease_s = {lease_s}
[[bridge]]
port = "{port}"
[wind]
source = "{wind}"
"""
ENDS_WITHIN_S = 60.0
POLLS = 600
POLL_MS = 50


class Field:
    """A folder with sites, and processes that end with it."""

    def __init__(self, folder: Path, runtime: str, stack: ExitStack) -> None:
        self.folder, self._stack = folder, stack
        self.environment = os.environ | {"XDG_RUNTIME_DIR": runtime}

    def site(self, name="site.toml", *, port="sim:", wind="sim:", heads=2, lease_s=5.0, more="") -> Path:
        path = self.folder / name
        path.write_text(SITE.format(port=port, wind=wind, heads=heads, lease_s=lease_s) + more)
        return path

    def wind(self, gust_m_s: float) -> None:
        (self.folder / "gust.txt").write_text(f"{gust_m_s}\n")

    def sunflower(self, *arguments):
        """The command to its end; its stdout and stderr as text."""
        return subprocess.run(
            [sys.executable, "-c", START, *map(str, arguments)],
            capture_output=True, text=True, check=False, env=self.environment,
        )  # fmt: skip

    def start(self, *arguments) -> "Started":
        """The command, going on beside the test."""
        started = Started([sys.executable, "-c", START, *map(str, arguments)], self.environment, self.folder)
        self._stack.callback(started.end)
        return started

    def start_at_terminal(self, *arguments) -> "StartedAtTerminal":
        """The same with a terminal for its stderr, where it also says how things are now."""
        command = [sys.executable, "-c", START, *map(str, arguments)]
        started = StartedAtTerminal(command, self.environment, self.folder)
        self._stack.callback(started.end)
        return started

    def run(self, site: Path, *arguments) -> "Started":
        """A run whose heads are known and at work."""
        running = self.start("run", site, "--json", *arguments)
        running.until(lambda event: event.get("state") in ("TRACKING", "NIGHT"))
        return running

    def simulate(self, site: Path, link: Path) -> "Started":
        simulator = self.start("simulate", site, "--listen", link)
        assert simulator.line() == f"ready {link}\n", simulator.said()
        return simulator


class Started:
    """A process of ours: its lines on stdout one by one, what it said on stderr so far."""

    def __init__(self, command, environment, folder) -> None:
        self._errors = self._stderr(folder)
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=self._errors, text=True, env=environment
        )

    def _stderr(self, folder):
        return tempfile.NamedTemporaryFile(dir=folder, suffix=".err", delete=False)

    def line(self) -> str:
        return self.process.stdout.readline()

    def until(self, holds) -> dict:
        """The first JSON line from now on for which this holds."""
        while line := self.line():
            if holds(event := json.loads(line)):
                return event
        raise AssertionError(f"it ended before: {self.said()}")

    def said(self) -> str:
        return Path(self._errors.name).read_text()

    def leave(self, number=signal.SIGINT) -> int:
        """Signal it; its exit code."""
        self.process.send_signal(number)
        return self._ended()

    def _ended(self) -> int:
        """Its exit code; without the short sleeps of `Popen.wait(timeout)`."""
        ending = os.pidfd_open(self.process.pid)
        ended = bool(select.select([ending], [], [], ENDS_WITHIN_S)[0])
        os.close(ending)
        if not ended:
            self.process.kill()
        code = self.process.wait()
        assert ended, self.said()
        return code

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self._ended()
        self.process.stdout.close()
        self._errors.close()


class StartedAtTerminal(Started):
    """The same with its stderr on a terminal, which is read whenever somebody asks what it said."""

    def _stderr(self, folder):
        self._heard = b""
        self._screen, terminal = os.openpty()
        os.set_blocking(self._screen, False)
        return os.fdopen(terminal, "wb")

    def said(self) -> str:
        while select.select([self._screen], [], [], 0.0)[0]:
            self._heard += os.read(self._screen, 4096)
        return self._heard.decode()

    def end(self) -> None:
        super().end()
        os.close(self._screen)


def wait_until(holds):
    """Ask again until it holds; what it gave."""
    poll = select.poll()
    for _ in range(POLLS):
        if value := holds():
            return value
        poll.poll(POLL_MS)
    raise AssertionError("it never came to hold")


@contextmanager
def made_field(folder):
    with ExitStack() as stack:
        yield Field(folder, stack.enter_context(tempfile.TemporaryDirectory(prefix="sf-")), stack)


@pytest.fixture
def field(tmp_path, monkeypatch):
    with made_field(tmp_path) as made:
        monkeypatch.setenv("XDG_RUNTIME_DIR", made.environment["XDG_RUNTIME_DIR"])
        yield made


@pytest.fixture(scope="module")
def lasting_field(tmp_path_factory):
    """A field for a whole module, where starting it for each test would take too long."""
    with made_field(tmp_path_factory.mktemp("field")) as made, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", made.environment["XDG_RUNTIME_DIR"])
        yield made


@pytest.fixture
def eventually():
    return wait_until


@pytest.fixture
def question():
    """Put a question to the run of a site, as the commands do."""
    return lambda site, **document: ask(socket_path(site), document)
