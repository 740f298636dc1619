"""The reference firmware as a simulated head: built for this machine, or on an emulated ATmega328P.

Both are programs of `firmware/emulator` with motors, gears and switches of their own, a serial line on a
pty, and the side channel of the Python simulator. One head a process. A new board is untrusted and has its
firmware's own parameters: configure and home it as a real one.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from firmware_bridge.errors import BridgeError, LinkLost, PortUnavailable
from firmware_bridge.simulator.client import DeviceProcess
from firmware_bridge.simulator.config import END_STOP_BEYOND_TRAVEL_DEG, SimulatedDevice
from firmware_bridge.transport.serial_port import SerialPort
from firmware_bridge.wire.codec import decode_contents, encode_frame
from firmware_bridge.wire.receiver import FrameReceiver
from firmware_bridge.wire.schema import BROADCAST, Here, SetAddress

FIRMWARE: Final = Path(__file__).parents[1] / "firmware"
SPARE_RATE: Final = 1.2  # chosen: no-load speed over the rate limit, for something to control with
LAG_S: Final = 0.1  # chosen: a small gear motor's mechanical time constant
BUILD_FOLDER: Final = FIRMWARE / "build"
BAUD: Final = 115200
CALLS, ANSWERS_WITHIN_S = 20, 0.25
STARTED_AFTER_S: Final = 1.0  # it writes to its memory first: 64 bytes of 3.4 ms for a new one
END_SWITCH_BEFORE_DEG: Final = 0.5  # chosen: room to stop before the hard end


class ToolMissing(BridgeError):
    """A program that is needed to build or run a board is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """How one kind of board is built: make's target, the program, the chip's file, the tools."""

    target: str
    program: str
    firmware: str | None
    tools: Mapping[str, str]  # program or file -> Debian packages


