"""The manual for builders of devices says what the schema, the codec and the line's model say."""

import re
import struct
from pathlib import Path

import pytest

from firmware_bridge.simulator.commands import CONDITIONS, GUARDS
from firmware_bridge.wire import manual
from firmware_bridge.wire.codec import LONGEST_STUFFED, PAYLOAD_BYTES, decode_contents, encode_frame
from firmware_bridge.wire.receiver import FrameReceiver
from firmware_bridge.wire.schema import LAST_ADDRESS, PROTOCOL_VERSION, SPECS, Stop
from firmware_bridge.wire.session import Patience

ROOT = Path(__file__).parents[3]
MANUAL = (ROOT / "docs/protocol.md").read_text(encoding="utf-8")


def test_the_generated_parts_are_not_stale():
    assert manual.filled(MANUAL) == MANUAL, (
        "run: python -m firmware_bridge.wire.manual < docs/protocol.md > new && mv new docs/protocol.md"
    )


def test_every_part_stands_in_it_once():
    assert sorted(re.findall(r"<!-- generated: (\w+) -->", MANUAL)) == sorted(manual.PARTS)


def test_every_example_frame_says_what_its_title_says():
    shown = re.findall(r"^frame +([0-9a-f ]+)$", MANUAL, re.MULTILINE)
    assert len(shown) == len(manual.EXAMPLES)
    for line, (_, address, sequence, message) in zip(shown, manual.EXAMPLES, strict=True):
        (contents,) = FrameReceiver().feed(bytes.fromhex(line))
        frame = decode_contents(contents)
        assert (frame.address, frame.sequence, frame.message) == (address, sequence, message)


def test_the_example_of_a_move_is_that_of_the_codec_test_by_hand():
    """Contents written out by hand in test_codec."""
    assert "contents 05 01 10 fe ff ff ff 90 5f 01 00 f4 01 00 00 2c 01 00 00\n" in MANUAL


def test_every_request_reply_field_and_code_is_listed():
    for spec in SPECS.values():
        assert f"**`0x{spec.wire_id:02x}` {spec.name}.**" in MANUAL
        assert all(f"`{field.name}`" in MANUAL for field in spec.fields)
    for codes in manual.CODES:
        assert all(f"| {each.name} |" in MANUAL for each in codes)


@pytest.mark.parametrize(
    "said",
    [
        f"at most {LONGEST_STUFFED} bytes of a frame",
        f"address above {LAST_ADDRESS}",
        f"Protocol version {PROTOCOL_VERSION}.",
        f"waits {1000.0 * Patience().reply_within_s:.0f} ms and the time of the bytes",
        f"{Patience().backoff} times as long, up to {Patience().longest_s} s",
    ],
)
def test_numbers_in_the_prose_are_those_of_the_code(said):
    assert said in MANUAL


def test_the_table_of_refusals_is_that_of_the_device():
    words = {
        "EMERGENCY_STOP": "emergency stop", "DRIVE_DISABLED": "drive disabled", "FAULT_LATCHED": "fault",
        "WIND": "wind", "POSITION_NOT_TRUSTED": "not trusted", "MOVING": "moving",
    }  # fmt: skip
    assert [words[reason.name] for reason in CONDITIONS] == list(words.values())
    for message, reasons in GUARDS.items():
        expected = ", ".join(words[reason.name] for reason in reasons)
        assert re.search(rf"^\| {message.__name__} \| {expected}( |;|$)", MANUAL, re.MULTILINE)


def test_offsets_are_those_of_the_packed_payload():
    for message, spec in SPECS.items():
        part = MANUAL.split(f"`0x{spec.wire_id:02x}` {spec.name}.**")[1].split("**")[0]
        offsets = [int(at) for at in re.findall(r"^\| (\d+) \|", part, re.MULTILINE)]
        kinds = {"u8": "B", "u16": "H", "u32": "I", "i32": "i"}
        sizes = [struct.calcsize("<" + kinds[field.kind]) for field in spec.fields]
        assert offsets == [sum(sizes[:index]) for index in range(len(sizes))], message
        assert sum(sizes) == PAYLOAD_BYTES[spec.wire_id]


def test_a_frame_to_all_is_as_shown():
    assert encode_frame(0, 0, Stop()).hex(" ") in MANUAL
