"""Where servers meet the loop of a running site.

Servers ask from threads of their own. They read the last tick, which nobody changes any more, and leave
their calls here; the loop takes them between two ticks, beside those of people, so that every rule of
people's calls holds for them too.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tracker.app.field.serving_owners import PERSON, Judgement, Owners
from tracker.decision.interlocks import wind_after
from tracker.decision.values import WindLatch
from tracker.operations.status import Snapshot
from tracker.operations.track import Call
from tracker.plant import Safety
from tracker.units import BoolArray

WITHIN_S: Final = 1.5  # chosen: hosts give up after 2 s (Hamlib, pysunspec2) or later
STALLED_S: Final = 30.0  # chosen: three times the longest pause between ticks
HOLDS: Final = ("stop", "stow")  # never taken back, and never kept waiting
LETS_GO: Final = ("resume", "unstow")  # of what somebody has asked for himself, and nobody else

Document = Mapping[str, Any]


def refusal(message: str) -> Document:
    """An answer that says no."""
    return {"error": {"kind": "refused", "message": message}}


TOO_LATE: Final = refusal("the run had no time for it; ask again")
ENDING: Final = refusal("the run is ending; ask its successor")
NOT_YOURS: Final = refusal("somebody else is in charge of it; ask them, or a person on site")


@dataclass(slots=True, eq=False)
class Wish:
    """One call of a server, to heads by index; fits `tracker.operations.track.Call`."""

    who: str
    verb: str
    heads: tuple[int, ...]
    document: Document
    answered: Document | None = None
    _settled: threading.Event = field(default_factory=threading.Event)

    @property
    def refused(self) -> str | None:
        """The kind of error it met; None when it was taken, or is being carried out still."""
        return None if self.answered is None else self.answered.get("error", {}).get("kind")

    @property
    def confirmed_by(self) -> frozenset[str]:
        """The heads that answered in the very tick that carried it out."""
        heads = (self.answered or {}).get("heads", ())
        return frozenset(head["name"] for head in heads if head["silent_s"] == 0)

    def answer(self, document: Document) -> None:
        """What came of it. Who asked hears a refusal at once, all else when the tick can be seen."""
        self.answered = document
        if "error" in document:
            self.settle()

    def settle(self) -> None:
        """Let the asker go."""
        self._settled.set()

    def wait(self, until_s: float) -> bool:
        """Whether it is settled by then, on the monotonic clock."""
        return self._settled.wait(max(0.0, until_s - time.monotonic()))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class View:
    """A tick as servers see it: when it began (monotonic), and who has asked for the stow of each head.

    windy: whether the wind asks for a stow, or has and calm has not lasted yet.
    """

    snapshot: Snapshot
    at_s: float
    windy: bool
    stows: tuple[frozenset[str], ...]

    def silent_s(self, head: int, now_s: float) -> float:
        """How long a head has been silent by now."""
        return float(self.snapshot.inputs.heads.silent_s[head]) + now_s - self.at_s

    def is_silent(self, head: int, now_s: float, lease_s: float) -> bool:
        """Whether its link counted as lost when it was last asked, or it has not been asked for long."""
        return bool(self.snapshot.inputs.heads.silent_s[head] > lease_s) or now_s - self.at_s > STALLED_S


class Desk:
    """Takes the wishes of servers (any thread) to the loop (its own), and shows them the last tick."""

    def __init__(
        self, names: Sequence[str], safety: Safety, wake: threading.Event, clock: Callable[[], float]
    ) -> None:
        self.names, self.clock = tuple(names), clock
        self.view: View | None = None
        self._wake, self._owners = wake, Owners(names)
        self._safety, self._wind = safety, WindLatch()
        self._lock = threading.Lock()
        self._waiting: list[Wish] = []
        self._passed: list[Wish] = []
        self._began_s = clock()
        self._open = True

    def wish(self, who: str, verb: str, heads: tuple[int, ...], **angles_deg: float) -> Wish:
        """Something that somebody wants of heads, not asked yet. What is of `LETS_GO` is for one head."""
        said = "release" if verb in LETS_GO else verb
        document = {"verb": said, "heads": [self.names[head] for head in heads], **angles_deg}
        return Wish(who, verb, heads, document)

    def ask(self, *wishes: Wish) -> None:
        """Leave wishes, and wait until the next tick can be seen, or for `WITHIN_S`.

        What the loop has not come to by then is taken back and refused, but for what holds heads.
        """
        self.leave(*wishes)
        until_s = time.monotonic() + WITHIN_S
        if not all(wish.wait(until_s) for wish in wishes):
            self._take_back(wishes)

    def leave(self, *wishes: Wish) -> None:
        """Leave wishes for the next tick; do not wait."""
        with self._lock:
            too_late = not self._open
            self._waiting += () if too_late else wishes
        for wish in wishes if too_late else ():
            wish.answer(ENDING)
        self._wake.set()

    def calls(self, people: Sequence[Call]) -> Sequence[Call]:
        """In the loop: all calls for the coming tick, those of people first.

        While anybody has a word, wishes of masters that would move heads or let go of them wait a tick: so
        what a master takes back is what was his alone when the last tick ended.
        """
        self._began_s = self.clock()
        spoken = any(call.document.get("verb") != "status" for call in people)
        with self._lock:
            urgent = [wish for wish in self._waiting if wish.verb in HOLDS]
            others = [wish for wish in self._waiting if wish not in urgent]
            put_off = bool(others and (spoken or urgent))
            self._waiting = others if put_off else []
        if put_off:
            self._wake.set()
        wishes = urgent if put_off else urgent + self._judged(others)
        self._passed += wishes
        return [
            *(_Noted(PERSON, call, self._owners) for call in people),
            *(_Noted(wish.who, wish, self._owners) for wish in wishes),
        ]

    def see(self, snapshot: Snapshot, held: BoolArray) -> None:
        """In the loop: a tick is over; `held` (H,) is who is kept stowed."""
        self._owners.see(snapshot.decision.states, held)
        self._wind = wind_after(self._wind, snapshot.inputs, self._began_s, self._safety)
        self.view = View(
            snapshot=snapshot,
            at_s=self._began_s,
            windy=bool(self._wind.latched),
            stows=self._owners.stows,
        )
        self._settle()

    def close(self) -> None:
        """Nobody takes wishes any more."""
        with self._lock:
            self._open = False
            left, self._waiting = self._waiting, []
        for wish in left:
            wish.answer(ENDING)
        self._settle()

    def _judged(self, wishes: Sequence[Wish]) -> list[Wish]:
        judged = [(wish, self._owners.judge(wish.who, wish.verb, wish.heads[0])) for wish in wishes]
        for wish, judgement in judged:
            if judgement is not Judgement.PASS:
                wish.answer({} if judgement is Judgement.DONE else NOT_YOURS)
                wish.settle()
        return [wish for wish, judgement in judged if judgement is Judgement.PASS]

    def _take_back(self, wishes: Sequence[Wish]) -> None:
        with self._lock:
            late = [wish for wish in wishes if wish in self._waiting and wish.verb not in HOLDS]
            self._waiting = [wish for wish in self._waiting if wish not in late]
        for wish in late:
            wish.answer(TOO_LATE)

    def _settle(self) -> None:
        for wish in self._passed:
            wish.settle()
        self._passed = []


@dataclass(frozen=True, slots=True)
class _Noted:
    """A call of which it is remembered, once it is taken, who made it."""

    who: str
    call: Call
    owners: Owners

    @property
    def document(self) -> Document:
        return self.call.document

    def answer(self, document: Document) -> None:
        if "error" not in document:
            self.owners.note(self.who, self.call.document)
        self.call.answer(document)
