"""Our client: on a foreign server built from the shipped model, on ours, and on maps that are wrong."""

import asyncio
import json
import math
import threading
from pathlib import Path

import pytest
import sunspec2
from sunspec2 import mb

from firmware_bridge.dialects.sunspec.array import Order
from firmware_bridge.dialects.sunspec.bus import SunSpecBus, open_sunspec
from firmware_bridge.dialects.sunspec.capabilities import MODEL_601, NO_STOP
from firmware_bridge.dialects.sunspec.models import Flag, StowReason, TrackerState
from firmware_bridge.errors import (
    CommandRefused,
    LinkLost,
    PortUnavailable,
    RemoteProtocolError,
)
from firmware_bridge.modbus.line import LineSettings
from firmware_bridge.modbus.refusal import ModbusRefusal
from firmware_bridge.reports import AxisLimits
from firmware_bridge.wire.schema import Fault

MODELS = Path(sunspec2.__file__).parent / "models" / "json"
QUICK = LineSettings(timeout_s=0.6, retries=0)
LIMITS = AxisLimits(
    azimuth_range_deg=(-270.0, 270.0),
    elevation_range_deg=(0.0, 90.0),
    azimuth_rate_deg_s=1.0,
    elevation_rate_deg_s=1.0,
    stow_elevation_deg=80.0,
)


def points_of(group):
    return [(p["name"], p["type"], p["size"]) for p in group["points"]]


def words(kind, size, value):
    """Registers by pysunspec2's own packing."""
    data = (
        mb.create_unimpl_value(kind, size * 2)
        if value is None
        else mb.point_type_info[kind].to_data(value, size * 2)
    )
    return [int.from_bytes(data[i : i + 2], "big") for i in range(0, len(data), 2)]


def foreign_map(trackers, *, scale=-2, base=40000, before=()):
    """A tracker controller from the shipped model 601: registers, and the address of each point."""
    definition = json.loads((MODELS / "model_601.json").read_text())["group"]
    length = 26 + 22 * len(trackers)
    common = {
        "ID": 601,
        "L": length,
        "Nam": "other",
        "Typ": 5,
        "Dgr_SF": scale,
        "N": len(trackers),
        "GlblCtl": 0,
    }
    registers, places = [0x5375, 0x6E53], {}
    for number, size in before:
        registers += [number, size] + [0] * size
    blocks = [("", points_of(definition), common)]
    blocks += [(i, points_of(definition["groups"][0]), values) for i, values in enumerate(trackers, 1)]
    for block, points, values in blocks:
        for name, kind, size in points:
            places[f"{name}{block}"] = base + len(registers), size
            registers += words(kind, size, values.get(name))
    return [*registers, 0xFFFF, 0], places


class ForeignServer:
    """A plain pymodbus server: registers that keep what is written. Nothing of it is our code."""

    def __init__(self, registers, base=40000):
        self.registers, self.base = registers, base
        self.ready, self.closing = threading.Event(), None
        self.thread = threading.Thread(target=lambda: asyncio.run(self.run()), daemon=True)
        self.thread.start()
        self.ready.wait()

    async def run(self):
        from pymodbus.server import ModbusTcpServer
        from pymodbus.simulator import DataType, SimData, SimDevice

        data = [SimData(self.base, values=list(self.registers), datatype=DataType.REGISTERS)]
        server = ModbusTcpServer(SimDevice(1, simdata=data), address=("127.0.0.1", 0))
        await server.serve_forever(background=True)
        self.port = server.transport.sockets[0].getsockname()[1]
        self.loop, self.closing, self.server = asyncio.get_running_loop(), asyncio.Event(), server
        self.ready.set()
        await self.closing.wait()
        await server.shutdown()

    def get(self, address, count):
        asked = self.server.async_getValues(1, 3, address, count)
        return asyncio.run_coroutine_threadsafe(asked, self.loop).result(5)

    def set(self, address, values):
        asked = self.server.async_setValues(1, 16, address, values)
        asyncio.run_coroutine_threadsafe(asked, self.loop).result(5)

    def close(self):
        self.loop.call_soon_threadsafe(self.closing.set)
        self.thread.join()


