"""What keeps a head safe without its host: the same for all devices."""

import dataclasses

import pytest

from firmware_bridge.wire.codec import decode_contents
from firmware_bridge.wire.schema import (
    AxisName,
    Clear,
    Disable,
    Enable,
    Fault,
    FaultReport,
    Fold,
    GetStatus,
    Home,
    KeepAlive,
    Nudge,
    Option,
    Refusal,
    Status,
    StatusFlag,
    Stop,
    Stow,
)

LEASE_S = 2.0
STANDS_COUNTS = 1.0  # the last of its coasting
STOWED_COUNTS, ARRIVES_WITHIN_COUNTS = 8000, 32


def is_stowed(status: Status) -> bool:
    return abs(status.elevation_counts - STOWED_COUNTS) <= ARRIVES_WITHIN_COUNTS


def test_a_silent_host_lets_it_stow_when_the_lease_runs_out(head):
    head.move(80.0, 10.0)
    head.advance(LEASE_S - 0.1)
    assert not head.has(StatusFlag.STOWING)
    head.advance(0.2)
    assert head.has(StatusFlag.STOWING)
    head.advance(10.0)
    assert is_stowed(head.status())


def test_a_silent_host_stops_a_head_that_does_not_know_where_it_is(starting, kind):
    far_from_home = dataclasses.replace(starting.usual, azimuth_start_deg=150.0)
    lost = starting(kind, far_from_home)
    lost.ask(Home())
    lost.advance(LEASE_S - 0.25)
    assert lost.has(StatusFlag.HOMING)
    lost.advance(2.25)
    before = lost.shaft_counts()
    assert not lost.has(StatusFlag.HOMING | StatusFlag.STOWING)
    lost.advance(3.0)
    assert lost.shaft_counts() == pytest.approx(before, abs=STANDS_COUNTS)


def test_who_only_looks_keeps_no_lease_alive(head):
    for _ in range(5):
        head.advance(0.5)
        status = head.status()
    assert status.flags & StatusFlag.STOWING


def test_that_the_lease_ran_out_is_told_until_the_host_goes_on(head):
    head.advance(LEASE_S + 0.5)
    frame = head.frame(GetStatus())
    first, again = head.line.send(frame), head.line.send(frame)  # the same request: the answer was lost
    for (heard,) in (first, again):
        assert decode_contents(heard).message.flags & StatusFlag.LEASE_EXPIRED
    assert not head.has(StatusFlag.LEASE_EXPIRED)


def test_stop_holds_though_the_host_is_silent(head):
    head.ask(Stop())
    before = head.shaft_counts()
    head.advance(3.0 * LEASE_S)
    status = head.status()
    assert status.flags & StatusFlag.HELD
    assert status.flags & StatusFlag.LEASE_EXPIRED
    assert head.shaft_counts() == pytest.approx(before, abs=STANDS_COUNTS)
    assert not head.move(5.0, 5.0).flags & StatusFlag.HELD


def test_the_emergency_stop_ends_motion_and_holds_after_its_release(head):
    head.move(80.0, 30.0)
    head.listen(1.0)
    head.process.inject(head.address, emergency_stop=True)
    head.listen(1.0)
    before = head.shaft_counts()
    status = head.until_still()
    assert status.flags & StatusFlag.EMERGENCY_STOP
    assert head.shaft_counts() == pytest.approx(before, abs=STANDS_COUNTS)
    assert head.move(10.0, 10.0).reason == Refusal.EMERGENCY_STOP
    assert head.ask(Clear()).reason == Refusal.EMERGENCY_STOP
    head.process.inject(head.address, emergency_stop=False)
    head.advance(2.0 * LEASE_S)
    assert head.status().flags & StatusFlag.HELD
    assert head.shaft_counts() == pytest.approx(before, abs=STANDS_COUNTS)
    assert isinstance(head.move(10.0, 10.0), Status)


def test_wind_stows_it_by_itself_and_forbids_other_motion(head_in_calm):
    head = head_in_calm
    head.move(60.0, 10.0)
    head.listen(1.0)
    head.process.inject(head.address, wind_contact=True)
    head.listen(0.5)
    assert head.has(StatusFlag.WIND_CONTACT)
    assert head.has(StatusFlag.STOWING)
    assert head.move(10.0, 10.0).reason == Refusal.WIND
    assert head.ask(Home()).reason == Refusal.WIND
    assert is_stowed(head.until_still())
    assert isinstance(head.ask(Stow()), Status)
    head.process.inject(head.address, wind_contact=False)
    head.listen(0.5)
    assert isinstance(head.move(10.0, 10.0), Status)


def test_a_head_that_rests_stowed_in_wind_stands_still(head_in_calm):
    head = head_in_calm
    head.process.inject(head.address, wind_contact=True)
    head.listen(0.5)
    assert is_stowed(head.until_still())
    head.listen(1.0)
    before = head.shaft_counts()
    head.listen(3.0)
    assert head.shaft_counts() == pytest.approx(before, abs=STANDS_COUNTS)


def test_a_wind_contact_that_is_not_fitted_says_nothing(head):
    head.process.inject(head.address, wind_contact=True)
    head.listen(0.5)
    assert not head.has(StatusFlag.WIND_CONTACT | StatusFlag.STOWING)


def test_stop_holds_in_wind(head_in_calm):
    head = head_in_calm
    head.ask(Stop())
    head.process.inject(head.address, wind_contact=True)
    before = head.shaft_counts()
    head.listen(2.0)
    assert head.shaft_counts() == pytest.approx(before, abs=STANDS_COUNTS)


def test_a_disabled_drive_moves_for_nobody(head):
    head.ask(Disable())
    assert head.move(10.0, 10.0).reason == Refusal.DRIVE_DISABLED
    assert head.ask(Stow()).reason == Refusal.DRIVE_DISABLED
    before = head.shaft_counts()
    head.advance(3.0 * LEASE_S)
    assert head.shaft_counts() == pytest.approx(before, abs=STANDS_COUNTS)
    assert head.ask(Enable()).flags & StatusFlag.DRIVE_ENABLED
    assert isinstance(head.move(10.0, 10.0), Status)


def test_a_fault_is_reported_unasked_until_the_host_has_spoken(head):
    head.configure(options=Option.FAULT_REPORTS)
    head.process.inject(head.address, elevation_jammed=True)
    head.move(0.0, 20.0)
    heard = head.line.advance(1.8) + head.line.advance(2.0)
    frames = [decode_contents(contents) for contents in heard]
    assert len(frames) >= 2
    assert {frame.message.fault for frame in frames} == {Fault.ELEVATION_STALL}
    assert all(isinstance(frame.message, FaultReport) for frame in frames)
    assert len({frame.sequence for frame in frames}) == 1
    head.ask(KeepAlive())
    assert head.line.advance(3.0) == []


def test_nobody_speaks_unasked_on_a_shared_line(head):
    head.process.inject(head.address, emergency_stop=True)
    assert head.line.advance(3.0) == []


def test_a_folded_output_and_a_nudge_obey_the_emergency_stop(head):
    head.process.inject(head.address, emergency_stop=True)
    head.advance(0.1)
    assert head.ask(Fold(folded=1)).reason == Refusal.EMERGENCY_STOP
    nudge = Nudge(axis=AxisName.ELEVATION, target_counts=head.status().elevation_counts + 100)
    assert head.ask(nudge).reason == Refusal.EMERGENCY_STOP
