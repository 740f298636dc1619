"""The client's end of a Modbus line: pymodbus behind `port.RegisterLine`."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from firmware_bridge.errors import LinkLost, PortUnavailable, RemoteProtocolError
from firmware_bridge.modbus import extra
from firmware_bridge.modbus.port import MAX_READ, MAX_WRITE, READ_HOLDING, READ_INPUT, WRITE_MANY
from firmware_bridge.modbus.refusal import ModbusRefusal

if TYPE_CHECKING:
    from pymodbus.client import ModbusSerialClient, ModbusTcpClient
    from pymodbus.pdu import ModbusPDU

_log = logging.getLogger(__name__)

MODBUS_TCP: Final = "socket"
RTU_OVER_TCP: Final = "rtu"
LONGEST_S: Final = 60.0  # chosen: nobody waits longer for an answer
TCP_PORT: Final = 502  # registered for Modbus


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSettings:
    """How a line is driven. 19200 baud and even parity are what the serial line guide asks for; most
    instruments leave the factory with 9600 and none. `echo`: the adapter hears what it sends. Raises
    ValueError naming the setting that cannot be.
    """

    baud: int = 19200
    parity: str = "N"
    stop_bits: int = 1
    timeout_s: float = 0.5
    retries: int = 2
    echo: bool = False

    def __post_init__(self) -> None:
        for name, (holds, wanted) in ALLOWED.items():
            value = getattr(self, name)
            if not holds(value):
                raise ValueError(f"{name} is {value!r}; it must be {wanted}")


def _whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


ALLOWED: Final[Mapping[str, tuple[Callable[[object], bool], str]]] = {
    "baud": (lambda value: _whole(value, 300, 4_000_000), "a whole number from 300 to 4000000"),
    "parity": (lambda value: value in ("N", "E", "O"), "N, E or O"),
    "stop_bits": (lambda value: _whole(value, 1, 2), "1 or 2"),
    "timeout_s": (lambda value: isinstance(value, int | float) and 0.0 < value <= LONGEST_S, "0 to 60 s"),
    "retries": (lambda value: _whole(value, 0, 10), "0 to 10"),
    "echo": (lambda value: isinstance(value, bool), "true or false"),
}
"""What each setting may be, and how to say so."""


DEFAULT_SETTINGS: Final = LineSettings()


class Traffic:
    """Counts what is sent; frames as hex at DEBUG."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.bytes_written = 0

    def __call__(self, sending: bool, data: bytes) -> bytes:
        """What pymodbus calls with each frame, and with each part of an answer."""
        if sending:
            self.bytes_written += len(data)
        if _log.isEnabledFor(logging.DEBUG):
            _log.debug("%s %s %s", self._name, ">" if sending else "<", data.hex(" "))
        return data


