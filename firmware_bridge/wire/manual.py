"""The generated parts of the manual, a filter: `python -m firmware_bridge.wire.manual < docs/protocol.md`.

What stands between `<!-- generated: NAME -->` and `<!-- end -->` is made anew from the schema, the codec and
the line's model. A test fails when the committed manual is another than this one would be.
"""

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from enum import IntEnum, IntFlag
from typing import Final

from firmware_bridge.wire import schema
from firmware_bridge.wire.c_header import CODES
from firmware_bridge.wire.checksum import crc32c
from firmware_bridge.wire.codec import encode_frame
from firmware_bridge.wire.receiver import FrameReceiver
from firmware_bridge.wire.schedule import LineSpeed, frame_bytes
from firmware_bridge.wire.schema import SPECS, Message, MessageSpec

MARKED: Final = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
COLUMNS: Final = 80
EXAMPLES: Final[tuple[tuple[str, int, int, Message], ...]] = (
    ("The host opens the conversation", 5, 0, schema.Hello(host_nonce=0x12345678, greeting=1)),
    (
        "The device says who it is",
        5,
        0,
        schema.Greeting(
            protocol_version=1, firmware_major=1, firmware_minor=0, reset_cause=schema.ResetCause.POWER_ON,
            capabilities=0x7F, serial=1005, boot_nonce=0xCAFE0001, parameter_hash=0x0BADF00D,
        ),
    ),
    (
        "Go to azimuth -2, elevation 90000 counts",
        5,
        1,
        schema.Move(
            azimuth_counts=-2, elevation_counts=90000, azimuth_rate_counts_s=500, elevation_rate_counts_s=300
        ),
    ),
    (
        "On its way",
        5,
        1,
        schema.Status(
            flags=0x17, fault=0, azimuth_counts=0, elevation_counts=88000, azimuth_target_counts=-2,
            elevation_target_counts=90000, uptime_ms=61234,
        ),
    ),
    (
        "Declined: that is outside the travel",
        5,
        2,
        schema.Refused(reason=schema.Refusal.OUTSIDE_TRAVEL, fault=0, flags=0x11),
    ),
    ("All stop; nobody answers", 0, 0, schema.Stop()),
    ("Who has a number of 1000 to 1999", 0, 7, schema.FindSerial(serial_low=1000, serial_high=1999)),
    ("Number 1005, at address 5", 5, 7, schema.Here(serial=1005)),
)  # fmt: skip
EXCHANGES: Final[tuple[tuple[type[Message], type[Message]], ...]] = (
    (schema.Move, schema.Status),
    (schema.GetStatus, schema.Status),
    (schema.Hello, schema.Greeting),
    (schema.SetParameters, schema.Status),
    (schema.FindSerial, schema.Here),
)
BAUDS: Final = (115200, 38400, 9600)


def filled(manual: str) -> str:
    """The manual with all generated parts made anew. Raises KeyError for a part that does not exist."""
    return MARKED.sub(lambda found: f"{found[1]}{PARTS[found[2]]()}{found[3]}", manual)


def _requests() -> str:
    rows = (
        (
            f"`0x{spec.wire_id:02x}` {spec.name}",
            _size(spec),
            " or ".join(spec.answers),
            _mark(spec.ordered),
            _mark(spec.broadcast),
            _mark(spec.renews_lease),
        )
        for spec in SPECS.values()
        if not spec.is_reply
    )
    return _table(("request", "payload bytes", "answered by", "ordered", "to all", "renews the lease"), rows)


def _messages() -> str:
    return "\n".join(_message(spec) for spec in SPECS.values())


def _message(spec: MessageSpec) -> str:
    title = f"**`0x{spec.wire_id:02x}` {spec.name}.** {' '.join(spec.meaning.split())}\n"
    rows, at = [], 0
    for each in spec.fields:
        codes = "" if each.codes is None else each.codes.__name__
        rows.append((str(at), f"`{each.name}`", each.kind, each.unit or codes, str(each.since)))
        at += int(each.kind[1:]) // 8
    return f"{title}\n{_table(('at', 'field', 'kind', 'unit or codes', 'since'), rows)}" if rows else title


def _codes() -> str:
    return "\n".join(f"**{codes.__name__}.** {codes.__doc__}\n\n{_values(codes)}" for codes in CODES)


def _values(codes: type[IntEnum] | type[IntFlag]) -> str:
    form = "`0x{:x}`" if issubclass(codes, IntFlag) else "`{}`"
    return _table(("value", "name"), ((form.format(each.value), str(each.name)) for each in codes))


def _examples() -> str:
    return "\n".join(_example(*each) for each in EXAMPLES)


def _example(title: str, address: int, sequence: int, message: Message) -> str:
    frame = encode_frame(address, sequence, message)
    (contents,) = FrameReceiver().feed(frame)
    return (
        f"{title}: {type(message).__name__}, address {address}, sequence {sequence}.\n```\n"
        f"contents {contents.hex(' ')}\n"
        f"CRC-32C  {crc32c(contents):08x}\n"
        f"frame    {frame.hex(' ')}\n```\n"
    )


def _schedule() -> str:
    rows = (
        (
            f"{request.__name__}, {answer.__name__}",
            f"{frame_bytes(request)} + {frame_bytes(answer)}",
            *(f"{1000.0 * _exchange_s(request, answer, baud):.2f} ms" for baud in BAUDS),
            f"{1.0 / _exchange_s(request, answer, BAUDS[0]):.1f}",
        )
        for request, answer in EXCHANGES
    )
    columns = ("exchange", "bytes", *(f"at {baud} baud" for baud in BAUDS), f"a second at {BAUDS[0]}")
    return _drawing() + "\n" + _table(columns, rows)


def _drawing() -> str:
    """One move and its status, to scale."""
    speed = LineSpeed()
    parts = (
        ("#", "Move", speed.bytes_s(frame_bytes(schema.Move))),
        (".", "turn", speed.turnaround_s),
        ("=", "Status", speed.bytes_s(frame_bytes(schema.Status))),
        (".", "turn", speed.turnaround_s),
    )
    whole_s = sum(seconds for _, _, seconds in parts)
    bars, names, times, begins_s = "", "", "", 0.0
    for sign, name, seconds in parts:
        width = round(COLUMNS * seconds / whole_s)
        bars += sign * width
        names += name.ljust(width)
        times += f"{1000.0 * begins_s:.2f} ms".ljust(width)
        begins_s += seconds
    lines = (times + f"{1000.0 * begins_s:.2f} ms", bars + "|", names + "next request")
    return "```\n" + "".join(f"{line.rstrip()}\n" for line in lines) + "```\n"


def _exchange_s(request: type[Message], answer: type[Message], baud: int) -> float:
    return LineSpeed(baud=baud).exchange_s(frame_bytes(request), frame_bytes(answer))


def _size(spec: MessageSpec) -> str:
    return str(sum(int(each.kind[1:]) // 8 for each in spec.fields))


def _mark(holds: bool) -> str:
    return "yes" if holds else ""


def _table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [columns, ("---",) * len(columns), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


PARTS: Final[Mapping[str, Callable[[], str]]] = {
    "requests": _requests,
    "messages": _messages,
    "codes": _codes,
    "examples": _examples,
    "schedule": _schedule,
}

if __name__ == "__main__":
    sys.stdout.write(filled(sys.stdin.read()))
