"""Random registers from a device, random writes from a master: nothing raised that is not said, no motion
without a complete valid write.
"""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firmware_bridge.dialects.sunspec.array import Order
from firmware_bridge.dialects.sunspec.bus import SunSpecBus
from firmware_bridge.dialects.sunspec.layout import Layout
from firmware_bridge.dialects.sunspec.models import MODELS, TRACKERS, VENDOR, TrackerState
from firmware_bridge.dialects.sunspec.points import registers_from, value_from
from firmware_bridge.dialects.sunspec.register_map import ArrayMap
from firmware_bridge.errors import BridgeError, LinkLost
from firmware_bridge.modbus.refusal import ModbusRefusal, Rejected

BATCH = 500
BATCHES = 220
WORDS = np.array([0, 1, 2, 3, 0x8000, 0xFFFF, 0x7FFF, 601, 64601, 0x5375, 0x6E53])
IN_BATCHES = settings(max_examples=BATCHES, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def random_words(rng, count):
    """Half of them values that mean something somewhere."""
    return np.where(
        rng.random(count) < 0.5, rng.choice(WORDS, count), rng.integers(0, 0x10000, count)
    ).tolist()


class Device:
    """Registers in memory; every request beyond them is declined, some are lost."""

    def __init__(self, registers, base, rng):
        self.registers, self.base, self.rng, self.writes = registers, base, rng, []

    def read(self, unit, address, count, function=3):
        self.check(unit, address, count)
        return self.registers[address - self.base :][:count]

    def write(self, unit, address, values):
        self.check(unit, address, len(values))
        self.writes.append((address, values))

    def check(self, unit, address, count):
        if self.rng.random() < 0.01:
            raise LinkLost("lost")
        if not self.base <= address <= self.base + len(self.registers) - count:
            raise ModbusRefusal(unit, "a request", int(self.rng.integers(0, 256)))

    def close(self):
        pass


@pytest.fixture(scope="module")
def good_image():
    """A map of one tracker of ours."""
    layout = Layout(MODELS, 1)
    words = [0x5375, 0x6E53]
    for place in layout.places:
        value = {"ID": place.model.number, "Dgr_SF": -3, "N": 1, "Ver": 1}.get(place.point.name, 7)
        if place.point.name == "L":
            value = place.model.fixed_length + place.model.tracker_length
        words += registers_from(place.point, value)
    return [*words, 0xFFFF, 0]


def damaged(image, rng):
    image = list(image)
    for _ in range(int(rng.integers(0, 12))):
        image[int(rng.integers(0, len(image)))] = random_words(rng, 1)[0]
    return image[: int(rng.integers(1, len(image) + 1))] if rng.random() < 0.1 else image


@given(seed=st.integers(0, 2**32 - 1))
@IN_BATCHES
def test_any_registers_are_a_status_or_an_error_of_ours(good_image, seed):
    rng = np.random.default_rng(seed)
    for number in range(BATCH // 10):  # each is a whole map, walked and read
        image = damaged(good_image, rng) if number % 5 else random_words(rng, 120)
        device = Device(image, int(rng.choice([0, 40000, 50000])), rng)
        head = SunSpecBus(device).mount(1)
        try:
            status = head.status()
        except BridgeError:
            continue
        known = math.isfinite(status.azimuth_deg) and math.isfinite(status.elevation_deg)
        assert known or not status.position_trusted
        assert device.writes == []


@given(seed=st.integers(0, 2**32 - 1))
@IN_BATCHES
def test_any_registers_of_any_point_are_a_value_or_none(seed):
    rng = np.random.default_rng(seed)
    points = [point for model in MODELS for point in (*model.points, *model.tracker_points)]
    for index in rng.integers(0, len(points), BATCH):
        point, scale = points[index], int(rng.integers(-10, 11))
        words = random_words(rng, point.registers)
        value = value_from(point, words, scale)
        assert value is None or isinstance(value, str) or math.isfinite(value)
        if value is not None and point.kind != "string":
            assert list(registers_from(point, value, scale if point.scale else 0)) == words


@given(seed=st.integers(0, 2**32 - 1))
@IN_BATCHES
def test_no_motion_without_a_complete_valid_write(make_array, seed):
    """Random writes at random states: one that is declined changes nothing, one that moves was whole, within
    bounds, to trackers that were free.
    """
    rng = np.random.default_rng(seed)
    array = make_array(2)
    served = ArrayMap(array)
    writable = [p for p in Layout(MODELS, 2).places if p.point.writable]
    for step in range(BATCH // 2):
        if rng.random() < 0.2:
            array.change(int(rng.integers(2)), state=TrackerState(int(rng.integers(12))))
        place = writable[int(rng.integers(len(writable)))]
        address, words = chosen(place, rng)
        served.tick(float(step))  # settles what has ended
        shown = image_of(served, step)
        before, states = len(array.orders), [tracker.state for tracker in array.now.trackers]
        kept = replace(array.now)
        try:
            served.write(address, words, float(step))
        except Rejected:
            assert image_of(served, step) == shown
            assert array.now == kept
            assert all(not taken for _, taken, _ in array.orders[before:])
            continue
        for order, taken, target in array.orders[before:]:
            if order in (Order.POINT, Order.CALIBRATE):
                check_move(order, taken, target, states)


def image_of(served, step):
    """All registers, every tenth time: it takes longer than all else here."""
    return served.read(3, served.base, served.length, float(step)) if step % 10 == 0 else None


def chosen(place, rng):
    """A write at a writable point, mostly of its size, sometimes of its neighbours too."""
    address = place.address + int(rng.choice([0, 0, 0, 0, 1, -1]))
    count = int(rng.choice([place.point.registers] * 4 + [1, 2, 4, 5, 6]))
    if rng.random() < 0.5:
        angles = [(0, 30_000), (1, 0x86A0), (0, 45_000)]
        high_low = [word for pair in rng.permutation(angles).tolist() for word in pair]
        return address, [*high_low, 1][:count] if count < 5 else [*high_low[:4], int(rng.integers(0, 4))]
    return address, random_words(rng, count)


def check_move(order, taken, target, states):
    free = {TrackerState.AUTOMATIC, TrackerState.MANUAL}
    allowed = free if order is Order.POINT else free | {TrackerState.UNTRUSTED}
    assert all(states[tracker] in allowed for tracker in taken)
    if order is Order.POINT:
        assert 0.0 <= target.azimuth_deg <= 360.0
        assert 0.0 <= target.elevation_deg <= 90.0


def test_the_random_writes_do_move_sometimes(make_array):
    """Else the test above would show nothing."""
    rng = np.random.default_rng(1)
    array = make_array(2)
    served = ArrayMap(array)
    writable = [p for p in Layout(MODELS, 2).places if p.point.writable]
    for step in range(3000):
        array.change(0, state=TrackerState.AUTOMATIC)
        place = writable[int(rng.integers(len(writable)))]
        try:
            served.write(*chosen(place, rng), float(step))
        except Rejected:
            continue
    assert {order for order, taken, _ in array.orders if taken} == set(Order)
    assert TRACKERS in {p.model for p in writable}
    assert VENDOR in {p.model for p in writable}
