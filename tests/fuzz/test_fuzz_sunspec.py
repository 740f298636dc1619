"""A bounded run of the coverage-guided fuzzer; `fuzz_sunspec.py` alone goes on as long as one likes."""

from pathlib import Path

TARGET = Path(__file__).with_name("fuzz_sunspec.py")
RUNS = 8_000


def test_the_fuzzer_finds_nothing(fuzzed):
    fuzzed(TARGET, RUNS, "-max_len=1024")