class Registers:
    """A line in memory; addresses outside are declined, or met with silence."""

    def __init__(self, registers, base=40000, mute=False):
        self.registers, self.base, self.mute, self.writes = list(registers), base, mute, []

    def read(self, unit, address, count, function=3):
        self.check(unit, address, count)
        return self.registers[address - self.base : address - self.base + count]

    def write(self, unit, address, values):
        self.check(unit, address, len(values))
        self.writes.append((address, list(values)))
        self.registers[address - self.base : address - self.base + len(values)] = values

    def check(self, unit, address, count):
        if not self.base <= address <= self.base + len(self.registers) - count:
            raise LinkLost("nobody") if self.mute else ModbusRefusal(unit, "reading", 2)

    def close(self):
        pass


EAST = {"Id": "T1", "ElPos": 4525, "AzPos": 9000, "Ctl": 0, "Alm": 0}


@pytest.fixture
def foreign():
    servers = []

    def start(registers, base=40000):
        servers.append(ForeignServer(registers, base))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def bus():
    buses = []

    def open_bus(url):
        buses.append(open_sunspec(url, QUICK))
        return buses[-1]

    yield open_bus
    for bus in buses:
        bus.close()


@pytest.mark.parametrize("base", [0, 40000, 50000])
def test_it_reads_and_commands_a_foreign_controller(foreign, bus, base):
    """Set points arrive in its registers in its own scale, and the other tracker's stay as they were."""
    registers, places = foreign_map([EAST, dict(EAST, Id="T2")], base=base, before=[(1, 66), (305, 36)])
    server = foreign(registers, base)
    line = bus(f"socket://127.0.0.1:{server.port}?unit=1")
    head = line.mount(2)
    status = head.status()
    assert (status.azimuth_deg, status.elevation_deg) == (90.0, 45.25)
    assert status.position_trusted
    head.move_to(123.456, 30.0)
    azimuth, elevation, mode = (server.get(*places[name]) for name in ("AzCtl2", "ElCtl2", "Ctl2"))
    assert (azimuth, elevation, mode) == ([0, 12346], [0, 3000], [1])
    assert server.get(*places["Ctl1"]) == [0]
    assert line.concerns == (NO_STOP, *MODEL_601.concerns)
    assert line.bytes_written > 0


def test_it_uses_the_global_set_points_of_a_controller_without_trackers(foreign, bus):
    registers, places = foreign_map([])
    server = foreign(registers)
    head = bus(f"socket://127.0.0.1:{server.port}").mount(1)
    assert math.isnan(head.status().azimuth_deg)
    assert not head.status().position_trusted
    head.move_to(10.0, 20.0)
    assert server.get(*places["GlblAzCtl"]) == [0, 1000]
    assert server.get(*places["GlblCtl"]) == [1]


def test_stop_and_stow_of_a_foreign_controller_are_moves(foreign, bus):
    registers, places = foreign_map([EAST])
    server = foreign(registers)
    head = bus(f"socket://127.0.0.1:{server.port}").mount(1)
    assert head.stop().held
    assert server.get(*places["AzCtl1"]) == [0, 9000]
    assert server.get(*places["ElCtl1"]) == [0, 4525]
    with pytest.raises(CommandRefused, match="configure limits"):
        head.stow()
    head.configure(LIMITS)
    assert not head.stow().held
    assert server.get(*places["ElCtl1"]) == [0, 8000]


def test_a_foreign_controller_that_moves_is_seen_moving():
    registers, places = foreign_map([EAST])
    line = Registers(registers)
    head = SunSpecBus(line).mount(1)
    head.status()
    assert not head.status().moving
    line.write(1, places["AzPos1"][0], [0, 9100])
    assert head.status().moving


@pytest.mark.parametrize(
    ("alarm", "fault"),
    [(0, Fault.NONE), (1, Fault.NONE), (2, Fault.ELEVATION_STALL), (4, Fault.AZIMUTH_STALL)],
)
def test_an_obstruction_is_a_stall(alarm, fault):
    registers, _ = foreign_map([dict(EAST, Alm=alarm)])
    assert SunSpecBus(Registers(registers)).mount(1).status().fault_code == fault


