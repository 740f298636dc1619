"""How the axes move: inside rate and ramp, to the place, and never on when something is wrong."""

import ctypes
import itertools

import pytest

from firmware_bridge.wire import schema
from firmware_bridge.wire.schema import Fault, Refusal, StatusFlag

TICKS_S = 200  # profile.h
CLOSE_COUNTS = 8  # axis.c: NEAR_COUNTS, what may be left of a way


def profile(library, plan, ramp, ticks):
    """Positions of the profile by tick; `plan` is (from tick, target, rate)."""
    targets, rates, at = [], [], 0
    for (start, target, rate), following in itertools.zip_longest(plan, plan[1:]):
        end = ticks if following is None else following[0]
        targets += [target] * (end - start)
        rates += [rate] * (end - start)
        at = end
    assert at == ticks
    array = ctypes.c_int32 * ticks
    positions = array()
    library.sf_profile(array(*targets), array(*rates), ramp, ticks, positions)
    return list(positions)


PLANS = {
    "long": ([(0, 20_000, 500)], 500, 50 * TICKS_S),
    "too short to reach its rate": ([(0, 90, 500)], 500, 4 * TICKS_S),
    "one count": ([(0, 1, 500)], 500, TICKS_S),
    "downward": ([(0, -4_000, 300)], 100, 40 * TICKS_S),
    "fast and steep": ([(0, 500_000, 20_000)], 1_000_000, 40 * TICKS_S),
    "slow and gentle": ([(0, 30, 3)], 1, 30 * TICKS_S),
    "turned round under way": ([(0, 10_000, 500), (800, -2_000, 500)], 400, 40 * TICKS_S),
    "slowed down under way": ([(0, 3_000, 500), (800, 3_000, 60)], 400, 60 * TICKS_S),
    "called back too late to stop short": ([(0, 10_000, 500), (800, 1_950, 500)], 250, 40 * TICKS_S),
}


