"""Power cuts at random instants and inside bytes being written, on the emulated ATmega328P.

What the head was told and has answered must be there afterwards, all of it or all of what was before; and
a position that is claimed as trusted must be where the shafts are.
"""

import dataclasses
from collections import Counter

import pytest

from firmware_bridge.wire.schema import (
    Disable,
    Enable,
    Fault,
    Fold,
    GetParameters,
    ResetCause,
    Status,
    StatusFlag,
    Stop,
)

CUTS = 200
IN_A_WRITE, IN_MOTION_CUTS = 40, 30  # of them at least
LONGEST_S = 1.2  # a change of parameters takes 0.25 s to be stored, a short move a second
SHORTEST_LEASE_S = 5.0  # longer than any cut is waited for: a silent host must start no stow
STORED_S = 1.0
MOST_WRITES = 12
MOVES = 0.6  # part of all cuts
TURNED_DEG = 370.0


@pytest.fixture
def beyond_a_turn(starting):
    """An emulated board whose home lies beyond a turn: every position counts cable turns."""
    device = dataclasses.replace(
        starting.usual,
        azimuth_home_deg=TURNED_DEG,
        azimuth_start_deg=TURNED_DEG + 1.0,
    )
    head = starting("avr", device, seed=4)
    head.configure(lease_s=SHORTEST_LEASE_S)
    head.home()
    head.listen(STORED_S)
    return head


def go_somewhere(head, rng) -> None:
    head.move(TURNED_DEG + rng.uniform(-12.0, 12.0), rng.uniform(0.0, 8.0))


def go_a_step(head, rng) -> None:
    status = head.status()
    azimuth_deg = head.gearing.azimuth.angle_deg(status.azimuth_counts)
    elevation_deg = head.gearing.elevation.angle_deg(status.elevation_counts)
    head.move(azimuth_deg + rng.uniform(-0.5, 0.5), max(0.0, elevation_deg + rng.uniform(-0.5, 0.5)))


def change_parameters(head, rng) -> None:
    head.configure(lease_s=SHORTEST_LEASE_S + float(rng.integers(1, 40)) / 10.0)


def fold(head, rng) -> None:
    head.ask(Fold(folded=int(rng.integers(0, 2))))


def stop_somewhere(head, rng) -> None:
    go_somewhere(head, rng)
    head.listen(0.5)
    head.ask(Stop())


def hold(head, rng) -> None:
    head.ask(Stop())


def switch_off_and_on(head, rng) -> None:
    head.ask(Disable())
    head.ask(Enable())


def do_nothing(head, rng) -> None:
    head.status()


IN_MOTION = (go_somewhere, go_a_step, stop_somewhere)
AT_REST = (change_parameters, fold, hold, switch_off_and_on)


def cut(head, rng, *, in_a_write: bool) -> bool:
    """Whether it was inside a byte that was being written, on purpose; else at any instant."""
    if in_a_write:
        head.process.cut_power_in_write(int(rng.integers(1, MOST_WRITES)), into=float(rng.random()))
        if not head.process.advance(2.0 * LONGEST_S).powered:
            return True
    head.process.cut_power(head.address, after_s=float(rng.uniform(0.0, LONGEST_S)))
    return False


def test_no_power_cut_loses_settings_or_makes_a_wrong_position_trusted(beyond_a_turn, rng):
    head, outcomes = beyond_a_turn, Counter()
    halved = 0
    for number in range(CUTS):
        in_a_write = number % 2 == 0
        at_rest = AT_REST if in_a_write else (*AT_REST, do_nothing)
        doings = IN_MOTION if rng.random() < MOVES else at_rest
        doing = doings[int(rng.integers(len(doings)))]
        before = head.ask(GetParameters())
        doing(head, rng)
        possible = {before, head.ask(GetParameters())}
        halved += cut(head, rng, in_a_write=in_a_write)
        head.process.restore_power(head.address)

        assert head.hello().reset_cause == ResetCause.POWER_ON
        status, what = head.status(), f"cut {number}, after {doing.__name__}"
        assert status.fault == Fault.NONE, what
        assert head.ask(GetParameters()) in possible, what
        trusted = bool(status.flags & StatusFlag.POSITION_TRUSTED)
        assert head.claim_is_true(status) or not trusted, f"{what}: {status}, shafts at {head.shaft_counts()}"
        outcomes[doing, trusted] += 1
        head.ask(Enable())  # a cut may have come between switching off and on
        if not trusted:
            head.home()
            head.listen(STORED_S)

    for rest in (*AT_REST, do_nothing):
        assert outcomes[rest, True] > outcomes[rest, False] == 0
    assert sum(outcomes[moving, False] for moving in IN_MOTION) >= IN_MOTION_CUTS
    assert halved >= IN_A_WRITE


def test_answered_parameters_are_stored_within_a_second(beyond_a_turn, rng):
    head = beyond_a_turn
    for _ in range(10):
        change_parameters(head, rng)
        wanted = head.ask(GetParameters())
        head.listen(STORED_S)
        head.restart()
        assert head.ask(GetParameters()) == wanted


def test_no_byte_on_the_line_is_lost_to_the_memory(beyond_a_turn, rng):
    """Requests come as fast as the line carries them while parameters and records are being written."""
    head = beyond_a_turn
    written = head.process.eeprom()[1]
    for _ in range(10):
        change_parameters(head, rng)
        go_a_step(head, rng)
        for _ in range(20):
            assert isinstance(head.status(), Status)
    assert head.process.eeprom()[1] > written + 40
    assert head.process.advance(0.0).overruns == 0
