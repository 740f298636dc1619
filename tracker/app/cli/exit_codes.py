"""Which exit code an error ends a command with.

Classes are named, not imported, so that the table costs nothing and knows no room; the nearest named
ancestor of an error decides.
"""

from collections.abc import Mapping
from typing import Final

DONE: Final = 0
UNEXPECTED: Final = 70  # EX_SOFTWARE of sysexits.h: an error of the program itself
READER_GONE: Final = 141  # 128 + SIGPIPE, as other programs end in a pipe that nobody reads

EXIT_CODES: Final[Mapping[str, int]] = {
    "tracker.errors.CheckFailed": 1,
    "tracker.errors.TrackerError": 2,
    "tracker.errors.InvalidInput": 2,
    "tracker.errors.TravelExceeded": 2,
    "typer.exceptions.TyperException": 2,
    "tracker.errors.DeviceUnavailable": 3,
    "firmware_bridge.errors.BridgeError": 3,
    "firmware_bridge.errors.CommandRefused": 4,
    "firmware_bridge.errors.DeviceFault": 4,
    "serial.serialutil.SerialException": 3,
    "builtins.ConnectionError": 3,
    "builtins.TimeoutError": 3,
    "tracker.errors.RefusedForSafety": 4,
    "tracker.errors.OutputFailed": 5,
    "builtins.OSError": 5,
    "builtins.KeyboardInterrupt": 130,
    "typer.exceptions.Abort": 130,
}


class Ended(Exception):
    """A command has said all there is to say, and ends with this code."""

    def __init__(self, code: int = DONE) -> None:
        self.code = code
        super().__init__(f"ended with {code}")


def exit_code(error: BaseException) -> int:
    """The code of the error's nearest ancestor in the table; UNEXPECTED without one."""
    ancestry = (f"{ancestor.__module__}.{ancestor.__qualname__}" for ancestor in type(error).__mro__)
    return next((EXIT_CODES[name] for name in ancestry if name in EXIT_CODES), UNEXPECTED)
