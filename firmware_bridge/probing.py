"""Who is on a line, in which language, and what they can do. Asks only; nothing moves."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from firmware_bridge.addressing import addresses_by_serial
from firmware_bridge.driver import OPENERS, open_bus
from firmware_bridge.errors import BridgeError, PortUnavailable
from firmware_bridge.mount import HeadMount
from firmware_bridge.mounts import Bus
from firmware_bridge.reports import AxisStatus, Identity
from firmware_bridge.wire.session import Patience

BRIEFLY: Final = Patience(reply_within_s=0.5, tries=2)  # a head that is there answers the first time
OVER_NETWORK_ONLY: Final = frozenset({"rotctld"})
ON_SERIAL: Final = tuple(name for name in OPENERS if name not in OVER_NETWORK_ONLY)
ONLY_HEAD: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundHead:
    """One head that answered. Who it is, only our own protocol tells."""

    address: int
    status: AxisStatus
    identity: Identity | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbedLine:
    """What was found on a line. `protocol` is None where nobody answered.

    concerns: what the protocol cannot do safely; troubles: what answers, but not as it should.
    """

    url: str
    protocol: str | None
    heads: tuple[FoundHead, ...] = ()
    concerns: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()


def probe(url: str, protocols: tuple[str, ...] | None = None, baud: int | None = None) -> ProbedLine:
    """Ask in one language after the other until somebody answers.

    Without `protocols`: our own first, then all that this kind of line carries. `baud` is the speed of a
    serial line, bit/s; None is that of each protocol. Raises ValueError for an unknown protocol,
    PortUnavailable when the port cannot be had.
    """
    troubles: tuple[str, ...] = ()
    for protocol in protocols or (tuple(OPENERS) if "://" in url else ON_SERIAL):
        line = _native(url, baud) if protocol == "native" else _foreign(url, protocol, baud)
        if line.heads:
            return line
        troubles += line.troubles
    return ProbedLine(url=url, protocol=None, troubles=troubles)


def _native(url: str, baud: int | None) -> ProbedLine:
    found, unclear = addresses_by_serial(url, baud)
    troubles = [*map(_unclear, unclear), *_shared(found)]
    taken, heads = list(found.values()), []
    with open_bus(url, "native", baud=baud, patience=BRIEFLY) as bus:
        for address in sorted(at for at in taken if taken.count(at) == 1):
            try:
                heads.append(_asked(bus, address))
            except BridgeError as error:
                troubles.append(str(error))
        return ProbedLine(
            url=url, protocol="native", heads=tuple(heads), concerns=bus.concerns, troubles=tuple(troubles)
        )


def _foreign(url: str, protocol: str, baud: int | None) -> ProbedLine:
    try:
        with open_bus(url, protocol, baud=baud, patience=BRIEFLY) as bus:
            heads = (_asked(bus, ONLY_HEAD),)
            return ProbedLine(url=url, protocol=protocol, heads=heads, concerns=bus.concerns)
    except PortUnavailable:
        raise
    except BridgeError:  # silence or another language: an answer to what is asked here
        return ProbedLine(url=url, protocol=protocol)


def _asked(bus: Bus, address: int) -> FoundHead:
    mount = bus.mount(address)
    identity = mount.hello() if isinstance(mount, HeadMount) else None
    return FoundHead(address=address, status=mount.status(), identity=identity)


def _unclear(serial: int) -> str:
    return f"serial number {serial} does not answer clearly; check the line, and for two devices with it"


def _shared(found: Mapping[int, int]) -> Iterator[str]:
    taken = list(found.values())
    for address in sorted({at for at in taken if taken.count(at) > 1}):
        serials = ", ".join(str(serial) for serial in sorted(found) if found[serial] == address)
        yield f"address {address} is shared by serial numbers {serials}; give each one of its own"
