"""Whom to ask next on a line that many share, sans-IO: earliest due first, the silent ones with backoff."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often to ask: all each `cycle_s`; who is silent twice as late each time, up to `longest_s`."""

    cycle_s: float
    silent_s: float = 1.0
    longest_s: float = 16.0


@dataclass(slots=True)
class _Turn:
    due_s: float
    misses: int = 0


class Poller:
    """Fair polling. Who answers is asked again a cycle later, at once when the line is full (cycle 0).

    Nobody starves: all are asked in order of when they were due, and one that does not answer waits longer
    each time. So a silent one takes its waiting in vain at most once in `silent_s`, later in `longest_s`.
    """

    def __init__(self, addresses: Iterable[int], pace: Pace, now_s: float) -> None:
        self._pace = pace
        self._turns = {address: _Turn(now_s) for address in addresses}

    @property
    def due_s(self) -> float:
        """When somebody is to be asked next. Raises ValueError for a line without devices."""
        return min(turn.due_s for turn in self._turns.values())

    def due(self, now_s: float) -> int | None:
        """Whom to ask now, the longest due first; None while nobody is."""
        address, turn = min(self._turns.items(), key=lambda item: item[1].due_s)
        return address if turn.due_s <= now_s else None

    def heard(self, address: int, now_s: float) -> None:
        """It has answered; after a delay its next turn is a whole cycle away all the same."""
        turn = self._turns[address]
        turn.due_s, turn.misses = max(turn.due_s + self._pace.cycle_s, now_s), 0

    def missed(self, address: int, now_s: float) -> None:
        """It has not answered."""
        turn, pace = self._turns[address], self._pace
        wait_s = max(pace.cycle_s, pace.silent_s * 2.0 ** min(turn.misses, 30))
        turn.due_s, turn.misses = now_s + min(wait_s, max(pace.longest_s, pace.cycle_s)), turn.misses + 1

    def silent(self) -> tuple[int, ...]:
        """Who did not answer the last time."""
        return tuple(address for address, turn in self._turns.items() if turn.misses)
