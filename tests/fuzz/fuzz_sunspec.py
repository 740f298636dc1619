"""Coverage-guided fuzzing of the Modbus parts that are pure: maps of foreign devices, writes to our map, and
registers of instruments. Run with atheris: `python tests/fuzz/fuzz_sunspec.py -runs=1000000 CORPUS`.

Nothing may be raised but what the API says, and nothing may move without a complete valid write.
"""

import math
import sys

import atheris

with atheris.instrument_imports(include=["firmware_bridge"]):
    from firmware_bridge.dialects.sunspec.array import ArrayReport, Order, TrackerReport
    from firmware_bridge.dialects.sunspec.bus import SunSpecBus
    from firmware_bridge.dialects.sunspec.layout import Layout
    from firmware_bridge.dialects.sunspec.models import MODELS, Flag, StowReason, TrackerState
    from firmware_bridge.dialects.sunspec.points import registers_from
    from firmware_bridge.dialects.sunspec.register_map import ArrayMap
    from firmware_bridge.errors import BridgeError
    from firmware_bridge.instruments.decode import Reading, decode
    from firmware_bridge.instruments.generic import GENERIC
    from firmware_bridge.modbus.refusal import ModbusRefusal, Rejected

BASE = 40000
LAYOUT = Layout(MODELS, 2)
FREE = {TrackerState.AUTOMATIC, TrackerState.MANUAL}


class Registers:
    """A device whose registers are the fuzzer's."""

    bytes_written = 0

    def __init__(self, registers):
        self.registers = registers

    def read(self, unit, address, count, function=3):
        if not BASE <= address <= BASE + len(self.registers) - count:
            raise ModbusRefusal(unit, "reading", 2)
        return self.registers[address - BASE :][:count]

    def write(self, unit, address, values):
        raise ModbusRefusal(unit, "writing", 3)


class Array:
    """Takes every order and keeps a record of it."""

    def __init__(self, states):
        self.orders = []
        self.trackers = tuple(
            TrackerReport(
                name="T",
                state=TrackerState(state & 0x0F if state & 0x0F < len(TrackerState) else 1),
                stow_reasons=StowReason.WIND if state & 0x80 else StowReason(0),
                flags=Flag.POSITION_TRUSTED if state & 0x40 else Flag(0),
            )
            for state in states
        )

    def report(self):
        return ArrayReport(name="A", trackers=self.trackers)

    def obey(self, order, trackers, target):
        self.orders.append((order, trackers, target))
        return trackers


def good_map():
    """The registers of a map with two trackers, as bytes' distance from what a device may say."""
    words = [0x5375, 0x6E53]
    for place in LAYOUT.places:
        value = {"ID": place.model.number, "Dgr_SF": -3, "Ver": 1, "Hb": 1}.get(place.point.name, 7)
        if place.point.name == "L":
            value = place.model.fixed_length + 2 * place.model.tracker_length
        words += registers_from(place.point, value)
    return [*words, 0xFFFF, 0]


GOOD = good_map()


def foreign_map(data):
    """The fuzzer changes words of a good map, or gives all of it."""
    if data.ConsumeBool():
        image = list(GOOD)
        for _ in range(data.ConsumeIntInRange(0, 20)):
            image[data.ConsumeIntInRange(0, len(image) - 1)] = data.ConsumeIntInRange(0, 0xFFFF)
    else:
        image = data.ConsumeIntListInRange(data.ConsumeIntInRange(1, 200), 0, 0xFFFF)
    head = SunSpecBus(Registers(image), 1).mount(data.ConsumeIntInRange(1, 3))
    try:
        status = head.status()
        head.move_to(10.0, 20.0)
    except BridgeError:
        return
    raise AssertionError(f"moved by a device that declined: {status}")


def master(data):
    """Any writes, at any states."""
    array = Array([data.ConsumeIntInRange(0, 255) for _ in range(2)])
    served, now_s = ArrayMap(array), 0.0
    for _ in range(data.ConsumeIntInRange(1, 12)):
        now_s += data.ConsumeIntInRange(0, 40)
        address = BASE + data.ConsumeIntInRange(-2, LAYOUT.length + 2)
        words = data.ConsumeIntListInRange(data.ConsumeIntInRange(1, 8), 0, 0xFFFF)
        before = len(array.orders)
        try:
            served.write(address, words, now_s)
        except Rejected:
            assert all(order is Order.RESUME for order, _, _ in array.orders[before:])
            continue
        for order, trackers, target in array.orders[before:]:
            check(array, order, trackers, target)
    served.read(3, served.base, served.length, now_s)


def check(array, order, trackers, target):
    if order not in (Order.POINT, Order.CALIBRATE):
        return
    for tracker in trackers:
        report = array.trackers[tracker]
        assert not report.stow_reasons
        assert report.state in (FREE if order is Order.POINT else FREE | {TrackerState.UNTRUSTED})
    if order is Order.POINT:
        assert 0.0 <= target.azimuth_deg <= 360.0
        assert 0.0 <= target.elevation_deg <= 90.0


def instrument(data):
    """Any registers of any instrument."""
    one = GENERIC[data.ConsumeIntInRange(0, len(GENERIC) - 1)]
    registers = dict(enumerate(data.ConsumeIntListInRange(16, 0, 0xFFFF)))
    got = decode(one, registers, 0.0)
    if isinstance(got, Reading):
        assert all(math.isfinite(value) for value in got.values.values())


TARGETS = (foreign_map, master, instrument)


def one_input(raw):
    data = atheris.FuzzedDataProvider(raw)
    TARGETS[data.ConsumeIntInRange(0, len(TARGETS) - 1)](data)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
