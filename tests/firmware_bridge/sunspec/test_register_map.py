"""What a write means, what is declined, and how SCADA's lease ends: the pure map, without a line."""

import itertools
import math
from dataclasses import replace

import pytest

from firmware_bridge.dialects.sunspec.array import Order, Target
from firmware_bridge.dialects.sunspec.image import SCALES
from firmware_bridge.dialects.sunspec.layout import ALL, Layout
from firmware_bridge.dialects.sunspec.models import (
    MODELS,
    TRACKERS,
    VENDOR,
    Alarm,
    Control,
    Flag,
    LeaseState,
    StowReason,
    TrackerState,
)
from firmware_bridge.dialects.sunspec.points import registers_from, value_from
from firmware_bridge.dialects.sunspec.register_map import ArrayMap
from firmware_bridge.modbus.refusal import Code, Rejected

LEASE_S = 30.0
AT = Target(azimuth_deg=120.0, elevation_deg=30.0)


class Scada:
    """A master that knows the map by the names of its points."""

    def __init__(self, array, **options):
        self.map = ArrayMap(array, lease_s=LEASE_S, **options)
        self.layout = Layout(MODELS, len(array.now.trackers))
        self.now_s = 0.0

    def words(self, place, value):
        return list(registers_from(place.point, value, SCALES.get(place.point.scale, 0)))

    def write(self, model, tracker=ALL, **values):
        places = [
            p
            for p in self.layout.places
            if (p.model, p.tracker) == (model, tracker) and p.point.name in values
        ]
        words = [word for place in places for word in self.words(place, values[place.point.name])]
        self.map.write(places[0].address, words, self.now_s)

    def read(self, model, name, tracker=ALL):
        place = self.layout.place(model, name, tracker)
        words = self.map.read(3, place.address, place.point.registers, self.now_s)
        return value_from(place.point, words, SCALES.get(place.point.scale, 0))

    def point(self, tracker, target=AT):
        self.write(TRACKERS, tracker, ElCtl=target.elevation_deg, AzCtl=target.azimuth_deg, Ctl=1)

    def image(self):
        return self.map.read(3, self.map.base, self.map.length, self.now_s)


@pytest.fixture
def scada(array):
    return Scada(array)


def expect_declined(code, ask, *arguments, **values):
    with pytest.raises(Rejected) as rejection:
        ask(*arguments, **values)
    assert rejection.value.code == code


def test_set_points_alone_move_nothing(scada, array):
    scada.write(TRACKERS, 0, ElCtl=30.0)
    scada.write(TRACKERS, 0, AzCtl=120.0)
    scada.write(TRACKERS, GlblElCtl=30.0, GlblAzCtl=120.0)
    assert array.orders == []
    assert scada.read(TRACKERS, "ElCtl", 0) == 30.0


def test_manual_takes_the_set_points_that_stand_there(scada, array):
    scada.write(TRACKERS, 0, ElCtl=30.0, AzCtl=120.0)
    scada.write(TRACKERS, 0, Ctl=1)
    assert array.orders == [(Order.POINT, (0,), AT)]


def test_manual_with_half_a_direction_is_declined(scada, array):
    scada.write(TRACKERS, 0, ElCtl=30.0)
    expect_declined(Code.ILLEGAL_VALUE, scada.write, TRACKERS, 0, Ctl=1)
    expect_declined(Code.ILLEGAL_VALUE, scada.write, TRACKERS, GlblCtl=1)
    assert array.orders == []


def test_a_tracker_in_manual_follows_new_set_points(scada, array):
    scada.point(1)
    scada.write(TRACKERS, 1, ElCtl=40.0)
    assert array.orders[-1] == (Order.POINT, (1,), Target(azimuth_deg=120.0, elevation_deg=40.0))


def test_global_set_points_move_only_those_in_manual(scada, array):
    scada.point(1)
    scada.write(TRACKERS, GlblElCtl=50.0, GlblAzCtl=200.0)
    assert array.orders[-1] == (Order.POINT, (1,), Target(azimuth_deg=200.0, elevation_deg=50.0))


def test_global_manual_takes_whom_it_can_and_shows_whom_not(scada, array):
    array.change(1, state=TrackerState.LOCKED)
    scada.write(TRACKERS, GlblElCtl=30.0, GlblAzCtl=120.0, GlblCtl=1)
    assert array.orders == [(Order.POINT, (0, 2), AT)]
    assert [scada.read(TRACKERS, "Ctl", tracker) for tracker in range(3)] == [1, 0, 1]
    assert scada.read(TRACKERS, "GlblCtl") == Control.MANUAL
    assert [scada.read(TRACKERS, "AzCtl", tracker) for tracker in range(3)] == [120.0, None, 120.0]


