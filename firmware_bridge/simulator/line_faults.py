"""What a bad line does to bytes, sans-IO: bytes and the time in, bytes with the time of their arrival out.

All chances are drawn by the place of a byte or frame in the stream, from one generator for each kind of
fault: so the same seed does the same to the same bytes, in whatever pieces they are written and read.
"""

import math
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from firmware_bridge.simulator.fault_spec import FaultSpec

NATIVE_ENDS: Final = b"\0"
TEXT_ENDS: Final = b"\r\n"
LONGEST_REMEMBERED: Final = 4096  # of a frame, to deliver it twice
MOST_NOISE_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class Arrival:
    """Bytes that come out at the other end, and when."""

    at_s: float
    data: bytes


class _Hits:
    """Which of a stream of bits, bytes or frames are hit, each with the same probability.

    Distances between hits are geometric, so that nothing is drawn for what is not hit.
    """

    def __init__(self, probability: float, chance: random.Random) -> None:
        self._chance = chance
        self._log_miss = -math.inf if probability >= 1.0 else math.log1p(-probability)
        self._left = self._gap()

    def among(self, count: int) -> list[int]:
        """Places of the hits among the next `count`."""
        hits = []
        while self._left < count:
            hits.append(int(self._left))
            self._left += 1 + self._gap()
        self._left -= count
        return hits

    def next(self) -> bool:
        """Whether the next one is hit."""
        return bool(self.among(1))

    def _gap(self) -> float:
        if self._log_miss == 0.0:
            return math.inf
        return math.floor(math.log(1.0 - self._chance.random()) / self._log_miss)


class OneWay:
    """One direction of a line. `counts` says how often each fault has happened.

    A frame is everything up to one of the bytes `ends`, such bytes before its first other byte included.
    """

    def __init__(self, spec: FaultSpec, direction: str, ends: bytes = NATIVE_ENDS) -> None:
        self._spec, self._ends = spec, ends
        self.counts: Counter[str] = Counter()

        def chance(kind: str) -> random.Random:
            return random.Random(f"{spec.seed}/{direction}/{kind}")  # noqa: S311  faults, no secrets

        self._hits = {
            "flip": _Hits(spec.flip, chance("flip")),
            "drop": _Hits(spec.drop, chance("drop")),
            "loss": _Hits(spec.loss, chance("loss")),
            "half": _Hits(spec.half, chance("half")),
            "noise": _Hits(spec.noise, chance("noise")),
            "duplicate": _Hits(spec.duplicate, chance("duplicate")),
            "stale": _Hits(spec.stale.probability, chance("stale")),
        }
        self._chance = {kind: chance(f"how {kind}") for kind in ("half", "noise", "stale", "jitter")}
        self._begun = False
        self._frame = b""
        self._passes, self._late_s = math.inf, 0.0
        self._newest_s = -math.inf

    def carry(self, data: bytes, now_s: float) -> list[Arrival]:
        """What arrives of these bytes, and when: in order of time, stale and overtaking frames apart."""
        arrivals: list[Arrival] = []
        for piece, is_end in self._pieces(data):
            if not self._frame:
                arrivals += self._begin(now_s)
            passed = (
                piece if self._passes == math.inf else piece[: int(max(self._passes - len(self._frame), 0))]
            )
            self._frame = (self._frame + piece)[:LONGEST_REMEMBERED]
            arrivals += self._arrival(self._damaged(passed), now_s)
            if is_end:
                arrivals += self._again(now_s)
                self._frame = b""
        return arrivals

    def _pieces(self, data: bytes) -> Iterator[tuple[bytes, bool]]:
        """Cut after every frame, and whether the piece ends one."""
        start = 0
        for index, byte in enumerate(data):
            if byte not in self._ends:
                self._begun = True
            elif self._begun:
                self._begun = False
                yield data[start : index + 1], True
                start = index + 1
        if start < len(data):
            yield data[start:], False

    def _begin(self, now_s: float) -> list[Arrival]:
        """Decide what becomes of the frame that begins; noise that comes before it."""
        spec = self._spec
        self._late_s = spec.delay + spec.jitter * self._chance["jitter"].random()
        self._passes = math.inf
        if self._happens("half"):
            self._passes = self._chance["half"].randrange(1, MOST_NOISE_BYTES)
        if self._happens("loss"):
            self._passes = 0
        if not self._happens("noise"):
            return []
        chance = self._chance["noise"]
        return self._arrival(chance.randbytes(chance.randint(1, MOST_NOISE_BYTES)), now_s)

    def _again(self, now_s: float) -> list[Arrival]:
        """The frame that has ended, once more: at once, or stale."""
        arrivals = self._arrival(self._damaged(self._frame), now_s) if self._happens("duplicate") else []
        if self._happens("stale"):
            later_s = self._spec.stale.within_s * (1.0 - self._chance["stale"].random())
            arrivals.append(Arrival(now_s + self._late_s + later_s, self._damaged(self._frame)))
        return arrivals

    def _arrival(self, data: bytes, now_s: float) -> list[Arrival]:
        at_s = now_s + self._late_s
        if not self._spec.reorder:
            at_s = self._newest_s = max(at_s, self._newest_s)
        return [Arrival(at_s, data)] if data else []

    def _damaged(self, data: bytes) -> bytes:
        damaged = bytearray(data)
        dropped = self._hits["drop"].among(len(damaged))
        for index in reversed(dropped):
            del damaged[index]
        flipped = self._hits["flip"].among(8 * len(damaged))
        for bit in flipped:
            damaged[bit // 8] ^= 1 << bit % 8
        self.counts["drop"] += len(dropped)
        self.counts["flip"] += len(flipped)
        return bytes(damaged)

    def _happens(self, kind: str) -> bool:
        happens = self._hits[kind].next()
        self.counts[kind] += happens
        return happens
