"""A bad line with two ends, sans-IO: what is under way on it, when it is away, and who else talks on it."""

import heapq
import math
from collections.abc import Callable
from enum import Enum
from itertools import count
from typing import Final

from firmware_bridge.simulator.fault_spec import FaultSpec
from firmware_bridge.simulator.line_faults import NATIVE_ENDS, Arrival, OneWay

STRANGER_SAYS: Final = b"$GPGLL,,,,,,V,N*64\r\n"  # a GPS without a fix: the usual other thing on a USB port

AnotherHost = Callable[[int], bytes]


class End(Enum):
    """Who gets the bytes."""

    HOST = "host"
    DEVICE = "device"


class Presence(Enum):
    """What the host finds at its end."""

    THERE = "there"
    AWAY = "away"
    STRANGER = "another device"


class FaultyLine:
    """Told what both ends say and the time, it gives out what arrives at either end and when.

    `another_host(n)` gives the bytes of the n-th frame of a second host, where the faults ask for one.
    Times must not go back.
    """

    def __init__(
        self, spec: FaultSpec, *, another_host: AnotherHost | None = None, ends: bytes = NATIVE_ENDS
    ) -> None:
        """Raises ValueError for a second host without words."""
        if spec.second_host < math.inf and another_host is None:
            raise ValueError("second_host has no words in this protocol; leave it out")
        self._spec, self._another_host = spec, another_host
        self.to_device, self.to_host = OneWay(spec, "to device", ends), OneWay(spec, "to host", ends)
        self._numbers = count()
        self._under_way: list[tuple[float, int, End, bytes]] = []
        self._said_by_another = 0

    @property
    def next_s(self) -> float:
        """When something arrives next; infinite when nothing is under way."""
        return min(self._under_way[0][0] if self._under_way else math.inf, self._another_s)

    def presence(self, now_s: float) -> Presence:
        """What the host finds at its end now."""
        away = (self._spec.disconnect, self._spec.rename)
        if any(window is not None and window.holds(now_s) for window in away):
            return Presence.AWAY
        wrong = self._spec.wrong_device
        return Presence.STRANGER if wrong is not None and wrong.holds(now_s) else Presence.THERE

    def renamed(self, now_s: float) -> bool:
        """Whether the line that is away now comes back as another device file."""
        return self._spec.rename is not None and self._spec.rename.holds(now_s)

    def next_change_s(self, now_s: float) -> float:
        """When that may change next."""
        windows = (self._spec.disconnect, self._spec.rename, self._spec.wrong_device)
        return min(
            (window.next_change_s(now_s) for window in windows if window is not None), default=math.inf
        )

    def from_host(self, data: bytes, now_s: float) -> None:
        """The host has written."""
        presence = self.presence(now_s)
        if presence is Presence.STRANGER:
            self._send(End.HOST, [Arrival(now_s, STRANGER_SAYS)])
        if presence is not Presence.THERE:
            return
        if self._spec.echo:
            self._send(End.HOST, [Arrival(now_s, data)])
        self._send(End.DEVICE, self.to_device.carry(data, now_s))

    def from_device(self, data: bytes, now_s: float) -> None:
        """A device has answered."""
        self._send(End.HOST, self.to_host.carry(data, now_s))

    def arrived(self, now_s: float) -> tuple[float, End, bytes] | None:
        """The next bytes that have arrived by now, when and where; None when there are no more.

        What arrives at a host that does not find the line, or another device on it, is lost.
        """
        while self.next_s <= now_s:
            if self._another_s <= now_s:
                self._let_another_speak()
            at_s, _, end, data = heapq.heappop(self._under_way)
            if end is End.DEVICE or data == STRANGER_SAYS or self.presence(at_s) is Presence.THERE:
                return at_s, end, data
        return None

    @property
    def _another_s(self) -> float:
        return self._spec.second_host * (self._said_by_another + 1)

    def _let_another_speak(self) -> None:
        if self._another_host is None:
            return
        at_s = self._another_s
        data = self._another_host(self._said_by_another)
        self._said_by_another += 1
        self._send(End.DEVICE, [Arrival(at_s, data)])
        self._send(End.HOST, [Arrival(at_s, data)])

    def _send(self, end: End, arrivals: list[Arrival]) -> None:
        for arrival in arrivals:
            heapq.heappush(self._under_way, (arrival.at_s, next(self._numbers), end, arrival.data))