def test_azimuth_is_unwrapped_within_the_limits():
    registers, places = foreign_map([dict(EAST, AzPos=35_900)])
    line = Registers(registers)
    head = SunSpecBus(line).mount(1)
    assert head.status().azimuth_deg == 359.0
    assert head.configure(LIMITS).azimuth_deg == pytest.approx(-1.0)
    line.write(1, places["AzPos1"][0], [0, 500])
    assert head.status().azimuth_deg == pytest.approx(5.0)
    head.move_to(-0.001, 45.0)
    assert line.registers[places["AzCtl1"][0] - 40000 :][:2] == [0, 0]  # never a whole turn


def test_an_unknown_position_is_not_moved():
    registers, _ = foreign_map([{"Id": "T1", "Ctl": 0}])
    line = Registers(registers)
    head = SunSpecBus(line).mount(1)
    assert math.isnan(head.status().elevation_deg)
    with pytest.raises(CommandRefused, match="not trusted"):
        head.move_to(90.0, 45.0)
    with pytest.raises(CommandRefused, match="where it is"):
        head.stop()
    assert line.writes == []


@pytest.mark.parametrize(
    ("target", "error"),
    [
        ((math.nan, 10.0), ValueError),
        ((0.0, math.inf), ValueError),
        ((300.0, 10.0), CommandRefused),
        ((0.0, -1.0), CommandRefused),
    ],
)
def test_targets_that_cannot_be_never_reach_the_line(target, error):
    registers, _ = foreign_map([EAST])
    line = Registers(registers)
    head = SunSpecBus(line).mount(1)
    head.configure(LIMITS)
    with pytest.raises(error):
        head.move_to(*target)
    assert line.writes == []


def test_what_model_601_cannot_say_is_refused_here():
    registers, _ = foreign_map([EAST])
    line = Registers(registers)
    head = SunSpecBus(line).mount(1)
    for cannot in (head.flatten, head.clear_fault, head.disable):
        with pytest.raises(CommandRefused):
            cannot()
    assert head.enable().drive_enabled
    assert line.writes == []


def test_a_controller_that_keeps_other_set_points_is_noticed():
    class Stubborn(Registers):
        def write(self, unit, address, values):
            self.check(unit, address, len(values))

    registers, _ = foreign_map([EAST])
    with pytest.raises(CommandRefused, match="other set points"):
        SunSpecBus(Stubborn(registers)).mount(1).move_to(10.0, 20.0)


def test_silent_wrong_addresses_do_not_hide_the_map():
    registers, _ = foreign_map([EAST], base=50000)
    assert SunSpecBus(Registers(registers, base=50000, mute=True)).mount(1).status().position_trusted


@pytest.mark.parametrize(
    ("registers", "says"),
    [
        ([0x1234] * 10, "no SunSpec map"),
        ([0x5375, 0x6E53, 1, 0xFFF0], "claims"),
        ([0x5375, 0x6E53] + [0, 0] * 200, "more than"),
        ([0x5375, 0x6E53, 1, 2, 0, 0], "cannot be read"),
        ([0x5375, 0x6E53, 1, 2, 0, 0, 0xFFFF], "no model 601"),
        ([0x5375, 0x6E53, 601, 27] + [0] * 27 + [0xFFFF], "no whole number"),
        ([0x5375, 0x6E53, 601, 26] + [0x8000] * 26 + [0xFFFF], "power of None"),
        ([0x5375, 0x6E53, 601, 26] + [1] * 26 + [0xFFFF], "power of 1"),
        ([0x5375, 0x6E53, 601, 26] + [0xFFF9] * 26 + [0xFFFF], "power of -7"),
    ],
)
def test_a_map_that_makes_no_sense_is_said_so(registers, says):
    with pytest.raises(RemoteProtocolError, match=says):
        SunSpecBus(Registers(registers)).mount(1).status()


def test_a_map_that_has_changed_is_looked_for_again():
    """The controller was replaced by one whose model 601 stands elsewhere, without a lost answer."""
    before, _ = foreign_map([EAST], before=[(1, 66), (305, 36)])
    after, _ = foreign_map([dict(EAST, AzPos=12_300)])
    line = Registers(before)
    head = SunSpecBus(line).mount(1)
    head.status()
    line.registers = after
    with pytest.raises(ModbusRefusal, match="exception 2"):
        head.status()
    assert head.status().azimuth_deg == 123.0