class ModbusLine:
    """One line, one request at a time; reopened by the next request after it was lost. For one thread."""

    def __init__(self, client: "ModbusSerialClient | ModbusTcpClient", name: str, traffic: Traffic) -> None:
        self._client, self._name, self._traffic = client, name, traffic

    @property
    def bytes_written(self) -> int:
        """How many bytes have been sent since it was opened."""
        return self._traffic.bytes_written

    def read(self, unit: int, address: int, count: int, function: int = READ_HOLDING) -> list[int]:
        """Registers from an address on, in as many requests as it takes; see `RegisterLine`.

        Raises ValueError for a function that reads no registers.
        """
        asks = {
            READ_HOLDING: self._client.read_holding_registers,
            READ_INPUT: self._client.read_input_registers,
        }
        if function not in asks:
            raise ValueError(f"function {function} reads no registers; use {READ_HOLDING} or {READ_INPUT}")
        registers: list[int] = []
        while len(registers) < count:
            first, size = address + len(registers), min(count - len(registers), MAX_READ)
            what = f"reading {size} registers from {first}"
            reply = self._answer(unit, what, partial(asks[function], first, count=size, device_id=unit))
            _check_fits(unit, what, (reply.function_code, len(reply.registers)), (function, size))
            registers += reply.registers
        return registers

    def write(self, unit: int, address: int, values: Sequence[int]) -> None:
        """Write registers in one request; see `RegisterLine`. Raises ValueError for more than fit in one."""
        if not 1 <= len(values) <= MAX_WRITE:
            raise ValueError(f"{len(values)} registers cannot be written at once; write 1 to {MAX_WRITE}")
        what = f"writing {len(values)} registers from {address}"
        ask = partial(self._client.write_registers, address, list(values), device_id=unit)
        reply = self._answer(unit, what, ask)
        fits = (WRITE_MANY, address, len(values))
        _check_fits(unit, what, (reply.function_code, reply.address, reply.count), fits)

    def close(self) -> None:
        """Let go of the line; twice is once."""
        self._client.close()  # type: ignore[no-untyped-call]

    def _answer(self, unit: int, what: str, ask: "Callable[[], ModbusPDU]") -> "ModbusPDU":
        from pymodbus.exceptions import ModbusException
        from pymodbus.pdu import ExceptionResponse

        try:
            reply = ask()
        except (ModbusException, OSError) as error:
            self.close()  # drops what has come too late
            raise LinkLost(
                f"unit {unit} on {self._name} does not answer {what} ({error}); "
                "check power, wiring, unit id, baud and parity"
            ) from error
        if isinstance(reply, ExceptionResponse):
            raise ModbusRefusal(unit, what, reply.exception_code)
        return reply


def _check_fits(unit: int, what: str, said: tuple[int, ...], asked: tuple[int, ...]) -> None:
    """An answer to another request is none to this one: RTU frames carry no number of their own."""
    if said != asked:
        raise RemoteProtocolError(
            f"unit {unit} answers {what} with what fits another request; look for a second master, "
            "or allow more time for answers"
        )


def open_line(
    url: str, settings: LineSettings = DEFAULT_SETTINGS, *, may_be_away: bool = False
) -> ModbusLine:
    """Open a line: `socket://host:port` for Modbus TCP, `rtu://host:port` for RTU frames over TCP,
    else the path of a serial port. Raises ModbusMissing, ValueError, or PortUnavailable; a line that may be
    away raises LinkLost when it is asked, until it is there.
    """
    check_url(url)
    extra.pymodbus()
    # It logs every missing answer as an error; we raise instead, and whoever asks decides what to say.
    logging.getLogger("pymodbus.logging").setLevel(logging.CRITICAL)
    traffic = Traffic(url)
    client = _client(url, settings, traffic)
    if not client.connect() and not may_be_away:
        raise PortUnavailable(
            url, "cannot be opened", "check that it is there, that nobody else has it open, and your rights"
        )
    return ModbusLine(client, url, traffic)


def check_url(url: str) -> None:
    """Raises ValueError for what names no line; opens nothing."""
    scheme, slashes, _ = url.partition("://")
    if not slashes:
        return
    if scheme not in (MODBUS_TCP, RTU_OVER_TCP):
        raise ValueError(f"port {url!r} is no Modbus line; use socket://host:port, rtu://host:port or a path")
    _address(url)


def _client(url: str, settings: LineSettings, traffic: Traffic) -> "ModbusSerialClient | ModbusTcpClient":
    from pymodbus import FramerType
    from pymodbus.client import ModbusTcpClient

    from firmware_bridge.modbus.serial_client import WaitingSerialClient

    framers = {MODBUS_TCP: FramerType.SOCKET, RTU_OVER_TCP: FramerType.RTU}
    scheme = url.partition("://")[0] if "://" in url else ""
    if not scheme:
        return WaitingSerialClient(
            url,
            baudrate=settings.baud,
            parity=settings.parity,
            stopbits=settings.stop_bits,
            handle_local_echo=settings.echo,
            timeout=settings.timeout_s,
            retries=settings.retries,
            trace_packet=traffic,
        )
    host, port = _address(url)
    return ModbusTcpClient(
        host,
        port=port,
        framer=framers[scheme],
        timeout=settings.timeout_s,
        retries=settings.retries,
        trace_packet=traffic,
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