@pytest.mark.parametrize("name", PLANS)
def test_a_profile_ends_at_its_target_inside_rate_and_ramp(library, name):
    plan, ramp, ticks = PLANS[name]
    positions = profile(library, plan, ramp, ticks)
    assert positions[-1] == plan[-1][1]
    assert positions[-TICKS_S // 2 :] == [plan[-1][1]] * (TICKS_S // 2)
    # Over windows of 0.1 s, in which a whole count is a small part: mean speed and its change.
    window_s = 0.1
    window = int(window_s * TICKS_S)
    speeds = [
        (after - before) / window_s for before, after in zip(positions, positions[window:], strict=False)
    ]
    rate = max(each[2] for each in plan)
    count = 1.0 / window_s
    assert max(map(abs, speeds)) <= rate + count
    steps = [abs(after - before) for before, after in zip(speeds, speeds[window:], strict=False)]
    # At the very end the speed of the last two counts, sqrt(4 ramp), is dropped at once (profile.c).
    assert max(steps) <= max(ramp * window_s * 1.3 + 2 * count, 2.0 * ramp**0.5 + count)


def test_a_profile_does_not_pass_its_target(library):
    for target in (1, 7, 100, 2_345, 50_000):
        for ramp in (1, 20, 500, 40_000):
            positions = profile(library, [(0, target, 700)], ramp, 100 * TICKS_S)
            assert max(positions) <= target


def test_a_move_comes_to_rest_on_the_spot(homed):
    homed.go(2_000, 1_500)
    status = homed.arrive()
    assert abs(status.azimuth_counts - 2_000) <= CLOSE_COUNTS
    assert abs(status.elevation_counts - 1_500) <= CLOSE_COUNTS
    assert (status.azimuth_target_counts, status.elevation_target_counts) == (2_000, 1_500)


def test_a_move_keeps_its_rate(homed):
    homed.go(5_000, 0, azimuth_rate=100)
    homed.run(3.0)
    before = homed.believed_counts[0]
    homed.run(1.0)
    assert homed.believed_counts[0] - before == pytest.approx(100, abs=5)


@pytest.mark.parametrize("rate_counts_s", [4, 40, 20_000])
def test_coarse_and_fine_encoders_are_steered(new_bench, rate_counts_s):
    travel = 600 * rate_counts_s
    motor = {
        "low_stop_counts": -travel,
        "high_stop_counts": travel,
        "full_rate_counts_s": 1.2 * rate_counts_s,
    }
    bench = new_bench(
        elevation_start_counts=50,
        azimuth_start_counts=2 * rate_counts_s,
        **{f"azimuth_{key}": value for key, value in motor.items()},
    )
    bench.power_on()
    parameters = bench.ask(schema.GetParameters())
    values = {name: getattr(parameters, name) for name in parameters.__dataclass_fields__}
    values |= {"azimuth_min_counts": 5 - travel, "azimuth_max_counts": travel - 5}
    values |= {
        "azimuth_rate_max_counts_s": rate_counts_s,
        "azimuth_acceleration_counts_s2": rate_counts_s,
        "nudge_max_counts": 2 * max(rate_counts_s, 100),
    }
    assert isinstance(bench.ask(schema.SetParameters(**values)), schema.Status)
    assert bench.home().flags & StatusFlag.POSITION_TRUSTED
    bench.go(20 * rate_counts_s, 0, azimuth_rate=rate_counts_s)
    assert abs(bench.arrive().azimuth_counts - 20 * rate_counts_s) <= CLOSE_COUNTS


def test_homing_makes_the_position_trusted_and_true(bench):
    assert not bench.status().flags & StatusFlag.POSITION_TRUSTED
    status = bench.home()
    assert status.flags & StatusFlag.POSITION_TRUSTED
    # The switch closes when the shaft, half a play of 100 counts behind the motor, comes down to its home.
    for motor, believed in zip(bench.motor_counts, bench.believed_counts, strict=True):
        assert motor - believed == pytest.approx(-50, abs=2)


@pytest.mark.parametrize("rate_counts_s", [50, 300, 1_000, 1_500, 3_000, 10_000, 20_000])
@pytest.mark.parametrize("starts_at", [1_500, 20_000, -300])
def test_homing_finds_its_switches_however_fast_the_axes_may_be(new_bench, rate_counts_s, starts_at):
    """The end switch is met 1.5 deg below home: a search at 3 deg/s or more overruns it before it turns."""
    bench = new_bench(
        azimuth_start_counts=starts_at,
        elevation_start_counts=starts_at,
        azimuth_full_rate_counts_s=1.2 * rate_counts_s,
        elevation_full_rate_counts_s=1.2 * rate_counts_s,
    )
    bench.power_on()
    parameters = bench.ask(schema.GetParameters())
    values = {name: getattr(parameters, name) for name in parameters.__dataclass_fields__}
    for axis in ("azimuth", "elevation"):
        values[f"{axis}_rate_max_counts_s"] = values[f"{axis}_acceleration_counts_s2"] = rate_counts_s
    assert isinstance(bench.ask(schema.SetParameters(**values)), schema.Status)
    bench.ask(schema.Home())
    status = bench.arrive(within_s=600)
    assert (status.fault, bool(status.flags & StatusFlag.POSITION_TRUSTED)) == (Fault.NONE, True)
    for motor, believed in zip(bench.motor_counts, bench.believed_counts, strict=True):
        assert motor - believed == pytest.approx(-50, abs=3)


def test_homing_begins_upward_when_the_switch_is_closed(new_bench):
    bench = new_bench(azimuth_start_counts=-700, elevation_start_counts=-300)
    bench.power_on()
    assert bench.home().flags & StatusFlag.POSITION_TRUSTED
    for motor, believed in zip(bench.motor_counts, bench.believed_counts, strict=True):
        assert motor - believed == pytest.approx(-50, abs=2)


@pytest.mark.parametrize(
    ("axis", "fault"),
    [("azimuth", Fault.AZIMUTH_HOME_NOT_FOUND), ("elevation", Fault.ELEVATION_HOME_NOT_FOUND)],
)
def test_a_dead_home_switch_ends_at_the_end_switch_with_a_fault(new_bench, axis, fault):
    bench = new_bench(azimuth_start_counts=3000, elevation_start_counts=2500, azimuth_low_stop_counts=-5000)
    bench.power_on()
    bench.inject(f"{axis}_home_dead")
    status = bench.home()
    assert status.fault == fault
    assert not status.flags & StatusFlag.POSITION_TRUSTED


@pytest.mark.parametrize(
    ("axis", "fault"), [("azimuth", Fault.AZIMUTH_STALL), ("elevation", Fault.ELEVATION_STALL)]
)
def test_a_jammed_axis_is_switched_off_within_two_seconds_and_distrusted(homed, axis, fault):
    homed.go(20_000, 20_000)
    homed.run_listening(2)
    homed.inject(f"{axis}_jammed")
    homed.run_listening(2)
    assert homed.status().fault == fault
    assert not homed.library.sf_driven()
    homed.run(1.0)
    refused = homed.go(0, 0)
    assert refused.reason == Refusal.FAULT_LATCHED
    assert not refused.flags & StatusFlag.POSITION_TRUSTED


def test_an_axis_jammed_close_to_its_target_is_noticed_too(homed):
    homed.inject("azimuth_jammed")
    homed.go(30, 0)
    homed.run_listening(5)
    assert homed.status().fault == Fault.AZIMUTH_STALL


def test_clearing_releases_the_fault_but_brings_no_trust_back(homed):
    homed.inject("azimuth_jammed")
    homed.go(2_000, 0)
    homed.run_listening(3)
    homed.inject("azimuth_jammed", False)
    status = homed.ask(schema.Clear())
    assert status.fault == Fault.NONE
    assert not status.flags & StatusFlag.POSITION_TRUSTED
    assert homed.go(0, 0).reason == Refusal.POSITION_NOT_TRUSTED
    assert homed.home().flags & StatusFlag.POSITION_TRUSTED


@pytest.mark.parametrize(
    ("axis", "fault"), [("azimuth", Fault.AZIMUTH_REVERSED), ("elevation", Fault.ELEVATION_REVERSED)]
)
def test_a_reversed_axis_is_noticed_by_one_nudge(bench, axis, fault):
    bench.inject(f"{axis}_reversed")
    number = int(axis == "elevation")
    begun = bench.believed_counts[number]
    bench.ask(schema.Nudge(axis=number, target_counts=begun + 1500))
    bench.run_listening(6)
    status = bench.status()
    assert status.fault == fault
    # A quarter of the longest nudge, 500 counts, and what it coasts.
    assert -620 < bench.believed_counts[number] - begun < -480


@pytest.mark.parametrize(
    ("axis", "fault"), [("azimuth", Fault.AZIMUTH_END_STOP), ("elevation", Fault.ELEVATION_END_STOP)]
)
def test_an_end_switch_inside_the_travel_stops_a_trusted_head(homed, axis, fault):
    homed.go(2_000, 2_000)
    homed.run_listening(2)
    homed.inject(f"{axis}_end_stop")
    homed.run(0.1)
    assert not homed.library.sf_driven()
    status = homed.status()
    assert status.fault == fault
    assert not status.flags & StatusFlag.POSITION_TRUSTED


def test_an_end_switch_stops_an_untrusted_head_and_lets_it_come_back(new_bench):
    bench = new_bench(azimuth_start_counts=-271_000, elevation_start_counts=3_000)
    bench.power_on()
    bench.ask(schema.Nudge(axis=0, target_counts=-1_000))
    status = bench.arrive()
    assert status.fault == Fault.NONE
    assert status.flags & StatusFlag.AZIMUTH_AT_END_STOP
    # The switch feels the shaft, half the play behind the motor, which coasts besides.
    assert bench.motor_counts[0] == pytest.approx(-271_550, abs=60)
    there = bench.believed_counts[0]
    bench.ask(schema.Nudge(axis=0, target_counts=there - 500))
    bench.run_listening(2)
    assert bench.believed_counts[0] == pytest.approx(there, abs=CLOSE_COUNTS)
    bench.ask(schema.Nudge(axis=0, target_counts=there + 500))
    assert not bench.arrive().flags & StatusFlag.AZIMUTH_AT_END_STOP
    assert bench.believed_counts[0] == pytest.approx(there + 500, abs=CLOSE_COUNTS)


def test_flattening_needs_no_trust_and_ends_at_the_flat_switch(new_bench):
    bench = new_bench(azimuth_start_counts=3_000, elevation_start_counts=87_000)
    bench.power_on()
    assert bench.ask(schema.Flatten()).flags & StatusFlag.FLATTENING
    status = bench.arrive()
    assert status.flags & StatusFlag.FLAT_SWITCH
    assert not status.flags & StatusFlag.FLATTENING
    assert bench.motor_counts[1] == pytest.approx(90_050, abs=60)  # half the play, and what it coasts
    assert bench.motor_counts[0] == pytest.approx(3_000, abs=2)
