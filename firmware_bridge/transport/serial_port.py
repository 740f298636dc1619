"""Serial ports through pyserial: device paths, names by id, ptys."""

import contextlib
import errno
import logging
import select
import termios
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import serial

from firmware_bridge.errors import LinkLost, PortUnavailable
from firmware_bridge.transport.hang_up import hung_up
from firmware_bridge.transport.names import candidate_ports, lasting_name
from firmware_bridge.wire.schedule import BITS_PER_BYTE

_log = logging.getLogger(__name__)

READ_BYTES: Final = 4096
WRITE_WITHIN_S: Final = 0.25  # chosen: a port that takes nothing for so long is stuck; short against a tick
SEND_WITHIN_S: Final = 0.5  # chosen: all that is waited for at a close
SEND_SPARE_S: Final = 0.05  # chosen: for what an adapter holds back
CFLAG: Final = 2  # place of the control modes in termios attributes

_BUSY = ("is in use by another program", "stop that program (`sunflower run` owns its ports) and try again")
_NO_PORT = ("does not exist", "check cable and power, and list what is there with `ls /dev/serial/by-id`")
_FORBIDDEN = ("may not be opened by this user", "add the user to the group `dialout` and log in again")
_NOT_SERIAL = ("is not a serial device", "give the path of a serial port, such as /dev/serial/by-id/...")
_PROBLEMS: Final[Mapping[int, tuple[str, str]]] = {
    errno.ENOENT: _NO_PORT,
    errno.ENODEV: _NO_PORT,
    errno.ENXIO: _NO_PORT,
    errno.EIO: _NO_PORT,
    errno.EBUSY: _BUSY,
    errno.EAGAIN: _BUSY,
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
    errno.EISDIR: _NOT_SERIAL,
    errno.ENOTDIR: _NO_PORT,
    errno.ENOTTY: _NOT_SERIAL,
    errno.EINVAL: _NOT_SERIAL,
}


class SerialPort:
    """An open port that nobody else can open. Raises PortUnavailable when it cannot be had."""

    def __init__(self, path: str, baud: int) -> None:
        self._name = path
        self._port = _opened(path, baud)
        self._descriptor: int = self._port.fileno()
        _keep_lines_raised(self._descriptor)

    @property
    def name(self) -> str:
        """The path it was opened with."""
        return self._name

    def epoch(self) -> int:
        """Always 0: it is never opened again. Raises LinkLost when it has been hung up."""
        if hung_up(self._descriptor):
            raise self._lost("hung up")
        return 0

    def fileno(self) -> int:
        """For a selector."""
        return self._descriptor

    def write(self, data: bytes) -> None:
        """Send everything. Raises LinkLost when the port has gone away."""
        try:
            self._port.write(data)
        except (serial.SerialException, OSError) as error:
            raise self._lost(error) from error

    def read(self, timeout_s: float) -> bytes:
        """What has arrived, waiting at most timeout_s. Raises LinkLost when the port has gone away."""
        try:
            if not select.select((self._descriptor,), (), (), max(timeout_s, 0.0))[0]:
                return b""
            return bytes(self._port.read(READ_BYTES))
        except (serial.SerialException, OSError) as error:
            raise self._lost(error) from error

    def close(self) -> None:
        """Let go of the port; twice is once. What cannot be sent in the time it needs is dropped."""
        if self._port.is_open:
            with contextlib.suppress(termios.error, OSError):  # of a port that is gone
                self._send_or_drop()
        self._port.close()

    def _send_or_drop(self) -> None:
        """A stop may be the last that is written; the system would wait 30 s for a line that is held."""
        waiting = self._port.out_waiting
        if waiting:
            needs_s = BITS_PER_BYTE * waiting / self._port.baudrate + SEND_SPARE_S
            select.select((), (), (), min(needs_s, SEND_WITHIN_S))
        if self._port.out_waiting:
            termios.tcflush(self._descriptor, termios.TCOFLUSH)

    def _lost(self, error: Exception | str) -> LinkLost:
        return LinkLost(f"port {self._name} has gone away ({error}); check cable and power")


class SerialDial:
    """Opens one port, by its lasting name once that is known: the bare one may be another's later."""

    def __init__(self, path: str, baud: int) -> None:
        self._name, self._path, self._baud = path, path, baud

    @property
    def name(self) -> str:
        """The path that was asked for."""
        return self._name

    def open(self, wait_s: float) -> SerialPort:
        """The port; never waits. Raises PortUnavailable."""
        lasting = lasting_name(self._path)
        if lasting is not None:
            _log.warning(
                "port %s may get another name when it is plugged in again; use %s", self._path, lasting
            )
            self._path = lasting
        return SerialPort(self._path, self._baud)

    def close(self) -> None:
        """Nothing is ever under way."""


def _opened(path: str, baud: int) -> serial.Serial:
    try:
        return serial.Serial(path, baudrate=baud, timeout=0, write_timeout=WRITE_WITHIN_S, exclusive=True)
    except (serial.SerialException, OSError, termios.error) as error:
        problem, next_action = _explained(error)
        raise PortUnavailable(path, problem, f"{next_action}{_hint(path)}") from error
    except ValueError as error:
        raise PortUnavailable(path, f"cannot be opened ({error})", _NOT_SERIAL[1]) from error


def _hint(path: str) -> str:
    """How else a bare name should be written, or what is there instead of one that is not."""
    lasting = lasting_name(path)
    if lasting is not None:
        return f" (its lasting name is {lasting})"
    found = [] if Path(path).exists() else [port.url for port in candidate_ports()]
    return f"; these are there: {', '.join(found)}" if found else ""


def _explained(error: Exception) -> tuple[str, str]:
    """The problem and the next action; pyserial hides the system's error number behind its own errors."""
    cause: BaseException | None = error
    while cause is not None:
        number = cause.args[0] if cause.args else None
        if isinstance(number, int) and number in _PROBLEMS:
            return _PROBLEMS[number]
        cause = cause.__cause__ or cause.__context__
    return f"cannot be opened ({error})", _NO_PORT[1]


def _keep_lines_raised(descriptor: int) -> None:
    """Leave DTR raised at close: the next open then makes no edge on it, and no edge resets no board.

    The kernel raises DTR at every open by itself; only its fall at the last close (HUPCL) can be avoided.
    """
    attributes = termios.tcgetattr(descriptor)
    attributes[CFLAG] &= ~termios.HUPCL
    termios.tcsetattr(descriptor, termios.TCSANOW, attributes)
