"""How it moves, and what it will not do: the same for all devices."""

import itertools

import pytest

from firmware_bridge.wire.schema import (
    AxisName,
    Clear,
    Fault,
    Flatten,
    Fold,
    Home,
    Nudge,
    Option,
    Refusal,
    Refused,
    Status,
    StatusFlag,
    Stop,
    Stow,
)

RATE_COUNTS_S, ACCELERATION_COUNTS_S2 = 2000.0, 4000.0
CATCHES_UP = 1.2  # a motor that lags behind its ramp is let run faster for a moment
SAMPLE_S = 0.25
STOWED_COUNTS = 8000
ARRIVES_WITHIN_COUNTS = 32  # the firmware may come to rest so far off its target
COASTS_COUNTS = 150  # at 1000 counts/s, switched off
FAULT_NOTICED_S = 3.0


def speeds(head, seconds: float) -> list[float]:
    """Azimuth, counts/s, over the next samples."""
    places = [head.shaft_counts()[0]]
    for _ in range(round(seconds / SAMPLE_S)):
        head.listen(SAMPLE_S)
        places.append(head.shaft_counts()[0])
    return [(after - before) / SAMPLE_S for before, after in itertools.pairwise(places)]


def test_without_homing_it_goes_nowhere_by_itself(lost):
    before = lost.shaft_counts()
    assert lost.move(10.0, 5.0).reason == Refusal.POSITION_NOT_TRUSTED
    assert lost.ask(Stow()).reason == Refusal.POSITION_NOT_TRUSTED
    lost.listen(1.0)
    assert lost.shaft_counts() == before


def test_homing_makes_the_position_trusted_and_true(lost):
    assert lost.ask(Home()).flags & StatusFlag.HOMING
    assert lost.claim_is_true(lost.until_still())
    assert lost.has(StatusFlag.POSITION_TRUSTED)


def test_homing_that_begins_below_the_switch_finds_it_too(head):
    head.move(-20.0, 0.0)
    assert head.claim_is_true(head.until_still())
    head.process.inject(head.address, reset="watchdog")
    head.advance(1.0)
    head.hello()
    assert head.claim_is_true(head.home())


def test_a_spark_on_the_home_switch_makes_no_wrong_position_trusted(board):
    """A contact that opens for 10 ms while the axis comes up from below home is no home."""
    board.move(-20.0, 0.0)
    board.until_still()
    board.ask(Home())
    board.listen(0.5)
    board.process.inject(board.address, azimuth_home_dead=True)
    board.advance(0.01)
    board.process.inject(board.address, azimuth_home_dead=False)
    status = board.until_still()
    assert board.claim_is_true(status) or not status.flags & StatusFlag.POSITION_TRUSTED


def test_a_move_arrives_and_says_where(head):
    on_the_way = head.move(35.0, 20.0)
    assert (on_the_way.azimuth_target_counts, on_the_way.elevation_target_counts) == (3500, 4000)
    still = head.until_still()
    assert abs(still.azimuth_counts - 3500) <= ARRIVES_WITHIN_COUNTS
    assert abs(still.elevation_counts - 4000) <= ARRIVES_WITHIN_COUNTS
    assert head.claim_is_true(still)


@pytest.mark.parametrize("part", [1.0, 0.5])
def test_it_keeps_to_the_rate_and_the_acceleration(head, part):
    head.move(80.0, 5.0, part_of_rate=part)
    seen = speeds(head, 3.0)
    assert seen[-1] == pytest.approx(part * RATE_COUNTS_S, rel=0.03)
    assert max(seen) <= CATCHES_UP * part * RATE_COUNTS_S
    gained = [after - before for before, after in itertools.pairwise([0.0, *seen])]
    # A sample's mean speed cannot grow faster than the speed.
    assert max(map(abs, gained)) <= 1.4 * ACCELERATION_COUNTS_S2 * SAMPLE_S


def test_a_new_target_on_the_way_turns_it_round(head):
    head.move(60.0, 5.0)
    head.listen(1.0)
    head.move(0.0, 5.0)
    still = head.until_still()
    assert abs(still.azimuth_counts) <= ARRIVES_WITHIN_COUNTS
    assert head.claim_is_true(still)


def test_what_lies_outside_the_limits_is_refused_and_changes_nothing(head):
    before = head.status()
    assert head.move(421.0, 5.0).reason == Refusal.OUTSIDE_TRAVEL
    assert head.move(10.0, -6.0).reason == Refusal.OUTSIDE_TRAVEL
    assert head.move(10.0, 5.0, part_of_rate=1.01).reason == Refusal.RATE_NOT_ALLOWED
    assert head.move(10.0, 5.0, part_of_rate=0.0).reason == Refusal.RATE_NOT_ALLOWED
    after = head.status()
    assert (after.azimuth_target_counts, after.flags) == (before.azimuth_target_counts, before.flags)


