"""Where the bytes go."""

from firmware_bridge.transport.opening import open_transport

__all__ = ["open_transport"]
