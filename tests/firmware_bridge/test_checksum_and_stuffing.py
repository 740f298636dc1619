import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.wire.checksum import crc32c
from firmware_bridge.wire.stuffing import LONGEST_PLAIN, stuff, unstuff


@pytest.mark.parametrize(
    ("data", "checksum"),
    [
        (b"", 0),
        (b"123456789", 0xE3069283),  # check value of the catalogue of parametrised CRC algorithms
        (bytes(32), 0x8A9136AA),  # this and the next three: RFC 3720, B.4
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
        (bytes(reversed(range(32))), 0x113FDB5C),
    ],
)
def test_the_checksum_is_castagnolis(data, checksum):
    assert crc32c(data) == checksum


@pytest.mark.parametrize(
    ("plain", "stuffed"),
    [
        (b"", b"\x01"),
        (b"\x00", b"\x01\x01"),
        (b"\x00\x00", b"\x01\x01\x01"),
        (b"\x11\x22\x00\x33", b"\x03\x11\x22\x02\x33"),
        (b"\x11\x22\x33\x44", b"\x05\x11\x22\x33\x44"),
        (b"\x11\x00\x00\x00", b"\x02\x11\x01\x01\x01"),
    ],
)
def test_stuffing_moves_zeros_into_length_bytes(plain, stuffed):
    assert stuff(plain) == stuffed


@given(st.binary(max_size=LONGEST_PLAIN))
def test_unstuffing_gives_back_what_was_stuffed(plain):
    stuffed = stuff(plain)
    assert b"\0" not in stuffed
    assert len(stuffed) == len(plain) + 1
    assert unstuff(stuffed) == plain


@given(st.binary(max_size=300))
def test_unstuffing_survives_anything(noise):
    plain = unstuff(noise)
    assert plain is None or len(plain) < max(len(noise), 1)


def test_more_than_one_block_is_refused():
    with pytest.raises(ValueError, match="longest is 253"):
        stuff(bytes(LONGEST_PLAIN + 1))
