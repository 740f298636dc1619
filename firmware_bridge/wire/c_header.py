"""The schema as a C11 header, on standard output: `python -m firmware_bridge.wire.c_header > PATH`.

A test fails when the committed header is another than this one would be.
"""

import re
import sys
from collections.abc import Iterator
from enum import IntEnum, IntFlag
from textwrap import wrap
from typing import Final

from firmware_bridge.wire import codec, schema
from firmware_bridge.wire.schema import SPECS, Message, MessageSpec, WireField

PATH: Final = "firmware_bridge/firmware/src/protocol.h"
CODES: Final[tuple[type[IntEnum] | type[IntFlag], ...]] = (
    schema.StatusFlag,
    schema.Capability,
    schema.Option,
    schema.AxisName,
    schema.Fault,
    schema.ResetCause,
    schema.Refusal,
)
CONSTANTS: Final = (
    ("PROTOCOL_VERSION", schema.PROTOCOL_VERSION, ""),
    ("BROADCAST", schema.BROADCAST, "the address of all"),
    ("FIRST_ADDRESS", schema.FIRST_ADDRESS, ""),
    ("LAST_ADDRESS", schema.LAST_ADDRESS, ""),
    ("FIRST_REPLY_ID", schema.FIRST_REPLY_ID, "requests lie below"),
    ("HEADER_BYTES", codec.HEADER_BYTES, "address, sequence, message id"),
    ("CHECKSUM_BYTES", codec.CHECKSUM_BYTES, "CRC-32C, little-endian"),
    ("LONGEST_PAYLOAD", max(codec.PAYLOAD_BYTES.values()), ""),
    ("LONGEST_STUFFED", codec.LONGEST_STUFFED, "between two delimiters"),
    ("LONGEST_FRAME", codec.LONGEST_FRAME, "with both delimiters"),
)
TRAITS: Final = (("ORDERED", "ordered"), ("BROADCAST", "broadcast"), ("RENEWS_LEASE", "renews_lease"))
C_TYPES: Final = {"u8": "uint8_t", "u16": "uint16_t", "u32": "uint32_t", "i32": "int32_t"}
BYTES: Final = {"u8": 1, "u16": 2, "u32": 4, "i32": 4}
REFUSED: Final = "Refused"

_TOP: Final = f"""\
/* The wire protocol. Generated from firmware_bridge/wire/schema.py: change it there, then run
 *   python -m firmware_bridge.wire.c_header > {PATH}
 * A frame is 0, COBS(address u8, sequence u8, id u8, payload, CRC-32C u32), 0; see docs/protocol.md. */
#ifndef SUNFLOWER_PROTOCOL_H
#define SUNFLOWER_PROTOCOL_H

#include <stdint.h>
"""
_INTEGERS: Final = """\
static inline uint8_t wire_read_u8(const uint8_t *from) { return from[0]; }
static inline uint16_t wire_read_u16(const uint8_t *from)
{
    return (uint16_t)(from[0] | (uint16_t)from[1] << 8);
}
static inline uint32_t wire_read_u32(const uint8_t *from)
{
    return (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}
static inline int32_t wire_read_i32(const uint8_t *from) { return (int32_t)wire_read_u32(from); }
static inline void wire_write_u8(uint8_t *to, uint8_t value) { to[0] = value; }
static inline void wire_write_u16(uint8_t *to, uint16_t value)
{
    to[0] = (uint8_t)value;
    to[1] = (uint8_t)(value >> 8);
}
static inline void wire_write_u32(uint8_t *to, uint32_t value)
{
    wire_write_u16(to, (uint16_t)value);
    wire_write_u16(to + 2, (uint16_t)(value >> 16));
}
static inline void wire_write_i32(uint8_t *to, int32_t value) { wire_write_u32(to, (uint32_t)value); }
"""
_END: Final = "#endif\n"


def header() -> str:
    """The whole header."""
    parts = [_TOP, _constants(), *map(_codes, CODES), _ids(), _traits(), _INTEGERS, *_structs(), _END]
    return "\n".join(parts)


def _constants() -> str:
    return _lines(f"#define {name} {value}{_aside(aside)}" for name, value, aside in CONSTANTS)


