"""Wind contact, petals, nudges, and the faults that a head finds by itself."""

import pytest

from firmware_bridge import AxisLimits, CommandRefused, DeviceFault
from firmware_bridge.simulator.config import SimulatedDevice
from firmware_bridge.wire.codec import decode_contents
from firmware_bridge.wire.receiver import FrameReceiver
from firmware_bridge.wire.schema import AxisName, Fault, FaultReport, Option, Refusal, StatusFlag

AZIMUTH, ELEVATION = AxisName.AZIMUTH, AxisName.ELEVATION


def refused(reason):
    return pytest.raises(CommandRefused, check=lambda error: error.reason == reason)


@pytest.fixture
def windy(bench):
    """A head with a wind contact, on its way."""
    world = bench(SimulatedDevice(elevation_start_deg=45.0, wind_contact=True))
    world.mounts[1].move_to(50.0, 30.0)
    world.advance_listening(4.0)
    return world, world.mounts[1]


def test_wind_makes_a_trusted_head_stow_by_itself_and_refuse_all_other_motion(windy):
    world, head = windy
    world.inject(wind_contact=True)
    world.advance(0.001)
    status = head.status()
    assert (status.wind_contact, status.stowing) == (True, True)
    for motion in (
        lambda: head.move_to(1.0, 45.0),
        head.home,
        lambda: head.nudge(AZIMUTH, 2.0),
        lambda: head.fold(folded=False),
    ):
        with refused(Refusal.WIND) as caught:
            motion()
        assert "wait for calm" in str(caught.value)
    world.advance_listening(300.0)
    assert head.status().elevation_deg == 90.0
    assert not head.status().moving


def test_wind_is_a_condition_and_ends_with_the_wind(windy):
    world, head = windy
    world.inject(wind_contact=True)
    world.advance_listening(300.0)
    world.inject(wind_contact=False)
    status = head.status()
    assert (status.wind_contact, status.fault_code) == (False, Fault.NONE)
    assert head.move_to(1.0, 45.0).moving
    world.advance_listening(1.0)
    world.inject(wind_contact=True)
    world.advance_listening(1.0)
    assert head.status().stowing


@pytest.mark.parametrize("hold", [lambda world: world.mounts[1].stop(), lambda world: world.bus.stop_all()])
def test_a_held_head_stays_in_wind_until_it_is_told_to_stow(windy, hold):
    world, head = windy
    hold(world)
    world.inject(wind_contact=True)
    world.advance_listening(60.0)
    status = head.status()
    assert (status.held, status.moving) == (True, False)
    assert head.stow().stowing


@pytest.mark.parametrize("after", ["released", "enabled"])
def test_emergency_stop_and_lock_beat_the_wind_and_their_end_starts_no_motor(windy, after):
    world, head = windy
    if after == "released":
        world.inject(emergency_stop=True)
    else:
        head.disable()
    where_deg = head.status().elevation_deg
    world.inject(wind_contact=True)
    world.advance_listening(60.0)
    if after == "released":
        world.inject(emergency_stop=False)
    else:
        head.enable()
    world.advance_listening(60.0)
    status = head.status()
    assert (status.elevation_deg, status.moving, status.held) == (where_deg, False, True)


def test_an_untrusted_head_stops_in_wind_and_can_be_flattened(bench):
    world = bench(SimulatedDevice(elevation_start_deg=45.0, wind_contact=True, position_trusted=False))
    head = world.mounts[1]
    head.home()
    world.advance_listening(2.0)
    world.inject(wind_contact=True)
    world.advance_listening(2.0)
    assert (head.status().homing, head.status().moving) == (False, False)
    head.flatten()
    world.advance_listening(300.0)
    assert head.status().flat


def test_a_head_that_starts_in_wind_stows(windy):
    world, head = windy
    head.move_to(2.0, 40.0)
    world.advance_listening(100.0)
    world.inject(wind_contact=True, power=False)
    world.inject(power=True)
    world.advance(0.001)
    assert head.status().stowing


def test_without_the_option_the_contact_means_nothing(one_head):
    bench, head = one_head
    bench.inject(wind_contact=True)
    bench.advance_listening(1.0)
    assert not head.status().wind_contact
    assert head.move_to(1.0, 45.0).moving