def test_stop_brakes_both_axes(head):
    head.move(80.0, 35.0)
    head.listen(1.0)
    head.ask(Stop())
    at_stop = head.shaft_counts()
    head.until_still()
    stood = head.shaft_counts()
    braking = RATE_COUNTS_S**2 / (2.0 * ACCELERATION_COUNTS_S2)
    assert all(after - before < 1.3 * braking for before, after in zip(at_stop, stood, strict=True))


def test_stow_raises_the_elevation_and_leaves_the_azimuth(head):
    head.move(20.0, 10.0)
    head.until_still()
    assert head.ask(Stow()).flags & StatusFlag.STOWING
    still = head.until_still()
    assert abs(still.azimuth_counts - 2000) <= ARRIVES_WITHIN_COUNTS
    assert abs(still.elevation_counts - STOWED_COUNTS) <= ARRIVES_WITHIN_COUNTS


def test_flatten_finds_the_flat_switch_without_a_position(lost):
    lost.ask(Flatten())
    still = lost.until_still()
    assert still.flags & StatusFlag.FLAT_SWITCH
    assert 0.0 <= lost.shaft_counts()[1] - STOWED_COUNTS <= COASTS_COUNTS


def test_the_petals_fold_and_unfold_when_told(head):
    assert head.ask(Fold(folded=1)).flags & StatusFlag.FOLD_OUTPUT
    assert not head.ask(Fold(folded=0)).flags & StatusFlag.FOLD_OUTPUT
    assert head.ask(Fold(folded=2)).reason == Refusal.INVALID_PARAMETERS


def test_the_petals_fold_once_a_stow_has_arrived(head):
    head.configure(options=Option.FOLD_WHEN_STOWED)
    assert not head.ask(Stow()).flags & StatusFlag.FOLD_OUTPUT
    assert head.until_still().flags & StatusFlag.FOLD_OUTPUT


def test_the_boards_output_follows_what_the_head_is_told(board):
    board.ask(Fold(folded=1))
    board.listen(0.25)
    assert board.process.folded()
    board.ask(Fold(folded=0))
    board.listen(0.25)
    assert not board.process.folded()


def test_a_head_that_is_lost_can_be_nudged_a_little(lost):
    before, shaft = lost.status(), lost.shaft_counts()
    target = before.azimuth_counts + 300
    assert isinstance(lost.ask(Nudge(axis=AxisName.AZIMUTH, target_counts=target)), Status)
    lost.until_still()
    after = lost.shaft_counts()
    assert after[0] - shaft[0] == pytest.approx(300.0, abs=ARRIVES_WITHIN_COUNTS)
    assert after[1] == shaft[1]
    far = Nudge(axis=AxisName.AZIMUTH, target_counts=target + 500)
    assert lost.ask(far).reason == Refusal.TOO_FAR


@pytest.mark.parametrize(
    ("injected", "fault"),
    [
        ("azimuth_jammed", Fault.AZIMUTH_STALL),
        ("elevation_jammed", Fault.ELEVATION_STALL),
        ("azimuth_reversed", Fault.AZIMUTH_REVERSED),
        ("elevation_reversed", Fault.ELEVATION_REVERSED),
        ("azimuth_end_stop", Fault.AZIMUTH_END_STOP),
        ("elevation_end_stop", Fault.ELEVATION_END_STOP),
    ],
)
def test_trouble_on_the_way_latches_a_fault_until_it_is_cleared(head, injected, fault):
    head.move(60.0, 30.0)
    head.listen(1.0)
    head.process.inject(head.address, **{injected: True})
    head.listen(FAULT_NOTICED_S)
    head.move(80.0, 35.0)
    status = head.until_still()
    assert status.fault == fault
    assert not status.flags & StatusFlag.POSITION_TRUSTED
    refused = head.move(10.0, 10.0)
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.fault) == (Refusal.FAULT_LATCHED, fault)
    head.process.inject(head.address, **{injected: False})
    assert head.ask(Clear()).fault == Fault.NONE
    assert head.move(10.0, 10.0).reason == Refusal.POSITION_NOT_TRUSTED
    assert head.claim_is_true(head.home())


@pytest.mark.parametrize(
    ("injected", "fault"),
    [
        ("azimuth_home_dead", Fault.AZIMUTH_HOME_NOT_FOUND),
        ("elevation_home_dead", Fault.ELEVATION_HOME_NOT_FOUND),
    ],
)
def test_a_dead_home_switch_ends_homing_with_a_fault(lost, injected, fault):
    lost.process.inject(lost.address, **{injected: True})
    lost.ask(Home())
    status = lost.until_still()
    assert status.fault == fault
    assert not status.flags & StatusFlag.POSITION_TRUSTED
