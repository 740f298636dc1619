"""How to talk to the motors: axes and counts, no sun."""

from firmware_bridge.driver import Bus, open_bus, open_mount
from firmware_bridge.errors import (
    BridgeError,
    CommandRefused,
    DeviceFault,
    LinkLost,
    LocalProtocolError,
    PortUnavailable,
    RemoteProtocolError,
)
from firmware_bridge.gearing import Gearing, SlewDrive
from firmware_bridge.mount import HeadMount
from firmware_bridge.reports import AxisLimits, AxisStatus, Identity

__all__ = [
    "AxisLimits",
    "AxisStatus",
    "BridgeError",
    "Bus",
    "CommandRefused",
    "DeviceFault",
    "Gearing",
    "HeadMount",
    "Identity",
    "LinkLost",
    "LocalProtocolError",
    "PortUnavailable",
    "RemoteProtocolError",
    "SlewDrive",
    "open_bus",
    "open_mount",
]
