"""One head behind one line, whoever plays it: Python simulator, firmware on this machine, emulated board."""

import contextlib
import dataclasses
import os

import pytest

from firmware_bridge.reports import AxisLimits, parameters_of
from firmware_bridge.simulator.boards import BUILDS, Board, BoardProcess, build_board, missing_tools
from firmware_bridge.simulator.client import SimulatorProcess
from firmware_bridge.simulator.config import SimulatedDevice
from firmware_bridge.transport.serial_port import SerialPort
from firmware_bridge.wire.codec import SEQUENCES, decode_contents, encode_frame
from firmware_bridge.wire.receiver import FrameReceiver
from firmware_bridge.wire.schema import (
    BROADCAST,
    GetStatus,
    Hello,
    Home,
    KeepAlive,
    Message,
    Move,
    Option,
    Status,
    StatusFlag,
)

BAUD = 115200
LEASE_S = 2.0
# Coarse counts and fast motors, so that a turn of the azimuth takes 18 s.
DEVICE = SimulatedDevice(
    counts_per_deg_azimuth=100.0,
    counts_per_deg_elevation=200.0,
    azimuth_range_deg=(-30.0, 420.0),
    elevation_range_deg=(-5.0, 40.0),
    azimuth_rate_deg_s=20.0,
    elevation_rate_deg_s=5.0,
    azimuth_acceleration_deg_s2=40.0,
    elevation_acceleration_deg_s2=10.0,
    azimuth_start_deg=2.0,
    elevation_start_deg=1.5,
    position_trusted=False,
    lease_s=LEASE_S,
)
PLAY_COUNTS = (10.0, 20.0)  # 0.1 deg of backlash on either axis
# A claim may lie off the shaft by the play, and by what homing and standing still leave: chosen, 0.1 deg.
TRUE_WITHIN_COUNTS = (20.0, 40.0)
MOVING = StatusFlag.AZIMUTH_MOVING | StatusFlag.ELEVATION_MOVING
TICK_S = 0.25
ANY_S = 60.0


class Line:
    """The master's end of a line; time stands still until what was sent has arrived and is answered."""

    def __init__(self, *processes) -> None:
        self.processes = processes
        self.ports = [SerialPort(process.port, BAUD) for process in processes]
        self.receiver = FrameReceiver()
        self.bytes_written = 0

    def send(self, data: bytes) -> list[bytes]:
        """Contents of all frames that are heard on it."""
        for port in self.ports:
            port.write(data)
        self.bytes_written += len(data)
        return self.advance(0.0)

    def advance(self, seconds: float) -> list[bytes]:
        """Time passes; what is heard meanwhile."""
        for process in self.processes:
            process.advance(seconds, after_bytes=self.bytes_written)
        return self.receiver.feed(b"".join(port.read(0.0) for port in self.ports))

    def broadcast(self, message: Message) -> list[bytes]:
        return self.send(encode_frame(BROADCAST, 0, message))

    def close(self) -> None:
        for port in self.ports:
            port.close()


class Head:
    """A head on a line, asked as a host asks it."""

    def __init__(self, process, line: Line, device: SimulatedDevice = DEVICE) -> None:
        self.process, self.line, self.device, self.address = process, line, device, device.address
        self.gearing, self.sequence, self.greetings = device.gearing, 0, 0

    @property
    def limits(self) -> AxisLimits:
        return self.device.limits

    def frame(self, message: Message, *, sequence: int | None = None) -> bytes:
        if sequence is None:
            self.sequence = sequence = (self.sequence + 1) % SEQUENCES
        return encode_frame(self.address, sequence, message)

    def ask(self, message: Message) -> Message:
        """The answer; a head that does not answer fails the test."""
        heard = self.line.send(self.frame(message))
        assert len(heard) == 1, f"{message} is answered by {len(heard)} frames"
        return decode_contents(heard[0]).message

    def hello(self) -> Message:
        self.greetings += 1
        return self.ask(Hello(host_nonce=7, greeting=self.greetings))

    def status(self) -> Status:
        reply = self.ask(GetStatus())
        assert isinstance(reply, Status)
        return reply

    def has(self, flag: StatusFlag) -> bool:
        return bool(self.status().flags & flag)

    def configure(self, **changes) -> Message:
        """Store the test's limits, with changes of `AxisLimits`."""
        return self.ask(parameters_of(dataclasses.replace(self.limits, **changes), self.gearing))

    def move(self, azimuth_deg: float, elevation_deg: float, *, part_of_rate: float = 1.0) -> Message:
        parameters = parameters_of(self.limits, self.gearing)
        return self.ask(
            Move(
                azimuth_counts=self.gearing.azimuth.counts(azimuth_deg),
                elevation_counts=self.gearing.elevation.counts(elevation_deg),
                azimuth_rate_counts_s=round(part_of_rate * parameters.azimuth_rate_max_counts_s),
                elevation_rate_counts_s=round(part_of_rate * parameters.elevation_rate_max_counts_s),
            )
        )

    def home(self) -> Status:
        assert isinstance(self.ask(Home()), Status)
        status = self.until_still()
        assert status.flags & StatusFlag.POSITION_TRUSTED, f"homing ends in {status}"
        return status

    def advance(self, seconds: float) -> None:
        """Time passes, and the host is silent."""
        self.line.advance(seconds)

    def listen(self, seconds: float) -> None:
        """Time passes under a host that keeps the lease alive."""
        for _ in range(round(seconds / TICK_S)):
            self.line.broadcast(KeepAlive())
            self.line.advance(TICK_S)

    def until_still(self) -> Status:
        """Its status once it stands."""
        for _ in range(round(ANY_S / TICK_S)):
            self.listen(TICK_S)
            status = self.status()
            if not status.flags & (MOVING | StatusFlag.HOMING):
                return status
        raise AssertionError(f"it never comes to rest: {status}")

    def shaft_counts(self) -> tuple[float, float]:
        """Where the shafts really are."""
        shafts = self.process.truth()
        truth = shafts[self.address if self.address in shafts else self.device.address]
        return truth.azimuth_counts, truth.elevation_counts

    def claim_is_true(self, status: Status) -> bool:
        """Whether what it says of its position is so."""
        claims = status.azimuth_counts, status.elevation_counts
        pairs = zip(claims, self.shaft_counts(), TRUE_WITHIN_COUNTS, strict=True)
        return all(abs(claim - shaft) <= within for claim, shaft, within in pairs)

    def restart(self) -> Message:
        """Power off, on; its new greeting."""
        self.process.cut_power(self.address)
        self.process.restore_power(self.address)
        return self.hello()


