"""What a head does on its own and when it is told, seen through the driver."""

import pytest

from firmware_bridge import AxisLimits, CommandRefused, DeviceFault
from firmware_bridge.simulator.config import SimulatedDevice
from firmware_bridge.wire.schema import Fault, Refusal, ResetCause

LEASE_S = 5.0
BACKLASH_DEG = 0.1


def refused(reason):
    return pytest.raises(CommandRefused, check=lambda error: error.reason == reason)


def test_axes_ramp_up_to_their_rates_and_stop_at_their_target(one_head):
    """Ramps of 0.5 deg/s2: azimuth has 0.25 deg behind it at full speed, elevation 0.09 deg after 0.6 s."""
    bench, head = one_head
    assert head.move_to(1.0, 44.4).moving
    bench.advance(1.0)
    status = head.status()
    assert (status.azimuth_deg, status.elevation_deg) == pytest.approx((0.25, 45.0 - 0.09 - 0.4 * 0.3))
    bench.advance(1.9)
    assert head.status().moving
    bench.advance(0.1)
    status = head.status()
    assert (status.azimuth_deg, status.elevation_deg) == (1.0, 44.4)
    assert not status.moving


def test_a_rate_can_be_asked_for(one_head):
    bench, head = one_head
    head.move_to(10.0, 40.0, azimuth_rate_deg_s=0.25, elevation_rate_deg_s=0.1)
    bench.advance(2.0)
    status = head.status()
    assert (status.azimuth_deg, status.elevation_deg) == pytest.approx((0.4375, 44.81), abs=0.001)


@pytest.mark.parametrize("step_s", [0.001, 0.01, 0.7, 5.0])
def test_the_size_of_time_steps_does_not_matter(bench, step_s):
    world = bench(SimulatedDevice(elevation_start_deg=45.0))
    world.mounts[1].move_to(1.7, 46.0)
    for _ in range(round(5.0 / step_s)):
        world.advance(step_s)
    world.advance(5.0 - step_s * round(5.0 / step_s))
    status = world.mounts[1].status()
    assert (status.azimuth_deg, status.elevation_deg) == (1.7, 46.0)


def test_the_shaft_lags_the_motor_by_half_the_backlash_on_the_side_it_came_from(one_head):
    bench, head = one_head
    head.move_to(1.0, 45.0)
    bench.advance(4.0)
    assert bench.shaft_deg()[0] == pytest.approx(1.0 - BACKLASH_DEG / 2)
    head.move_to(0.95, 45.0)  # inside the dead zone: the motor turns, the shaft does not
    bench.advance(1.0)
    assert bench.shaft_deg()[0] == pytest.approx(1.0 - BACKLASH_DEG / 2)
    head.move_to(0.0, 45.0)
    bench.advance(4.0)
    assert bench.shaft_deg()[0] == pytest.approx(0.0 + BACKLASH_DEG / 2)
    assert head.status().azimuth_deg == 0.0


@pytest.mark.parametrize(("azimuth_deg", "elevation_deg"), [(271, 45), (-271, 45), (0, -0.5), (0, 95.5)])
def test_a_move_outside_the_travel_is_refused_and_changes_nothing(one_head, azimuth_deg, elevation_deg):
    bench, head = one_head
    head.move_to(5.0, 50.0)
    with refused(Refusal.OUTSIDE_TRAVEL) as caught:
        head.move_to(azimuth_deg, elevation_deg)
    assert "ask for one inside" in str(caught.value)
    bench.advance(4.0)
    assert head.status().azimuth_deg == 1.75  # still on its way to where it was sent before


def test_a_rate_above_the_maximum_is_refused(one_head):
    _, head = one_head
    with refused(Refusal.RATE_NOT_ALLOWED):
        head.move_to(1.0, 45.0, azimuth_rate_deg_s=0.6)


@pytest.mark.parametrize("angle_deg", [float("nan"), float("inf")])
def test_an_unknown_angle_is_never_sent(one_head, angle_deg):
    bench, head = one_head
    head.status()
    before = bench.bus.bytes_written
    with pytest.raises(ValueError, match="finite angle"):
        head.move_to(angle_deg, 45.0, azimuth_rate_deg_s=0.1)
    assert not head.status().moving
    assert bench.bus.bytes_written < before + 100


