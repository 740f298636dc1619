"""A bounded run of the coverage-guided fuzzer; `fuzz_dialects.py` alone goes on as long as one likes."""

from pathlib import Path

TARGET = Path(__file__).with_name("fuzz_dialects.py")
RUNS = 10_000


def test_the_fuzzer_finds_nothing(fuzzed):
    fuzzed(TARGET, RUNS, f"-dict={TARGET.with_name('dialects.dict')}")
