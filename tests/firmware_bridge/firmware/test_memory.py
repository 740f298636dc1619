"""What is kept through power loss, wherever in the writing of it the power goes."""

import random
import struct
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from firmware_bridge.wire import schema
from firmware_bridge.wire.checksum import crc32c
from firmware_bridge.wire.schema import Fault, Refusal, ResetCause, StatusFlag

JOURNAL_AT, JOURNAL_SLOTS, RECORD_BYTES, MARKS = 128, 42, 21, 5  # memory.h, journal.h
SETTINGS_BYTES = 61
# Where in a byte's write the power goes: half erased, almost erased, half programmed, almost done.
PARTS = (0.1, 0.45, 0.6, 0.97)
DRIFT_COUNTS = 4  # a motor on the edge of a count, and what it has coasted since it was called still
COAST_S = 3.0


def records(memory):
    """Whole records by slot: (sequence, boots, azimuth, elevation) and the marks that are set."""
    found = {}
    for slot in range(JOURNAL_SLOTS):
        raw = bytes(memory[JOURNAL_AT + slot * RECORD_BYTES :][:RECORD_BYTES])
        checked, checksum = raw[MARKS:-4], raw[-4:]
        if crc32c(checked) == int.from_bytes(checksum, "little"):
            found[slot] = (struct.unpack("<HHii", checked), [mark != 0xFF for mark in raw[:MARKS]])
    return found


def stored(bench):
    """What a restart must bring back; the place apart."""
    flags = StatusFlag(bench.status().flags)
    kept = StatusFlag.HELD | StatusFlag.DRIVE_ENABLED | StatusFlag.FOLD_OUTPUT
    return {
        **{flag.name: bool(flags & flag) for flag in kept},
        "parameters": bench.ask(schema.GetParameters()),
    }


def is_trusted(bench):
    return bool(bench.status().flags & StatusFlag.POSITION_TRUSTED)


def counts_off(bench):
    """How far the firmware is from the truth, by the offset that homing gave it."""
    pairs = zip(bench.motor_counts, bench.believed_counts, strict=True)
    return max(abs(motor + 50.0 - believed) for motor, believed in pairs)


@dataclass(frozen=True)
class Deed:
    """Something done to a head that knows where it is: does it move, may it lose its trust?"""

    do: Callable
    moves: bool = False
    distrusts: bool = False
    before: Callable = lambda bench: None


def _new_parameters(**changes):
    def do(bench):
        old = bench.ask(schema.GetParameters())
        if old is not None:  # else the power has gone
            values = {name: getattr(old, name) for name in old.__dataclass_fields__} | changes
            bench.ask(schema.SetParameters(**values))

    return do


def _several(*deeds):
    def do(bench):
        for each in deeds:
            each(bench)

    return do


def _stop(bench):
    bench.ask(schema.Stop())


def _move(bench):
    bench.go(150, 90)


def _move_and_stop(bench):
    bench.go(9_000, 900)
    bench.run(0.4)
    bench.ask(schema.Stop())


DEEDS = {
    "a push by the wind": Deed(lambda bench: bench.library.sf_push(0, 40), moves=True),
    "a move": Deed(_move, moves=True),
    "a stop in motion": Deed(_move_and_stop, moves=True),
    "a stop": Deed(_stop),
    "a move that ends a hold": Deed(_move, moves=True, before=_stop),
    "fold": Deed(lambda bench: bench.ask(schema.Fold(folded=1))),
    "unfold": Deed(
        lambda bench: bench.ask(schema.Fold(folded=0)), before=lambda bench: bench.ask(schema.Fold(folded=1))
    ),
    "drive off": Deed(lambda bench: bench.ask(schema.Disable())),
    "drive on": Deed(
        lambda bench: bench.ask(schema.Enable()), before=lambda bench: bench.ask(schema.Disable())
    ),
    "other limits": Deed(_new_parameters(azimuth_max_counts=100_000, lease_ms=9_000)),
    "another home": Deed(_new_parameters(azimuth_home_counts=10), distrusts=True),
    "stop and fold at once": Deed(_several(_stop, lambda bench: bench.ask(schema.Fold(folded=1)))),
    "limits and a move at once": Deed(_several(_new_parameters(lease_ms=9_000), _move), moves=True),
}


def restarted(bench, cause=ResetCause.POWER_ON):
    bench.run(COAST_S)
    return bench.power_on(cause)


