"""Who has asked for what is being done, so that nobody takes back what is somebody else's.

The machine knows that a head is kept stowed or moved by hand, not by whom; its `release` lets go of both,
and of a STOP. A master, which is who asks through a server, may let go of his own requests alone, and moves
no head that another moves; a person may do either.
"""

from collections.abc import Mapping, Sequence
from enum import Enum, auto
from typing import Any, Final

import numpy as np

from tracker.decision.states import State
from tracker.decision.values import StateArray
from tracker.operations.asking import heads_from
from tracker.units import BoolArray

PERSON: Final = "person"  # through the control socket: all are as one
NOBODY: Final[frozenset[str]] = frozenset()
HELD_ON_SITE: Final = (State.FAULT, State.LOCKING, State.LOCKED, State.STOPPED, State.EMERGENCY)


class Judgement(Enum):
    """What becomes of a master's wish."""

    PASS = auto()
    DONE = auto()  # there is nothing of his to take back
    DECLINED = auto()


class Owners:
    """Of each head: who asked for its stow, and who for its jog. Used in the loop's thread alone."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = tuple(names)
        self._stows = [NOBODY] * len(self._names)
        self._jogs: list[str | None] = [None] * len(self._names)
        self._first: dict[int, str] = {}  # who was let at a head in this tick
        self._states: StateArray = np.full(len(self._names), State.STARTING, dtype=np.int8)

    @property
    def stows(self) -> tuple[frozenset[str], ...]:
        """Who has asked for the stow of each head."""
        return tuple(self._stows)

    def note(self, who: str, document: Mapping[str, Any]) -> None:
        """A call was taken."""
        verb = document.get("verb")
        for head in heads_from(document.get("heads"), self._names):
            if verb == "stow":
                self._stows[head] |= {who}
            elif verb == "release":
                self._stows[head], self._jogs[head] = NOBODY, None
            elif verb == "jog":
                self._jogs[head] = who

    def see(self, states: StateArray, held: BoolArray) -> None:
        """A tick is over. A stow that nobody here has asked for is a person's, from before the run."""
        self._states, self._first = states, {}
        for head, kept in enumerate(held.tolist()):
            self._stows[head] = (self._stows[head] or frozenset({PERSON})) if kept else NOBODY
            if states[head] != State.JOGGING:
                self._jogs[head] = None

    def judge(self, who: str, verb: str, head: int) -> Judgement:
        """Whether a master may jog or home a head, or let go of his jog (resume) or his stow (unstow)."""
        jogged = self._states[head] == State.JOGGING
        if verb == "resume":
            return Judgement.PASS if jogged and self._jogs[head] == who else Judgement.DONE
        if verb == "unstow":
            return self._judge_unstow(who, head)
        others = jogged and self._jogs[head] != who
        return Judgement.DECLINED if others or self._first.setdefault(head, who) != who else Judgement.PASS

    def _judge_unstow(self, who: str, head: int) -> Judgement:
        if self._stows[head] != {who}:
            self._stows[head] -= {who}
            return Judgement.DONE
        return Judgement.DECLINED if self._states[head] in HELD_ON_SITE else Judgement.PASS
