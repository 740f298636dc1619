"""Messages to frames and back, built from the schema.

A frame is zero, stuffed contents, zero. Contents are address u8, sequence u8, message id u8, the
payload, and the CRC-32C of all these, little-endian.
"""

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final

from firmware_bridge.errors import LocalProtocolError, RemoteProtocolError
from firmware_bridge.wire.checksum import crc32c
from firmware_bridge.wire.schema import LAST_ADDRESS, PROTOCOL_VERSION, SPECS, Message, MessageSpec
from firmware_bridge.wire.stuffing import stuff

DELIMITER: Final = b"\0"
HEADER_BYTES: Final = 3
CHECKSUM_BYTES: Final = 4
SEQUENCES: Final = 256
FORMATS: Final[Mapping[str, str]] = {"u8": "B", "u16": "H", "u32": "I", "i32": "i"}


@dataclass(frozen=True, slots=True)
class Frame:
    """A message from (or to) the device at an address; a reply carries its request's sequence number."""

    address: int
    sequence: int
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    message: type[Message]
    wire_id: int
    packing: struct.Struct
    names: tuple[str, ...]
    values: Callable[[Message], tuple[Any, ...]]


def _values_of(names: tuple[str, ...]) -> Callable[[Message], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda message: tuple(getattr(message, name) for name in names)


def _layout(message: type[Message], spec: MessageSpec) -> _Layout:
    known = [each for each in spec.fields if each.since <= PROTOCOL_VERSION]
    names = tuple(each.name for each in known)
    return _Layout(
        message=message,
        wire_id=spec.wire_id,
        packing=struct.Struct("<" + "".join(FORMATS[each.kind] for each in known)),
        names=names,
        values=_values_of(names),
    )


_LAYOUTS: Final = {message: _layout(message, spec) for message, spec in SPECS.items()}
_BY_ID: Final = {layout.wire_id: layout for layout in _LAYOUTS.values()}
PAYLOAD_BYTES: Final[Mapping[int, int]] = {wire_id: layout.packing.size for wire_id, layout in _BY_ID.items()}
LONGEST_STUFFED: Final = HEADER_BYTES + max(PAYLOAD_BYTES.values()) + CHECKSUM_BYTES + 1
LONGEST_FRAME: Final = LONGEST_STUFFED + 2


def encode_payload(message: Message) -> bytes:
    """The message's fields alone. Raises LocalProtocolError for a value that does not fit its field."""
    layout = _LAYOUTS[type(message)]
    try:
        return layout.packing.pack(*layout.values(message))
    except struct.error as error:
        raise LocalProtocolError(
            f"{message} does not fit its fields on the wire ({error}); check the gearing and limits"
        ) from error


def encode_frame(address: int, sequence: int, message: Message) -> bytes:
    """The frame with both delimiters. Raises LocalProtocolError when a value does not fit."""
    if not 0 <= address <= LAST_ADDRESS:
        raise LocalProtocolError(f"address {address} does not exist; use 1 to {LAST_ADDRESS}, 0 for all")
    header = bytes((address, sequence % SEQUENCES, _LAYOUTS[type(message)].wire_id))
    return frame_around(header + encode_payload(message))


def frame_around(contents: bytes) -> bytes:
    """Contents (address to payload) with their checksum, stuffed and delimited."""
    return DELIMITER + stuff(contents + crc32c(contents).to_bytes(CHECKSUM_BYTES, "little")) + DELIMITER


def decode_contents(contents: bytes) -> Frame:
    """What checked contents (address to payload) say.

    Raises RemoteProtocolError for an unknown message id or a payload of the wrong length.
    """
    layout = _BY_ID.get(contents[2])
    if layout is None:
        raise RemoteProtocolError(
            f"message id 0x{contents[2]:02x} is not in protocol version {PROTOCOL_VERSION}; "
            "update the older side"
        )
    try:
        values = layout.packing.unpack(contents[HEADER_BYTES:])
    except struct.error as error:
        raise RemoteProtocolError(
            f"{layout.message.__name__} carries {len(contents) - HEADER_BYTES} bytes instead of "
            f"{layout.packing.size}; update the older side"
        ) from error
    message = layout.message(**dict(zip(layout.names, values, strict=True)))
    return Frame(contents[0], contents[1], message)