def prepare(bench, deed):
    """To where the deed begins; returns what is stored then and afterwards, and the bytes it writes."""
    deed.before(bench)
    bench.run(0.6)
    bench.keep()
    bench.back()
    restarted(bench)
    before = stored(bench)
    writes = bench.library.sf_memory_writes()
    deed.do(bench)
    bench.run(2.5)
    after = stored(bench)
    return before, after, bench.library.sf_memory_writes() - writes


@pytest.mark.parametrize("name", DEEDS)
def test_a_power_cut_in_any_byte_leaves_what_was_or_what_is_to_be(homed, name):
    deed = DEEDS[name]
    before, after, writes = prepare(homed, deed)
    assert before != after or deed.moves or deed.distrusts
    for nth in range(1, writes + 1):
        for seed, part in enumerate(PARTS, start=100 * nth):
            homed.back(seed)
            nonce = restarted(homed).boot_nonce
            homed.library.sf_cut_in_write(nth, part)
            deed.do(homed)
            homed.run(2.5)
            assert not homed.library.sf_powered()
            assert not homed.library.sf_was_careless()
            assert restarted(homed).boot_nonce != nonce
            now = stored(homed)
            assert all(now[key] in (before[key], after[key]) for key in now), (nth, part, now)
            assert homed.status().fault == Fault.NONE
            if is_trusted(homed):
                assert counts_off(homed) <= DRIFT_COUNTS
            assert is_trusted(homed) or deed.moves or deed.distrusts, (nth, part)


@pytest.mark.parametrize("name", ["a move", "a stop", "another home"])
def test_what_was_done_and_settled_is_there_after_a_cut_in_the_next_start(homed, name):
    deed = DEEDS[name]
    _, after, _ = prepare(homed, deed)
    trusted = is_trusted(homed)
    homed.keep()
    for nth in range(1, RECORD_BYTES + 1):
        for seed, part in enumerate(PARTS, start=100 * nth):
            homed.back(seed)
            homed.library.sf_cut_in_write(nth, part)
            homed.power_on(greet=False)
            assert not homed.library.sf_powered()
            restarted(homed)
            assert stored(homed) == after
            assert is_trusted(homed) == trusted


def test_a_power_cut_at_any_instant_of_a_move_leaves_no_trust_in_a_wrong_place(homed):
    rng = random.Random(4)
    homed.run(0.6)
    homed.keep()
    trusted = 0
    for seed in range(1, 151):
        homed.back(seed)
        restarted(homed)
        homed.go(150, 90)
        homed.run(rng.uniform(0.0, 2.5))
        homed.library.sf_power_off()
        restarted(homed)
        if is_trusted(homed):
            trusted += 1
            assert counts_off(homed) <= DRIFT_COUNTS
    assert 0 < trusted < 150  # both ends of the move were met


def test_trust_survives_no_start_but_a_plain_one(homed):
    homed.run(0.6)
    homed.keep()
    for cause in ResetCause:
        homed.back()
        homed.power_on(cause)
        assert is_trusted(homed) == (cause in (ResetCause.POWER_ON, ResetCause.EXTERNAL))
        homed.run(0.5)
        homed.library.sf_power_off()
        homed.power_on(ResetCause.POWER_ON)
        assert is_trusted(homed) == (cause in (ResetCause.POWER_ON, ResetCause.EXTERNAL))


def test_the_place_is_kept_with_its_turns(homed):
    homed.go(9_000, 1_500)
    homed.arrive()
    homed.library.sf_power_off()
    homed.power_on()
    assert is_trusted(homed)
    assert homed.believed_counts == pytest.approx((9_000, 1_500), abs=DRIFT_COUNTS)


@pytest.mark.parametrize("phase_us", range(0, 5000, 500))
def test_a_motor_waits_for_the_memory(homed, phase_us):
    """The mark that it moves takes 1.8 ms: until then nothing turns, whenever in a tick the request comes."""
    homed.run(0.6 + phase_us / 1e6)
    writes = homed.library.sf_memory_writes()
    homed.hear(homed.frame(schema.Stow()))
    assert homed.library.sf_restart_would_trust()
    homed.run(0.05)
    assert homed.library.sf_driven()
    assert homed.library.sf_memory_writes() == writes + 1
    assert not homed.library.sf_was_careless()


def until_a_record_is_begun(bench):
    """To the first byte of the record of where it stands."""
    bench.go(150, 0)
    bench.run(1.0)
    writes = bench.library.sf_memory_writes()
    while bench.library.sf_memory_writes() == writes:
        bench.run(0.001)