def test_a_silent_host_makes_a_trusted_head_stow(one_head):
    bench, head = one_head
    head.move_to(100.0, 20.0)
    bench.advance(LEASE_S - 0.001)
    assert bench.shaft_deg()[1] < 45.0
    bench.advance(2.001)
    status = head.status()
    assert status.lease_expired
    assert status.stowing
    assert status.azimuth_deg == pytest.approx(2.5)  # azimuth holds where the lease ended
    assert not head.status().lease_expired  # a condition, told once
    bench.advance_listening(200.0)
    status = head.status()
    assert (status.elevation_deg, status.stowing, status.moving) == (90.0, False, False)


def test_the_stow_of_a_silent_host_starts_when_the_lease_ends_whatever_the_time_steps(bench):
    ends = []
    for step_s in (0.1, 60.0):
        world = bench(SimulatedDevice(elevation_start_deg=45.0))
        world.mounts[1].move_to(100.0, 20.0)
        for _ in range(round(60.0 / step_s)):
            world.advance(step_s)
        ends.append(world.shaft_deg())
    assert ends[0] == pytest.approx(ends[1], abs=1e-9)


def test_a_host_that_speaks_keeps_the_head_going(one_head):
    bench, head = one_head
    head.move_to(50.0, 60.0)
    bench.advance_listening(110.0, step_s=LEASE_S - 0.1)
    status = head.status()
    assert (status.azimuth_deg, status.elevation_deg, status.lease_expired) == (50.0, 60.0, False)


def test_somebody_who_only_looks_keeps_no_lease_alive(one_head):
    bench, head = one_head
    head.move_to(50.0, 60.0)
    for _ in range(round(2.0 * LEASE_S)):
        bench.advance(1.0)
        status = head.status()
    assert status.stowing


def test_a_silent_host_makes_an_untrusted_head_stop(bench):
    world = bench(SimulatedDevice(azimuth_start_deg=50.0, elevation_start_deg=45.0, position_trusted=False))
    head = world.mounts[1]
    head.home()
    world.advance(LEASE_S + 1.0)
    status = head.status()
    assert status.lease_expired
    assert not status.moving
    assert not status.homing
    assert not status.position_trusted


def test_a_stop_holds_when_the_host_goes_silent(one_head):
    """A person may be in the machine: only a new command moves it."""
    bench, head = one_head
    head.move_to(50.0, 60.0)
    bench.advance(1.0)
    assert head.stop().held
    bench.advance(1000.0)
    status = head.status()
    assert status.lease_expired
    assert (status.azimuth_deg, status.moving, status.held) == (0.5, False, True)
    assert not head.move_to(1.0, 60.0).held


def test_an_untrusted_head_refuses_to_move_and_to_stow(bench):
    world = bench(SimulatedDevice(position_trusted=False))
    for command in (lambda head: head.move_to(0.0, 80.0), lambda head: head.stow()):
        with refused(Refusal.POSITION_NOT_TRUSTED) as caught:
            command(world.mounts[1])
        assert "home it first, in calm" in str(caught.value)
    assert not world.mounts[1].status().moving


@pytest.mark.parametrize("azimuth_deg", [-120.0, 0.0, 0.02, 140.0])
@pytest.mark.parametrize("elevation_deg", [0.0, 90.0])
def test_homing_finds_the_true_position_from_anywhere(bench, azimuth_deg, elevation_deg):
    world = bench(
        SimulatedDevice(
            azimuth_start_deg=azimuth_deg, elevation_start_deg=elevation_deg, position_trusted=False
        )
    )
    head = world.mounts[1]
    assert head.status().azimuth_deg == 0.0  # it does not know better
    assert head.home().homing
    world.advance_listening(700.0)
    status = head.status()
    assert (status.position_trusted, status.homing, status.fault_code) == (True, False, Fault.NONE)
    head.move_to(30.0, 30.0)
    world.advance_listening(200.0)
    # The switch sits on the shaft and is always met from above: what remains is within the play.
    assert world.shaft_deg() == pytest.approx((30.0, 30.0), abs=BACKLASH_DEG + 1e-6)


def test_homing_twice_gives_the_same_position(bench):
    world = bench(SimulatedDevice(azimuth_start_deg=33.0, position_trusted=False))
    offsets = []
    for _ in range(2):
        world.mounts[1].home()
        world.advance_listening(500.0)
        offsets.append(world.shaft_deg()[0] - world.mounts[1].status().azimuth_deg)
    assert offsets[0] == pytest.approx(offsets[1], abs=1e-9)