def test_petals_fold_when_told_and_the_order_survives_a_restart(one_head):
    bench, head = one_head
    assert head.fold(folded=True).folded
    bench.inject(reset="external")
    assert head.status().folded
    assert not head.fold(folded=False).folded


def test_petals_fold_once_the_stow_has_arrived(bench):
    world = bench(SimulatedDevice(elevation_start_deg=85.0, fold_when_stowed=True))
    head = world.mounts[1]
    head.stow()
    world.advance_listening(10.0)
    assert not head.status().folded
    world.advance_listening(30.0)
    assert head.status().folded
    assert not head.fold(folded=False).folded
    world.advance_listening(10.0)
    assert not head.status().folded  # arriving once folds once


@pytest.mark.parametrize("reason", [Refusal.EMERGENCY_STOP, Refusal.DRIVE_DISABLED])
def test_petals_do_not_move_where_hands_may_be(one_head, reason):
    bench, head = one_head
    if reason is Refusal.EMERGENCY_STOP:
        bench.inject(emergency_stop=True)
    else:
        head.disable()
    with refused(reason):
        head.fold(folded=True)
    assert not head.status().folded


def test_a_head_without_petals_that_fold_refuses_and_says_so(bench):
    world = bench(SimulatedDevice(foldable=False))
    head = world.mounts[1]
    with refused(Refusal.NOT_FITTED):
        head.fold(folded=True)
    assert "does not fold" in head.hello().sentences
    assert "folds its petals" in bench(SimulatedDevice()).mounts[1].hello().sentences
    wants_folding = AxisLimits(
        azimuth_range_deg=(-90.0, 90.0),
        elevation_range_deg=(0.0, 90.0),
        azimuth_rate_deg_s=0.1,
        elevation_rate_deg_s=0.1,
        options=Option.FOLD_WHEN_STOWED,
    )
    with refused(Refusal.NOT_FITTED):
        head.configure(wants_folding)


def test_a_nudge_turns_one_axis_of_a_head_that_does_not_know_where_it_is(bench):
    world = bench(SimulatedDevice(azimuth_start_deg=70.0, elevation_start_deg=45.0, position_trusted=False))
    head = world.mounts[1]
    assert head.nudge(AZIMUTH, -1.0).moving
    world.advance_listening(5.0)
    assert head.status().azimuth_deg == -1.0
    assert world.shaft_deg() == pytest.approx((69.0 + 0.05, 45.0))
    head.nudge(ELEVATION, 2.0)
    world.advance_listening(10.0)
    assert world.shaft_deg()[1] == pytest.approx(47.0 - 0.05)
    assert not head.status().position_trusted


def test_a_nudge_is_measured_from_where_the_axis_is_now(one_head):
    bench, head = one_head
    with refused(Refusal.TOO_FAR):
        head.nudge(AZIMUTH, 2.001)
    head.nudge(AZIMUTH, 2.0)
    bench.advance_listening(10.0)
    assert head.nudge(AZIMUTH, 4.0).moving


def test_a_trusted_head_is_not_nudged_out_of_its_travel(bench):
    world = bench(SimulatedDevice(azimuth_start_deg=269.0))
    with refused(Refusal.OUTSIDE_TRAVEL):
        world.mounts[1].nudge(AZIMUTH, 270.5)
    assert world.mounts[1].nudge(AZIMUTH, 270.0).moving


@pytest.mark.parametrize(
    ("axis", "name", "fault"),
    [("azimuth", AZIMUTH, Fault.AZIMUTH_REVERSED), ("elevation", ELEVATION, Fault.ELEVATION_REVERSED)],
)
def test_a_reversed_axis_is_noticed_by_the_first_nudge(one_head, axis, name, fault):
    bench, head = one_head
    bench.inject(**{f"{axis}_reversed": True})
    before = bench.shaft_deg()[name]
    head.nudge(name, before + 2.0)
    for _ in range(40):
        bench.advance_listening(0.2, step_s=0.1)
        if head.status().fault_code:
            break
    status = head.status()
    assert (status.fault_code, status.moving, status.position_trusted) == (fault, False, False)
    assert before - 0.5 <= bench.shaft_deg()[name] < before  # the wrong way, and not far
    with pytest.raises(DeviceFault, match="reversed"):
        head.home()


