"""What the head does by itself: lease, wind, emergency stop, watchdog, holds; and how it answers its host."""

import pytest

from firmware_bridge.wire import schema
from firmware_bridge.wire.checksum import crc32c
from firmware_bridge.wire.codec import PAYLOAD_BYTES, encode_payload, frame_around
from firmware_bridge.wire.schema import Fault, Option, Refusal, ResetCause, StatusFlag

LEASE_S = 5.0
MOVING = StatusFlag.AZIMUTH_MOVING | StatusFlag.ELEVATION_MOVING


def flags(bench):
    return StatusFlag(bench.status().flags)


def with_parameters(bench, **changes):
    stored = bench.ask(schema.GetParameters())
    values = {name: getattr(stored, name) for name in stored.__dataclass_fields__} | changes
    return bench.ask(schema.SetParameters(**values))


# The lease.


def test_a_silent_host_lets_a_trusted_head_stow(homed):
    homed.go(20_000, 10_000)
    homed.run(LEASE_S - 0.5)
    assert not flags(homed) & StatusFlag.STOWING
    homed.run(0.6)
    status = homed.status()
    assert status.flags & StatusFlag.STOWING
    assert status.flags & StatusFlag.LEASE_EXPIRED
    assert status.elevation_target_counts == 90_000


def test_looking_at_it_renews_no_lease(homed):
    homed.go(20_000, 10_000)
    for _ in range(11):
        homed.status()
        homed.run(0.5)
    assert flags(homed) & StatusFlag.STOWING


def test_a_silent_host_lets_an_untrusted_head_stop(bench):
    bench.ask(schema.Home())
    bench.run(LEASE_S + 3.0)
    assert not flags(bench) & (MOVING | StatusFlag.STOWING | StatusFlag.HOMING)


def test_a_held_head_does_not_stow(homed):
    homed.ask(schema.Stop())
    homed.run(LEASE_S + 1.0)
    assert flags(homed) & (MOVING | StatusFlag.HELD | StatusFlag.LEASE_EXPIRED) == (
        StatusFlag.HELD | StatusFlag.LEASE_EXPIRED
    )


def test_the_expiry_is_told_until_the_host_goes_on(homed):
    homed.ask(schema.Stop())
    homed.run(LEASE_S + 1.0)
    question = homed.frame(schema.GetStatus())
    for _ in range(3):  # the answer was lost: the same again
        assert homed.exchange(question)[0].flags & StatusFlag.LEASE_EXPIRED
    assert not flags(homed) & StatusFlag.LEASE_EXPIRED


def test_the_wrap_of_the_clock_is_no_event(homed):
    homed.keep()
    for lead_ms in (2_000, 4_900, 5_100):
        homed.back()
        homed.power_on(greet=False)
        homed.library.sf_set_uptime_ms(2**32 - lead_ms)
        homed.run(0.2)
        homed.greet()
        homed.go(20_000, 10_000)
        homed.run(LEASE_S - 0.5)
        before = flags(homed)
        assert before & MOVING
        assert not before & StatusFlag.STOWING
        homed.run(0.6)
        status = homed.status()
        assert status.flags & StatusFlag.STOWING
        assert status.uptime_ms < 20_000


# Emergency stop, stop, drive.


def test_the_emergency_stop_takes_the_drive_off_at_once_and_holds(homed):
    homed.go(20_000, 10_000)
    homed.run_listening(2)
    homed.inject("emergency_stop")
    homed.run(0.005)
    assert not homed.library.sf_driven()
    homed.run_listening(1)
    assert flags(homed) & StatusFlag.EMERGENCY_STOP
    assert homed.go(0, 0).reason == Refusal.EMERGENCY_STOP
    homed.inject("emergency_stop", False)
    homed.run(LEASE_S + 2.0)
    assert flags(homed) & (MOVING | StatusFlag.HELD | StatusFlag.EMERGENCY_STOP) == StatusFlag.HELD
    homed.go(20_000, 10_000)
    homed.run(0.5)
    assert homed.library.sf_driven()


def test_stop_brakes_at_the_ramp_and_holds(homed):
    homed.go(20_000, 20_000)
    homed.run_listening(3)
    before = homed.believed_counts
    homed.ask(schema.Stop())
    homed.run_listening(3)
    after = homed.believed_counts
    assert flags(homed) & (MOVING | StatusFlag.HELD) == StatusFlag.HELD
    assert after[0] - before[0] == pytest.approx(500**2 / (2 * 500), abs=40)
    assert after[1] - before[1] == pytest.approx(300**2 / (2 * 500), abs=40)