@pytest.mark.parametrize(
    ("switch", "fault"),
    [("azimuth", Fault.AZIMUTH_HOME_NOT_FOUND), ("elevation", Fault.ELEVATION_HOME_NOT_FOUND)],
)
def test_a_dead_home_switch_ends_at_the_end_stop_with_a_fault(bench, switch, fault):
    world = bench(SimulatedDevice(position_trusted=False))
    world.inject(**{f"{switch}_home_dead": True})
    world.mounts[1].home()
    world.advance_listening(700.0)
    status = world.mounts[1].status()
    assert (status.fault_code, status.position_trusted, status.moving) == (fault, False, False)


@pytest.mark.parametrize(("axis", "fault"), [("azimuth", 1), ("elevation", 2)])
def test_a_jammed_axis_latches_a_fault_until_it_is_cleared(one_head, axis, fault):
    bench, head = one_head
    head.move_to(20.0, 60.0)
    bench.inject(**{f"{axis}_jammed": True})
    bench.advance(1.5)
    status = head.status()
    assert (status.fault_code, status.moving, status.position_trusted) == (fault, False, False)
    with pytest.raises(DeviceFault, match=f"fault {fault} .{axis} stalled.; look for the cause") as caught:
        head.home()
    assert caught.value.code == fault
    bench.inject(**{f"{axis}_jammed": False})
    assert head.clear_fault().fault_code == Fault.NONE
    with refused(Refusal.POSITION_NOT_TRUSTED):  # the latch is gone, the trust is not back
        head.move_to(20.0, 60.0)
    head.home()
    bench.advance_listening(300.0)
    assert head.move_to(20.0, 60.0).moving


def test_a_stall_is_noticed_although_the_host_keeps_repeating_the_move(one_head):
    bench, head = one_head
    bench.inject(azimuth_jammed=True)
    for _ in range(4):
        head.move_to(20.0, 60.0)
        bench.advance(0.25)
    assert head.status().fault_code == Fault.AZIMUTH_STALL


def test_the_emergency_stop_beats_everything(one_head):
    bench, head = one_head
    head.move_to(50.0, 60.0)
    bench.advance(1.0)
    bench.inject(emergency_stop=True)
    bench.advance(100.0)  # no stow either, although the host is silent
    status = head.status()
    assert status.emergency_stop
    assert (status.azimuth_deg, status.moving) == (0.25, False)
    moves = [lambda: head.move_to(1.0, 45.0), head.stow, head.home, head.flatten, head.clear_fault]
    for move in moves:
        with refused(Refusal.EMERGENCY_STOP):
            move()
    bench.inject(emergency_stop=False)
    bench.advance(100.0)
    assert head.status().azimuth_deg == 0.25  # released, it stays until it is told to move
    assert head.move_to(1.0, 45.0).moving


def test_a_disabled_drive_moves_for_nobody(one_head):
    bench, head = one_head
    head.move_to(50.0, 60.0)
    assert not head.disable().drive_enabled
    bench.advance(100.0)
    assert not head.status().moving
    for move in (lambda: head.move_to(1.0, 45.0), head.stow, head.home, head.flatten):
        with refused(Refusal.DRIVE_DISABLED):
            move()
    bench.bus.stow_all()
    assert not head.status().moving
    assert head.enable().drive_enabled
    assert head.move_to(1.0, 45.0).moving


def test_enabling_an_enabled_drive_does_not_disturb_its_motion(one_head):
    _, head = one_head
    head.move_to(50.0, 60.0)
    assert head.enable().moving


def test_the_maintenance_lock_survives_a_restart(one_head):
    bench, head = one_head
    head.disable()
    bench.inject(reset="external")
    bench.advance(100.0)
    status = head.status()
    assert not status.drive_enabled
    assert not status.moving


def test_an_untrusted_head_can_be_flattened(bench):
    world = bench(SimulatedDevice(elevation_start_deg=20.0, azimuth_start_deg=77.0, position_trusted=False))
    head = world.mounts[1]
    assert not head.status().flat
    assert head.flatten().moving
    world.advance_listening(300.0)
    status = head.status()
    assert (status.flat, status.moving, status.position_trusted) == (True, False, False)
    assert world.shaft_deg() == pytest.approx((77.0, 90.0))
    assert not head.flatten().moving  # flat already


def test_the_flat_switch_is_at_the_upper_end_where_travel_ends_below_the_zenith(bench):
    world = bench(SimulatedDevice(elevation_range_deg=(0.0, 80.0), elevation_start_deg=20.0))
    world.mounts[1].flatten()
    world.advance_listening(300.0)
    assert world.shaft_deg()[1] == pytest.approx(80.0)