def test_a_reversed_axis_is_noticed_although_the_host_keeps_repeating_the_move(one_head):
    bench, head = one_head
    bench.inject(azimuth_reversed=True)
    for _ in range(30):
        try:
            head.move_to(20.0, 60.0)
        except DeviceFault:
            break
        bench.advance(0.25)
    assert head.status().fault_code == Fault.AZIMUTH_REVERSED


@pytest.mark.parametrize(
    ("axis", "fault"),
    [("azimuth", Fault.AZIMUTH_END_STOP), ("elevation", Fault.ELEVATION_END_STOP)],
)
def test_an_end_switch_where_a_trusted_position_has_none_latches(one_head, axis, fault):
    bench, head = one_head
    head.move_to(20.0, 60.0)
    bench.inject(**{f"{axis}_end_stop": True})
    bench.advance(0.1)
    status = head.status()
    assert (status.fault_code, status.moving, status.position_trusted) == (fault, False, False)
    bench.inject(**{f"{axis}_end_stop": False})
    head.clear_fault()
    assert head.home().homing


def test_a_head_whose_memory_is_lost_stands_held_with_its_first_limits(one_head):
    bench, head = one_head
    first = head.hello().parameter_hash
    limits = bench.devices[1].limits
    narrower = AxisLimits(
        azimuth_range_deg=(-90.0, 90.0),
        elevation_range_deg=limits.elevation_range_deg,
        azimuth_rate_deg_s=0.2,
        elevation_rate_deg_s=0.2,
    )
    head.configure(narrower)
    wanted = head.hello().parameter_hash
    assert wanted != first
    bench.inject(storage_damaged=True, reset="external")
    status = head.status()
    assert (status.fault_code, status.held, status.position_trusted) == (Fault.STORAGE, True, False)
    head.clear_fault()  # the host greets it anew, and gives it its limits back
    assert head.hello().parameter_hash == wanted
    with refused(Refusal.POSITION_NOT_TRUSTED):
        head.move_to(1.0, 45.0)


@pytest.fixture
def talkative(bench):
    """A head that reports faults, on its way, and a list that collects what it says unasked."""
    world = bench(SimulatedDevice(elevation_start_deg=45.0, fault_reports=True))
    world.mounts[1].move_to(20.0, 60.0)
    said = []

    def listen(seconds, step_s=0.1):
        for _ in range(round(seconds / step_s)):
            world.advance(step_s)
            said.extend(map(decode_contents, FrameReceiver().feed(world.line.unasked())))
        return said

    return world, listen


def test_a_latched_fault_is_reported_each_second_until_the_host_has_spoken_to_the_head(talkative):
    world, listen = talkative
    assert listen(1.0) == []
    world.inject(azimuth_jammed=True)
    said = listen(4.5)
    assert {frame.sequence for frame in said} == {1}
    assert [frame.message.fault for frame in said] == [Fault.AZIMUTH_STALL] * len(said)
    assert len(said) == 4
    world.mounts[1].status()
    assert len(listen(5.0)) == 4


def test_a_pressed_emergency_stop_is_reported_with_the_next_number(talkative):
    world, listen = talkative
    world.inject(azimuth_jammed=True)
    listen(1.5)
    world.mounts[1].status()
    world.inject(emergency_stop=True)
    (*_, frame) = listen(0.2)
    assert frame.sequence == 2
    assert frame.message.flags & StatusFlag.EMERGENCY_STOP


def test_a_head_on_a_shared_line_says_nothing_unasked(one_head):
    bench, head = one_head
    head.move_to(20.0, 60.0)
    bench.inject(azimuth_jammed=True)
    bench.advance(5.0)
    assert bench.line.unasked() == b""


def test_a_report_before_the_answer_is_handed_to_the_host_and_the_answer_taken(talkative):
    world, _ = talkative
    world.inject(azimuth_jammed=True)
    world.advance(2.0)
    bus = world.another_host(2, lambda data: world.line.unasked() + world.line.receive(data))
    assert bus.mount(1, world.devices[1].gearing).status().fault_code == Fault.AZIMUTH_STALL
    (reported,) = bus.fault_reports()
    assert reported.address == 1
    assert isinstance(reported.report, FaultReport)
    assert reported.report.fault == Fault.AZIMUTH_STALL
    assert bus.fault_reports() == []
