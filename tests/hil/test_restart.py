"""What survives resets and power cuts, and what must not: the same for all devices."""

import dataclasses

import pytest

from firmware_bridge.reports import parameters_of
from firmware_bridge.wire.checksum import crc32c
from firmware_bridge.wire.codec import encode_payload
from firmware_bridge.wire.schema import (
    Disable,
    Enable,
    Fault,
    Fold,
    GetParameters,
    Refusal,
    ResetCause,
    StatusFlag,
    Stop,
)

STANDS_COUNTS = 1.0  # the last of its coasting
STORED_S = 1.0  # chosen: far longer than a record takes to be written
TURNS_DEG = 385.0
WATCHDOG_BITES_S = 1.25  # a quarter of a second, and the motor's coasting


def test_a_head_that_stood_knows_where_it_is_after_a_power_cut(head):
    head.move(25.0, 15.0)
    head.until_still()
    head.listen(STORED_S)
    before = head.status()
    assert head.restart().reset_cause == ResetCause.POWER_ON
    after = head.status()
    assert after.flags & StatusFlag.POSITION_TRUSTED
    assert (after.azimuth_counts, after.elevation_counts) == (before.azimuth_counts, before.elevation_counts)
    assert head.claim_is_true(after)


def test_cable_turns_survive_a_power_cut(head):
    head.move(TURNS_DEG, 5.0)
    head.until_still()
    head.listen(STORED_S)
    head.restart()
    after = head.status()
    assert after.azimuth_counts == pytest.approx(100.0 * TURNS_DEG, abs=32)
    assert after.flags & StatusFlag.POSITION_TRUSTED
    head.move(5.0, 5.0)  # back the way it came, all of it
    assert head.claim_is_true(head.until_still())


@pytest.mark.parametrize("after_s", [0.05, 0.7, 1.9])
def test_a_power_cut_in_motion_costs_the_trust(head, after_s):
    head.move(80.0, 30.0)
    head.listen(0.5)
    head.process.cut_power(head.address, after_s=after_s)
    head.process.restore_power(head.address)
    head.hello()
    status = head.status()
    assert not status.flags & StatusFlag.POSITION_TRUSTED
    assert not status.flags & (StatusFlag.AZIMUTH_MOVING | StatusFlag.ELEVATION_MOVING)
    assert head.move(10.0, 10.0).reason == Refusal.POSITION_NOT_TRUSTED


@pytest.mark.parametrize("cause", [ResetCause.WATCHDOG, ResetCause.BROWN_OUT])
def test_a_crash_costs_the_trust_even_at_rest(head, cause):
    head.process.inject(head.address, reset=cause.name.lower())
    head.advance(STORED_S)
    assert head.hello().reset_cause == cause
    assert not head.has(StatusFlag.POSITION_TRUSTED)


def test_a_reset_by_its_pin_at_rest_costs_nothing(head):
    head.listen(STORED_S)
    head.process.inject(head.address, reset="external")
    head.advance(STORED_S)
    assert head.hello().reset_cause == ResetCause.EXTERNAL
    assert head.claim_is_true(status := head.status())
    assert status.flags & StatusFlag.POSITION_TRUSTED


def test_a_reset_in_motion_leaves_it_standing_and_lost(head):
    head.move(80.0, 30.0)
    head.listen(1.0)
    head.process.inject(head.address, reset="watchdog")
    head.advance(STORED_S)
    before = head.shaft_counts()
    assert head.hello().reset_cause == ResetCause.WATCHDOG
    assert not head.has(StatusFlag.POSITION_TRUSTED)
    head.advance(5.0)
    assert head.shaft_counts() == pytest.approx(before, abs=STANDS_COUNTS)


def test_parameters_survive_and_every_start_has_a_nonce_of_its_own(lost):
    lost.configure(lease_s=4.5)
    lost.listen(STORED_S)
    greetings = [lost.restart() for _ in range(3)]
    stored = lost.ask(GetParameters())
    assert stored.lease_ms == 4500
    assert len({greeting.boot_nonce for greeting in greetings}) == 3


def test_hold_drive_enable_and_fold_survive(head):
    head.ask(Fold(folded=1))
    head.ask(Stop())
    head.ask(Disable())
    head.listen(STORED_S)
    head.restart()
    flags = head.status().flags
    assert flags & StatusFlag.HELD
    assert flags & StatusFlag.FOLD_OUTPUT
    assert not flags & StatusFlag.DRIVE_ENABLED
    assert head.move(5.0, 5.0).reason == Refusal.DRIVE_DISABLED
    head.ask(Enable())
    head.listen(STORED_S)
    head.restart()
    assert head.has(StatusFlag.DRIVE_ENABLED)


def test_another_home_position_makes_the_position_worthless(head):
    head.configure(azimuth_home_deg=1.0)
    assert not head.has(StatusFlag.POSITION_TRUSTED)


def test_a_damaged_memory_is_a_fault_and_no_position(head):
    head.listen(STORED_S)
    head.process.cut_power(head.address)
    head.process.inject(head.address, storage_damaged=True)
    head.process.restore_power(head.address)
    head.hello()
    status = head.status()
    assert status.fault == Fault.STORAGE
    assert not status.flags & StatusFlag.POSITION_TRUSTED
    assert status.flags & StatusFlag.HELD


def test_a_main_loop_that_hangs_in_motion_is_reset_and_stands(board):
    board.move(200.0, 30.0)
    board.listen(1.0)
    before = board.shaft_counts()[0]
    board.process.inject(board.address, hang=True)
    board.advance(WATCHDOG_BITES_S)
    stood = board.shaft_counts()
    # The motor runs on while the loop hangs, and coasts once the chip lets go of it.
    assert stood[0] - before < 2400.0 * 0.6
    board.advance(5.0)
    assert board.shaft_counts() == pytest.approx(stood, abs=STANDS_COUNTS)
    assert board.hello().reset_cause == ResetCause.WATCHDOG
    status = board.status()
    assert not status.flags & StatusFlag.POSITION_TRUSTED
    assert board.claim_is_true(board.home())


def test_a_main_loop_that_hangs_at_rest_is_reset_and_does_not_move(board):
    board.move(20.0, 10.0)
    board.until_still()
    before = board.shaft_counts()
    board.process.inject(board.address, hang=True)
    board.advance(10.0)
    assert board.shaft_counts() == pytest.approx(before, abs=STANDS_COUNTS)
    assert board.hello().reset_cause == ResetCause.WATCHDOG


def test_a_board_remembers_from_one_run_of_its_program_to_the_next(starting, board_kind, tmp_path):
    image = tmp_path / "eeprom.bin"
    first = starting(board_kind, eeprom=image)
    first.home()
    first.configure(lease_s=3.0)
    first.move(15.0, 5.0)
    first.until_still()
    first.listen(STORED_S)
    first.line.close()
    first.process.close()
    again = dataclasses.replace(first.device, azimuth_start_deg=15.0, elevation_start_deg=5.0, lease_s=3.0)
    second = starting(board_kind, again, eeprom=image)
    assert second.status().flags & StatusFlag.POSITION_TRUSTED
    assert second.status().azimuth_counts == pytest.approx(1500, abs=32)
    assert second.hello().parameter_hash == crc32c(encode_payload(parameters_of(again.limits, again.gearing)))
