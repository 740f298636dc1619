"""Serial ports through pyserial: device paths, by-id names, ptys and socket:// addresses."""

import errno
import select
import termios
from collections.abc import Mapping
from typing import Final

import serial

from firmware_bridge.errors import LinkLost, PortUnavailable

READ_BYTES: Final = 4096
WRITE_WITHIN_S: Final = 1.0  # chosen: far longer than any frame takes, short against a lease
CFLAG: Final = 2  # place of the control modes in termios attributes

_BUSY = ("is in use by another program", "stop that program (`sunflower run` owns its ports) and try again")
_NO_PORT = ("does not exist", "check cable and power, and list what is there with `ls /dev/serial/by-id`")
_FORBIDDEN = ("may not be opened by this user", "add the user to the group `dialout` and log in again")
_NOT_SERIAL = ("is not a serial device", "give the path of a serial port, such as /dev/serial/by-id/...")
_UNREACHABLE = ("does not accept the connection", "check host, port number and that the server runs")
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
    errno.ECONNREFUSED: _UNREACHABLE,
    errno.EHOSTUNREACH: _UNREACHABLE,
    errno.ETIMEDOUT: _UNREACHABLE,
}


class SerialPort:
    """An open port that nobody else can open. Raises PortUnavailable when it cannot be had."""

    def __init__(self, url: str, baud: int) -> None:
        self._name = url
        self._port = _opened(url, baud)
        self._descriptor: int = self._port.fileno()
        _keep_lines_raised(self._descriptor)

    @property
    def name(self) -> str:
        """The URL it was opened with."""
        return self._name

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
        """Let go of the port; twice is once."""
        self._port.close()

    def _lost(self, error: Exception) -> LinkLost:
        return LinkLost(f"port {self._name} has gone away ({error}); check cable and power, then reopen it")


def _opened(url: str, baud: int) -> serial.SerialBase:
    try:
        return serial.serial_for_url(
            url, baudrate=baud, timeout=0, write_timeout=WRITE_WITHIN_S, exclusive=True
        )
    except (serial.SerialException, OSError, termios.error) as error:
        raise PortUnavailable(url, *_explained(error)) from error
    except ValueError as error:
        raise PortUnavailable(url, f"cannot be opened ({error})", _NOT_SERIAL[1]) from error


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
    try:
        attributes = termios.tcgetattr(descriptor)
        attributes[CFLAG] &= ~termios.HUPCL
        termios.tcsetattr(descriptor, termios.TCSANOW, attributes)
    except termios.error as error:
        if error.args[0] != errno.ENOTTY:  # a socket has no such lines
            raise
