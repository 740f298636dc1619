"""Several heads on one line, several hosts one after the other, and frames that come too late."""

import pytest

from firmware_bridge import (
    CommandRefused,
    Gearing,
    LinkLost,
    LocalProtocolError,
    RemoteProtocolError,
    SlewDrive,
)
from firmware_bridge.simulator.config import SimulatedDevice, SimulatorConfig
from firmware_bridge.wire.codec import decode_contents, encode_frame
from firmware_bridge.wire.receiver import FrameReceiver
from firmware_bridge.wire.schema import (
    SPECS,
    GetParameters,
    GetStatus,
    Greeting,
    Hello,
    KeepAlive,
    Move,
    Parameters,
    Refusal,
    Refused,
    SetParameters,
    Status,
    Stop,
    Stow,
)

MOVE = Move(
    azimuth_counts=5000, elevation_counts=60000, azimuth_rate_counts_s=500, elevation_rate_counts_s=300
)
BACK = Move(
    azimuth_counts=-5000, elevation_counts=60000, azimuth_rate_counts_s=500, elevation_rate_counts_s=300
)


@pytest.fixture
def three(bench):
    return bench(*(SimulatedDevice(address=address, elevation_start_deg=45.0) for address in (1, 2, 9)))


def said(line, frame):
    """What a line answers to a frame."""
    return [decode_contents(contents).message for contents in FrameReceiver().feed(line.receive(frame))]


def test_only_the_addressed_head_moves(three):
    three.mounts[2].move_to(10.0, 50.0)
    three.advance(2.0)
    assert [mount.status().azimuth_deg for mount in three.mounts.values()] == [0.0, 0.75, 0.0]


def test_stop_all_stops_everybody_known_or_not(three):
    for mount in three.mounts.values():
        mount.move_to(10.0, 50.0)
    three.advance(1.0)
    other = three.another_host(host_nonce=2)  # `sunflower stop`: it has greeted nobody and knows only one
    other.mount(1, three.devices[1].gearing)
    confirmed = other.stop_all()
    assert list(confirmed) == [1]
    three.advance(1.0)
    for station in three.line.stations.values():
        assert station.head.held
        assert station.head.azimuth.motor == 500.0


def test_stop_all_names_who_did_not_confirm_after_asking_all(three):
    three.inject(2, silent=True)
    with pytest.raises(LinkLost, match="stop was sent to all, but not confirmed by 2: device 2"):
        three.bus.stop_all()
    assert three.line.stations[9].head.held


def test_stow_all_stows_the_trusted_and_stops_the_others(bench):
    world = bench(
        SimulatedDevice(address=1, elevation_start_deg=45.0),
        SimulatedDevice(address=2, elevation_start_deg=45.0, position_trusted=False),
    )
    world.mounts[2].home()
    world.advance(1.0)
    reports = world.bus.stow_all()
    assert (reports[1].stowing, reports[1].moving) == (True, True)
    assert not reports[2].homing
    world.advance(1.0)
    assert not world.mounts[2].status().moving


def test_a_broadcast_is_not_answered_and_renews_every_lease(three):
    for _ in range(10):
        three.advance(4.0)
        assert three.line.receive(encode_frame(0, 0, KeepAlive())) == b""
    assert not any(mount.status().lease_expired for mount in three.mounts.values())


@pytest.mark.parametrize("message", [MOVE, GetStatus()])
def test_what_must_not_be_broadcast_is_neither_sent_nor_obeyed(three, message):
    three.line.receive(encode_frame(1, 1, Hello(host_nonce=1, greeting=1)))
    assert three.line.receive(encode_frame(0, 2, message)) == b""
    assert not three.line.stations[1].head.moving
    with pytest.raises(LocalProtocolError, match="cannot be broadcast"):
        three.bus._broadcast(message)


def test_a_repeated_move_is_answered_from_memory_and_not_carried_out_again(three):
    three.line.receive(encode_frame(1, 0, Hello(host_nonce=1, greeting=1)))
    first = said(three.line, encode_frame(1, 1, MOVE))
    three.advance(1.0)
    three.line.receive(encode_frame(0, 0, Stop()))  # and stopped meanwhile
    three.advance(1.0)
    assert said(three.line, encode_frame(1, 1, MOVE)) == first
    assert not three.line.stations[1].head.moving


def test_a_move_whose_answer_was_lost_is_answered_from_memory_although_others_spoke_in_between(three):
    for sequence, message in enumerate([Hello(host_nonce=1, greeting=1), BACK]):
        three.line.receive(encode_frame(1, sequence, message))
    first = said(three.line, encode_frame(1, 2, MOVE))
    three.line.receive(encode_frame(1, 1, BACK))  # an old frame, late
    three.line.receive(encode_frame(1, 9, GetStatus()))  # another program
    assert said(three.line, encode_frame(1, 2, MOVE)) == first