def test_a_motor_does_not_wait_for_a_record_that_is_out_of_date(homed):
    until_a_record_is_begun(homed)
    homed.go(0, 0)  # 25 ms; the record would take 71
    assert homed.library.sf_driven()
    assert not homed.library.sf_was_careless()


def test_a_motor_waits_when_the_record_of_where_it_stood_is_almost_written(homed):
    """Its last byte may still become whole: it counts first, and then gets its mark."""
    homed.run(0.6)
    homed.keep()
    for wait_ms in range(45, 75):  # its 21 bytes take 71 ms, and an order's 2 ms on the line
        homed.back()
        homed.power_on()
        until_a_record_is_begun(homed)
        homed.run(wait_ms / 1e3)
        homed.go(0, 0)
        homed.run(0.2)
        assert homed.library.sf_driven()
        assert not homed.library.sf_was_careless()


def test_records_go_round_the_ring(homed):
    for turn in range(JOURNAL_SLOTS + 5):
        homed.go(150 * (turn % 2), 0)
        homed.arrive()
    sequences = sorted(place[0] for place, _ in records(homed.memory).values())
    assert sequences == list(range(sequences[0], sequences[0] + JOURNAL_SLOTS))


def test_the_ring_goes_on_where_its_numbers_wrap(homed):
    homed.run(0.6)
    homed.library.sf_power_off()
    memory = homed.memory
    slot, ((_, boots, azimuth, elevation), _) = max(records(memory).items(), key=lambda item: item[1][0][0])
    checked = struct.pack("<HHii", 0xFFFF, boots, azimuth, elevation)
    for other in range(JOURNAL_SLOTS):
        memory[JOURNAL_AT + other * RECORD_BYTES + MARKS] ^= 0xFF
    at = JOURNAL_AT + slot * RECORD_BYTES + MARKS
    memory[at : at + 16] = checked + crc32c(checked).to_bytes(4, "little")
    homed.power_on()
    homed.go(150, 0)
    homed.run_listening(3)
    homed.library.sf_power_off()
    homed.power_on()
    assert is_trusted(homed)
    assert homed.believed_counts[0] == pytest.approx(150, abs=DRIFT_COUNTS)


def test_a_worn_slot_is_passed_over(homed):
    homed.run(0.6)
    newest = max(records(homed.memory).items(), key=lambda item: item[1][0][0])[0]
    homed.library.sf_wear_out(JOURNAL_AT + (newest + 1) * RECORD_BYTES, RECORD_BYTES)
    homed.go(150, 0)
    homed.run_listening(3)
    assert homed.status().fault == Fault.NONE
    homed.library.sf_power_off()
    homed.power_on()
    assert is_trusted(homed)
    assert homed.believed_counts[0] == pytest.approx(150, abs=DRIFT_COUNTS)


def test_a_memory_that_takes_nothing_lets_no_motor_turn(homed):
    homed.run(0.6)
    homed.library.sf_wear_out(0, 1020)
    homed.go(150, 0)
    homed.run_listening(1)
    assert not homed.library.sf_driven()
    assert homed.status().fault == Fault.STORAGE
    assert homed.go(150, 0).reason == Refusal.FAULT_LATCHED


@pytest.mark.parametrize("bytes_damaged", [range(1020), range(2 * 64), range(JOURNAL_AT, 1020)])
def test_lost_storage_is_a_fault_and_holds(homed, bytes_damaged):
    _new_parameters(lease_ms=9_000)(homed)
    _new_parameters(lease_ms=8_000)(homed)
    homed.run(1.0)
    homed.library.sf_power_off()
    for at in bytes_damaged:
        homed.memory[at] ^= 0x5A
    homed.power_on()
    status = homed.status()
    assert status.fault == Fault.STORAGE
    assert status.flags & StatusFlag.HELD
    assert not status.flags & StatusFlag.POSITION_TRUSTED


def test_a_new_chip_is_no_fault_and_not_trusted(new_bench):
    bench = new_bench()
    bench.power_on()
    status = bench.status()
    assert status.fault == Fault.NONE
    assert not status.flags & (StatusFlag.POSITION_TRUSTED | StatusFlag.HELD)
    assert status.flags & StatusFlag.DRIVE_ENABLED


def test_a_cut_in_the_very_first_record_is_no_fault(new_bench):
    for nth in range(1, RECORD_BYTES + 1):
        bench = new_bench(seed=nth)
        bench.library.sf_cut_in_write(nth, 0.4)
        bench.power_on(greet=False)
        assert not bench.library.sf_powered()
        bench.power_on()
        assert bench.status().fault == Fault.NONE
        assert not is_trusted(bench)
