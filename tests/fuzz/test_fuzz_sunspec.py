"""A bounded run of the coverage-guided fuzzer; `fuzz_sunspec.py` alone goes on as long as one likes."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

TARGET = Path(__file__).with_name("fuzz_sunspec.py")
RUNS = 8_000


def test_the_fuzzer_finds_nothing(tmp_path):
    pytest.importorskip("atheris", reason="atheris is not installed: no coverage-guided fuzzing")
    command = [sys.executable, str(TARGET), f"-runs={RUNS}", "-seed=1", "-max_len=1024", str(tmp_path)]
    run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=300, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    assert f"Done {RUNS} runs" in run.stderr
    covered = [int(found) for found in re.findall(r"cov: (\d+)", run.stderr)]
    assert covered[-1] > 2 * covered[0]  # it was guided into the code, not stopped at its door
