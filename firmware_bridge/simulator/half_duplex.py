"""A half-duplex line (RS-485) in virtual time: bytes take their time, two who talk at once garble each other.

Nothing here looks at a wall clock: `EventClock` jumps from one event to the next, so that an hour of traffic
takes as long as its bytes take to handle, and the same seed gives the same hour.
"""

import heapq
import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import TypeAlias

from firmware_bridge.wire.schedule import BITS_PER_BYTE

Hearing: TypeAlias = Callable[[bytes, float], bytes]


class EventClock:
    """Virtual seconds; what is due happens in order of time, then in the order it was asked for."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self._asked = count()
        self._due: list[tuple[float, int, Callable[[], None]]] = []

    def at(self, when_s: float, action: Callable[[], None]) -> None:
        """Let something happen then, or now when that is past."""
        heapq.heappush(self._due, (max(when_s, self.now_s), next(self._asked), action))

    def step(self, until_s: float = math.inf) -> bool:
        """Let the next thing happen; False when nothing is due until then, and it is then."""
        if self._due and self._due[0][0] <= until_s:
            self.now_s, _, action = heapq.heappop(self._due)
            action()
            return True
        if until_s < math.inf:
            self.now_s = max(self.now_s, until_s)
        return False

    def run_until(self, until_s: float) -> None:
        """Let everything happen that is due until then."""
        while self.step(until_s):
            pass


@dataclass(slots=True, eq=False)
class _Talk:
    """One run of bytes without a gap; `garbled` are the places in it that others talked into."""

    data: bytes
    starts_s: float
    ends_s: float
    garbled: set[int] = field(default_factory=set)


class Place:
    """Where somebody sits on the line. `heard_bytes` counts all that came by, `sent_bytes` what it said."""

    def __init__(self, line: "HalfDuplexLine", hear: Hearing) -> None:
        self._line, self._hear = line, hear
        self._free_s = 0.0
        self.heard_bytes = self.sent_bytes = 0

    def send(self, data: bytes) -> None:
        """Say this once the turnaround since the last bytes heard is over, after what it says already."""
        clock = self._line.clock
        starts_s = max(clock.now_s, self._free_s)
        self._free_s = starts_s + self._line.takes_s(data)
        self.sent_bytes += len(data)
        clock.at(starts_s, lambda: self._line.talk(self, data))

    def listen(self, data: bytes) -> None:
        """Bytes have come by; what `hear` answers is said after the turnaround."""
        self.heard_bytes += len(data)
        now_s = self._line.clock.now_s
        self._free_s = max(self._free_s, now_s + self._line.turnaround_s)
        answer = self._hear(data, now_s)
        if answer:
            self.send(answer)


class HalfDuplexLine:
    """Everybody hears everybody, once a run of bytes has ended; whoever talks hears himself only with `echo`.

    Bytes that overlap in time with another's arrive as noise, in either run. `busy_s` is how long the line
    has carried something, `collisions` how often two have talked at once.
    """

    def __init__(
        self, clock: EventClock, *, baud: int, turnaround_s: float, echo: bool = False, seed: int = 0
    ) -> None:
        """Raises ValueError for a speed that is not positive or a negative turnaround."""
        if baud <= 0 or not turnaround_s >= 0.0:
            raise ValueError(
                f"baud is {baud}, turnaround_s {turnaround_s}; use a speed above 0 and a time from 0"
            )
        self.clock, self.turnaround_s = clock, turnaround_s
        self.busy_s, self.collisions = 0.0, 0
        self._byte_s, self._echo = BITS_PER_BYTE / baud, echo
        self._noise = random.Random(seed)  # noqa: S311  noise, no secret
        self._places: list[Place] = []
        self._talks: list[_Talk] = []
        self._busy_until_s = 0.0

    def join(self, hear: Hearing) -> Place:
        """Sit down on the line: `hear(data, now_s)` gets what comes by and returns what to say to it."""
        place = Place(self, hear)
        self._places.append(place)
        return place

    def takes_s(self, data: bytes) -> float:
        """How long these bytes occupy the line."""
        return len(data) * self._byte_s

    def talk(self, place: Place, data: bytes) -> None:
        """Put bytes on the line now, whoever else is talking; see `Place.send`."""
        now_s = self.clock.now_s
        talk = _Talk(data, now_s, now_s + self.takes_s(data))
        for other in self._talks:
            self._garble(talk, other)
        self._talks.append(talk)
        self.busy_s += max(0.0, talk.ends_s - max(now_s, self._busy_until_s))
        self._busy_until_s = max(self._busy_until_s, talk.ends_s)
        self.clock.at(talk.ends_s, lambda: self._end(place, talk))

    def _garble(self, one: _Talk, other: _Talk) -> None:
        overlap_s = max(one.starts_s, other.starts_s), min(one.ends_s, other.ends_s)
        if overlap_s[1] - overlap_s[0] <= self._byte_s * 1e-6:  # one begins where the other ends
            return
        self.collisions += 1
        for talk in (one, other):
            first = math.floor((overlap_s[0] - talk.starts_s) / self._byte_s + 1e-6)
            last = math.ceil((overlap_s[1] - talk.starts_s) / self._byte_s - 1e-6)
            talk.garbled.update(range(first, last))

    def _end(self, place: Place, talk: _Talk) -> None:
        self._talks.remove(talk)
        heard = bytes(
            self._noise.randrange(256) if index in talk.garbled else byte
            for index, byte in enumerate(talk.data)
        )
        for listener in self._places:
            if listener is not place or self._echo:
                listener.listen(heard)


class VirtualPort:
    """A host's transport on such a line, `Link(port, port.now_s)`: waiting for bytes lets its time pass."""

    def __init__(self, line: HalfDuplexLine, name: str = "virtual") -> None:
        self._clock, self._name = line.clock, name
        self._place = line.join(self._keep)
        self._arrived = b""

    @property
    def name(self) -> str:
        """What to call the line in a message."""
        return self._name

    def now_s(self) -> float:
        """The line's time."""
        return self._clock.now_s

    def epoch(self) -> int:
        """Always the same line."""
        return 0

    def write(self, data: bytes) -> None:
        """Say it; time passes only while reading."""
        self._place.send(data)

    def read(self, timeout_s: float) -> bytes:
        """What has come by, after at most timeout_s of virtual time."""
        until_s = self._clock.now_s + max(timeout_s, 0.0)
        while not self._arrived and self._clock.step(until_s):
            pass
        arrived, self._arrived = self._arrived, b""
        return arrived

    def close(self) -> None:
        """Nothing to let go of."""

    def _keep(self, data: bytes, _now_s: float) -> bytes:
        self._arrived += data
        return b""


def served(respond: Callable[[bytes], bytes], advance: Callable[[int], None]) -> Hearing:
    """Simulated devices as somebody on the line: their milliseconds follow the line's time.

    For a `SimulatedLine`: `line.join(served(simulated.receive, simulated.advance))`, one for each device.
    """
    now_ms = 0

    def hear(data: bytes, now_s: float) -> bytes:
        nonlocal now_ms
        passed_ms = round(1000.0 * now_s) - now_ms
        now_ms += passed_ms
        advance(passed_ms)
        return respond(data)

    return hear
