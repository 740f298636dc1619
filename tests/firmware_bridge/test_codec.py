import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_bridge import LocalProtocolError, RemoteProtocolError
from firmware_bridge.wire.codec import (
    LONGEST_FRAME,
    PAYLOAD_BYTES,
    decode_contents,
    encode_frame,
)
from firmware_bridge.wire.receiver import FrameReceiver
from firmware_bridge.wire.schema import (
    FIRST_REPLY_ID,
    SPECS,
    GetStatus,
    Move,
    Status,
    Stop,
)
from firmware_bridge.wire.stuffing import LONGEST_PLAIN

VALUES = {
    "u8": st.integers(0, 2**8 - 1),
    "u16": st.integers(0, 2**16 - 1),
    "u32": st.integers(0, 2**32 - 1),
    "i32": st.integers(-(2**31), 2**31 - 1),
}


@pytest.mark.parametrize("message", SPECS, ids=lambda message: message.__name__)
@settings(max_examples=50, deadline=None)
@given(data=st.data(), address=st.integers(0, 247), sequence=st.integers(0, 255))
def test_every_message_comes_back_as_it_was_sent(message, data, address, sequence):
    sent = message(**{field.name: data.draw(VALUES[field.kind]) for field in SPECS[message].fields})
    (contents,) = FrameReceiver().feed(encode_frame(address, sequence, sent))
    frame = decode_contents(contents)
    assert (frame.address, frame.sequence, frame.message) == (address, sequence, sent)


def test_a_move_stands_on_the_wire_byte_for_byte():
    """Written out by hand; the checksum by the bitwise division that defines it."""
    move = Move(
        azimuth_counts=-2, elevation_counts=90000, azimuth_rate_counts_s=500, elevation_rate_counts_s=300
    )
    contents = bytes.fromhex("05 07 10 fe ff ff ff 90 5f 01 00 f4 01 00 00 2c 01 00 00")
    plain = contents + _divided(contents).to_bytes(4, "little")
    assert encode_frame(5, 7, move) == b"\0" + _stuffed_by_the_book(plain) + b"\0"


def test_wire_ids_and_names_are_unique():
    assert len({spec.wire_id for spec in SPECS.values()}) == len(SPECS)
    assert len({spec.name for spec in SPECS.values()}) == len(SPECS)


def test_every_request_has_answers_and_every_answer_is_a_reply():
    replies = {spec.name for spec in SPECS.values() if spec.is_reply}
    for spec in SPECS.values():
        assert bool(spec.answers) != spec.is_reply
        assert set(spec.answers) <= replies
        assert (spec.wire_id >= FIRST_REPLY_ID) == spec.is_reply


def test_stop_and_stow_reach_everybody_and_are_never_too_late():
    by_name = {spec.name: spec for spec in SPECS.values()}
    for name in ("Stop", "Stow", "KeepAlive"):
        assert by_name[name].broadcast
    for name in ("Stop", "Stow", "Disable"):
        assert not by_name[name].ordered


def test_the_longest_frame_fits_one_stuffing_block_and_the_distance_of_the_checksum():
    assert LONGEST_FRAME == 1 + 1 + 3 + 54 + 4 + 1
    assert LONGEST_FRAME - 3 <= LONGEST_PLAIN
    assert 8 * (LONGEST_FRAME - 3 - 4) <= 5243  # data bits at Hamming distance 6 (Koopman)
    assert max(PAYLOAD_BYTES.values()) == 54


def test_the_greeting_keeps_its_length_for_ever():
    """An older host must be able to read from it that the device is newer."""
    by_name = {spec.name: spec for spec in SPECS.values()}
    assert PAYLOAD_BYTES[by_name["Hello"].wire_id] == 8
    assert PAYLOAD_BYTES[by_name["Greeting"].wire_id] == 20


@pytest.mark.parametrize("counts", [2**31, -(2**31) - 1])
def test_a_position_that_does_not_fit_is_our_own_error(counts):
    move = Move(azimuth_counts=counts, elevation_counts=0, azimuth_rate_counts_s=1, elevation_rate_counts_s=1)
    with pytest.raises(LocalProtocolError, match=f"azimuth_counts={counts}.*check the gearing"):
        encode_frame(1, 0, move)


@pytest.mark.parametrize("address", [-1, 248, 256])
def test_an_address_that_cannot_exist_is_our_own_error(address):
    with pytest.raises(LocalProtocolError, match="use 1 to 247"):
        encode_frame(address, 0, Stop())


def test_an_unknown_message_id_is_the_other_sides_error():
    with pytest.raises(RemoteProtocolError, match="0x7f is not in protocol version 1"):
        decode_contents(b"\x01\x00\x7f")


def test_a_payload_of_another_length_is_the_other_sides_error():
    with pytest.raises(RemoteProtocolError, match="GetStatus carries 1 bytes instead of 0"):
        decode_contents(b"\x01\x00\x02x")


def test_fields_that_are_flags_or_codes_say_so():
    (flags, fault, *_) = SPECS[Status].fields
    assert flags.codes.__name__ == "StatusFlag"
    assert fault.codes.__name__ == "Fault"
    assert SPECS[GetStatus].fields == ()


def _divided(data: bytes) -> int:
    remainder = 0xFFFFFFFF
    for byte in data:
        remainder ^= byte
        for _ in range(8):
            remainder = remainder >> 1 ^ (0x82F63B78 if remainder & 1 else 0)
    return remainder ^ 0xFFFFFFFF


def _stuffed_by_the_book(plain: bytes) -> bytes:
    out, code_at = bytearray(b"\0"), 0
    for byte in plain:
        if byte == 0:
            out[code_at] = len(out) - code_at
            code_at = len(out)
        out.append(byte)
    out[code_at] = len(out) - code_at
    return bytes(out)
