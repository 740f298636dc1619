"""One simulated head on a line of its own that speaks a foreign text protocol."""

from firmware_bridge.dialects.servers import SERVERS
from firmware_bridge.simulator.config import SimulatedDevice
from firmware_bridge.simulator.device import Head
from firmware_bridge.simulator.line import Station
from firmware_bridge.simulator.rotator import HeadRotator


class SpokenLine:
    """As `line.SimulatedLine`, of one head. A host that takes its leave may be followed by another."""

    def __init__(self, device: SimulatedDevice, protocol: str) -> None:
        self._station = Station(Head(device))
        self._rotator = HeadRotator(self._station.head, device.gearing)
        self._make = SERVERS[protocol]
        self._server = self._make(self._rotator)

    @property
    def stations(self) -> dict[int, Station]:
        """The one head, by its address."""
        return {self._station.head.address: self._station}

    def receive(self, data: bytes) -> bytes:
        """All answers to bytes in any chunks."""
        if self._station.silent or not self._station.head.powered:
            return b""
        if self._server.finished:
            self._server = self._make(self._rotator)
        return self._server.receive(data)

    def advance(self, dt_ms: int) -> None:
        """Let time pass."""
        self._rotator.advance(dt_ms)

    def unasked(self) -> bytes:
        """Nothing: what nobody asked for breaks these protocols."""
        return b""
