"""Every small error in a longest frame, and very many large ones, offered to the firmware's own receiver."""

from math import comb

import pytest

from firmware_bridge.wire.codec import LONGEST_FRAME, encode_frame
from firmware_bridge.wire.schema import SPECS, Parameters, Status

NAMES = [field.name for field in SPECS[Parameters].fields]
FULL_OF_ZEROS = encode_frame(1, 0, Parameters(**{name: number for number, name in enumerate(NAMES)}))
WITHOUT_ZEROS = encode_frame(247, 255, Parameters(**{**dict.fromkeys(NAMES, 0x11223344), "options": 0x1122}))
STATUS = encode_frame(
    19, 77, Status(flags=0x11, fault=0, azimuth_counts=-270000, elevation_counts=90000,
                   azimuth_target_counts=-270000, elevation_target_counts=90000, uptime_ms=86400000)
)  # fmt: skip
FRAMES = {"many stuffing bytes": FULL_OF_ZEROS, "few stuffing bytes": WITHOUT_ZEROS, "status": STATUS}


@pytest.fixture(params=FRAMES.values(), ids=FRAMES.keys())
def frame(request):
    return request.param


def test_both_long_frames_are_longest():
    assert len(FULL_OF_ZEROS) == len(WITHOUT_ZEROS) == LONGEST_FRAME


@pytest.mark.parametrize("bits", [1, 2])
def test_every_error_of_one_or_two_bits_is_noticed(damage, frame, bits):
    """Length, stuffing and delimiter bytes included."""
    assert damage("bits", bits, frames=[frame]) == (comb(8 * len(frame), bits), 0)


def test_every_error_of_three_bits_is_noticed(damage, amount):
    """22 million in a longest frame; the second of these when SOAK is set."""
    frames = amount([FULL_OF_ZEROS, STATUS], list(FRAMES.values()))
    assert damage("bits", 3, frames=frames) == (sum(comb(8 * len(frame), 3) for frame in frames), 0)


def test_the_check_would_see_a_frame_that_is_taken(damage):
    assert damage("bits", 0, frames=[STATUS]) == (1, 1)


def test_random_corruptions_are_noticed(damage, amount):
    """Bits turned, bytes replaced, zeroed, lost, inserted, doubled, swapped; bursts; up to three at once."""
    count = amount(10**6, 10**8)
    assert damage("random", count, 2026) == (count, 0)
