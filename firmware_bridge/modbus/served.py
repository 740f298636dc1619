"""The server's end of Modbus: pymodbus around register maps, in a thread of its own."""

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Final, Protocol, Self, cast

from firmware_bridge.errors import PortUnavailable
from firmware_bridge.modbus import extra
from firmware_bridge.modbus.line import DEFAULT_SETTINGS, LineSettings
from firmware_bridge.modbus.port import READ_HOLDING, READ_INPUT, WRITE_MANY, WRITE_ONE
from firmware_bridge.modbus.refusal import Code, Rejected

if TYPE_CHECKING:
    from pymodbus.constants import ExcCodes
    from pymodbus.pdu import ModbusPDU
    from pymodbus.server import ModbusSerialServer, ModbusTcpServer
    from pymodbus.simulator import SimDevice

_log = logging.getLogger(__name__)

LOOPBACK: Final = "127.0.0.1"
TICK_S: Final = 0.25  # chosen: a lease that ends is noticed well within a second


class Unit(Protocol):
    """What answers at one unit id: registers from `base` on. Called from the server's thread."""

    @property
    def base(self) -> int:
        """Its first register."""
        ...

    @property
    def length(self) -> int:
        """How many registers there are."""
        ...

    @property
    def silent(self) -> bool:
        """It does not answer now."""
        ...

    def read(self, function: int, address: int, count: int, now_s: float) -> list[int]:
        """Registers of its own range. Raises Rejected."""
        ...

    def write(self, address: int, values: list[int], now_s: float) -> None:
        """Obey a write within its own range. Raises Rejected, having changed nothing."""
        ...

    def tick(self, now_s: float) -> None:
        """Time has passed."""
        ...


class ModbusServer:
    """Serves units until it is closed; a context manager.

    `listen` is `tcp:PORT` (0 takes a free one), `tcp:HOST:PORT`, or the path of a serial port. Without a host
    only this machine is served. Raises ModbusMissing, ValueError or PortUnavailable.
    """

    def __init__(
        self,
        units: Mapping[int, Unit],
        listen: str,
        clock: Callable[[], float],
        settings: LineSettings = DEFAULT_SETTINGS,
    ) -> None:
        extra.pymodbus()
        self._units, self._clock = dict(units), clock
        self._listen, self._settings = listen, settings
        self._tcp = tcp_address(listen) if listen.startswith("tcp:") else None
        self._ready = threading.Event()
        self._failure: Exception | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing: asyncio.Event | None = None
        self.port = 0
        self._thread = threading.Thread(target=self._run, name=f"modbus {listen}", daemon=True)
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            raise PortUnavailable(
                listen, f"cannot be served ({self._failure})", "choose a port that is free and yours to use"
            ) from self._failure

    @property
    def alive(self) -> bool:
        """Whether it serves. When it ended by itself, leases are no longer watched."""
        return self._thread.is_alive()

    def close(self) -> None:
        """Hang up on everybody and end the thread; twice is once."""
        if self._loop is not None and self._closing is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except (OSError, RuntimeError) as error:  # what pymodbus raises when it cannot listen
            self._failure = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._closing = asyncio.get_running_loop(), asyncio.Event()
        server = self._server()
        await server.serve_forever(background=True)
        if self._tcp is not None:
            self.port = cast("asyncio.Server", server.transport).sockets[0].getsockname()[1]
        self._ready.set()
        try:
            await self._tick_until(self._closing)
        finally:
            await server.shutdown()  # type: ignore[no-untyped-call]

    async def _tick_until(self, closing: asyncio.Event) -> None:
        while not closing.is_set():
            for unit in self._units.values():
                unit.tick(self._clock())
            try:
                await asyncio.wait_for(closing.wait(), TICK_S)
            except TimeoutError:
                continue

    def _server(self) -> "ModbusTcpServer | ModbusSerialServer":
        from pymodbus.server import ModbusSerialServer, ModbusTcpServer

        devices = [self._device(number, unit) for number, unit in self._units.items()]
        if self._tcp is not None:
            return ModbusTcpServer(devices, address=self._tcp, trace_pdu=self._heard)
        return ModbusSerialServer(
            devices,
            port=self._listen,
            baudrate=self._settings.baud,
            parity=self._settings.parity,
            stopbits=self._settings.stop_bits,
            handle_local_echo=self._settings.echo,
            trace_pdu=self._heard,
        )

    def _device(self, number: int, unit: Unit) -> "SimDevice":
        from pymodbus.simulator import DataType, SimData, SimDevice

        registers = SimData(unit.base, count=unit.length, values=0, datatype=DataType.REGISTERS)
        return SimDevice(number, simdata=[registers], action=partial(self._act, unit))

    def _heard(self, sending: bool, pdu: "ModbusPDU") -> "ModbusPDU":
        """Drop requests that are for others or find a silent unit: pymodbus would answer an error to them."""
        unit = None if sending else self._units.get(pdu.dev_id)
        if sending or (unit is not None and not unit.silent):
            return pdu
        return cast("ModbusPDU", None)

    async def _act(
        self,
        unit: Unit,
        function: int,
        start: int,
        address: int,
        count: int,
        registers: list[int],
        values: list[int] | list[bool] | None,
    ) -> "ExcCodes | None":
        from pymodbus.constants import ExcCodes

        try:
            self._carry_out(unit, function, start, address, count, registers, values)
        except Rejected as rejection:
            _log.info("Modbus %s: %s", self._listen, rejection.reason)
            return ExcCodes(rejection.code)
        return None

    def _carry_out(
        self,
        unit: Unit,
        function: int,
        start: int,
        address: int,
        count: int,
        registers: list[int],
        values: list[int] | list[bool] | None,
    ) -> None:
        now_s = self._clock()
        if values is not None and function in (WRITE_ONE, WRITE_MANY):
            unit.write(address, [int(value) for value in values], now_s)
        elif values is None and function in (READ_HOLDING, READ_INPUT):
            registers[address - start : address - start + count] = unit.read(function, address, count, now_s)
        elif values is not None or function != WRITE_ONE:  # after writing one, pymodbus reads it for the echo
            raise Rejected(Code.ILLEGAL_FUNCTION, f"function {function} is not served")


def tcp_address(listen: str) -> tuple[str, int]:
    """Host and port of `tcp:PORT` or `tcp:HOST:PORT`. Raises ValueError for anything else."""
    host, _, port = listen.removeprefix("tcp:").rpartition(":")
    if not port.isdecimal() or int(port) > 0xFFFF:
        raise ValueError(f"listen {listen!r} names no TCP port; write tcp:PORT, with 0 for a free one")
    return host or LOOPBACK, int(port)