def test_calibrating_goes_back_to_automatic_by_itself(scada, array):
    scada.write(TRACKERS, 0, Ctl=2)
    assert array.orders == [(Order.CALIBRATE, (0,), None)]
    assert scada.read(TRACKERS, "Ctl", 0) == Control.CALIBRATE
    array.change(0, state=TrackerState.AUTOMATIC)
    assert scada.read(TRACKERS, "Ctl", 0) == Control.AUTOMATIC


HOLDING = [
    TrackerState.UNKNOWN,
    TrackerState.STOWING,
    TrackerState.STOWED,
    TrackerState.STOPPED,
    TrackerState.LOCKED,
    TrackerState.FAULT,
    TrackerState.EMERGENCY_STOP,
    TrackerState.SILENT,
]


@pytest.mark.parametrize("state", [*HOLDING, TrackerState.CALIBRATING, TrackerState.UNTRUSTED])
def test_no_write_points_a_tracker_that_is_not_free(scada, array, state):
    array.change(0, state=state)
    before = scada.image()
    expect_declined(Code.DEVICE_BUSY, scada.point, 0)
    assert array.moves == []
    assert scada.image() == before


@pytest.mark.parametrize("state", HOLDING)
def test_no_write_homes_a_tracker_that_is_held(scada, array, state):
    array.change(0, state=state)
    expect_declined(Code.DEVICE_BUSY, scada.write, TRACKERS, 0, Ctl=2)
    assert array.moves == []


def test_an_untrusted_tracker_may_be_homed_but_not_pointed(scada, array):
    array.change(0, flags=Flag.DRIVE_ENABLED)
    expect_declined(Code.DEVICE_BUSY, scada.point, 0)
    scada.write(TRACKERS, 0, Ctl=2)
    assert array.moves == [(Order.CALIBRATE, (0,), None)]


@pytest.mark.parametrize("reason", list(StowReason))
def test_no_write_moves_what_a_stow_holds(scada, array, reason):
    array.change(0, stow_reasons=reason)
    expect_declined(Code.DEVICE_BUSY, scada.point, 0)
    expect_declined(Code.DEVICE_BUSY, scada.write, TRACKERS, 0, Ctl=2)
    assert array.moves == []


@pytest.mark.parametrize("state", HOLDING)
def test_what_takes_over_ends_manual_and_only_a_new_order_renews_it(scada, array, state):
    scada.point(0)
    array.change(0, state=state)
    assert scada.read(TRACKERS, "Ctl", 0) == Control.AUTOMATIC
    array.change(0, state=TrackerState.AUTOMATIC)
    scada.write(TRACKERS, 0, ElCtl=10.0)
    assert array.moves == [(Order.POINT, (0,), AT)]


def test_an_order_that_is_not_yet_carried_out_is_not_forgotten(scada, array):
    """The control loop may take a tick before the tracker is in manual; afterwards automatic is news."""
    array.effect = lambda order, target: {}
    scada.point(0)
    assert scada.read(TRACKERS, "Ctl", 0) == Control.MANUAL
    array.change(0, state=TrackerState.MANUAL)
    assert scada.read(TRACKERS, "Ctl", 0) == Control.MANUAL
    array.change(0, state=TrackerState.AUTOMATIC)
    assert scada.read(TRACKERS, "Ctl", 0) == Control.AUTOMATIC


def test_wind_is_not_taken_back_by_taking_the_request_back(scada, array):
    array.change(0, state=TrackerState.STOWED, stow_reasons=StowReason.WIND)
    scada.write(VENDOR, 0, StwCtl=0)
    assert array.orders == []
    scada.write(VENDOR, StwCtl=1)
    scada.write(VENDOR, 1, StwCtl=0)
    assert array.orders[-1] == (Order.UNSTOW, (1,), None)


def test_stop_of_one_and_of_all_is_never_declined_for_the_state(scada, array):
    for state in TrackerState:
        array.change(0, state=state, stow_reasons=StowReason.WIND)
        scada.write(VENDOR, 0, StpCtl=1)
        assert array.orders[-1] == (Order.STOP, (0,), None)
    scada.write(VENDOR, StpCtl=1)
    assert array.orders[-1] == (Order.STOP, (0, 1, 2), None)
    expect_declined(Code.DEVICE_BUSY, scada.write, VENDOR, 1, StpCtl=0)


def test_a_stop_that_only_some_take_is_given_to_all_and_not_confirmed(scada, array):
    array.deaf = {1}
    expect_declined(Code.DEVICE_FAILURE, scada.write, VENDOR, StpCtl=1)
    assert array.orders == [(Order.STOP, (0, 2), None)]


def test_a_stop_that_nobody_takes_is_not_confirmed(scada, array):
    array.deaf = {0, 1, 2}
    expect_declined(Code.DEVICE_BUSY, scada.write, VENDOR, StpCtl=1)