def start(kind: str, boards, device: SimulatedDevice = DEVICE, **options):
    """A process that plays the device."""
    if kind == "python":
        return SimulatorProcess([device], **options)
    return BoardProcess(boards(kind), device, **options)


@pytest.fixture(scope="session")
def boards(tmp_path_factory):
    """Builds each kind of board once; where tools are missing fails in CI, and skips elsewhere."""
    folder = tmp_path_factory.mktemp("boards")
    built: dict[str, Board] = {}

    def board(kind: str) -> Board:
        missing = missing_tools(kind)
        if missing and os.environ.get("CI"):
            pytest.fail(f"the {kind} board needs: {' '.join(missing)}")
        if missing:
            pytest.skip(f"the {kind} board needs: {' '.join(missing)}")
        if kind not in built:
            built[kind] = build_board(kind, folder)
        return built[kind]

    return board


@pytest.fixture
def starting(boards):
    """Starts a device of a kind; all are ended with the test."""
    processes, lines = [], []

    def begin(kind: str, device: SimulatedDevice = DEVICE, **options) -> Head:
        processes.append(start(kind, boards, device, **options))
        lines.append(Line(processes[-1]))
        head = Head(processes[-1], lines[-1], device)
        head.hello()
        head.configure()
        return head

    begin.usual = DEVICE
    yield begin
    for line in lines:
        line.close()
    for process in processes:
        process.close()


@pytest.fixture
def starting_in_real_time(boards):
    """Starts a device of a kind that follows the clock."""
    with contextlib.ExitStack() as stack:
        yield lambda kind: stack.enter_context(start(kind, boards, lockstep=False))


@pytest.fixture
def two_heads(boards, kind):
    """Two heads on one line; as boards, both new and so at the same address."""
    devices = [dataclasses.replace(DEVICE, address=address) for address in (1, 2)]
    with contextlib.ExitStack() as stack:
        if kind == "python":
            processes = [stack.enter_context(SimulatorProcess(devices))] * 2
        else:
            processes = [stack.enter_context(BoardProcess(boards(kind), device)) for device in devices]
        line = Line(*dict.fromkeys(processes))
        stack.callback(line.close)
        yield tuple(Head(process, line, device) for process, device in zip(processes, devices, strict=True))


@pytest.fixture(params=["python", *BUILDS])
def kind(request) -> str:
    return request.param


@pytest.fixture(params=list(BUILDS))
def board_kind(request) -> str:
    return request.param


@pytest.fixture
def lost(starting, kind) -> Head:
    """A head that is configured and does not know where it is."""
    return starting(kind)


@pytest.fixture
def head(lost) -> Head:
    """A head that is homed."""
    lost.home()
    return lost


@pytest.fixture
def board(starting, board_kind) -> Head:
    """The real firmware, homed."""
    head = starting(board_kind)
    head.home()
    return head


@pytest.fixture
def head_in_calm(lost) -> Head:
    """A homed head with a wind contact that is fitted and calm."""
    lost.configure(options=Option.WIND_CONTACT)
    lost.home()
    return lost
