"""Who has which address on a line of native devices, and giving a device another one. Nothing moves."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Final

from firmware_bridge.dialects import DIALECTS
from firmware_bridge.errors import RemoteProtocolError
from firmware_bridge.transport import open_transport
from firmware_bridge.transport.port import Transport
from firmware_bridge.wire.codec import encode_frame
from firmware_bridge.wire.schedule import LineSpeed, frame_bytes
from firmware_bridge.wire.schema import BROADCAST, FIRST_ADDRESS, LAST_ADDRESS, FindSerial, Here, SetAddress
from firmware_bridge.wire.search import SerialSearch

ANSWER_WITHIN_S: Final = 0.09  # chosen: a device begins within 30 ms, the rest for adapter and computer

Ask = Callable[[bytes], bytes]


def addresses_by_serial(url: str, baud: int | None = None) -> tuple[dict[int, int], list[int]]:
    """Addresses by serial number, and serial numbers that did not answer clearly.

    `baud` is the line's speed, bit/s; None is that of our protocol. Raises PortUnavailable when the port
    cannot be had, LinkLost when it goes away.
    """
    with _asking(url, baud) as ask:
        search = _run(SerialSearch(), ask)
    return search.found, search.unclear


def assign_address(url: str, serial: int, address: int, baud: int | None = None) -> None:
    """Give the device with this serial number an address, which it stores; `baud` as above.

    Raises ValueError for an address that cannot exist or is taken and for a serial number that is not there,
    RemoteProtocolError when the device does not confirm: it must stand still.
    """
    if not FIRST_ADDRESS <= address <= LAST_ADDRESS:
        raise ValueError(f"address {address} does not exist; use {FIRST_ADDRESS} to {LAST_ADDRESS}")
    with _asking(url, baud) as ask:
        _refuse(_run(SerialSearch(), ask).found, serial, address)
        ask(encode_frame(BROADCAST, 0, SetAddress(serial=serial, address=address)))
        confirmed = _run(SerialSearch(low=serial, high=serial), ask).found
    if confirmed.get(serial) != address:
        raise RemoteProtocolError(
            f"device with serial number {serial} does not confirm address {address}; it must stand still"
        )


@contextmanager
def _asking(url: str, baud: int | None) -> Iterator[Ask]:
    """What is said to all on a line, and all that they answer."""
    speed = baud or DIALECTS["native"].baud
    on_the_line_s = LineSpeed(baud=speed).exchange_s(frame_bytes(FindSerial), frame_bytes(Here))
    with closing(open_transport(url, speed)) as transport:

        def ask(call: bytes) -> bytes:
            transport.write(call)
            return _heard(transport, ANSWER_WITHIN_S + on_the_line_s)

        yield ask


def _refuse(found: Mapping[int, int], serial: int, address: int) -> None:
    if serial not in found:
        known = ", ".join(map(str, sorted(found))) or "none"
        raise ValueError(f"no device has serial number {serial}; those on this line: {known}")
    owner = next((other for other, taken in found.items() if taken == address and other != serial), None)
    if owner is not None:
        raise ValueError(
            f"address {address} belongs to serial number {owner}; give that one another address first"
        )


def _run(search: SerialSearch, ask: Ask) -> SerialSearch:
    while call := search.call():
        search.receive(ask(call))
    return search


def _heard(transport: Transport, silence_s: float) -> bytes:
    """What arrives until nobody has spoken for so long."""
    heard, until_s = b"", time.monotonic() + silence_s
    while (left_s := until_s - time.monotonic()) > 0.0:
        data = transport.read(left_s)
        if data:
            heard, until_s = heard + data, time.monotonic() + silence_s
    return heard
