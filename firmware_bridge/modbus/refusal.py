"""What a Modbus device can answer instead of doing what it was asked."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Final

from firmware_bridge.errors import BridgeError


class Code(IntEnum):
    """Exception codes (MODBUS Application Protocol 1.1b3, section 7)."""

    ILLEGAL_FUNCTION = 1
    ILLEGAL_ADDRESS = 2
    ILLEGAL_VALUE = 3
    DEVICE_FAILURE = 4
    ACKNOWLEDGE = 5
    DEVICE_BUSY = 6


EXPLANATIONS: Final[Mapping[int, str]] = {
    Code.ILLEGAL_FUNCTION: "it does not know this function; choose another function code",
    Code.ILLEGAL_ADDRESS: "it has no such registers, or they cannot be written; check the register map",
    Code.ILLEGAL_VALUE: "the value is not allowed there; check its bounds",
    Code.DEVICE_FAILURE: "it has failed inside; look at the device",
    Code.ACKNOWLEDGE: "it needs more time; ask again later",
    Code.DEVICE_BUSY: "it may not do that now; look at its state, then ask again",
}


class ModbusRefusal(BridgeError):
    """The device answered with an exception; nothing has changed there."""

    def __init__(self, unit: int, what: str, code: int) -> None:
        self.unit, self.code = unit, code
        explanation = EXPLANATIONS.get(code, "this code is unknown to us; see the device's manual")
        super().__init__(f"unit {unit} refuses {what} with Modbus exception {code}: {explanation}")


class Rejected(Exception):
    """A register map declines a request: which code to answer, and the reason for our own log."""

    def __init__(self, code: Code, reason: str) -> None:
        self.code, self.reason = code, reason
        super().__init__(reason)
