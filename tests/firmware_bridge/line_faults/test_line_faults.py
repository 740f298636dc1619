"""Each fault does what it says, as often as it says: bounds of five standard deviations, seeds fixed."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.simulator.fault_spec import fault_spec
from firmware_bridge.simulator.line_faults import TEXT_ENDS, OneWay

FRAME = b"\0\x05abcdefgh\x07\0"
FRAMES = 4000
SPREAD = 5.0


def carried(text, frames=FRAMES, *, frame=FRAME, gap_s=0.01, **options):
    """The way, and what arrived of so many frames sent one after the other."""
    way = OneWay(fault_spec(text), "to device", **options)
    arrivals = [(number, a) for number in range(frames) for a in way.carry(frame, number * gap_s)]
    return way, arrivals


def stream(arrivals) -> bytes:
    return b"".join(arrival.data for _, arrival in arrivals)


def about(expected, trials, probability):
    return pytest.approx(expected, abs=SPREAD * math.sqrt(trials * probability * (1.0 - probability)))


def test_a_good_line_changes_nothing():
    _, arrivals = carried("")
    assert stream(arrivals) == FRAME * FRAMES
    assert [a.at_s for _, a in arrivals] == [number * 0.01 for number, _ in arrivals]


@pytest.mark.parametrize("rate", [1e-4, 1e-3, 0.05, 0.5])
def test_bits_are_flipped_at_their_rate_and_all_alike(rate):
    way, arrivals = carried(f"flip={rate},seed=3")
    bits = 8 * len(FRAME) * FRAMES
    difference = int.from_bytes(stream(arrivals), "big") ^ int.from_bytes(FRAME * FRAMES, "big")
    assert difference.bit_count() == way.counts["flip"] == about(bits * rate, bits, rate)
    if rate < 0.5:
        return
    of_each = [sum(byte >> bit & 1 for byte in difference.to_bytes(bits // 8, "big")) for bit in range(8)]
    assert of_each == [about(bits / 8 * rate, bits / 8, rate)] * 8


def test_bytes_are_dropped_at_their_rate():
    way, arrivals = carried("drop=0.01,seed=4")
    sent = len(FRAME) * FRAMES
    assert sent - len(stream(arrivals)) == way.counts["drop"] == about(sent * 0.01, sent, 0.01)


def test_whole_frames_are_lost_at_their_rate():
    way, arrivals = carried("loss=0.05,seed=5")
    assert {arrival.data for _, arrival in arrivals} == {FRAME}
    assert FRAMES - len(arrivals) == way.counts["loss"] == about(FRAMES * 0.05, FRAMES, 0.05)


def test_of_half_frames_only_the_beginning_arrives():
    way, arrivals = carried("half=0.05,seed=6")
    cut = [arrival.data for _, arrival in arrivals if arrival.data != FRAME]
    assert len(cut) == way.counts["half"] == about(FRAMES * 0.05, FRAMES, 0.05)
    assert all(FRAME.startswith(data) and len(data) < len(FRAME) for data in cut)
    assert len({len(data) for data in cut}) > 4


def test_noise_comes_between_frames_and_leaves_them_whole():
    way, arrivals = carried("noise=0.1,seed=7")
    noise = [arrival.data for _, arrival in arrivals if arrival.data != FRAME]
    assert len(noise) == way.counts["noise"] == about(FRAMES * 0.1, FRAMES, 0.1)
    assert len(arrivals) - len(noise) == FRAMES
    assert {len(data) for data in noise} == set(range(1, 9))


def test_duplicates_follow_their_frame_at_once():
    way, arrivals = carried("duplicate=0.1,seed=8")
    assert {arrival.data for _, arrival in arrivals} == {FRAME}
    assert len(arrivals) - FRAMES == way.counts["duplicate"] == about(FRAMES * 0.1, FRAMES, 0.1)
    assert [a.at_s for _, a in arrivals] == sorted(a.at_s for _, a in arrivals)


def test_stale_frames_come_once_more_much_later():
    way, arrivals = carried("stale=0.1/3,seed=9")
    late_s = [a.at_s - number * 0.01 for number, a in arrivals]
    late_s = [late for late in late_s if late > 0.0]
    assert len(late_s) == way.counts["stale"] == about(FRAMES * 0.1, FRAMES, 0.1)
    assert 2.9 < max(late_s) <= 3.0
    assert sum(late_s) / len(late_s) == pytest.approx(1.5, abs=0.2)


def test_a_frame_may_be_lost_first_and_arrive_stale_later():
    _, arrivals = carried("loss=1,stale=1/3", frames=10)
    assert [arrival.data for _, arrival in arrivals] == [FRAME] * 10
    assert all(arrival.at_s > number * 0.01 for number, arrival in arrivals)


def test_delay_and_jitter_keep_the_order_unless_frames_may_overtake():
    _, in_order = carried("delay=0.5,jitter=0.2,seed=1")
    times_s = [a.at_s for _, a in in_order]
    assert times_s == sorted(times_s)
    assert all(0.5 - 1e-9 <= a.at_s - number * 0.01 <= 0.7 + 1e-9 for number, a in in_order)
    _, overtaking = carried("delay=0.5,jitter=0.2,reorder=1,seed=1")
    times_s = [a.at_s for _, a in overtaking]
    assert times_s != sorted(times_s)
    late_s = [a.at_s - number * 0.01 for number, a in overtaking]
    assert (min(late_s), max(late_s)) == (pytest.approx(0.5, abs=0.01), pytest.approx(0.7, abs=0.01))


def test_lines_of_text_are_frames_too():
    way, arrivals = carried("loss=0.5,seed=2", frame=b"AZ123.4 EL045.6\r\n", ends=TEXT_ENDS)
    assert {arrival.data for _, arrival in arrivals} <= {b"AZ123.4 EL045.6\r", b"\nAZ123.4 EL045.6\r", b"\n"}
    assert way.counts["loss"] == about(FRAMES * 0.5, FRAMES, 0.5)


EVERYTHING = "flip=0.01,drop=0.01,loss=0.1,half=0.1,noise=0.1,duplicate=0.1,stale=0.1/3,delay=0.1,jitter=0.2"


@given(data=st.data(), seed=st.integers(0, 3))
def test_the_same_seed_does_the_same_in_whatever_pieces_bytes_are_written(data, seed):
    sent = FRAME * 20
    cuts = sorted(data.draw(st.lists(st.integers(0, len(sent)), max_size=30)))
    whole, pieces = (OneWay(fault_spec(f"{EVERYTHING},seed={seed}"), "to host") for _ in range(2))
    expected = whole.carry(sent, 1.0)
    got = [
        a for i, j in zip([0, *cuts], [*cuts, len(sent)], strict=True) for a in pieces.carry(sent[i:j], 1.0)
    ]
    assert by_time(got) == by_time(expected)
    assert whole.counts == pieces.counts


def by_time(arrivals):
    """Bytes of the stream at each moment of arrival."""
    at: dict[float, bytes] = {}
    for arrival in arrivals:
        at[arrival.at_s] = at.get(arrival.at_s, b"") + arrival.data
    return at


def test_another_seed_and_the_other_direction_have_other_faults():
    def arrived(seed, direction):
        return OneWay(fault_spec(f"flip=0.01,seed={seed}"), direction).carry(FRAME * 100, 0.0)

    assert arrived(1, "to host") == arrived(1, "to host")
    assert arrived(1, "to host") != arrived(2, "to host")
    assert arrived(1, "to host") != arrived(1, "to device")


def test_one_fault_more_leaves_the_others_where_they_were():
    _, alone = carried("loss=0.1,seed=1")
    _, both = carried("loss=0.1,stale=0.1/9,seed=1")
    assert {number for number, _ in alone} == {number for number, a in both if a.at_s == number * 0.01}


def test_bytes_that_never_end_a_frame_are_not_hoarded():
    way = OneWay(fault_spec("duplicate=1"), "to device")
    for _ in range(100):
        way.carry(b"x" * 1000, 0.0)
    assert len(way._frame) <= 4096
