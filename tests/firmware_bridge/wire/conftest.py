"""What the long proofs need: the real amounts when SOAK is set, a bounded part of them otherwise."""

import os
import subprocess
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[3] / "firmware_bridge/firmware/src"
RECEIVER_SOURCES = ("receiver.c", "crc32c.c", "frame.c", "messages.c")


@pytest.fixture(scope="session")
def amount():
    """`amount(in_ci, in_soak)`."""
    soak = "SOAK" in os.environ
    return lambda in_ci, in_soak: in_soak if soak else in_ci


@pytest.fixture(scope="session")
def damage(tmp_path_factory):
    """Runs the firmware's own receiver over damaged frames; returns how many were tried, and taken."""
    program = tmp_path_factory.mktemp("damage") / "damage"
    sources = [SOURCES / name for name in RECEIVER_SOURCES]
    command = ["gcc", "-O2", "-std=c11", f"-I{SOURCES}", "-o", program, Path(__file__).with_name("damage.c")]
    subprocess.run([*command, *sources], check=True)

    def run(*words, frames=()):
        text = "".join(f"{frame.hex()}\n" for frame in frames)
        arguments = [str(program), *map(str, words)]
        said = subprocess.run(arguments, input=text, capture_output=True, text=True, check=True).stdout
        tried, taken = map(int, said.split())
        return tried, taken

    return run
