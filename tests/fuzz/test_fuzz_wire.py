"""Bounded runs of the fuzzers of the native wire; ten million bytes when SOAK is set."""

import importlib.util
import os
import random
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
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


@pytest.mark.skipif(
    find_spec("atheris") is None and not os.environ.get("CI"), reason="atheris is not installed"
)
def test_the_fuzzer_finds_nothing(tmp_path):
    options = [f"-runs={RUNS}", "-seed=1", f"-max_len={LONGEST_INPUT}", str(tmp_path)]
    command = [sys.executable, str(TARGET), *options]
    run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    assert f"Done {RUNS} runs" in run.stderr
    covered = [int(found) for found in re.findall(r"cov: (\d+)", run.stderr)]
    assert covered[-1] > 2 * covered[0]  # it was guided into the code, not stopped at its door


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