def _codes(codes: type[IntEnum] | type[IntFlag]) -> str:
    form = "UINT32_C(0x{:x})" if issubclass(codes, IntFlag) else "{}"
    listed = (f"#define {_upper(codes.__name__)}_{each.name} {form.format(each.value)}" for each in codes)
    return _comment((codes.__doc__ or "").strip()) + _lines(listed)


def _ids() -> str:
    sizes = (f"#define {_upper(spec.name)}_BYTES {_size(spec)}" for spec in SPECS.values())
    ids = (f"#define ID_{_upper(spec.name)} 0x{spec.wire_id:02x}" for spec in SPECS.values())
    return _comment("Message ids, and the one length of the payload of each.") + _lines(ids) + _lines(sizes)


def _traits() -> str:
    bits = [f"#define TRAIT_{name} 0x{1 << bit:02x}" for bit, (name, _) in enumerate(TRAITS)]
    bits.append(f"#define TRAIT_REFUSABLE 0x{1 << len(TRAITS):02x}")
    rows = " \\\n".join(
        f"    X(ID_{_upper(spec.name)}, {_upper(spec.name)}_BYTES, {_reply(spec)}, {_trait_bits(spec)})"
        for spec in SPECS.values()
        if not spec.is_reply
    )
    told = "Requests for tables: X(id, payload bytes, id of the reply, traits). A broadcast is not answered, "
    told += "but for FIND_SERIAL and SET_ADDRESS, which are only sent to all and never refused."
    return _lines(bits) + "\n" + _comment(told) + f"#define REQUESTS(X) \\\n{rows}\n"


def _trait_bits(spec: MessageSpec) -> str:
    held = [f"TRAIT_{name}" for name, attribute in TRAITS if getattr(spec, attribute)]
    held += ["TRAIT_REFUSABLE"] if REFUSED in spec.answers else []
    return " | ".join(held) or "0"


def _reply(spec: MessageSpec) -> str:
    return f"ID_{_upper(next(name for name in spec.answers if name != REFUSED))}"


def _structs() -> Iterator[str]:
    shared: set[str] = set()
    for message, spec in SPECS.items():
        name = _struct_name(message)
        if spec.fields and name not in shared:
            shared.add(name)
            yield _struct(name, spec)


def _struct_name(message: type[Message]) -> str:
    """Messages with the same fields, from a common base, share one struct."""
    base = message.__mro__[1]
    return "wire_" + _lower((message if base is Message else base).__name__)


def _struct(name: str, spec: MessageSpec) -> str:
    members = _lines(f"    {C_TYPES[each.kind]} {each.name};{_aside(_about(each))}" for each in spec.fields)
    read = _lines(f"    to->{each.name} = wire_read_{each.kind}(from + {at});" for each, at in _placed(spec))
    write = _lines(f"    wire_write_{each.kind}(to + {at}, from->{each.name});" for each, at in _placed(spec))
    return (
        f"{_comment(_first_sentence(spec))}struct {name} {{\n{members}}};\n"
        f"static inline void {name}_read(struct {name} *to, const uint8_t *from)\n{{\n{read}}}\n"
        f"static inline void {name}_write(uint8_t *to, const struct {name} *from)\n{{\n{write}}}\n"
    )


def _placed(spec: MessageSpec) -> Iterator[tuple[WireField, int]]:
    at = 0
    for each in spec.fields:
        yield each, at
        at += BYTES[each.kind]


def _size(spec: MessageSpec) -> int:
    return sum(BYTES[each.kind] for each in spec.fields)


def _about(each: WireField) -> str:
    return each.unit or ("" if each.codes is None else f"{_upper(each.codes.__name__)}_*")


def _first_sentence(spec: MessageSpec) -> str:
    return spec.meaning.split("\n\n")[0]


def _comment(text: str) -> str:
    return "/* " + "\n * ".join(wrap(" ".join(text.split()), 105)) + " */\n"


def _aside(text: str) -> str:
    return f" /* {text} */" if text else ""


def _lines(lines: Iterator[str] | list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _lower(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _upper(name: str) -> str:
    return _lower(name).upper()


if __name__ == "__main__":
    sys.stdout.write(header())
