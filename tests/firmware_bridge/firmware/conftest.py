"""The reference firmware built for this machine, as a library: one head on its bench, driven byte by byte."""

import ctypes
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from firmware_bridge.wire import schema
from firmware_bridge.wire.codec import decode_contents, encode_frame
from firmware_bridge.wire.receiver import FrameReceiver

FIRMWARE = Path(__file__).parents[3] / "firmware_bridge" / "firmware"
LINE_BYTES = 4096
MOVING = schema.StatusFlag.AZIMUTH_MOVING | schema.StatusFlag.ELEVATION_MOVING
SETTLED_S = 0.6  # the last motion is over 0.3 s after its last count, and its record written 0.1 s later


def need(*tools: str) -> None:
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing and "CI" in os.environ:
        pytest.fail(f"{', '.join(missing)} missing; `make test` installs what the firmware needs from Debian")
    if missing:
        pytest.skip(f"{', '.join(missing)} missing; `make test` installs what the firmware needs from Debian")


def make(target: str, folder: Path, *options: str) -> str:
    """What make says; its own variables from outside are not handed on."""
    surroundings = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    made = subprocess.run(
        ["make", "--silent", "-C", str(FIRMWARE), f"BUILD={folder}", *options, target],
        capture_output=True,
        text=True,
        env=surroundings,
        check=False,
    )
    assert made.returncode == 0, made.stderr[-3000:]
    return made.stdout


@pytest.fixture(scope="session")
def firmware():
    """The folder of the sources."""
    return FIRMWARE


@pytest.fixture(scope="session")
def build():
    """Makes a target into a folder; needs the tools named."""

    def built(target, folder, *options, tools=("make", "gcc")):
        need(*tools)
        return make(target, folder, *options)

    return built


@pytest.fixture(scope="session")
def library(build, tmp_path_factory):
    folder = tmp_path_factory.mktemp("firmware")
    build("test-lib", folder)
    loaded = ctypes.CDLL(str(folder / "libsunflower.so"))
    loaded.sf_memory.restype = ctypes.POINTER(ctypes.c_uint8 * 1024)
    loaded.sf_now_us.restype = ctypes.c_uint64
    loaded.sf_memory_writes.restype = ctypes.c_uint32
    loaded.sf_run_us.argtypes = [ctypes.c_uint64]
    loaded.sf_inject.argtypes = [ctypes.c_char_p, ctypes.c_bool]
    loaded.sf_cut_in_write.argtypes = [ctypes.c_uint32, ctypes.c_double]
    loaded.sf_push.argtypes = [ctypes.c_uint8, ctypes.c_int32]
    loaded.sf_return.argtypes = [ctypes.c_uint32]
    loaded.sf_wear_out.argtypes = [ctypes.c_uint16, ctypes.c_uint16]
    loaded.sf_set_uptime_ms.argtypes = [ctypes.c_uint32]
    for name in (
        "sf_powered",
        "sf_turning",
        "sf_driven",
        "sf_restart_would_trust",
        "sf_was_careless",
        "sf_inject",
    ):
        getattr(loaded, name).restype = ctypes.c_bool
    return loaded


class FirmwareBench:
    """A host at the line of one head of the C firmware, in virtual time."""

    def __init__(self, library: ctypes.CDLL, **options: object) -> None:
        self.library = library
        words = [b"sunflower", *(f"{name}={value}".encode() for name, value in options.items())]
        assert library.sf_bench(len(words), (ctypes.c_char_p * len(words))(*words))
        self._meet()

    def _meet(self) -> None:
        self._receiver, self._sequence, self._greetings = FrameReceiver(), 0, 0
        self.contents: list[bytes] = []

    # Power, time, mechanics.

    def power_on(self, cause=schema.ResetCause.POWER_ON, *, greet=True):
        self.library.sf_power_on(int(cause))
        self._meet()
        self.run(0.15)
        return self.greet() if greet else None

    def run(self, seconds):
        self.library.sf_run_us(round(seconds * 1e6))

    def run_listening(self, seconds):
        """Let time pass with a host that keeps the lease alive."""
        for _ in range(round(seconds)):
            self.tell_all(schema.KeepAlive())
            self.run(1.0)

    def inject(self, name, on=True):
        assert self.library.sf_inject(name.encode(), on)

    def keep(self):
        self.library.sf_keep()

    def back(self, seed=1):
        self.library.sf_return(seed)
        self._meet()

    @property
    def memory(self):
        return self.library.sf_memory().contents

    @property
    def motor_counts(self):
        counts = (ctypes.c_double * 2)()
        self.library.sf_motor_counts(counts)
        return tuple(counts)

    @property
    def believed_counts(self):
        counts = (ctypes.c_int32 * 2)()
        self.library.sf_believed_counts(counts)
        return tuple(counts)

    # The line.

    def hear(self, data):
        self.library.sf_hear(data, len(data))

    def said(self):
        """Whole messages that were said, in order; their contents are in `contents`."""
        room = ctypes.create_string_buffer(LINE_BYTES)
        size = self.library.sf_said(room, LINE_BYTES)
        self.contents = self._receiver.feed(room.raw[:size])
        return [decode_contents(each).message for each in self.contents]

    def frame(self, message, to=1):
        self._sequence += 1
        return encode_frame(to, self._sequence, message)

    def exchange(self, data, wait_s=0.025):
        self.said()
        self.hear(data)
        self.run(wait_s)
        return self.said()

    def ask(self, message, to=1):
        """The answer to a request, or None."""
        said = self.exchange(self.frame(message, to))
        return said[0] if said else None

    def tell_all(self, message):
        self.exchange(self.frame(message, schema.BROADCAST))

    def greet(self):
        self._greetings += 1
        return self.ask(schema.Hello(host_nonce=7, greeting=self._greetings))

    def status(self):
        return self.ask(schema.GetStatus())

    # What takes longer.

    def go(self, azimuth, elevation, azimuth_rate=500, elevation_rate=300):
        return self.ask(
            schema.Move(
                azimuth_counts=azimuth,
                elevation_counts=elevation,
                azimuth_rate_counts_s=azimuth_rate,
                elevation_rate_counts_s=elevation_rate,
            )
        )

    def arrive(self, within_s=400):
        """The status once it stands and that is stored."""
        for _ in range(within_s):
            self.run_listening(1.0)
            if not self.status().flags & MOVING:
                self.run(SETTLED_S)
                return self.status()
        raise AssertionError(f"still moving after {within_s} s: {self.status()}")

    def home(self):
        self.ask(schema.Home())
        return self.arrive()


@pytest.fixture
def new_bench(library):
    """A bench with a new board, not yet powered; options as the program's."""
    return lambda **options: FirmwareBench(library, **options)


@pytest.fixture
def bench(new_bench):
    """A new board, greeted: untrusted, with its firmware's own parameters. It starts near its home."""
    bench = new_bench(azimuth_start_counts=3000, elevation_start_counts=2500)
    bench.power_on()
    return bench


@pytest.fixture
def homed(bench):
    """A head that knows where it is."""
    bench.home()
    return bench
