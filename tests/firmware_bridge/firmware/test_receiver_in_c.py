"""The C receiver takes and drops exactly what the Python one does."""

import ctypes
import random

import pytest

from firmware_bridge.wire.codec import PAYLOAD_BYTES, frame_around
from firmware_bridge.wire.receiver import Drop, FrameReceiver

DROPS = (
    Drop.TOO_LONG,
    Drop.BAD_STUFFING,
    Drop.TOO_SHORT,
    Drop.BAD_CHECKSUM,
    Drop.NO_SUCH_ADDRESS,
    Drop.WRONG_LENGTH,
)
FRAMES_A_STREAM = 200


@pytest.fixture
def rng():
    return random.Random(20261121)


def accepted(library, stream):
    out = ctypes.create_string_buffer(len(stream) + 1)
    count = library.sf_receiver_accepts(stream, len(stream), out)
    frames, at = [], 0
    for _ in range(count):
        size = out.raw[at]
        frames.append(out.raw[at + 1 : at + 1 + size])
        at += 1 + size
    return frames


def dropped(library, stream):
    counts = (ctypes.c_uint16 * len(DROPS))()
    library.sf_receiver_dropped(stream, len(stream), counts)
    return list(counts)


def random_contents(rng):
    """Of a known message, rightly or wrongly long, or of an unknown one; often with zeros."""
    wire_id = rng.choice([*PAYLOAD_BYTES, rng.randrange(256)])
    size = PAYLOAD_BYTES.get(wire_id, rng.randrange(55)) + rng.choice((0, 0, 0, 0, 1, -1))
    payload = bytes(rng.choice((0, rng.randrange(256))) for _ in range(max(0, size)))
    return bytes((rng.randrange(256), rng.randrange(256), wire_id)) + payload


def assert_alike(library, stream):
    python = FrameReceiver()
    assert accepted(library, stream) == python.feed(stream)
    assert dropped(library, stream) == [python.dropped[each] for each in DROPS]


def test_frames_are_the_same_byte_for_byte(library, rng):
    out = ctypes.create_string_buffer(64)
    for _ in range(3000):
        contents = random_contents(rng)[:57]
        size = library.sf_frame(contents, len(contents), out)
        assert out.raw[:size] == frame_around(contents)


def test_random_frames_are_taken_alike(library, rng):
    for _ in range(30):
        assert_alike(library, b"".join(frame_around(random_contents(rng)) for _ in range(FRAMES_A_STREAM)))


def damaged(rng, frame):
    kind = rng.randrange(6)
    at = rng.randrange(len(frame))
    if kind < 3:  # one to three wrong bits
        changed = bytearray(frame)
        for _ in range(kind + 1):
            changed[rng.randrange(len(frame))] ^= 1 << rng.randrange(8)
        return bytes(changed)
    if kind == 3:
        return frame[:at]
    if kind == 4:
        return frame[:at] + rng.randbytes(rng.randrange(1, 80)) + frame[at:]
    return frame[:at] + frame[at + rng.randrange(1, 5) :]


def test_damaged_frames_are_dropped_alike_and_for_the_same_reason(library, rng):
    for _ in range(60):
        frames = (frame_around(random_contents(rng)) for _ in range(FRAMES_A_STREAM))
        assert_alike(library, b"".join(damaged(rng, frame) for frame in frames))


def test_noise_is_dropped_alike(library, rng):
    for _ in range(20):
        assert_alike(library, rng.randbytes(20_000))


def test_short_pieces_of_few_values_are_judged_alike(library, rng):
    # Length bytes that just do, and just do not add up.
    for _ in range(40):
        assert_alike(library, bytes(rng.choice((0, 1, 1, 2, 3, 4, 8, 62, 63, 255)) for _ in range(5_000)))


def test_no_corruption_of_the_longest_frame_is_accepted(library, rng):
    """A million corruptions: bits, bursts, cuts, bytes put in."""
    contents = bytes((1, 7, 0x20)) + rng.randbytes(54)
    frame = frame_around(contents)
    corrupt = [bad for bad in (damaged(rng, frame) for _ in range(20_000)) if bad != frame]
    for _ in range(50):
        rng.shuffle(corrupt)
        stream = b"\0".join(corrupt)
        # Cut off behind its checksum, or with a wrong delimiter in front, it is still itself.
        assert set(accepted(library, stream)) <= {contents}
