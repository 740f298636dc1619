"""Bounded runs of the fuzzers of the native wire; ten million bytes when SOAK is set."""

import importlib.util
import os
import random
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

TARGET = Path(__file__).with_name("fuzz_wire.py")
SOAK = "SOAK" in os.environ
RUNS = 200_000 if SOAK else 10_000
RANDOM_BYTES = 10_000_000 if SOAK else 200_000
LONGEST_INPUT = 400


def _load():
    spec = importlib.util.spec_from_file_location("wire_checks", TARGET.with_name("wire_checks.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


checks = _load()


def test_the_fuzzer_finds_nothing(fuzzed):
    fuzzed(TARGET, RUNS, f"-max_len={LONGEST_INPUT}")


@settings(deadline=None, max_examples=300)
@given(data=st.binary(max_size=LONGEST_INPUT))
def test_any_bytes_are_survived(data):
    checks.check(data)


def test_very_many_random_bytes_are_survived():
    source, left = random.Random(4), RANDOM_BYTES
    while left > 0:
        size = source.randrange(2, LONGEST_INPUT)
        checks.check(source.randbytes(size))
        left -= size


def test_the_check_sees_motion_that_a_frame_asked_for(monkeypatch):
    """With a stow among the bytes the head does move: the check is not blind."""
    stow = bytes((0, 1, 9, 0x12))
    line = checks.framed(stow)
    assert checks.whole_frames(line)[0][:3] == bytes((1, 9, 0x12))
    seen = []

    class Watched(checks.SimulatedLine):
        def advance(self, dt_ms):
            super().advance(dt_ms)
            seen.append(self.stations[1].head.moving)

    monkeypatch.setattr(checks, "SimulatedLine", Watched)
    checks.check_device(line, 64, emergency=False)
    assert True in seen
    seen.clear()
    checks.check_device(line, 64, emergency=True)
    assert True not in seen
