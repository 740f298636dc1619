"""What the bridge raises becomes what the loop can read."""

import numpy as np
import pytest

from firmware_bridge.errors import CommandRefused, LineGone, LinkLost
from firmware_bridge.reports import AxisStatus
from tracker.app.field.mounts import BridgeMounts
from tracker.decision.values import Order
from tracker.frames import AxisPose


class Head:
    """A head that answers, refuses or is silent, and remembers what it was asked."""

    def __init__(self):
        self.trouble, self.asked, self.azimuth_deg = None, [], 10.0
        self.lease_expired = False

    def status(self):
        return self._answer("status")

    def move_to(self, azimuth_deg, elevation_deg):
        return self._answer(("move", azimuth_deg, elevation_deg))

    def stop(self):
        return self._answer("stop")

    def _answer(self, what):
        self.asked.append(what)
        if self.trouble:
            raise self.trouble
        return AxisStatus(
            azimuth_deg=self.azimuth_deg,
            elevation_deg=45.0,
            position_trusted=True,
            moving=False,
            emergency_stop=False,
            drive_enabled=True,
            lease_expired=self.lease_expired,
            stowing=False,
            homing=False,
            held=False,
            flat=False,
            fault_code=0,
            device_time_s=1.0,
        )


class Line:
    def __init__(self):
        self.signs_of_life, self.gone = 0, False

    def keep_alive(self):
        if self.gone:
            raise LineGone("pulled")
        self.signs_of_life += 1


@pytest.fixture
def site():
    heads, line = {f"H{n}": Head() for n in range(4)}, Line()
    return heads, line, BridgeMounts(heads, (line,), started_s=100.0)


def test_a_silent_head_keeps_its_last_reading_and_grows_older(site):
    heads, _, mounts = site
    mounts.read(101.0)
    heads["H2"].trouble = LinkLost("nobody there")
    heads["H1"].azimuth_deg = 20.0
    mounts.read(102.0)
    seen = mounts.read(104.0)
    np.testing.assert_array_equal(seen.silent_s, [0.0, 0.0, 3.0, 0.0])
    np.testing.assert_array_equal(seen.heard, [True, True, False, True])
    np.testing.assert_array_equal(seen.azimuth_deg, [10.0, 20.0, 10.0, 10.0])


def test_a_head_that_never_answered_is_unknown(site):
    heads, _, mounts = site
    heads["H0"].trouble = LinkLost("nobody there")
    mounts.read(101.0)
    seen = mounts.read(103.0)
    assert np.isnan(seen.azimuth_deg[0])
    assert not seen.trusted[0]
    assert seen.silent_s[0] == 3.0


def test_a_head_that_is_seldom_asked_is_not_long_silent_at_its_first_missed_answer(site):
    heads, _, mounts = site
    mounts.read(100.0)
    heads["H1"].trouble = LinkLost("nobody there")
    assert [mounts.read(now_s).silent_s[1] for now_s in (110.0, 120.0)] == [1.0, 11.0]


def test_silent_heads_are_tried_one_at_a_time_and_in_turn(site):
    heads, line, mounts = site
    for name in ("H1", "H2", "H3"):
        heads[name].trouble = LinkLost("nobody there")
    mounts.read(101.0)
    assert line.signs_of_life == 3
    for now_s in (102.0, 103.0, 104.0):
        mounts.read(now_s)
    assert [len(heads[name].asked) for name in heads] == [4, 2, 2, 2]


def test_a_head_that_is_back_is_heard_at_once_and_stays(site):
    heads, _, mounts = site
    heads["H3"].trouble = LinkLost("nobody there")
    mounts.read(101.0)
    heads["H3"].trouble = None
    assert mounts.read(102.0).heard.all()
    assert mounts.read(103.0).heard.all()


def test_silent_heads_that_are_back_are_all_heard_in_one_reading(site):
    heads, _, mounts = site
    for head in heads.values():
        head.trouble = LinkLost("nobody there")
    mounts.read(101.0)
    for head in heads.values():
        head.trouble = None
    assert mounts.read(102.0).heard.all()


def test_heads_on_a_line_that_is_away_are_all_asked_every_time_and_no_head_is_blamed(site, caplog):
    heads, line, mounts = site
    line.gone = True
    for head in heads.values():
        head.trouble = LineGone("pulled")
    mounts.keep_alive()
    assert not mounts.lines_there
    for now_s in (101.0, 102.0):
        assert not mounts.read(now_s).heard.any()
    line.gone = False
    for head in heads.values():
        head.trouble = None
    mounts.keep_alive()
    assert mounts.lines_there
    assert mounts.read(103.0).heard.all()
    assert [len(head.asked) for head in heads.values()] == [3, 3, 3, 3]
    assert caplog.records == []


def test_a_head_whose_lease_ran_out_unseen_counts_as_silent_once_more(site):
    heads, _, mounts = site
    mounts.read(101.0)
    heads["H1"].lease_expired = True  # lost and found between two readings
    np.testing.assert_array_equal(mounts.read(108.0).silent_s, [0.0, 7.0, 0.0, 0.0])
    heads["H1"].lease_expired = False
    np.testing.assert_array_equal(mounts.read(109.0).silent_s, [0.0, 0.0, 0.0, 0.0])


def test_a_refusal_is_told_once_and_raises_nothing(site, caplog):
    heads, _, mounts = site
    heads["H0"].trouble = CommandRefused(1, "Move", 1, "its position is not trusted; home it first")
    orders = np.array([Order.MOVE, Order.NONE, Order.STOP, Order.NONE], dtype=np.int8)
    target = AxisPose(azimuth_deg=np.full(4, 33.0), elevation_deg=np.full(4, 44.0))
    for _ in range(3):
        mounts.order(orders, target)
    assert heads["H0"].asked == [("move", 33.0, 44.0)] * 3
    assert heads["H2"].asked == ["stop"] * 3
    assert heads["H1"].asked == []
    assert [r.getMessage() for r in caplog.records] == [f"H0: {heads['H0'].trouble}"]
