"""Where the bytes go."""

from firmware_bridge.transport.echo import EchoCancelling
from firmware_bridge.transport.opening import open_transport

__all__ = ["EchoCancelling", "open_transport"]
