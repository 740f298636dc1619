"""Runs a fuzzer of this folder."""

import os
import re
import subprocess
import sys
from importlib.util import find_spec

import pytest

# libFuzzer asks for the peak memory of its process, which begins with that of the process it was forked from:
# a worker that has run a thousand tests may have been at two gigabytes, its own default limit.
MOST_MB = 16_384


@pytest.fixture
def fuzzed(tmp_path):
    """Run a fuzzer so often: it must find nothing, and be guided into the code, not stopped at its door."""
    if find_spec("atheris") is None and not os.environ.get("CI"):
        pytest.skip("atheris is not installed")

    def run(target, runs, *options):
        limits = [f"-runs={runs}", "-seed=1", f"-rss_limit_mb={MOST_MB}", *options]
        command = [sys.executable, str(target), *limits, str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        assert f"Done {runs} runs" in done.stderr
        covered = [int(found) for found in re.findall(r"cov: (\d+)", done.stderr)]
        assert covered[-1] > 2 * covered[0]

    return run
