"""The sans-IO session with told time: no port, no clock."""

import pytest

from firmware_bridge import LinkLost, LocalProtocolError, RemoteProtocolError
from firmware_bridge.wire.codec import decode_contents, encode_frame, frame_around
from firmware_bridge.wire.receiver import FrameReceiver
from firmware_bridge.wire.reported import Reported, Reports
from firmware_bridge.wire.schema import (
    FaultReport,
    GetStatus,
    Greeting,
    Hello,
    Here,
    Refusal,
    Refused,
    SetAddress,
    Status,
    Stop,
)
from firmware_bridge.wire.session import Patience, Session

STATUS = Status(
    flags=1, fault=0, azimuth_counts=5, elevation_counts=6, azimuth_target_counts=5,
    elevation_target_counts=6, uptime_ms=7,
)  # fmt: skip
NEWER = Status(
    flags=1, fault=0, azimuth_counts=50, elevation_counts=60, azimuth_target_counts=5,
    elevation_target_counts=6, uptime_ms=70,
)  # fmt: skip


@pytest.fixture
def session():
    return Session(
        address=4,
        receiver=FrameReceiver(),
        patience=Patience(reply_within_s=0.5, tries=3, backoff=1.0, byte_s=0.0),
    )


def sequence_of(frame):
    (contents,) = FrameReceiver().feed(frame)
    return decode_contents(contents).sequence


def test_the_answer_ends_the_request(session):
    sequence = sequence_of(session.request(GetStatus(), 10.0))
    assert session.deadline_s == 10.5
    assert session.receive(encode_frame(4, sequence, STATUS)) == STATUS
    assert session.deadline_s is None
    assert session.expire(99.0) == b""


def test_a_refusal_is_an_answer(session):
    sequence = sequence_of(session.request(GetStatus(), 0.0))
    refused = Refused(reason=Refusal.MOVING, fault=0, flags=0)
    assert session.receive(encode_frame(4, sequence, refused)) == refused


def test_each_request_has_the_next_sequence_number(session):
    numbers = []
    for _ in range(300):
        numbers.append(sequence_of(session.request(GetStatus(), 0.0)))
        session.receive(encode_frame(4, numbers[-1], STATUS))
    assert numbers == [number % 256 for number in range(300)]


def test_a_retry_is_the_same_frame_with_a_new_deadline(session):
    first = session.request(Stop(), 10.0)
    assert session.expire(10.4) == b""
    assert session.expire(10.6) == first
    assert session.deadline_s == 11.1
    assert session.expire(11.2) == first


def test_silence_after_all_tries_is_a_lost_link(session):
    session.request(Stop(), 0.0)
    session.expire(0.5)
    session.expire(1.0)
    with pytest.raises(LinkLost, match=r"device 4: no answer to Stop in 3 tries over 1\.5 s; check power"):
        session.expire(1.5)
    assert session.deadline_s is None  # the next request may go out
    assert session.request(Stop(), 2.0)


def test_an_answer_in_pieces_around_a_retry_is_taken(session):
    request = session.request(GetStatus(), 0.0)
    reply = encode_frame(4, sequence_of(request), STATUS)
    assert session.receive(reply[:7]) is None
    assert session.expire(0.5) == request
    assert session.receive(reply[7:]) == STATUS


def test_the_answer_to_an_earlier_request_is_ignored(session):
    stale = sequence_of(session.request(GetStatus(), 0.0))
    session.receive(encode_frame(4, stale, STATUS))
    newer = sequence_of(session.request(GetStatus(), 1.0))
    assert session.receive(encode_frame(4, stale, STATUS)) is None
    assert session.receive(encode_frame(4, newer, NEWER)) == NEWER


def test_the_second_of_two_equal_answers_is_ignored(session):
    sequence = sequence_of(session.request(GetStatus(), 0.0))
    reply = encode_frame(4, sequence, STATUS)
    assert session.receive(reply + reply) == STATUS
    session.request(GetStatus(), 1.0)
    assert session.receive(reply) is None


def test_answers_out_of_order_find_their_request(session):
    stale = sequence_of(session.request(GetStatus(), 0.0))
    session.abandon()
    newer = sequence_of(session.request(GetStatus(), 1.0))
    assert session.receive(encode_frame(4, newer, NEWER) + encode_frame(4, stale, STATUS)) == NEWER


@pytest.mark.parametrize(
    ("address", "message"),
    [
        (5, STATUS),  # another device
        (4, Stop()),  # the echo of a request
        (4, Greeting(protocol_version=1, firmware_major=1, firmware_minor=0, reset_cause=0, capabilities=0,
                     serial=7, boot_nonce=1, parameter_hash=2)),  # fits no status request
    ],
)  # fmt: skip
def test_whole_frames_that_are_no_answer_are_ignored(session, address, message):
    sequence = sequence_of(session.request(GetStatus(), 0.0))
    assert session.receive(encode_frame(address, sequence, message)) is None
    assert session.receive(encode_frame(4, sequence, STATUS)) == STATUS


