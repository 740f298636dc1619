"""The lines that `sunflower simulate` serves: simulated heads in any protocol, or boards with firmware."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from firmware_bridge.dialects import DIALECTS
from firmware_bridge.dialects.native import NativeLine
from firmware_bridge.dialects.servers import SERVERS
from firmware_bridge.link import Link
from firmware_bridge.native_bus import NativeBus
from firmware_bridge.simulator.boards import BUILDS, start_board
from firmware_bridge.simulator.config import SimulatedDevice, SimulatorConfig
from firmware_bridge.simulator.line import SimulatedLine
from firmware_bridge.simulator.line_end import listening_place
from firmware_bridge.simulator.rotator import HeadRotator
from firmware_bridge.simulator.serve import LineServer
from firmware_bridge.transport.memory import MemoryTransport
from tracker.errors import DeviceUnavailable, InvalidInput

if TYPE_CHECKING:
    from firmware_bridge.modbus.served import ModbusServer

PYTHON: Final = "python"
DEVICES: Final = (PYTHON, *BUILDS)
PROTOCOLS: Final = ("native", *SERVERS, "sunspec")
LOOKS_EVERY_S: Final = 0.5
HOST_NONCE: Final = 1  # these heads know no other host


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to serve: heads by name, the language, where to listen (a link, tcp:PORT, or nothing), faults."""

    site: str
    timezone: str
    devices: Mapping[str, SimulatedDevice]
    protocol: str = "native"
    listen: str | None = None
    faults: str = ""
    device: str = PYTHON


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """An open line: what clients open, and `go_on`, which serves until it ends by itself."""

    port: str
    go_on: Callable[[], None]


@contextmanager
def served(wish: Wish) -> Iterator[Served]:
    """Serve the line while the block lasts.

    Raises InvalidInput for what cannot be combined, PortUnavailable where it cannot listen, and what
    `boards.start_board` raises.
    """
    _refuse_impossible(wish)
    kind = wish.protocol if wish.device == PYTHON else wish.device
    with KINDS.get(kind, _line)(wish) as line:
        yield line


def one_head_only(protocol: str) -> bool:
    """Whether a port of this protocol carries one head alone."""
    return protocol in SERVERS


def _refuse_impossible(wish: Wish) -> None:
    real_firmware = wish.device != PYTHON
    problems = {
        f"--protocol {wish.protocol}: use one of {', '.join(PROTOCOLS)}": wish.protocol not in PROTOCOLS,
        f"--device {wish.device}: use one of {', '.join(DEVICES)}": wish.device not in DEVICES,
        f"--device {wish.device} speaks native; leave --protocol out": real_firmware
        and wish.protocol != "native",
        f"--device {wish.device} listens on a pty; give --listen a path": real_firmware
        and (wish.listen or "").startswith("tcp:"),
        f"--faults works with --device {PYTHON} and text or native protocols; for others put "
        "`python -m firmware_bridge.simulator.proxy` before their line": bool(wish.faults)
        and (real_firmware or wish.protocol == "sunspec"),
    }
    problem = next((says for says, holds in problems.items() if holds), None)
    if problem is not None:
        raise InvalidInput(problem)


def _switched_on(device: SimulatedDevice, protocol: str) -> SimulatedDevice:
    """Text protocols cannot home: such a controller knows its position when a host first hears of it."""
    return replace(device, position_trusted=True) if protocol in SERVERS else device


@contextmanager
def _line(wish: Wish) -> Iterator[Served]:
    try:
        link, tcp_port = listening_place(wish.listen)
        config = SimulatorConfig(
            devices=tuple(_switched_on(device, wish.protocol) for device in wish.devices.values()),
            lockstep=False,
            link=link,
            tcp_port=tcp_port,
            faults=wish.faults,
            protocol=wish.protocol,
        )
    except ValueError as error:
        raise InvalidInput(str(error)) from error
    with LineServer(config, time.monotonic) as server:
        yield Served(port=server.port, go_on=server.serve)


@contextmanager
def _board(wish: Wish) -> Iterator[Served]:
    (device,) = wish.devices.values()
    with start_board(wish.device, device, link=wish.listen) as board:

        def go_on() -> None:
            code = board.wait()
            raise DeviceUnavailable(
                f"the {wish.device} board ended by itself with code {code}; start it again"
            )

        yield Served(port=wish.listen or board.port, go_on=go_on)


@contextmanager
def _sunspec(wish: Wish) -> Iterator[Served]:
    from firmware_bridge.dialects.sunspec.over_mounts import MountArray
    from firmware_bridge.dialects.sunspec.register_map import ArrayMap
    from firmware_bridge.modbus.pty_cable import PtyCable
    from firmware_bridge.modbus.served import ModbusServer

    zone = ZoneInfo(wish.timezone)
    with _bus(tuple(wish.devices.values())) as bus:
        mounts = {name: bus.mount(device.address, device.gearing) for name, device in wish.devices.items()}
        array = ArrayMap(MountArray(wish.site, mounts, lambda: datetime.now(zone)))
        if (wish.listen or "").startswith("tcp:"):
            with ModbusServer({1: array}, wish.listen or "", time.monotonic) as server:
                yield Served(port=f"socket://127.0.0.1:{server.port}", go_on=lambda: _while_alive(server))
        else:
            with (
                PtyCable(wish.listen) as cable,
                ModbusServer({1: array}, cable.server_port, time.monotonic) as server,
            ):
                yield Served(port=cable.client_port, go_on=lambda: _while_alive(server))


@contextmanager
def _bus(devices: tuple[SimulatedDevice, ...]) -> Iterator[NativeBus]:
    """Heads inside this process, which is the host that they do not miss."""
    line, started_s, passed_ms = SimulatedLine(devices), time.monotonic(), 0
    heads = [HeadRotator(line.stations[device.address].head, device.gearing) for device in devices]

    def respond(data: bytes) -> bytes:
        nonlocal passed_ms
        now_ms = round((time.monotonic() - started_s) * 1000.0)
        for head in heads:
            head.advance(now_ms - passed_ms)
        passed_ms = now_ms
        return line.receive(data)

    patience = DIALECTS["native"].patience
    bus = NativeBus(Link(MemoryTransport(respond), time.monotonic), NativeLine(patience), HOST_NONCE)
    with bus:
        yield bus


KINDS: Final[Mapping[str, Callable[[Wish], AbstractContextManager[Served]]]] = {
    "sunspec": _sunspec,
    **dict.fromkeys(BUILDS, _board),
}


def _while_alive(server: "ModbusServer") -> None:
    while server.alive:
        time.sleep(LOOKS_EVERY_S)
    raise DeviceUnavailable("the Modbus server ended by itself; start it again")