def test_a_drive_that_is_off_moves_for_nothing(homed):
    homed.ask(schema.Disable())
    for message in (schema.Stow(), schema.Home(), schema.Flatten(), schema.Nudge(axis=0, target_counts=100)):
        assert homed.ask(message).reason == Refusal.DRIVE_DISABLED
    homed.run(LEASE_S + 1.0)
    assert not homed.library.sf_driven()
    assert flags(homed) & StatusFlag.HELD


# Wind.


@pytest.fixture
def windy(homed):
    with_parameters(
        homed, options=int(Option.WIND_CONTACT | Option.FOLD_WHEN_STOWED), stow_elevation_counts=3_000
    )
    return homed


def test_wind_makes_it_stow_and_fold_whatever_it_was_told(windy):
    windy.go(20_000, 10_000)
    windy.run_listening(2)
    windy.inject("wind_contact")
    windy.run_listening(1)
    assert flags(windy) & StatusFlag.STOWING
    assert windy.go(20_000, 10_000).reason == Refusal.WIND
    status = windy.arrive()
    assert abs(status.elevation_counts - 3_000) <= 8
    assert status.flags & StatusFlag.FOLD_OUTPUT
    assert windy.ask(schema.Fold(folded=0)).reason == Refusal.WIND
    windy.inject("wind_contact", False)
    windy.run_listening(1)
    assert isinstance(windy.ask(schema.Fold(folded=0)), schema.Status)
    assert isinstance(windy.go(0, 0), schema.Status)


def test_wind_moves_no_held_head(windy):
    windy.ask(schema.Stop())
    windy.inject("wind_contact")
    windy.run_listening(2)
    assert flags(windy) & (MOVING | StatusFlag.WIND_CONTACT) == StatusFlag.WIND_CONTACT


def test_an_untrusted_head_may_flatten_in_wind(bench):
    with_parameters(bench, options=int(Option.WIND_CONTACT))
    bench.inject("wind_contact")
    bench.run_listening(1)
    assert bench.ask(schema.Home()).reason == Refusal.WIND
    assert bench.ask(schema.Flatten()).flags & StatusFlag.FLATTENING
    bench.run_listening(3)
    assert flags(bench) & StatusFlag.FLATTENING


def test_a_contact_that_is_not_fitted_is_not_asked(homed):
    homed.inject("wind_contact")
    homed.run_listening(1)
    assert not flags(homed) & StatusFlag.WIND_CONTACT


# Watchdog.


def test_a_hung_loop_is_reset_and_does_not_move_on(homed):
    first = homed.greet()
    homed.go(20_000, 10_000)
    homed.run_listening(2)
    homed.library.sf_hang()
    homed.run(0.3)
    assert not homed.library.sf_driven()
    homed.run(0.2)
    again = homed.greet()
    assert again.reset_cause == ResetCause.WATCHDOG
    assert again.boot_nonce != first.boot_nonce
    assert not flags(homed) & (MOVING | StatusFlag.POSITION_TRUSTED)
    homed.run(LEASE_S + 1.0)
    assert not homed.library.sf_driven()


# The conversation.


def test_every_start_has_a_nonce_of_its_own(homed):
    homed.run(1.0)
    nonces = {homed.greet().boot_nonce}
    for cause in (ResetCause.POWER_ON, ResetCause.EXTERNAL, ResetCause.BROWN_OUT, ResetCause.POWER_ON):
        homed.library.sf_power_off()
        greeting = homed.power_on(cause)
        assert greeting.reset_cause == cause
        nonces.add(greeting.boot_nonce)
    assert len(nonces) == 5


def test_who_it_is_is_not_said_before_the_start_is_counted(homed):
    homed.library.sf_power_off()
    homed.library.sf_power_on(int(ResetCause.POWER_ON))
    homed.run(0.02)
    assert homed.greet() is None
    assert isinstance(homed.ask(schema.Stop()), schema.Status)  # but a stop is a stop
    homed.run(0.1)
    assert homed.greet() is not None


def test_the_parameter_hash_is_that_of_the_wire(homed):
    stored = homed.ask(schema.GetParameters())
    assert homed.greet().parameter_hash == crc32c(encode_payload(stored))


def test_a_repeated_request_is_answered_from_memory(homed):
    frame = homed.frame(
        schema.Move(
            azimuth_counts=900, elevation_counts=0, azimuth_rate_counts_s=500, elevation_rate_counts_s=300
        )
    )
    homed.exchange(frame)
    first = homed.contents
    homed.ask(schema.Stop())
    homed.exchange(frame)
    assert homed.contents == first
    homed.run_listening(3)
    assert flags(homed) & StatusFlag.HELD  # and not obeyed once more


def test_the_same_move_with_the_same_number_one_round_later_is_a_new_one(homed):
    homed.ask(schema.Stop())
    frame = homed.frame(schema.Home())
    homed.exchange(frame)
    homed.ask(schema.Stop())
    for _ in range(254):
        homed.ask(schema.GetStatus())
    assert homed.exchange(frame)[0].flags & StatusFlag.HOMING


