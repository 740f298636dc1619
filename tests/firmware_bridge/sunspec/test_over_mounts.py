"""SunSpec all the way: our client, the register map, the native protocol, simulated heads."""

import math

import pytest

from firmware_bridge.dialects.sunspec.array import Order
from firmware_bridge.dialects.sunspec.bus import SunSpecBus
from firmware_bridge.dialects.sunspec.models import TrackerState
from firmware_bridge.dialects.sunspec.over_mounts import MountArray
from firmware_bridge.dialects.sunspec.register_map import ArrayMap
from firmware_bridge.errors import CommandRefused
from firmware_bridge.modbus.refusal import ModbusRefusal, Rejected
from firmware_bridge.simulator.config import SimulatedDevice

BACKLASH_DEG = 0.1


class MapLine:
    """A register map as a line: Modbus without the bytes."""

    bytes_written = 0

    def __init__(self, served):
        self.served, self.now_s = served, 0.0

    def read(self, unit, address, count, function=3):
        return self.carry(unit, "reading", self.served.read, function, address, count, self.now_s)

    def write(self, unit, address, values):
        self.carry(unit, "writing", self.served.write, address, values, self.now_s)

    def carry(self, unit, what, ask, *arguments):
        try:
            return ask(*arguments)
        except Rejected as rejection:
            raise ModbusRefusal(unit, what, rejection.code) from rejection

    def close(self):
        pass


@pytest.fixture
def chain(bench):
    """Two simulated heads, the array made of them, its map's line, and our client's heads on it."""
    line = bench(
        SimulatedDevice(elevation_start_deg=45.0), SimulatedDevice(address=2, elevation_start_deg=45.0)
    )
    array = MountArray("bench", {f"H{address}": mount for address, mount in line.mounts.items()})
    registers = MapLine(ArrayMap(array, lease_s=30.0))
    bus = SunSpecBus(registers, 1)
    return line, array, registers, (bus.mount(1), bus.mount(2))


def test_a_set_point_turns_the_shaft(chain):
    line, _, _, (_, second) = chain
    second.move_to(20.0, 60.0)
    line.advance_listening(60.0)
    assert line.shaft_deg(2) == pytest.approx((20.0, 60.0), abs=BACKLASH_DEG)
    assert line.shaft_deg(1) == pytest.approx((0.0, 45.0), abs=BACKLASH_DEG)
    assert not second.status().moving
    assert second.status().azimuth_deg == pytest.approx(20.0, abs=BACKLASH_DEG)


def test_a_stow_through_the_block_moves_and_is_told(chain):
    line, array, _, (first, _) = chain
    assert first.stow().stowing
    assert array.report().trackers[0].state is TrackerState.STOWING
    line.advance_listening(240.0)
    assert array.report().trackers[0].state is TrackerState.STOWED
    with pytest.raises(ModbusRefusal, match="exception 6"):
        first.move_to(10.0, 50.0)


def test_a_stop_holds_against_set_points(chain):
    line, _, _, (first, _) = chain
    first.move_to(90.0, 60.0)
    line.advance_listening(5.0)
    assert first.stop().held
    line.advance_listening(5.0)
    here = line.shaft_deg(1)
    with pytest.raises(ModbusRefusal, match="exception 6"):
        first.move_to(0.0, 45.0)
    line.advance_listening(30.0)
    assert line.shaft_deg(1) == here


def test_what_stands_in_the_way_of_a_head_stands_in_its_state(chain):
    line, array, _, (first, _) = chain
    line.mounts[1].disable()
    assert array.report().trackers[0].state is TrackerState.LOCKED
    line.inject(2, silent=True)
    assert array.report().trackers[1].state is TrackerState.SILENT
    assert math.isnan(array.report().trackers[1].azimuth_deg)
    with pytest.raises(ModbusRefusal, match="exception 6"):
        first.move_to(10.0, 50.0)


def test_an_order_that_the_head_declines_is_not_taken(chain):
    line, array, registers, (first, _) = chain
    first.status()
    line.mounts[1].disable()
    assert array.obey(Order.STOW, (0,), None) == ()
    with pytest.raises((ModbusRefusal, CommandRefused)):
        first.stow()
    assert registers.served.read(3, 40000, 2, 0.0) == [0x5375, 0x6E53]


def test_a_silent_master_loses_the_heads_but_they_are_not_moved(chain):
    """In automatic operation a head of this array stays where it is; a site's goes back to the sun."""
    line, array, registers, (first, _) = chain
    first.move_to(20.0, 50.0)
    line.advance_listening(60.0)
    registers.now_s = 31.0
    registers.served.tick(registers.now_s)
    assert array.report().trackers[0].state is TrackerState.AUTOMATIC
    assert line.shaft_deg(1) == pytest.approx((20.0, 50.0), abs=BACKLASH_DEG)
