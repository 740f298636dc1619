"""Heads on a line, in memory and on a real pty."""

import itertools

import pytest

from firmware_bridge import NativeBus
from firmware_bridge.dialects.native import NativeLine
from firmware_bridge.link import Link
from firmware_bridge.simulator.client import SimulatorProcess
from firmware_bridge.simulator.config import SimulatedDevice
from firmware_bridge.simulator.faults import inject
from firmware_bridge.simulator.line import SimulatedLine
from firmware_bridge.transport.memory import MemoryTransport
from firmware_bridge.wire.session import Patience


class Bench:
    """Simulated heads behind the real driver, all in memory; every look at the host's clock takes 0.1 s."""

    def __init__(self, *devices: SimulatedDevice) -> None:
        self.line = SimulatedLine(devices)
        self.devices = {device.address: device for device in devices}
        self.bus = self.another_host(host_nonce=1)
        self.mounts = {address: self.mount(address) for address in self.devices}

    def another_host(self, host_nonce: int, respond=None) -> NativeBus:
        ticks = itertools.count()
        link = Link(MemoryTransport(respond or self.line.receive), lambda: next(ticks) / 10.0)
        return NativeBus(link, NativeLine(Patience()), host_nonce)

    def mount(self, address: int):
        return self.bus.mount(address, self.devices[address].gearing)

    def advance(self, seconds: float) -> None:
        self.line.advance(round(1000.0 * seconds))

    def advance_listening(self, seconds: float, step_s: float = 1.0) -> None:
        """Let time pass with a host that keeps the lease alive."""
        for _ in range(round(seconds / step_s)):
            self.bus.keep_alive()
            self.advance(step_s)

    def inject(self, address: int = 1, **faults) -> None:
        inject(self.line.stations[address], faults)

    def shaft_deg(self, address: int = 1) -> tuple[float, float]:
        head, gearing = self.line.stations[address].head, self.devices[address].gearing
        azimuth_deg = gearing.azimuth.angle_deg(head.azimuth.shaft)
        return azimuth_deg, gearing.elevation.angle_deg(head.elevation.shaft)


@pytest.fixture
def bench():
    return Bench


@pytest.fixture
def one_head():
    """The bench and the mount of a head that starts at azimuth 0, elevation 45, trusted."""
    bench = Bench(SimulatedDevice(elevation_start_deg=45.0))
    return bench, bench.mounts[1]


@pytest.fixture
def simulator():
    with SimulatorProcess([SimulatedDevice(address=address) for address in (1, 2, 3)]) as process:
        yield process
