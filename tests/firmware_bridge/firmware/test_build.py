"""The chip's file: what is in it, what is not, and that its map is printed and its limits held."""

import re
import subprocess

import pytest

FLOAT = re.compile(r"__\w+(sf|df)\d?$|__float|__fix")
HEAP = re.compile(r"^(malloc|free|calloc|realloc|__malloc\w*)$")


@pytest.fixture(scope="module")
def chip(build, tmp_path_factory):
    """What the build says, and the symbols of the chip's file."""
    folder = tmp_path_factory.mktemp("chip")
    said = build("avr", folder, tools=("make", "avr-gcc", "avr-nm"))
    symbols = subprocess.run(
        ["avr-nm", str(folder / "sunflower.elf")], capture_output=True, text=True, check=True
    ).stdout
    return said, [line.split()[-1] for line in symbols.splitlines()]


def test_the_build_prints_a_map_of_flash_and_ram(chip):
    said, _ = chip
    assert re.search(r"^flash +\d+ of 32768 bytes, +[\d.]+ %", said, re.MULTILINE)
    assert re.search(r"^RAM +\d+ of +2048 bytes, +[\d.]+ %", said, re.MULTILINE)
    assert len(re.findall(r"^ +\d+  \w", said, re.MULTILINE)) == 14


def test_there_is_neither_float_nor_heap(chip):
    _, symbols = chip
    assert [name for name in symbols if FLOAT.search(name) or HEAP.search(name)] == []


def test_too_much_memory_is_an_error(firmware, tmp_path):
    fake = tmp_path / "avr-size"
    fake.write_text("#!/bin/sh\necho '.text 16000 0'\necho '.data 100 0'\necho '.bss 1500 0'\n")
    fake.chmod(0o755)
    checked = subprocess.run(
        ["sh", str(firmware / "board/avr/memory-map"), "any.elf"],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
    )
    assert checked.returncode != 0
    assert "RAM is too full" in checked.stdout


def test_a_baud_rate_that_the_crystal_does_not_give_is_an_error(firmware, build, chip, tmp_path):
    build("avr", tmp_path / "slow", "BAUD=38400")
    refused = subprocess.run(
        ["make", "-C", str(firmware), f"BUILD={tmp_path / 'fast'}", "BAUD=230400", "avr"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode != 0
    assert "off the baud rate" in refused.stderr


@pytest.mark.parametrize("target", ["fuzz-receiver", "fuzz-station"])
def test_a_fuzzer_finds_nothing(build, tmp_path, target):
    """A bounded piece; `make fuzz FUZZ_RUNS=...` goes on."""
    build(target, tmp_path, "FUZZ_RUNS=20000", tools=("make", "clang"))
