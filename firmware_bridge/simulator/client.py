"""Simulated heads in a process of their own, for the program that starts them."""

import json
import select
import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, BinaryIO, Final, Self

from firmware_bridge.errors import BridgeError
from firmware_bridge.simulator.config import SimulatedDevice, SimulatorConfig, config_to_json

QUIT_WITHIN_S: Final = 5.0
ANSWER_WITHIN_S: Final = 30.0


class SimulatorFailed(BridgeError):
    """The simulator did not start, ended by itself, or declined a request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the devices' time is, and how many bytes have arrived on their line since the start.

    Of a board also whether it has power, and how many bytes it lost because it did not fetch them in time.
    """

    now_s: float
    bytes_received: int
    powered: bool = True
    overruns: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ShaftTruth:
    """Where the shafts of one head really are, play in the gears included, in true counts."""

    azimuth_counts: float
    elevation_counts: float


class DeviceProcess:
    """A program with a serial line and a side channel; it ends with the block, or with this process.

    `port` is the serial line. In lockstep devices stand still until `advance`. Raises SimulatorFailed.
    """

    def __init__(self, command: Sequence[str], first_line: bytes = b"") -> None:
        self._channel: socket.socket | None = None
        self._answers: BinaryIO | None = None
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # an interrupt at the terminal is for us: we stow first, then end it
        )
        try:
            ready = self._start(first_line)
        except BaseException:
            self._end()
            raise
        self.port: str = ready["port"]

    def advance(self, seconds: float, *, after_bytes: int = 0) -> Progress:
        """Let device time pass, once that many bytes in all have arrived (`Bus.bytes_written`)."""
        answer = self._ask({"advance_s": seconds, "after_bytes": after_bytes})
        return Progress(
            now_s=answer["now_s"],
            bytes_received=answer["bytes"],
            powered=answer.get("powered", True),
            overruns=answer.get("overruns", 0),
        )

    def truth(self) -> dict[int, ShaftTruth]:
        """Where the shafts really are, by address."""
        return {
            int(address): ShaftTruth(azimuth_counts=shafts[0], elevation_counts=shafts[1])
            for address, shafts in self._ask({"truth": True})["truth"].items()
        }

    def inject(self, address: int, **faults: bool | str) -> None:
        """Make something go wrong at one head; the names are in `faults.INJECTIONS`."""
        self._ask({"inject": {"address": address, **faults}})

    def cut_power(self, address: int, *, after_s: float = 0.0) -> None:
        """Let time pass, then take the power away."""
        self.advance(after_s)
        self.inject(address, power=False)

    def restore_power(self, address: int) -> None:
        """Give the power back."""
        self.inject(address, power=True)

    def wait(self) -> int:
        """Serve until the process ends by itself; its exit code."""
        return self._process.wait()

    def close(self) -> None:
        """End the process; twice is once."""
        if self._process.poll() is None:
            self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _start(self, first_line: bytes) -> dict[str, Any]:
        process = self._process
        if process.stdin is None or process.stdout is None:
            raise SimulatorFailed("the simulator has no pipes; start it again")
        try:
            process.stdin.write(first_line)
            process.stdin.flush()
        except BrokenPipeError as error:
            raise self._died() from error
        line = process.stdout.readline()
        if not line:
            raise self._died()
        ready: dict[str, Any] = json.loads(line)
        self._channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._channel.settimeout(ANSWER_WITHIN_S)
        self._channel.connect(ready["side_channel"])
        self._answers = self._channel.makefile("rb")
        return ready

    def _died(self) -> SimulatorFailed:
        said = b"" if self._process.stderr is None else self._process.stderr.read()
        code = self._process.wait()
        return SimulatorFailed(
            f"the simulator ended with code {code}: {said.decode(errors='replace').strip()}"
        )

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        if self._channel is None or self._answers is None:
            raise SimulatorFailed("the simulator was never started; start it again")
        try:
            self._channel.sendall(json.dumps(request).encode() + b"\n")
            line = self._answers.readline()
        except OSError as error:
            raise SimulatorFailed(f"the simulator does not answer ({error}); start it again") from error
        if not line:
            raise SimulatorFailed("the simulator has gone away; start it again")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise SimulatorFailed(f"the simulator declines: {answer['error']}")
        return answer

    def _end(self) -> None:
        process = self._process
        for stream in (self._answers, self._channel, process.stdin):  # the end of its input tells it to quit
            if stream is not None:
                stream.close()
        if process.stdout is not None and not select.select((process.stdout,), (), (), QUIT_WITHIN_S)[0]:
            process.kill()
        process.wait()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()


class SimulatorProcess(DeviceProcess):
    """Starts `python -m firmware_bridge.simulator` with heads on one line."""

    def __init__(
        self,
        devices: Sequence[SimulatedDevice],
        *,
        lockstep: bool = True,
        link: str | None = None,
        protocol: str = "native",
    ) -> None:
        config = SimulatorConfig(devices=tuple(devices), lockstep=lockstep, link=link, protocol=protocol)
        first_line = json.dumps(config_to_json(config)).encode() + b"\n"
        super().__init__([sys.executable, "-m", "firmware_bridge.simulator"], first_line)