@pytest.mark.parametrize(
    ("cause", "moving", "trusted"),
    [
        (ResetCause.POWER_ON, False, True),
        (ResetCause.POWER_ON, True, False),
        (ResetCause.EXTERNAL, False, True),
        (ResetCause.EXTERNAL, True, False),
        (ResetCause.WATCHDOG, False, False),
        (ResetCause.BROWN_OUT, False, False),
    ],
)
def test_a_restart_keeps_the_trust_only_if_the_head_stood_still_and_did_not_crash(
    one_head, cause, moving, trusted
):
    bench, head = one_head
    head.move_to(3.0, 45.0)
    bench.advance_listening(1.0 if moving else 20.0)
    bench.inject(reset=cause.name.lower())
    status = head.status()
    assert (status.position_trusted, status.moving, status.device_time_s) == (trusted, False, 0.0)
    assert status.azimuth_deg == (0.25 if moving else 3.0)


def test_a_restart_shows_in_the_boot_nonce_and_the_cause(one_head):
    bench, head = one_head
    before = head.hello()
    bench.inject(reset="watchdog")
    after = head.hello()
    assert after.boot_nonce != before.boot_nonce
    assert (before.reset_cause, after.reset_cause) == (ResetCause.POWER_ON, ResetCause.WATCHDOG)
    assert after.parameter_hash == before.parameter_hash


def test_a_head_that_restarted_is_greeted_again_and_the_command_carried_out(one_head, caplog):
    bench, head = one_head
    head.move_to(1.0, 45.0)
    bench.advance(4.0)
    bench.inject(power=False)
    bench.inject(power=True)
    assert head.move_to(2.0, 45.0).moving
    assert "device 1 has restarted (power_on)" in caplog.text


def test_limits_are_written_once_and_obeyed(one_head):
    bench, head = one_head
    limits = AxisLimits(
        azimuth_range_deg=(-10.0, 10.0),
        elevation_range_deg=(30.0, 90.0),
        azimuth_rate_deg_s=0.2,
        elevation_rate_deg_s=0.1,
        stow_elevation_deg=85.0,
        elevation_home_deg=30.0,
        lease_s=3.0,
    )
    head.configure(limits)
    written = bench.bus.bytes_written
    head.configure(limits)
    assert bench.bus.bytes_written - written < 50  # greeting and status, no parameters
    assert not head.status().position_trusted  # home is elsewhere now
    head.home()
    bench.advance_listening(500.0)
    with refused(Refusal.OUTSIDE_TRAVEL):
        head.move_to(11.0, 80.0)
    head.move_to(10.0, 80.0)
    bench.advance(1.0)
    assert head.status().azimuth_deg == pytest.approx(0.16)
    bench.advance(3.1)
    assert head.status().stowing
    bench.advance_listening(600.0)
    assert head.status().elevation_deg == 85.0


def test_new_rates_and_travel_alone_keep_the_trust(one_head):
    bench, head = one_head
    device = bench.devices[1]
    assert head.configure(device.limits).position_trusted
    slower = AxisLimits(
        azimuth_range_deg=device.azimuth_range_deg,
        elevation_range_deg=device.elevation_range_deg,
        azimuth_rate_deg_s=0.1,
        elevation_rate_deg_s=0.1,
    )
    assert head.configure(slower).position_trusted


def test_limits_are_not_changed_in_motion(one_head):
    _, head = one_head
    head.move_to(10.0, 50.0)
    with refused(Refusal.MOVING):
        head.configure(
            AxisLimits(
                azimuth_range_deg=(-90.0, 90.0),
                elevation_range_deg=(0.0, 90.0),
                azimuth_rate_deg_s=0.1,
                elevation_rate_deg_s=0.1,
            )
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"stow_elevation_deg": 96.0},
        {"azimuth_home_deg": 300.0},
        {"lease_s": 0.0},
        {"azimuth_rate_deg_s": -0.1},
        {"elevation_range_deg": (95.0, 0.0)},
        {"elevation_rate_deg_s": float("nan")},
    ],
)
def test_limits_that_contradict_each_other_never_reach_a_device(wrong):
    right = {
        "azimuth_range_deg": (-270.0, 270.0),
        "elevation_range_deg": (0.0, 95.0),
        "azimuth_rate_deg_s": 0.5,
        "elevation_rate_deg_s": 0.3,
    }
    with pytest.raises(ValueError, match=r"must (lie within|be positive)"):
        AxisLimits(**{**right, **wrong})
