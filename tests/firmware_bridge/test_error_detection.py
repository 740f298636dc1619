"""What the decision record on the wire format promises, tried out on the Python receiver.

The firmware's receiver gets every error of 3 bits and more, see wire/test_every_error.py.
"""

from itertools import combinations

import pytest

from firmware_bridge.wire.checksum import REFLECTED_POLYNOMIAL, crc32c
from firmware_bridge.wire.codec import CHECKSUM_BYTES, LONGEST_FRAME, encode_frame
from firmware_bridge.wire.receiver import FrameReceiver
from firmware_bridge.wire.schema import SPECS, Parameters, Status

NAMES = [field.name for field in SPECS[Parameters].fields]
FULL_OF_ZEROS = Parameters(**{name: number for number, name in enumerate(NAMES)})
WITHOUT_ZEROS = Parameters(**{**dict.fromkeys(NAMES, 0x11223344), "options": 0x1122})
STATUS = Status(
    flags=0x11, fault=0, azimuth_counts=-270000, elevation_counts=90000, azimuth_target_counts=-270000,
    elevation_target_counts=90000, uptime_ms=86400000,
)  # fmt: skip
FRAMES = {
    "longest, many stuffing bytes": encode_frame(1, 0, FULL_OF_ZEROS),
    "longest, few stuffing bytes": encode_frame(247, 255, WITHOUT_ZEROS),
    "status": encode_frame(19, 77, STATUS),
}
NEXT = encode_frame(3, 1, STATUS)


@pytest.fixture(params=FRAMES.values(), ids=FRAMES.keys())
def frame(request):
    return request.param


def test_the_longest_frames_are_the_longest():
    assert len(FRAMES["longest, many stuffing bytes"]) == LONGEST_FRAME
    assert len(FRAMES["longest, few stuffing bytes"]) == LONGEST_FRAME


def test_up_to_five_wrong_bits_before_stuffing_are_always_noticed_at_the_longest_frame():
    """Hamming distance 6, proven for our length and our own checksum, not only quoted from a table.

    The checksum is affine, so an error is unnoticed exactly when the syndromes of its bits cancel. Odd
    numbers of bits never do: the polynomial is divisible by x + 1, seen in the even number of its terms.
    Two or four bits cancel only if two different pairs have the same syndrome.
    """
    contents_bytes = LONGEST_FRAME - 3 - CHECKSUM_BYTES
    nothing = crc32c(bytes(contents_bytes))
    syndromes = [
        crc32c((1 << bit).to_bytes(contents_bytes, "little")) ^ nothing for bit in range(8 * contents_bytes)
    ]
    syndromes += [1 << bit for bit in range(8 * CHECKSUM_BYTES)]
    pairs = [one ^ other for one, other in combinations(syndromes, 2)]
    assert (1 + REFLECTED_POLYNOMIAL.bit_count()) % 2 == 0
    assert 0 not in pairs
    assert len(set(pairs)) == len(pairs)


def test_every_single_bit_error_is_noticed_and_the_next_frame_is_received(frame):
    for bit in range(8 * len(frame)):
        receiver = FrameReceiver()
        assert receiver.feed(_flipped(frame, (bit,)) + NEXT) == FrameReceiver().feed(NEXT)


def test_every_double_bit_error_is_noticed(frame):
    """Length, stuffing and delimiter bytes included."""
    accepted = [
        bits for bits in combinations(range(8 * len(frame)), 2) if FrameReceiver().feed(_flipped(frame, bits))
    ]
    assert accepted == []


def test_sampled_bursts_are_noticed(frame, rng):
    """A disturbance of up to 32 bits in a row, as a switching motor makes it."""
    starts = rng.integers(0, 8 * len(frame) - 32, size=20_000)
    patterns = rng.integers(1, 2**32, size=20_000)
    for start, pattern in zip(starts.tolist(), patterns.tolist(), strict=True):
        bits = {start + offset for offset in range(32) if pattern >> offset & 1}
        assert not FrameReceiver().feed(_flipped(frame, bits))


def _flipped(frame, bits):
    mask = 0
    for bit in bits:
        mask ^= 1 << bit
    return (int.from_bytes(frame, "little") ^ mask).to_bytes(len(frame), "little")
