"""What the pure parts need of a Modbus line, by shape."""

from collections.abc import Sequence
from typing import Final, Protocol

READ_HOLDING: Final = 3
READ_INPUT: Final = 4
WRITE_ONE: Final = 6
WRITE_MANY: Final = 16
MAX_READ: Final = 125  # registers in a request (MODBUS Application Protocol 1.1b3, sections 6.3 and 6.12)
MAX_WRITE: Final = 123
LONGEST_EXCHANGE: Final = 8 + 5 + 2 * MAX_READ  # bytes of such a request and its answer as RTU frames


class RegisterLine(Protocol):
    """A line with any number of units on it. Both calls raise LinkLost when nobody answers,
    ModbusRefusal when the unit declines, RemoteProtocolError when its answer does not fit.
    """

    @property
    def bytes_written(self) -> int:
        """How many bytes have been sent."""
        ...

    def read(self, unit: int, address: int, count: int, function: int = READ_HOLDING) -> list[int]:
        """Registers from an address on."""
        ...

    def write(self, unit: int, address: int, values: Sequence[int]) -> None:
        """Write at most MAX_WRITE registers in one request: all of them or none."""
        ...

    def close(self) -> None:
        """Let go of the line; twice is once."""
        ...