def test_the_same_move_with_the_same_number_one_round_later_is_a_new_one(three):
    """Numbers come again after 256 requests, and at night so do targets: that is no repetition."""
    for sequence, message in enumerate([Hello(host_nonce=1, greeting=1), MOVE, Stop()]):
        three.line.receive(encode_frame(1, sequence, message))
    three.advance(2.0)
    for number in range(3, 257):
        three.line.receive(encode_frame(1, number, GetStatus()))
    assert not three.line.stations[1].head.moving
    (status,) = said(three.line, encode_frame(1, 257, MOVE))
    assert three.line.stations[1].head.moving
    assert status.uptime_ms == 2000


def test_a_move_held_up_on_the_way_does_not_undo_a_newer_one(three):
    for sequence, message in enumerate([Hello(host_nonce=1, greeting=1), MOVE, BACK]):
        three.line.receive(encode_frame(1, sequence, message))
    (refused,) = said(three.line, encode_frame(1, 1, MOVE))
    assert refused.reason == Refusal.STALE_SEQUENCE
    assert three.line.stations[1].head.target_counts == (-5000, 60000)


def test_a_greeting_held_up_on_the_way_does_not_reopen_the_door_to_old_moves(three):
    first, second = Hello(host_nonce=1, greeting=1), Hello(host_nonce=1, greeting=2)
    for sequence, message in enumerate([first, MOVE, second]):
        three.line.receive(encode_frame(1, sequence, message))
    three.line.receive(encode_frame(1, 3, BACK))
    (answer,) = said(three.line, encode_frame(1, 0, first))
    assert isinstance(answer, Greeting)
    (refused,) = said(three.line, encode_frame(1, 1, MOVE))
    assert refused.reason == Refusal.STALE_SEQUENCE


def test_a_stop_is_obeyed_whatever_its_sequence_number(three):
    for sequence, message in [(0, Hello(host_nonce=1, greeting=1)), (100, MOVE)]:
        three.line.receive(encode_frame(1, sequence, message))
    (status,) = said(three.line, encode_frame(1, 50, Stop()))
    assert isinstance(status, Status)
    assert three.line.stations[1].head.held


def test_a_stow_of_a_second_host_is_carried_out_although_it_looks_like_a_repetition(three):
    stow = encode_frame(1, 0, Stow())
    three.line.receive(stow)
    three.line.receive(encode_frame(0, 0, Stop()))
    three.line.receive(stow)
    assert three.line.stations[1].head.moving


def test_the_session_goes_on_after_more_requests_than_sequence_numbers(three):
    head = three.mounts[1]
    for number in range(600):
        head.status()
        if number % 190 == 0:
            head.move_to(number / 100.0, 50.0)
    assert three.line.stations[1].head.target_counts[0] == 5700


def test_a_host_whose_frames_were_lost_for_long_is_heard_again(three):
    head = three.mounts[1]
    head.move_to(1.0, 50.0)
    three.inject(1, silent=True)
    for _ in range(200):
        with pytest.raises(LinkLost):
            head.status()
    three.inject(1, silent=False)
    assert head.move_to(2.0, 50.0).moving


def test_a_new_host_takes_over(three):
    three.mounts[1].move_to(10.0, 50.0)
    successor = three.another_host(host_nonce=2).mount(1, three.devices[1].gearing)
    assert successor.move_to(-10.0, 50.0).moving
    assert three.line.stations[1].head.target_counts[0] == -10000


def test_a_host_goes_on_although_another_program_has_asked_in_between(three, caplog):
    head = three.mounts[1]
    head.move_to(1.0, 50.0)
    three.line.receive(encode_frame(1, 100, GetStatus()))  # ahead of all our numbers
    assert head.move_to(2.0, 50.0).moving
    assert three.line.stations[1].head.target_counts[0] == 2000
    assert "device 1 has heard another program meanwhile" in caplog.text


def test_a_move_before_any_greeting_is_refused(three):
    (refused,) = said(three.line, encode_frame(1, 7, MOVE))
    assert refused.reason == Refusal.NOT_GREETED


def test_the_expired_lease_is_told_again_when_its_status_was_lost(three):
    three.advance(6.0)
    ask = encode_frame(1, 1, GetStatus())
    lost, repeated = said(three.line, ask), said(three.line, ask)
    (after,) = said(three.line, encode_frame(1, 2, GetStatus()))
    assert lost[0].flags & 0x20
    assert repeated[0].flags & 0x20
    assert not after.flags & 0x20


