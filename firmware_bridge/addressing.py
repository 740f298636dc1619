"""Who has which address on a line of native devices, and giving a device another one. Nothing moves."""

import time
from collections.abc import Mapping
from typing import Final

from firmware_bridge.dialects import DIALECTS
from firmware_bridge.errors import RemoteProtocolError
from firmware_bridge.transport import open_transport
from firmware_bridge.transport.port import Transport
from firmware_bridge.wire.codec import encode_frame
from firmware_bridge.wire.schema import BROADCAST, FIRST_ADDRESS, LAST_ADDRESS, SetAddress
from firmware_bridge.wire.search import SerialSearch

ANSWER_WITHIN_S: Final = 0.1  # chosen: 20 ms on the wire, the rest for a USB adapter and a busy computer


def addresses_by_serial(url: str) -> tuple[dict[int, int], list[int]]:
    """Addresses by serial number, and serial numbers that did not answer clearly.

    Raises PortUnavailable when the port cannot be had, LinkLost when it goes away.
    """
    transport = open_transport(url, DIALECTS["native"].baud)
    try:
        search = _run(SerialSearch(), transport)
    finally:
        transport.close()
    return search.found, search.unclear


def assign_address(url: str, serial: int, address: int) -> None:
    """Give the device with this serial number an address, which it stores.

    Raises ValueError for an address that cannot exist or is taken and for a serial number that is not there,
    RemoteProtocolError when the device does not confirm: it must stand still.
    """
    if not FIRST_ADDRESS <= address <= LAST_ADDRESS:
        raise ValueError(f"address {address} does not exist; use {FIRST_ADDRESS} to {LAST_ADDRESS}")
    transport = open_transport(url, DIALECTS["native"].baud)
    try:
        _refuse(_run(SerialSearch(), transport).found, serial, address)
        transport.write(encode_frame(BROADCAST, 0, SetAddress(serial=serial, address=address)))
        _heard(transport)
        confirmed = _run(SerialSearch(low=serial, high=serial), transport).found
    finally:
        transport.close()
    if confirmed.get(serial) != address:
        raise RemoteProtocolError(
            f"device with serial number {serial} does not confirm address {address}; it must stand still"
        )


def _refuse(found: Mapping[int, int], serial: int, address: int) -> None:
    if serial not in found:
        known = ", ".join(map(str, sorted(found))) or "none"
        raise ValueError(f"no device has serial number {serial}; those on this line: {known}")
    owner = next((other for other, taken in found.items() if taken == address and other != serial), None)
    if owner is not None:
        raise ValueError(
            f"address {address} belongs to serial number {owner}; give that one another address first"
        )


def _run(search: SerialSearch, transport: Transport) -> SerialSearch:
    while call := search.call():
        transport.write(call)
        search.receive(_heard(transport))
    return search


def _heard(transport: Transport) -> bytes:
    """What arrives until nobody has spoken for a while."""
    heard, until_s = b"", time.monotonic() + ANSWER_WITHIN_S
    while (left_s := until_s - time.monotonic()) > 0.0:
        data = transport.read(left_s)
        if data:
            heard, until_s = heard + data, time.monotonic() + ANSWER_WITHIN_S
    return heard
