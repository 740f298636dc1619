from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_bridge.wire.checksum import crc32c
from firmware_bridge.wire.codec import LONGEST_STUFFED, encode_frame, frame_around
from firmware_bridge.wire.receiver import Drop, FrameReceiver
from firmware_bridge.wire.schema import Fold, KeepAlive, Move, Stop
from firmware_bridge.wire.stuffing import stuff, unstuff

MOVE = Move(azimuth_counts=1, elevation_counts=-1, azimuth_rate_counts_s=256, elevation_rate_counts_s=65536)
FRAME = encode_frame(9, 200, MOVE)
NOISE = st.one_of(st.binary(max_size=80), st.just(b"\0"), st.just(FRAME[:-4]), st.just(b"OK\r\n"))
FRAMES = st.builds(
    encode_frame, st.integers(0, 247), st.integers(0, 255), st.sampled_from([MOVE, Stop(), KeepAlive()])
)


@st.composite
def chunked(draw, streams):
    stream = draw(streams)
    cuts = sorted(draw(st.lists(st.integers(0, len(stream)), max_size=20)))
    edges = [0, *cuts, len(stream)]
    return stream, [stream[start:end] for start, end in pairwise(edges)]


@settings(deadline=None)
@given(chunked(st.lists(st.one_of(FRAMES, NOISE), max_size=12).map(b"".join)))
def test_any_chunking_yields_the_same_frames_and_the_same_losses(stream_and_chunks):
    stream, chunks = stream_and_chunks
    whole, split = FrameReceiver(), FrameReceiver()
    expected = whole.feed(stream)
    assert [contents for chunk in chunks for contents in split.feed(chunk)] == expected
    assert split.dropped == whole.dropped
    assert split.pending_bytes == whole.pending_bytes


def test_a_frame_one_byte_late_with_a_checksum_that_happens_to_fit_is_not_taken():
    """Found among 10^8 corruptions: CRC-32C begins and ends with ones, so FF may take the place."""
    ends_with_ones = next(
        frame
        for sequence in range(256)
        for address in range(1, 248)
        if (frame := encode_frame(address, sequence, Fold(folded=1)))[-2] == 0xFF
    )
    inner = unstuff(ends_with_ones[1:-1])
    shifted = b"\xff" + inner[:-1]
    assert crc32c(shifted[:-4]) == int.from_bytes(shifted[-4:], "little")
    receiver = FrameReceiver()
    assert receiver.feed(b"\0" + stuff(shifted) + b"\0") == []
    assert receiver.dropped == {Drop.NO_SUCH_ADDRESS: 1}


@settings(deadline=None)
@given(st.lists(FRAMES, max_size=10))
def test_every_frame_arrives_byte_by_byte(frames):
    receiver = FrameReceiver()
    seen = [contents for byte in b"".join(frames) for contents in receiver.feed(bytes((byte,)))]
    assert [frame_around(contents) for contents in seen] == frames
    assert not receiver.dropped


@settings(deadline=None)
@given(st.binary(max_size=500))
def test_after_any_noise_the_next_frame_is_received(noise):
    receiver = FrameReceiver()
    receiver.feed(noise)
    assert receiver.feed(FRAME)[-1:] == FrameReceiver().feed(FRAME)


def test_endless_noise_is_never_held():
    receiver = FrameReceiver()
    for _ in range(1000):
        assert receiver.feed(b"\x55" * 1000) == []
        assert receiver.pending_bytes <= LONGEST_STUFFED + 1
    assert receiver.feed(b"\0") == []
    assert receiver.dropped == {Drop.TOO_LONG: 1}


@pytest.mark.parametrize(
    ("damaged", "reason"),
    [
        (b"\0" + b"\x01" * (LONGEST_STUFFED + 1) + b"\0", Drop.TOO_LONG),
        (b"\0\x09abc\0", Drop.BAD_STUFFING),
        (b"\0\x03ab\0", Drop.TOO_SHORT),
        (FRAME[:5] + bytes((FRAME[5] ^ 0x10,)) + FRAME[6:], Drop.BAD_CHECKSUM),
        (frame_around(b"\x01\x02\x10short"), Drop.WRONG_LENGTH),
    ],
    ids=lambda value: value.name if isinstance(value, Drop) else "",
)
def test_what_is_dropped_is_counted_with_its_reason(damaged, reason):
    receiver = FrameReceiver()
    assert receiver.feed(damaged) == []
    assert receiver.dropped == {reason: 1}
