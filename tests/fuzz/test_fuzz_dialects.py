"""A bounded run of the coverage-guided fuzzer; `fuzz_dialects.py` alone goes on as long as one likes."""

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

TARGET = Path(__file__).with_name("fuzz_dialects.py")
RUNS = 10_000


@pytest.mark.skipif(
    find_spec("atheris") is None and not os.environ.get("CI"), reason="atheris is not installed"
)
def test_the_fuzzer_finds_nothing(tmp_path):
    command = [
        sys.executable,
        str(TARGET),
        f"-runs={RUNS}",
        "-seed=1",
        f"-dict={TARGET.with_name('dialects.dict')}",
        str(tmp_path),
    ]
    run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    assert f"Done {RUNS} runs" in run.stderr
    covered = [int(found) for found in re.findall(r"cov: (\d+)", run.stderr)]
    assert covered[-1] > 2 * covered[0]  # it was guided into the code, not stopped at its door