@pytest.mark.parametrize(("offset", "count"), [(0, 1), (1, 1), (0, 3), (1, 4), (-1, 2), (0, 6), (4, 2)])
def test_half_points_and_neighbours_that_are_not_writable_are_declined(scada, array, offset, count):
    first = scada.layout.place(TRACKERS, "ElCtl", 0).address + offset
    expect_declined(Code.ILLEGAL_ADDRESS, scada.map.write, first, [0] * count, 0.0)
    assert scada.read(TRACKERS, "ElCtl", 0) is None
    assert array.orders == []


def test_one_write_one_request_in_our_block():
    layout = Layout(MODELS, 2)
    writable = [p for p in layout.places if p.model is VENDOR and p.point.writable]
    assert all(here.end < there.address for here, there in itertools.pairwise(writable))


@pytest.mark.parametrize(("count", "first"), [(1, -1), (1, "end"), (0, 0), (200_000, 0)])
def test_reads_outside_the_map_are_declined(scada, count, first):
    offset = scada.map.length if first == "end" else first
    expect_declined(Code.ILLEGAL_ADDRESS, scada.map.read, 3, scada.map.base + offset, count, 0.0)


def test_other_registers_than_holding_ones_are_declined(scada):
    expect_declined(Code.ILLEGAL_FUNCTION, scada.map.read, 4, scada.map.base, 1, 0.0)


def test_missing_wind_reads_as_missing_not_as_calm(scada, array):
    array.now = replace(array.now, gust_m_s=math.nan)
    assert scada.read(VENDOR, "WndGst") is None


def test_long_silence_reads_as_long_not_as_unknown(scada, array):
    array.change(0, silent_s=1e6)
    assert scada.read(VENDOR, "Age", 0) == 6553.4


def test_alarms_name_the_set_point_and_the_obstruction(scada, array):
    scada.point(0)
    array.change(0, azimuth_deg=100.0, elevation_obstructed=True)
    array.change(2, azimuth_obstructed=True)
    assert scada.read(TRACKERS, "Alm", 0) == Alarm.SET_POINT | Alarm.OBSTRUCTED_ELEVATION
    assert scada.read(TRACKERS, "Alm", 2) == Alarm.OBSTRUCTED_AZIMUTH
    assert scada.read(TRACKERS, "GlblAlm") == 7


def test_silence_gives_trackers_back_to_automatic(scada, array):
    scada.point(0)
    scada.now_s = LEASE_S - 0.1
    assert scada.read(VENDOR, "LeaRem") == pytest.approx(0.1)
    assert scada.read(VENDOR, "LeaSt") == LeaseState.HELD
    scada.now_s = LEASE_S
    scada.map.tick(scada.now_s)
    assert array.orders[1:] == [(Order.RESUME, (0,), None)]
    assert scada.read(VENDOR, "LeaSt") == LeaseState.ENDED
    assert scada.read(TRACKERS, "Ctl", 0) == Control.AUTOMATIC


def test_silence_stows_where_that_was_chosen(array):
    scada = Scada(array, when_silent=Order.STOW)
    scada.point(0)
    scada.map.tick(LEASE_S)
    assert array.orders[1:] == [(Order.STOW, (0,), None)]


def test_who_does_not_go_back_to_work_is_stowed(scada, array):
    scada.point(0)
    scada.point(1)
    array.deaf = {1}
    scada.map.tick(LEASE_S)
    assert array.orders[2:] == [(Order.RESUME, (0,), None), (Order.STOW, (), None)]


def test_a_stow_outlives_the_lease(scada, array):
    scada.write(VENDOR, StwCtl=1)
    scada.map.tick(10 * LEASE_S)
    assert array.orders == [(Order.STOW, (0, 1, 2), None)]


def test_only_a_changing_heartbeat_is_a_sign_of_life(scada, array):
    scada.point(0)
    for beat in (1, 2, 3, 3, 3):
        scada.now_s += LEASE_S / 2.0
        scada.write(VENDOR, Hb=beat)
    assert array.orders[-1][0] is Order.RESUME


def test_a_heartbeat_comes_too_late_once_the_lease_has_ended(scada, array):
    scada.point(0)
    scada.now_s = LEASE_S
    scada.write(VENDOR, Hb=1)
    assert array.orders[-1] == (Order.RESUME, (0,), None)
    assert scada.read(VENDOR, "LeaSt") == LeaseState.ENDED


def test_a_new_order_takes_charge_again(scada):
    scada.point(0)
    scada.map.tick(LEASE_S)
    scada.now_s = LEASE_S
    scada.point(0)
    assert scada.read(VENDOR, "LeaSt") == LeaseState.HELD
    scada.write(TRACKERS, 0, Ctl=0)
    scada.now_s += 1.0
    assert scada.read(VENDOR, "LeaSt") == LeaseState.FREE


@pytest.mark.parametrize(
    "wrong", [{"lease_s": 0.0}, {"lease_s": math.inf}, {"when_silent": Order.STOP}, {"base": 65_500}]
)
def test_wrong_settings_are_refused(array, wrong):
    with pytest.raises(ValueError, match=r"must be|split them"):
        ArrayMap(array, **wrong)
