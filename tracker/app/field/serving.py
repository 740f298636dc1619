"""A running site for others to look at and to lead: rotctld for one head, SunSpec for all of them."""

import ipaddress
import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from types import TracebackType
from typing import Final, Protocol, Self

from firmware_bridge.dialects.sunspec.image import Maker
from firmware_bridge.dialects.sunspec.lease import LEASE_S
from firmware_bridge.dialects.sunspec.register_map import ArrayMap
from firmware_bridge.modbus.served import ModbusServer, tcp_address
from tracker.app.field.serving_calls import Desk
from tracker.app.field.serving_report import Reader
from tracker.app.field.serving_rotator import SiteRotator
from tracker.app.field.serving_rotctld import RotctldPort
from tracker.app.field.serving_trackers import SiteTrackers
from tracker.decision.values import Rules
from tracker.errors import InvalidInput
from tracker.operations.heads import refuse_strangers
from tracker.operations.status import Snapshot
from tracker.operations.track import Call
from tracker.plant import Plant
from tracker.units import BoolArray

_log = logging.getLogger(__name__)

ROTCTLD, SUNSPEC = "rotctld", "sunspec"
UNIT: Final = 1  # of Modbus


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What to serve, and where; `head` is for rotctld alone."""

    protocol: str
    host: str
    port: int
    head: str | None = None

    @property
    def says(self) -> str:
        """For people."""
        what = f"{self.protocol} of {self.head or 'all heads'} on {self.host}:{self.port}"
        if _is_loopback(self.host):
            return f"serving {what}, to this machine only"
        return f"serving {what}: NO PASSWORD, whoever reaches this port can move, stow and stop the heads"


def services_from(texts: Sequence[str], names: Sequence[str]) -> tuple[Service, ...]:
    """`rotctld:[HOST:]PORT[=HEAD]` and `sunspec:[HOST:]PORT`; loopback without a host.

    Raises InvalidInput for what cannot be read.
    """
    return tuple(_service_from(text, names) for text in texts)


def _service_from(text: str, names: Sequence[str]) -> Service:
    protocol, _, place = text.partition(":")
    place, named, head = place.partition("=")
    if protocol not in (ROTCTLD, SUNSPEC):
        raise InvalidInput(f"--serve {text}: give {ROTCTLD}:PORT, {ROTCTLD}:PORT=HEAD or {SUNSPEC}:PORT")
    try:
        host, port = tcp_address(f"tcp:{place}")
    except ValueError as error:
        raise InvalidInput(f"--serve {text}: {place!r} is no PORT or HOST:PORT") from error
    if protocol == SUNSPEC:
        if named:
            raise InvalidInput(f"--serve {text}: {SUNSPEC} shows all heads; leave ={head} out")
        return Service(protocol=protocol, host=host, port=port)
    head = head if named else names[0]
    refuse_strangers([head], names, f"--serve {text}")
    return Service(protocol=protocol, host=host, port=port, head=head)


class Server(Protocol):
    """An open port with a thread behind it."""

    @property
    def port(self) -> int:
        """Its number."""
        ...

    @property
    def alive(self) -> bool:
        """Whether it serves."""
        ...

    def close(self) -> None:
        """Hang up and end."""
        ...


class Serving:
    """The ports of a run that others use; a context manager that closes them.

    Raises PortUnavailable for one that is not to be had, and ModbusMissing; then none is left open.
    """

    def __init__(
        self,
        services: Sequence[Service],
        plant: Plant,
        rules: Rules,
        wake: threading.Event,
        *,
        scada_lease_s: float = LEASE_S,
    ) -> None:
        self._plant, self._rules, self._scada_lease_s = plant, rules, scada_lease_s
        self._desk = Desk(plant.array.names, plant.safety, wake, time.monotonic)
        self._open: list[_Open] = []
        try:
            for number, service in enumerate(services, start=1):
                self._open.append(self._opened(service, who=f"{service.protocol} {number}"))
        except BaseException:
            self.close()
            raise

    @property
    def services(self) -> tuple[Service, ...]:
        """What is served, with the ports that were got where any would do."""
        return tuple(replace(each.service, port=each.server.port) for each in self._open)

    def calls(self, people: Sequence[Call]) -> Sequence[Call]:
        """In the loop: all calls for the coming tick, those of people first."""
        for each in [each for each in self._open if not each.server.alive]:
            self._bury(each)
        return self._desk.calls(people)

    def see(self, snapshot: Snapshot, held: BoolArray) -> None:
        """In the loop: a tick is over; `held` (H,) is who is kept stowed."""
        self._desk.see(snapshot, held)

    def close(self) -> None:
        """Refuse what waits, and close all ports."""
        self._desk.close()
        for each in self._open:
            each.server.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _opened(self, service: Service, who: str) -> "_Open":
        if service.protocol == SUNSPEC:
            return _Open(service, who, self._scada_port(service, who))
        head = self._plant.array.names.index(service.head or self._plant.array.names[0])
        rotator = SiteRotator(self._desk, self._rules, head, who)
        return _Open(service, who, RotctldPort(service.host, service.port, rotator))

    def _scada_port(self, service: Service, who: str) -> ModbusServer:
        reader = Reader(site=self._plant.site, names=self._plant.array.names, rules=self._rules, who=who)
        trackers = ArrayMap(
            SiteTrackers(self._desk, reader),
            unit=UNIT,
            lease_s=self._scada_lease_s,
            maker=Maker(version=version("sunflower-tracker")),
        )
        return ModbusServer({UNIT: trackers}, f"tcp:{service.host}:{service.port}", time.monotonic)

    def _bury(self, dead: "_Open") -> None:
        """A server has ended by itself: nobody can lead his heads there any more, so they go back to work."""
        _log.error(
            "%s on port %d has ended by itself, the site goes on without; start the run again to serve it",
            dead.service.protocol,
            dead.server.port,
        )
        self._open.remove(dead)
        dead.server.close()
        heads = range(len(self._plant.array.names))
        self._desk.leave(*(self._desk.wish(dead.who, "resume", (head,)) for head in heads))


@dataclass(frozen=True, slots=True)
class _Open:
    """A port of ours, and as whom its master leads."""

    service: Service
    who: str
    server: Server


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
