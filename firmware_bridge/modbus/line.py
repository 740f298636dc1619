"""The client's end of a Modbus line: pymodbus behind `port.RegisterLine`."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from firmware_bridge.errors import LinkLost, PortUnavailable, RemoteProtocolError
from firmware_bridge.modbus import extra
from firmware_bridge.modbus.port import MAX_READ, MAX_WRITE, READ_HOLDING, READ_INPUT
from firmware_bridge.modbus.refusal import ModbusRefusal

if TYPE_CHECKING:
    from pymodbus.client import ModbusSerialClient, ModbusTcpClient
    from pymodbus.pdu import ModbusPDU

MODBUS_TCP: Final = "socket"
RTU_OVER_TCP: Final = "rtu"
TCP_PORT: Final = 502  # registered for Modbus
_ERROR_BIT: Final = 0x80


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSettings:
    """How a line is driven. 19200 baud and even parity are what the serial line guide asks for; most
    instruments leave the factory with 9600 and none. `echo`: the adapter hears what it sends.
    """

    baud: int = 19200
    parity: str = "N"
    stop_bits: int = 1
    timeout_s: float = 0.5
    retries: int = 2
    echo: bool = False


DEFAULT_SETTINGS: Final = LineSettings()


class ModbusLine:
    """One line, one request at a time; reopened by the next request after it was lost. For one thread."""

    def __init__(self, client: "ModbusSerialClient | ModbusTcpClient", name: str) -> None:
        self._client, self._name = client, name

    def read(self, unit: int, address: int, count: int, function: int = READ_HOLDING) -> list[int]:
        """Registers from an address on, in as many requests as it takes; see `RegisterLine`."""
        asks = {
            READ_HOLDING: self._client.read_holding_registers,
            READ_INPUT: self._client.read_input_registers,
        }
        if function not in asks:
            raise ValueError(f"function {function} reads no registers; use {READ_HOLDING} or {READ_INPUT}")
        registers: list[int] = []
        while len(registers) < count:
            first, size = address + len(registers), min(count - len(registers), MAX_READ)
            ask = partial(asks[function], first, count=size, device_id=unit)
            part = self._answer(unit, f"reading {size} registers from {first}", ask).registers
            if len(part) != size:
                raise RemoteProtocolError(
                    f"unit {unit} sends {len(part)} registers for {size}; look for a second master"
                )
            registers += part
        return registers

    def write(self, unit: int, address: int, values: Sequence[int]) -> None:
        """Write registers in one request; see `RegisterLine`. Raises ValueError for more than fit in one."""
        if not 1 <= len(values) <= MAX_WRITE:
            raise ValueError(f"{len(values)} registers cannot be written at once; write 1 to {MAX_WRITE}")
        self._answer(
            unit,
            f"writing {len(values)} registers from {address}",
            partial(self._client.write_registers, address, list(values), device_id=unit),
        )

    def close(self) -> None:
        """Let go of the line; twice is once."""
        self._client.close()  # type: ignore[no-untyped-call]

    def _answer(self, unit: int, what: str, ask: "Callable[[], ModbusPDU]") -> "ModbusPDU":
        from pymodbus.exceptions import ModbusException
        from pymodbus.pdu import ExceptionResponse

        try:
            reply = ask()
        except (ModbusException, OSError) as error:
            self.close()  # what comes too late must not answer the next request
            raise LinkLost(
                f"unit {unit} on {self._name} does not answer {what} ({error}); "
                "check power, wiring, unit id, baud and parity"
            ) from error
        if isinstance(reply, ExceptionResponse):
            raise ModbusRefusal(unit, what, reply.exception_code)
        return reply


def open_line(url: str, settings: LineSettings = DEFAULT_SETTINGS) -> ModbusLine:
    """Open a line: `socket://host:port` for Modbus TCP, `rtu://host:port` for RTU frames over TCP,
    else the path of a serial port. Raises ModbusMissing, ValueError, or PortUnavailable.
    """
    extra.pymodbus()
    # It logs every missing answer as an error; we raise instead, and whoever asks decides what to say.
    logging.getLogger("pymodbus.logging").setLevel(logging.CRITICAL)
    client = _client(url, settings)
    if not client.connect():
        raise PortUnavailable(
            url, "cannot be opened", "check that it is there, that nobody else has it open, and your rights"
        )
    return ModbusLine(client, url)


def _client(url: str, settings: LineSettings) -> "ModbusSerialClient | ModbusTcpClient":
    from pymodbus import FramerType
    from pymodbus.client import ModbusSerialClient, ModbusTcpClient

    framers = {MODBUS_TCP: FramerType.SOCKET, RTU_OVER_TCP: FramerType.RTU}
    scheme = url.partition("://")[0] if "://" in url else ""
    if not scheme:
        return ModbusSerialClient(
            url,
            baudrate=settings.baud,
            parity=settings.parity,
            stopbits=settings.stop_bits,
            handle_local_echo=settings.echo,
            timeout=settings.timeout_s,
            retries=settings.retries,
        )
    if scheme not in framers:
        raise ValueError(f"port {url!r} is no Modbus line; use socket://host:port, rtu://host:port or a path")
    host, port = _address(url)
    return ModbusTcpClient(
        host, port=port, framer=framers[scheme], timeout=settings.timeout_s, retries=settings.retries
    )


def _address(url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(f"port {url!r} names no TCP port ({error}); write socket://host:port") from error
    if not host:
        raise ValueError(f"port {url!r} names no host; write socket://host:port")
    return host, TCP_PORT if port is None else port
