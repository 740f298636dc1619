"""What shall go wrong, as a text."""

import math

import pytest

from firmware_bridge.simulator.fault_spec import FAULTS, FaultSpec, Stale, Window, fault_spec


def test_every_fault_can_be_asked_for_in_one_text():
    text = "flip=1e-4,loss=0.01, duplicate=0.02,delay=0.05,seed=7,disconnect=30/2,stale=0.01/3,echo=1"
    assert fault_spec(text) == FaultSpec(
        flip=1e-4, loss=0.01, duplicate=0.02, delay=0.05, seed=7,
        disconnect=Window(every_s=30.0, for_s=2.0), stale=Stale(probability=0.01, within_s=3.0), echo=True,
    )  # fmt: skip


def test_nothing_goes_wrong_by_default():
    assert fault_spec("") == FaultSpec()


def test_every_key_is_a_field_and_every_field_a_key():
    assert set(FAULTS) == set(FaultSpec.__dataclass_fields__)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("flop=1", r"'flop' is unknown; use: seed, flip"),
        ("flip", r"'flip' cannot be read .*write flip=P: each bit"),
        ("flip=2", r"'flip=2' cannot be read \(use a probability of 0 to 1\)"),
        ("flip=nan", r"use a probability"),
        ("flip=often", r"'flip=often' cannot be read"),
        ("flip=0.1,flip=0.2", r"flip is given twice"),
        ("delay=-1", r"use seconds from 0"),
        ("delay=inf", r"use seconds from 0"),
        ("disconnect=30", r"write disconnect=S/S"),
        ("disconnect=2/30", r"shorter than the time from one to the next"),
        ("disconnect=0/0", r"use seconds above 0"),
        ("echo=yes", r"use 1 or 0"),
        ("seed=x", r"write seed=NUMBER: same seed, same faults"),
        ("stale=0.1", r"write stale=P/S"),
        ("second_host=0", r"use seconds above 0"),
    ],
)
def test_what_cannot_be_read_is_told_with_what_to_write(text, says):
    with pytest.raises(ValueError, match=says):
        fault_spec(text)


@pytest.mark.parametrize("every_s", [0.1, 0.4, 0.7, 1 / 3])
def test_a_window_never_stands_still_whatever_its_floats(every_s):
    window, now_s = Window(every_s=every_s, for_s=every_s / 3), 0.0
    for _ in range(10_000):
        before_s, now_s = now_s, window.next_change_s(now_s)
        assert now_s - before_s > every_s / 4


def test_a_window_comes_again_and_again_but_not_at_the_start():
    window = Window(every_s=30.0, for_s=2.0)
    changes, now_s = [], 0.0
    while now_s < 65.0:
        assert not window.holds(math.nextafter(now_s, math.inf)) or now_s >= 30.0
        now_s = window.next_change_s(now_s)
        changes.append((now_s, window.holds(now_s)))
    assert changes == [(30.0, True), (32.0, False), (60.0, True), (62.0, False), (90.0, True)]
