"""How to talk to the motors: axes and counts, no sun."""

from firmware_bridge.driver import open_bus, open_mount
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
from firmware_bridge.mounts import Bus, Mount
from firmware_bridge.native_bus import NativeBus
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
    "Mount",
    "NativeBus",
    "PortUnavailable",
    "RemoteProtocolError",
    "SlewDrive",
    "open_bus",
    "open_mount",
]
