"""The committed C header is what the schema says, and compilers of both kinds take it."""

import os
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from firmware_bridge.wire import c_header
from firmware_bridge.wire.codec import FORMATS, PAYLOAD_BYTES
from firmware_bridge.wire.schema import SPECS, Move, Parameters, SetParameters

ROOT = Path(__file__).parents[3]
COMMITTED = ROOT / c_header.PATH
STRICT = ("-std=c11", "-Wall", "-Wextra", "-Wconversion", "-Wpedantic", "-Werror", "-fsyntax-only", "-x", "c")
TABLE = """
#include "protocol.h"
struct row { uint8_t id, payload_bytes, reply, traits; };
#define ROW(id, bytes, reply, traits) { id, bytes, reply, traits },
extern const struct row rows[];
const struct row rows[] = { REQUESTS(ROW) };
"""
ROUND_TRIP = """
#include "protocol.h"
#include <stdio.h>
int main(void)
{
    uint8_t bytes[PARAMETERS_BYTES];
    struct wire_parameter_block block;
    if (fread(bytes, sizeof bytes, 1, stdin) != 1)
        return 1;
    wire_parameter_block_read(&block, bytes);
    block.azimuth_min_counts -= 1;
    wire_parameter_block_write(bytes, &block);
    return fwrite(bytes, sizeof bytes, 1, stdout) != 1;
}
"""


def test_the_committed_header_is_not_stale():
    assert COMMITTED.read_text(encoding="utf-8") == c_header.header(), (
        f"run: python -m firmware_bridge.wire.c_header > {c_header.PATH}"
    )


@pytest.mark.parametrize("compiler", [("gcc",), ("clang",), ("avr-gcc", "-mmcu=atmega328p")], ids=" ".join)
def test_strict_compilers_take_the_header(compiler):
    if shutil.which(compiler[0]) is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{compiler[0]} is missing; install it")
    command = [*compiler, *STRICT, f"-I{COMMITTED.parent}", "-"]
    subprocess.run(command, input=TABLE, text=True, check=True)


def test_c_reads_and_writes_what_python_packs(tmp_path):
    program = tmp_path / "round_trip"
    command = ["gcc", *STRICT[:-3], f"-I{COMMITTED.parent}", "-o", program, "-x", "c", "-"]
    subprocess.run(command, input=ROUND_TRIP, text=True, check=True)
    packing = struct.Struct("<" + "".join(FORMATS[each.kind] for each in SPECS[Parameters].fields))
    limits = {"u16": 2**16 - 2, "u32": 2**32 - 3, "i32": -(2**31) + 4}
    values = [limits[each.kind] for each in SPECS[Parameters].fields]
    back = subprocess.run([program], input=packing.pack(*values), capture_output=True, check=True).stdout
    assert packing.unpack(back) == (values[0] - 1, *values[1:])


def test_every_request_has_a_row_and_its_true_length():
    rows = c_header.header().split("#define REQUESTS(X) \\\n")[1].split("\n\n")[0].splitlines()
    assert len(rows) == sum(not spec.is_reply for spec in SPECS.values())
    assert "#define MOVE_BYTES 16\n" in c_header.header()
    assert PAYLOAD_BYTES[SPECS[Move].wire_id] == 16


def test_equal_payloads_share_one_struct():
    names = [each.name for each in SPECS[SetParameters].fields]
    assert names == [each.name for each in SPECS[Parameters].fields]
    assert c_header.header().count("struct wire_parameter_block {") == 1
