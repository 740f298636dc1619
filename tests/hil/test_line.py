"""Who answers what on the line, the same for all devices."""

from firmware_bridge.reports import parameters_of
from firmware_bridge.wire.checksum import crc32c
from firmware_bridge.wire.codec import SEQUENCES, decode_contents, encode_frame, encode_payload, frame_around
from firmware_bridge.wire.schema import (
    PROTOCOL_VERSION,
    AxisName,
    Capability,
    FindSerial,
    GetParameters,
    GetStatus,
    Here,
    Move,
    Nudge,
    Parameters,
    Refusal,
    ResetCause,
    SetAddress,
    Status,
    StatusFlag,
    Stop,
    Stow,
)

ALL = FindSerial(serial_low=0, serial_high=0xFFFFFFFF)
AWAY = Move(
    azimuth_counts=4000, elevation_counts=6000, azimuth_rate_counts_s=2000, elevation_rate_counts_s=2000
)


def test_the_greeting_says_who_it_is(lost):
    greeting = lost.hello()
    assert greeting.protocol_version == PROTOCOL_VERSION
    assert greeting.serial == lost.device.serial_number
    assert greeting.reset_cause == ResetCause.POWER_ON
    assert greeting.capabilities == sum(Capability)


def test_the_parameter_hash_tells_which_parameters_it_holds(lost):
    wanted = parameters_of(lost.limits, lost.gearing)
    assert lost.hello().parameter_hash == crc32c(encode_payload(wanted))
    lost.configure(lease_s=3.5)
    stored = lost.ask(GetParameters())
    assert isinstance(stored, Parameters)
    assert stored.lease_ms == 3500
    assert lost.hello().parameter_hash == crc32c(encode_payload(stored)) != crc32c(encode_payload(wanted))


def test_parameters_that_contradict_each_other_are_refused(lost):
    wanted = parameters_of(lost.limits, lost.gearing)
    names = type(wanted).__dataclass_fields__
    values = {name: getattr(wanted, name) for name in names} | {"azimuth_max_counts": -9000}
    assert lost.ask(type(wanted)(**values)).reason == Refusal.INVALID_PARAMETERS
    assert lost.hello().parameter_hash == crc32c(encode_payload(wanted))


def test_nobody_moves_it_without_a_greeting(head):
    head.process.inject(head.address, reset="external")
    head.advance(1.0)
    assert head.ask(AWAY).reason == Refusal.NOT_GREETED


def test_a_command_older_than_one_obeyed_is_refused(head):
    head.move(10.0, 5.0)
    late = (head.sequence - 1) % SEQUENCES
    reply = decode_contents(head.line.send(head.frame(AWAY, sequence=late))[0]).message
    assert reply.reason == Refusal.STALE_SEQUENCE
    assert head.status().azimuth_target_counts == 1000


def test_a_repeated_command_is_answered_from_memory_and_not_carried_out_twice(head):
    """A move that is repeated after another host's stop starts nothing, and is answered as at first."""
    frame = head.frame(AWAY)
    answer = head.line.send(frame)
    head.listen(0.5)
    head.line.broadcast(Stop())
    assert head.line.send(frame) == answer
    still = head.until_still()
    assert still.flags & StatusFlag.HELD
    assert still.azimuth_counts < 3900


def test_an_unknown_message_is_refused(lost):
    contents = bytes((lost.address, 9, 0x7E))
    reply = decode_contents(lost.line.send(frame_around(contents))[0])
    assert reply.sequence == 9
    assert reply.message.reason == Refusal.UNKNOWN_MESSAGE


def test_requests_to_others_and_replies_are_not_answered(lost):
    assert lost.line.send(encode_frame(lost.address + 1, 1, GetStatus())) == []
    assert lost.line.send(encode_frame(lost.address, 1, Here(serial=1))) == []


def test_damaged_frames_are_not_answered(lost):
    frame = lost.frame(GetStatus())
    for at in range(1, len(frame) - 1):
        damaged = frame[:at] + bytes((frame[at] ^ 0x10,)) + frame[at + 1 :]
        assert lost.line.send(damaged) == []
    assert isinstance(lost.ask(GetStatus()), Status)


def test_a_broadcast_stop_is_obeyed_and_not_answered(head):
    head.move(40.0, 30.0)
    head.listen(1.0)
    assert head.line.broadcast(Stop()) == []
    still = head.until_still()
    assert still.flags & StatusFlag.HELD
    assert still.azimuth_counts < 3900


def test_a_broadcast_stow_is_obeyed_and_not_answered(head):
    assert head.line.broadcast(Stow()) == []
    assert head.has(StatusFlag.STOWING)


def test_a_broadcast_stow_stops_a_head_that_cannot(lost):
    here = lost.status().elevation_counts
    lost.ask(Nudge(axis=AxisName.ELEVATION, target_counts=here + 300))
    lost.listen(0.25)
    assert lost.has(StatusFlag.ELEVATION_MOVING)
    assert lost.line.broadcast(Stow()) == []
    assert not lost.has(StatusFlag.STOWING)
    assert abs(lost.until_still().elevation_counts - here) < 280


def test_broadcasts_that_are_none_are_ignored(head):
    assert head.line.broadcast(AWAY) == []
    assert not head.has(StatusFlag.AZIMUTH_MOVING)


def test_it_is_found_by_its_serial_number_and_given_an_address(lost):
    serial = lost.device.serial_number
    (found,) = lost.line.broadcast(ALL)
    assert decode_contents(found).message == Here(serial=serial)
    assert found[0] == lost.address
    assert lost.line.broadcast(FindSerial(serial_low=serial + 1, serial_high=0xFFFFFFFF)) == []
    assert lost.line.broadcast(SetAddress(serial=serial + 1, address=9)) == []
    (moved,) = lost.line.broadcast(SetAddress(serial=serial, address=9))
    assert moved[0] == 9
    lost.advance(1.0)
    assert lost.line.send(lost.frame(GetStatus())) == []
    lost.address = 9
    lost.restart()
    assert lost.hello().serial == serial


def test_two_heads_on_a_line_are_told_apart(two_heads):
    first, second = two_heads
    line = first.line
    assert len(line.broadcast(ALL)) == 2
    line.broadcast(SetAddress(serial=second.device.serial_number, address=2))
    for head in two_heads:
        assert head.hello().serial == head.device.serial_number
        head.configure()
        head.home()
    assert isinstance(first.move(10.0, 5.0), Status)
    assert not second.has(StatusFlag.AZIMUTH_MOVING)
    assert first.has(StatusFlag.AZIMUTH_MOVING)
    assert line.broadcast(Stop()) == []
    assert first.has(StatusFlag.HELD)
    assert second.has(StatusFlag.HELD)