def test_an_answer_from_an_unknown_protocol_is_ignored(session):
    sequence = sequence_of(session.request(Hello(host_nonce=1, greeting=1), 0.0))
    assert session.receive(frame_around(bytes((4, sequence, 0xEE, 1, 2)))) is None


def test_talk_that_is_no_frame_is_the_other_sides_error(session):
    session.request(GetStatus(), 0.0)
    session.receive(b"ERROR: what?\r\n")
    session.expire(0.5)
    session.expire(1.0)
    with pytest.raises(RemoteProtocolError, match="45 52 52 4f 52"):
        session.expire(1.5)


def test_an_echo_alone_is_silence_not_nonsense(session):
    request = session.request(GetStatus(), 0.0)
    for now_s in (0.5, 1.0):
        session.receive(request[:3])
        session.receive(request[3:])
        session.expire(now_s)
    with pytest.raises(LinkLost):
        session.expire(1.5)


def test_one_request_at_a_time(session):
    session.request(GetStatus(), 0.0)
    with pytest.raises(LocalProtocolError, match="still owes an answer to GetStatus"):
        session.request(Stop(), 0.1)
    session.abandon()
    assert session.request(Stop(), 0.2)


@pytest.mark.parametrize("address", [0, 248])
def test_no_session_with_an_address_that_cannot_exist(address):
    with pytest.raises(LocalProtocolError, match="1 to 247"):
        Session(address=address, receiver=FrameReceiver(), patience=Patience())


def test_each_wait_is_longer_than_the_one_before_up_to_a_longest():
    patience = Patience(reply_within_s=0.1, tries=5, backoff=2.0, longest_s=0.3, byte_s=0.0)
    session = Session(address=4, receiver=FrameReceiver(), patience=patience)
    session.request(GetStatus(), 0.0)
    deadlines = [session.deadline_s]
    for _ in range(4):
        session.expire(session.deadline_s)
        deadlines.append(session.deadline_s)
    with pytest.raises(LinkLost, match=r"in 5 tries over 1\.2 s"):
        session.expire(session.deadline_s)
    assert deadlines == pytest.approx([0.1, 0.3, 0.6, 0.9, 1.2])
    assert deadlines[-1] == pytest.approx(patience.total_s(5))


@pytest.mark.parametrize(("message", "tries"), [(GetStatus(), 2), (Stop(), 10)])
def test_a_lost_device_is_asked_less_often_until_it_answers_but_commanded_as_before(message, tries):
    session = Session(address=4, receiver=FrameReceiver(), patience=Patience())
    assert tries_made(session, GetStatus()) == 5
    assert tries_made(session, message) == tries
    sequence = sequence_of(session.request(GetStatus(), 0.0))
    session.receive(encode_frame(4, sequence, STATUS))
    assert tries_made(session, GetStatus()) == 5


def test_the_wait_counts_from_the_end_of_the_bytes_whatever_the_speed():
    """At 9600 baud a longest request and a longest answer are on the line for 133 ms."""
    slow = Patience(byte_s=10 / 9600)
    assert slow.wait_s(0) == pytest.approx(0.05 + 2 * 64 * 10 / 9600)


def test_a_fault_report_is_no_answer_and_is_told_once_however_often_it_is_repeated(session):
    reports = Reports()
    session = Session(address=4, receiver=FrameReceiver(), patience=Patience(), reports=reports)
    sequence = sequence_of(session.request(GetStatus(), 0.0))
    report = encode_frame(4, sequence, FaultReport(fault=1, flags=0))  # even with the awaited number
    assert session.receive(report + report) is None
    assert reports.take() == [Reported(4, FaultReport(fault=1, flags=0))]
    assert session.receive(report) is None
    assert reports.take() == []
    assert session.receive(encode_frame(4, sequence, STATUS)) == STATUS
    assert session.receive(report) is None  # it had been addressed, so this is a new one
    assert len(reports.take()) == 1


def test_reports_nobody_takes_are_bounded():
    reports = Reports()
    for sequence in range(256):
        for contents in FrameReceiver().feed(encode_frame(4, sequence, FaultReport(fault=1, flags=0))):
            reports.hear(contents)
    assert len(reports.take()) == Reports.LONGEST_HELD


def test_an_address_is_given_by_a_call_to_all_and_answered_from_the_new_address(session):
    (contents,) = FrameReceiver().feed(session.request(SetAddress(serial=77, address=4), 0.0))
    assert contents[0] == 0
    here = Here(serial=77)
    assert session.receive(encode_frame(9, contents[1], here)) is None
    assert session.receive(encode_frame(4, contents[1], here)) == here


def tries_made(session, message):
    session.request(message, 0.0)
    made = 1
    while True:
        try:
            session.expire(session.deadline_s)
        except LinkLost:
            return made
        made += 1