def test_a_late_request_is_refused(homed):
    late = homed.frame(schema.Home())
    homed.go(900, 0)
    assert homed.exchange(late)[0].reason == Refusal.STALE_SEQUENCE


def test_nobody_moves_it_without_having_greeted(homed):
    homed.library.sf_power_off()
    homed.power_on(greet=False)
    assert homed.go(0, 0).reason == Refusal.NOT_GREETED
    assert isinstance(homed.ask(schema.Stow()), schema.Status)  # anybody may stow


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (schema.Nudge(axis=0, target_counts=2_500), Refusal.TOO_FAR),
        (schema.Nudge(axis=1, target_counts=-500), Refusal.OUTSIDE_TRAVEL),
        (schema.Nudge(axis=2, target_counts=0), Refusal.INVALID_PARAMETERS),
        (schema.Fold(folded=2), Refusal.INVALID_PARAMETERS),
    ],
)
def test_what_is_not_possible_is_refused(homed, message, reason):
    assert homed.ask(message).reason == reason


@pytest.mark.parametrize(
    ("azimuth", "elevation", "azimuth_rate", "reason"),
    [
        (270_001, 0, 500, Refusal.OUTSIDE_TRAVEL),
        (0, -1, 500, Refusal.OUTSIDE_TRAVEL),
        (0, 0, 501, Refusal.RATE_NOT_ALLOWED),
        (0, 0, 0, Refusal.RATE_NOT_ALLOWED),
    ],
)
def test_moves_stay_inside_travel_and_rate(homed, azimuth, elevation, azimuth_rate, reason):
    assert homed.go(azimuth, elevation, azimuth_rate).reason == reason


@pytest.mark.parametrize(
    "changes",
    [
        {"azimuth_min_counts": 300_000},
        {"azimuth_home_counts": -300_000},
        {"stow_elevation_counts": 96_000},
        {"azimuth_rate_max_counts_s": 20_001},
        {"elevation_rate_max_counts_s": 0},
        {"elevation_acceleration_counts_s2": 0},
        {"azimuth_max_counts": 2**31 - 1},
        {"nudge_max_counts": 0},
        {"lease_ms": 0},
        {"lease_ms": 2**32 - 1},
        {"options": 8},
    ],
)
def test_parameters_that_cannot_be_are_refused(homed, changes):
    before = homed.ask(schema.GetParameters())
    assert with_parameters(homed, **changes).reason == Refusal.INVALID_PARAMETERS
    assert homed.ask(schema.GetParameters()) == before


def test_an_unknown_message_is_refused_and_not_ignored(homed):
    assert 0x7E not in PAYLOAD_BYTES
    assert homed.exchange(frame_around(bytes((1, 99, 0x7E, 1, 2))))[0].reason == Refusal.UNKNOWN_MESSAGE


def test_it_is_found_and_numbered_by_its_serial(homed):
    found = homed.exchange(homed.frame(schema.FindSerial(serial_low=1000, serial_high=1002), to=0))
    assert found == [schema.Here(serial=1001)]
    assert homed.contents[0][0] == 1
    assert homed.exchange(homed.frame(schema.FindSerial(serial_low=1002, serial_high=9999), to=0)) == []
    assert homed.exchange(homed.frame(schema.SetAddress(serial=1001, address=42), to=0))
    assert homed.contents[0][0] == 42
    assert homed.status() is None
    homed.run(0.5)
    homed.library.sf_power_off()
    homed.power_on(greet=False)
    assert homed.ask(schema.GetStatus(), to=42) is not None


def test_no_address_is_taken_while_moving_or_that_cannot_be(homed):
    assert homed.exchange(homed.frame(schema.SetAddress(serial=1001, address=248), to=0)) == []
    homed.go(20_000, 0)
    assert homed.exchange(homed.frame(schema.SetAddress(serial=1001, address=42), to=0)) == []


def test_faults_are_reported_unasked_every_second_until_the_host_speaks(homed):
    with_parameters(homed, options=int(Option.FAULT_REPORTS))
    homed.go(20_000, 0)
    homed.run(1.0)
    homed.inject("azimuth_jammed")
    homed.said()
    homed.run(3.6)
    reports = homed.said()
    assert [report.fault for report in reports] == [Fault.AZIMUTH_STALL] * len(reports)
    assert len(reports) in (2, 3)
    assert len({contents[1] for contents in homed.contents}) == 1
    homed.status()
    homed.run(3.0)
    assert homed.said() == []


def test_requests_arriving_while_the_memory_is_written_are_all_answered(homed):
    homed.go(200, 200)
    writes = homed.library.sf_memory_writes()
    for _ in range(200):
        assert homed.ask(schema.KeepAlive()) is not None
    assert homed.library.sf_memory_writes() > writes
