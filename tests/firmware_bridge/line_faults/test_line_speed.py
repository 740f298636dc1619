"""How long is waited follows the speed at which a line was opened: no answer on its way is given up."""

from types import SimpleNamespace

import pytest

from firmware_bridge import addressing, open_bus
from firmware_bridge.dialects import DIALECTS
from firmware_bridge.errors import LinkLost
from firmware_bridge.modbus.port import LONGEST_EXCHANGE
from firmware_bridge.simulator.config import SimulatedDevice
from firmware_bridge.simulator.half_duplex import EventClock, HalfDuplexLine, VirtualPort, served
from firmware_bridge.simulator.line import SimulatedLine
from firmware_bridge.simulator.spoken_line import SpokenLine
from firmware_bridge.wire.codec import LONGEST_FRAME
from firmware_bridge.wire.schedule import LineSpeed, frame_bytes
from firmware_bridge.wire.schema import GetStatus, Hello, SetParameters

TURN_S = 0.02  # slow ones: of the host before it asks, and of the device before it answers


@pytest.fixture
def opened(monkeypatch):
    """`opened(heads, protocol, baud)`: a bus opened as ever, on a line in virtual time at that speed."""

    def opened(heads, protocol, baud):
        line = HalfDuplexLine(EventClock(), baud=baud or DIALECTS[protocol].baud, turnaround_s=TURN_S)
        if heads is not None:
            line.join(served(heads.receive, heads.advance))
        port = VirtualPort(line)
        monkeypatch.setattr("firmware_bridge.driver.open_transport", lambda _url, _baud: port)
        monkeypatch.setattr("firmware_bridge.driver.time", SimpleNamespace(monotonic=port.now_s))
        return open_bus("line", protocol, baud=baud), line

    return opened


@pytest.mark.parametrize("baud", [None, 115200, 19200, 9600, 1200])
def test_the_longest_exchange_takes_one_try_at_any_speed(opened, baud):
    bus, line = opened(SimulatedLine([SimulatedDevice(elevation_start_deg=60.0)]), "native", baud)
    device = SimulatedDevice(elevation_rate_deg_s=0.2)  # other limits than it holds: they are written
    head = bus.mount(1, device.gearing)
    head.hello()
    asked = bus.bytes_written
    head.configure(device.limits)
    assert bus.bytes_written - asked == sum(map(frame_bytes, (Hello, SetParameters, GetStatus)))
    assert line.collisions == 0


@pytest.mark.parametrize("protocol", ["easycomm2", "gs232b"])
@pytest.mark.parametrize("baud", [None, 9600, 1200, 300])
def test_a_position_in_text_takes_one_try_at_any_speed(opened, protocol, baud):
    bus, line = opened(SpokenLine(SimulatedDevice(elevation_start_deg=45.0), protocol), protocol, baud)
    head = bus.mount(1)
    assert head.status().elevation_deg == 45.0
    asked = bus.bytes_written
    assert head.status().elevation_deg == 45.0
    assert bus.bytes_written == 2 * asked
    assert line.collisions == 0


@pytest.mark.parametrize("baud", [None, 9600, 300])
def test_every_device_is_found_by_its_serial_number_at_any_speed(monkeypatch, baud):
    line = HalfDuplexLine(EventClock(), baud=baud or DIALECTS["native"].baud, turnaround_s=TURN_S)
    for address, serial in ((1, 4711), (2, 12)):
        heads = SimulatedLine([SimulatedDevice(address=address, serial=serial)])
        line.join(served(heads.receive, heads.advance))
    port = VirtualPort(line)
    monkeypatch.setattr(addressing, "open_transport", lambda _url, _baud: port)
    monkeypatch.setattr(addressing, "time", SimpleNamespace(monotonic=port.now_s))
    addressing.assign_address("line", 12, 7, baud)
    assert addressing.addresses_by_serial("line", baud) == ({4711: 1, 12: 7}, [])


def waited_s(opened, baud) -> float:
    bus, line = opened(None, "native", baud)
    with pytest.raises(LinkLost):
        bus.mount(1).hello()
    return line.clock.now_s


def test_a_silent_head_is_given_up_as_soon_as_the_bytes_allow(opened):
    slower_s = LineSpeed(baud=9600).bytes_s(1) - LineSpeed(baud=115200).bytes_s(1)
    tries = DIALECTS["native"].patience.tries_of_questions
    assert waited_s(opened, None) == waited_s(opened, 115200)
    apart_s = waited_s(opened, 9600) - waited_s(opened, 115200)
    assert apart_s == pytest.approx(tries * 2 * LONGEST_FRAME * slower_s)


@pytest.mark.parametrize("baud", [9600, 19200])
def test_a_modbus_line_is_given_the_time_of_its_longest_answer(monkeypatch, baud):
    given = []
    monkeypatch.setattr(
        "firmware_bridge.dialects.sunspec.bus.open_sunspec", lambda _url, settings: given.append(settings)
    )
    open_bus("line", "sunspec", baud=baud)
    on_the_line_s = LineSpeed(baud=baud).bytes_s(LONGEST_EXCHANGE)
    assert given[0].baud == baud
    assert given[0].timeout_s == pytest.approx(DIALECTS["sunspec"].patience.reply_within_s + on_the_line_s)