_HOST_TOOLS: Final = {"make": "make", "gcc": "gcc libc6-dev"}
_CHIP_TOOLS: Final = {
    "avr-gcc": "gcc-avr binutils-avr avr-libc",
    "/usr/include/simavr/sim_avr.h": "libsimavr-dev",
    "/usr/include/libelf.h": "libelf-dev",
}
BUILDS: Final[Mapping[str, Build]] = {
    "host": Build(target="host", program="sunflower-host", firmware=None, tools=_HOST_TOOLS),
    "avr": Build(
        target="emulator",
        program="sunflower-avr",
        firmware="sunflower.elf",
        tools=_HOST_TOOLS | _CHIP_TOOLS,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A built board: the program to start, and the chip's file for an emulated one."""

    program: Path
    firmware: Path | None


def missing_tools(kind: str) -> list[str]:
    """Debian packages that this kind of board ("host" or "avr") needs and that are not there."""
    tools = BUILDS[kind].tools.items()
    return [packages for tool, packages in tools if shutil.which(tool) is None and not Path(tool).is_file()]


def build_board(kind: str, folder: Path) -> Board:
    """Build a board ("host" or "avr") into a folder, or find it there up to date.

    Raises ValueError for another kind, ToolMissing naming packages, BridgeError with the compiler's words.
    """
    if kind not in BUILDS:
        raise ValueError(f"device {kind!r} is unknown; use one of: python, {', '.join(BUILDS)}")
    if not FIRMWARE.joinpath("Makefile").is_file():
        raise ToolMissing(f"no firmware at {FIRMWARE}; boards are built from a checkout of the sources")
    missing = missing_tools(kind)
    if missing:
        raise ToolMissing(f"the {kind} board needs: {' '.join(missing)}; install them with apt-get install")
    build = BUILDS[kind]
    made = subprocess.run(
        ["make", "--silent", "-C", str(FIRMWARE), f"BUILD={folder.resolve()}", build.target],
        capture_output=True,
        text=True,
        check=False,
        env={key: value for key, value in os.environ.items() if not key.startswith("MAKE")},
    )
    if made.returncode != 0:
        raise BridgeError(f"the {kind} board does not build; mend the firmware: {made.stderr.strip()}")
    firmware = None if build.firmware is None else folder / build.firmware
    return Board(program=folder / build.program, firmware=firmware)


class BoardProcess(DeviceProcess):
    """One head whose firmware is the real one. As `SimulatorProcess`; power can also go inside a write.

    `eeprom` is the image of its memory on disk, for the next run. Raises SimulatorFailed.
    """

    def __init__(
        self,
        board: Board,
        device: SimulatedDevice,
        *,
        lockstep: bool = True,
        link: str | None = None,
        eeprom: Path | None = None,
        seed: int = 1,
    ) -> None:
        self._address = device.address
        options = board_options(device) | {
            "lockstep": int(lockstep),
            "seed": seed,
            "link": link or "",
            "eeprom": "" if eeprom is None else str(eeprom),
            "firmware": "" if board.firmware is None else str(board.firmware),
        }
        super().__init__([str(board.program), *(f"{key}={value}" for key, value in options.items())])
        if lockstep:
            self.advance(STARTED_AFTER_S)

    def cut_power(self, address: int, *, after_s: float = 0.0) -> None:
        """Let time pass and take the power away at that very microsecond."""
        self._ask({"cut": {"after_s": after_s}})
        self.advance(after_s)
        while self.advance(0.001).powered:
            pass  # an exchange before may have used time that the advance then leaves out

    def restore_power(self, address: int) -> None:
        """Give the power back, and wait until it listens."""
        super().restore_power(address)
        self.advance(STARTED_AFTER_S)

    def cut_power_in_write(self, nth: int, *, into: float) -> None:
        """Take the power away in the n-th byte written to the EEPROM from now on, when part of it is over."""
        self._ask({"cut": {"eeprom_writes": nth, "into": into}})

    def eeprom(self) -> tuple[bytes, int]:
        """What its memory holds, and how many bytes were written since the program started."""
        answer = self._ask({"eeprom": True})
        return bytes.fromhex(answer["eeprom"]), answer["writes"]

    def folded(self) -> bool:
        """What its fold output tells the petals."""
        return bool(self._ask({"truth": True})["folded"])


def start_board(
    kind: str,
    device: SimulatedDevice,
    *,
    build_folder: Path = BUILD_FOLDER,
    link: str | None = None,
    eeprom: Path | None = None,
) -> BoardProcess:
    """Build and start a board ("host" or "avr") in real time, at the device's address; `wait` serves it.

    Raises as `build_board`, and PortUnavailable when the link's place is taken.
    """
    if link is not None and Path(link).exists() and not Path(link).is_symlink():
        raise PortUnavailable(link, "is taken", "give a free path in a folder of yours")
    process = BoardProcess(build_board(kind, build_folder), device, lockstep=False, link=link, eeprom=eeprom)
    try:
        take_address(process.port, device)
    except BaseException:
        process.close()
        raise
    return process


def take_address(port: str, device: SimulatedDevice) -> None:
    """Give a board its device's address: a new one has the first. Raises LinkLost when it does not answer."""
    call = SetAddress(serial=device.serial_number, address=device.address)
    wanted, receiver = Here(serial=device.serial_number), FrameReceiver()
    line = SerialPort(port, BAUD)
    try:
        for _ in range(CALLS):
            line.write(encode_frame(BROADCAST, 0, call))
            heard = receiver.feed(line.read(ANSWERS_WITHIN_S))
            if any(decode_contents(contents).message == wanted for contents in heard):
                return
    finally:
        line.close()
    raise LinkLost(f"the board with serial number {device.serial_number} does not answer; start it again")


def board_options(device: SimulatedDevice) -> dict[str, Any]:
    """A head as the bench's KEY=VALUE options, in counts."""
    azimuth = _axis_options(
        device.counts_per_deg_azimuth,
        device.azimuth_range_deg,
        start_deg=device.azimuth_start_deg,
        home_deg=device.azimuth_home_deg,
        play_deg=device.backlash_deg,
        rate_deg_s=device.azimuth_rate_deg_s,
    )
    elevation = _axis_options(
        device.counts_per_deg_elevation,
        device.elevation_range_deg,
        start_deg=device.elevation_start_deg,
        home_deg=device.elevation_home_deg,
        play_deg=device.backlash_deg,
        rate_deg_s=device.elevation_rate_deg_s,
    )
    return {
        "address": device.address,
        "serial": device.serial_number,
        "flat_counts": device.flat_deg * device.counts_per_deg_elevation,
        **{f"azimuth_{name}": value for name, value in azimuth.items()},
        **{f"elevation_{name}": value for name, value in elevation.items()},
    }


def _axis_options(
    counts_per_deg: float,
    range_deg: tuple[float, float],
    *,
    start_deg: float,
    home_deg: float,
    play_deg: float,
    rate_deg_s: float,
) -> dict[str, float]:
    low_deg, high_deg = range_deg
    beyond_deg = END_STOP_BEYOND_TRAVEL_DEG
    degrees = {
        "start_counts": start_deg,
        "low_stop_counts": low_deg - beyond_deg,
        "high_stop_counts": high_deg + beyond_deg,
        "end_switch_counts": END_SWITCH_BEFORE_DEG,
        "home_counts": home_deg,
        "play_counts": play_deg,
        "full_rate_counts_s": SPARE_RATE * rate_deg_s,
    }
    counts = {name: value * counts_per_deg for name, value in degrees.items()}
    return counts | {"lag_s": LAG_S, "coast_s": LAG_S}