def test_a_tracker_that_is_not_there_is_said_so():
    registers, _ = foreign_map([EAST])
    with pytest.raises(RemoteProtocolError, match="no number 3"):
        SunSpecBus(Registers(registers), 1).mount(3).status()


def test_our_client_drives_our_server_with_the_vendor_block(array, watch, serve, bus):
    server, _ = serve(array, watch)
    line = bus(f"socket://127.0.0.1:{server.port}?unit=1")
    head = line.mount(2)
    assert head.configure(LIMITS).azimuth_deg == pytest.approx(-179.5)
    assert head.move_to(150.0, 40.0).azimuth_deg == pytest.approx(150.0)
    array.change(1, flags=Flag.POSITION_TRUSTED | Flag.MOVING | Flag.LEASE_EXPIRED, fault_code=7)
    status = head.status()
    assert (status.moving, status.lease_expired, status.drive_enabled, status.fault_code) == (
        True,
        True,
        False,
        7,
    )
    assert not any("lease" in concern or "stow" in concern or "stop" in concern for concern in line.concerns)
    assert head.stow().stowing
    assert array.now.trackers[1].stow_reasons == StowReason.SCADA
    assert array.now.trackers[0].state is TrackerState.AUTOMATIC
    assert head.stop().held
    with pytest.raises(ModbusRefusal, match="exception 6"):
        head.move_to(10.0, 10.0)
    array.change(1, state=TrackerState.AUTOMATIC, flags=Flag(0))
    assert not head.status().position_trusted
    with pytest.raises(CommandRefused, match="not trusted"):
        head.move_to(10.0, 10.0)


def test_keep_alive_renews_the_lease(array, watch, serve, bus):
    server, _ = serve(array, watch, lease_s=10.0)
    line = bus(f"socket://127.0.0.1:{server.port}?unit=1")
    line.mount(1).move_to(100.0, 30.0)
    for _ in range(5):
        watch.now_s += 8.0
        line.keep_alive()
    assert Order.RESUME not in [order for order, _, _ in array.orders]
    watch.now_s += 11.0
    line.mount(1).status()  # looking is no sign of life
    assert array.orders[-1] == (Order.RESUME, (0,), None)


def test_all_are_stopped_and_who_is_not_is_named(array, watch, serve, bus):
    server, _ = serve(array, watch)
    line = bus(f"socket://127.0.0.1:{server.port}?unit=1")
    for address in (1, 2, 3):
        line.mount(address)
    assert all(status.held for status in line.stop_all().values())
    array.deaf = {1}
    with pytest.raises(LinkLost, match="not confirmed by 2"):
        line.stow_all()


def test_a_server_that_comes_back_is_used_again(array, watch, serve, bus):
    server, _ = serve(array, watch)
    head = bus(f"socket://127.0.0.1:{server.port}?unit=1").mount(1)
    head.status()
    server.close()
    with pytest.raises(LinkLost, match="does not answer"):
        head.status()
    serve(array, watch, listen=f"tcp:{server.port}")
    assert head.status().position_trusted


def test_a_unit_that_is_not_there_is_silence(array, watch, serve, bus):
    server, _ = serve(array, watch)
    with pytest.raises(LinkLost, match="unit 9"):
        bus(f"socket://127.0.0.1:{server.port}?unit=9").mount(1).status()


def test_over_rtu_on_a_pty(array, watch, serve, cable, bus):
    serve(array, watch, listen=cable.server_port)
    assert bus(f"{cable.client_port}?unit=1").mount(3).move_to(200.0, 50.0).azimuth_deg == pytest.approx(
        200.0
    )


@pytest.mark.parametrize(
    "url", ["ftp://host", "socket://", "socket://host:port", "/dev/x?unit=0", "/dev/x?unit=one"]
)
def test_a_port_that_is_none_is_a_wrong_argument(url):
    with pytest.raises(ValueError, match="port"):
        open_sunspec(url, QUICK)


@pytest.mark.parametrize("url", ["socket://127.0.0.1:1", "/dev/does-not-exist"])
def test_a_port_that_cannot_be_had_is_said_so(url):
    with pytest.raises(PortUnavailable, match="cannot be opened"):
        open_sunspec(url, QUICK)
