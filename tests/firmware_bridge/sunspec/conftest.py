"""An array that obeys or declines as told, its register map, and real lines to it."""

import datetime as dt
from dataclasses import replace

import pytest

from firmware_bridge.dialects.sunspec.array import ArrayReport, Order, TrackerReport
from firmware_bridge.dialects.sunspec.models import Flag, StowReason, TrackerState
from firmware_bridge.dialects.sunspec.register_map import ArrayMap
from firmware_bridge.modbus.pty_cable import PtyCable
from firmware_bridge.modbus.served import ModbusServer

GOOD = Flag.POSITION_TRUSTED | Flag.DRIVE_ENABLED
STATES = {
    Order.POINT: TrackerState.MANUAL,
    Order.RESUME: TrackerState.AUTOMATIC,
    Order.CALIBRATE: TrackerState.CALIBRATING,
    Order.STOW: TrackerState.STOWED,
    Order.UNSTOW: TrackerState.AUTOMATIC,
    Order.STOP: TrackerState.STOPPED,
}


class FakeArray:
    """Takes every order at once, but for the trackers in `deaf`; keeps a record of all orders."""

    def __init__(self, count=3):
        self.deaf = set()
        self.orders = []
        self.now = ArrayReport(
            name="field",
            local_time=dt.datetime(2026, 6, 21, 11, 59, 30),  # noqa: DTZ001
            gust_m_s=4.2,
            gust_age_s=1.5,
            trackers=tuple(
                TrackerReport(
                    name=f"H{number:02d}",
                    state=TrackerState.AUTOMATIC,
                    azimuth_deg=-179.5,
                    elevation_deg=45.25,
                    azimuth_target_deg=181.0,
                    elevation_target_deg=46.0,
                    flags=GOOD,
                    silent_s=0.2,
                )
                for number in range(1, count + 1)
            ),
        )

    def report(self):
        return self.now

    def obey(self, order, trackers, target):
        taken = tuple(tracker for tracker in trackers if tracker not in self.deaf)
        self.orders.append((order, taken, target))
        for tracker in taken:
            self.change(tracker, **self.effect(order, target))
        return taken

    def effect(self, order, target):
        stow = StowReason.SCADA if order is Order.STOW else StowReason(0)
        effect = {"state": STATES[order], "stow_reasons": stow}
        if order is Order.POINT:
            effect |= {"azimuth_deg": target.azimuth_deg, "elevation_deg": target.elevation_deg}
        return effect

    def change(self, tracker, **values):
        trackers = list(self.now.trackers)
        trackers[tracker] = replace(trackers[tracker], **values)
        self.now = replace(self.now, trackers=tuple(trackers))

    @property
    def moves(self):
        """Orders that start a motor on SCADA's wish."""
        return [order for order in self.orders if order[0] in (Order.POINT, Order.CALIBRATE)]


class Watch:
    """A clock that a test turns."""

    def __init__(self):
        self.now_s = 0.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def no_sleep():
    """pysunspec2 keeps the gaps between frames by sleeping; the tests themselves never do."""


@pytest.fixture
def array():
    return FakeArray()


@pytest.fixture(scope="session")
def make_array():
    return FakeArray


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def cable():
    with PtyCable() as cable:
        yield cable


@pytest.fixture
def serve():
    """Serve an array until the test ends: the server and its map."""
    servers = []

    def serve(array, watch, listen="tcp:0", **options):
        array_map = ArrayMap(array, **options)
        server = ModbusServer({options.get("unit", 1): array_map}, listen, watch)
        servers.append(server)
        return server, array_map

    yield serve
    for server in servers:
        server.close()
