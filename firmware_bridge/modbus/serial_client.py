"""pymodbus' serial client, woken by the line instead of looking at it every millisecond."""

from pymodbus.client import ModbusSerialClient
from pymodbus.exceptions import ConnectionException


class WaitingSerialClient(ModbusSerialClient):
    """Waits for bytes where pymodbus 3.16 sleeps and looks again: an answer is had as soon as it is whole."""

    def recv(self, size: int | None) -> bytes:
        """What has come, once something has; empty after the timeout. The caller puts frames together."""
        port = self.socket
        if port is None:
            raise ConnectionException(str(self))
        try:
            first: bytes = port.read(1)
            return first + port.read(port.in_waiting)
        except OSError:
            self.close()  # type: ignore[no-untyped-call]
            raise ConnectionException(str(self)) from None