def test_an_unknown_message_is_refused_aloud(three):
    from firmware_bridge.wire.codec import frame_around

    (refused,) = said(three.line, frame_around(b"\x01\x00\x6fnew"))
    assert refused == Refused(reason=Refusal.UNKNOWN_MESSAGE, fault=0, flags=refused.flags)


def test_heads_do_not_hear_each_others_answers(three):
    status = said(three.line, encode_frame(2, 0, GetStatus()))[0]
    assert three.line.receive(encode_frame(1, 0, status)) == b""


def test_contradicting_parameters_are_refused_by_the_device_too(three):
    (stored,) = said(three.line, encode_frame(1, 0, GetParameters()))
    values = {field.name: getattr(stored, field.name) for field in SPECS[Parameters].fields}
    three.line.receive(encode_frame(1, 1, Hello(host_nonce=1, greeting=1)))
    wrong = SetParameters(**{**values, "azimuth_min_counts": values["azimuth_max_counts"] + 1})
    (refused,) = said(three.line, encode_frame(1, 2, wrong))
    assert refused.reason == Refusal.INVALID_PARAMETERS
    assert said(three.line, encode_frame(1, 3, GetParameters())) == [stored]


def test_a_device_of_another_protocol_version_is_refused(bench):
    def newer(data):
        (contents,) = FrameReceiver().feed(data)
        greeting = Greeting(
            protocol_version=2, firmware_major=9, firmware_minor=0, reset_cause=0, capabilities=0,
            serial=7, boot_nonce=1, parameter_hash=1,
        )  # fmt: skip
        return encode_frame(contents[0], contents[1], greeting)

    world = bench(SimulatedDevice())
    head = world.another_host(2, newer).mount(1, world.devices[1].gearing)
    with pytest.raises(RemoteProtocolError, match="speaks protocol 2, we speak 1; update the older side"):
        head.hello()


def test_a_reason_this_host_does_not_know_is_still_told(bench):
    def refuse(data):
        (contents,) = FrameReceiver().feed(data)
        return encode_frame(contents[0], contents[1], Refused(reason=200, fault=0, flags=0))

    world = bench(SimulatedDevice())
    head = world.another_host(2, refuse).mount(1, world.devices[1].gearing)
    with pytest.raises(CommandRefused, match="reason 200 is unknown to this host"):
        head.stop()


def test_a_line_with_lost_and_doubled_frames_still_ends_where_it_was_sent(bench, rng):
    world = bench(SimulatedDevice(elevation_start_deg=45.0))
    executed = []

    def lossy(data):
        if rng.random() < 0.3:
            return b""
        answer = world.line.receive(data) + (world.line.receive(data) if rng.random() < 0.3 else b"")
        executed.append(world.line.stations[1].head.target_counts[0])
        return b"" if rng.random() < 0.3 else answer

    head = world.another_host(2, lossy).mount(1, world.devices[1].gearing)
    for number in range(300):
        try:
            head.move_to(number / 10.0, 50.0)
        except LinkLost:
            continue
        assert world.line.stations[1].head.target_counts[0] == 100 * number
    assert executed == sorted(executed)  # no old move after a newer one


def test_gearing_goes_there_and_back_to_the_nearest_count():
    gearing = Gearing(
        azimuth=SlewDrive(counts_per_deg=1234.5, zero_counts=77.0), elevation=SlewDrive(counts_per_deg=-800.0)
    )
    for angle_deg in (-270.0, -0.001, 0.0, 33.3333, 270.0):
        back = gearing.azimuth.angle_deg(gearing.azimuth.counts(angle_deg))
        assert abs(back - angle_deg) <= 0.5 / 1234.5
    assert gearing.elevation.counts(90.0) == -72000
    assert gearing.elevation.angle_deg(-72000) == 90.0
    assert gearing.elevation.rate_counts_s(0.3) == 240
    assert gearing.elevation.rate_counts_s(1e-9) == 1


@pytest.mark.parametrize("counts_per_deg", [0.0, float("nan"), float("inf")])
def test_gearing_without_a_ratio_is_refused(counts_per_deg):
    with pytest.raises(ValueError, match="counts_per_deg"):
        SlewDrive(counts_per_deg=counts_per_deg)


def test_two_heads_cannot_share_an_address():
    with pytest.raises(ValueError, match="give each of at least one device its own"):
        SimulatorConfig(devices=(SimulatedDevice(), SimulatedDevice()))
