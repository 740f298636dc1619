"""The Modbus library is optional: whoever needs it is told how to get it."""

from types import ModuleType

from firmware_bridge.errors import BridgeError

INSTALL = "pip install 'sunflower-tracker[modbus]'"


class ModbusMissing(BridgeError):
    """The optional library is not installed."""


def pymodbus() -> ModuleType:
    """The library. Raises ModbusMissing, with what to install, when it is not there."""
    try:
        import pymodbus as library
    except ImportError as error:
        raise ModbusMissing(f"Modbus needs the library pymodbus ({error}); install it: {INSTALL}") from error
    return library
