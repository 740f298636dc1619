"""Run a site: turn the loop, answer people, until told to leave."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from tracker.control.loop import Loop
from tracker.decision.values import Request, Rules
from tracker.errors import InvalidInput, RefusedForSafety, TrackerError, TravelExceeded
from tracker.operations.asking import ALWAYS, asked_from, refuse_unfit, request_of
from tracker.operations.status import Snapshot, after, status_document
from tracker.ports.clock import Clock


class Call(Protocol):
    """Somebody's question, waiting for an answer."""

    @property
    def document(self) -> Mapping[str, Any]:
        """The question as JSON."""
        ...

    def answer(self, document: Mapping[str, Any]) -> None:
        """Answer it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A site with everything that running it takes. `calls` gives what people asked since the last time."""

    site: str
    heads: Sequence[str]
    loop: Loop
    clock: Clock
    rules: Rules
    calls: Callable[[], Sequence[Call]]


def track(
    running: Running, *, go_on: Callable[[np.datetime64], bool], seen: Callable[[Snapshot], None]
) -> None:
    """Turn the loop while `go_on(utc)`; `seen` is told every tick. Faults of heads are data, never raised."""
    snapshot: Snapshot | None = None
    while go_on(running.clock.utc()):
        waiting, requests = _hear(running, snapshot)
        utc = running.clock.utc()
        inputs, decision = running.loop.tick(requests)
        snapshot = after(snapshot, utc, inputs, decision)
        if waiting:
            status = status_document(running.site, running.heads, snapshot)
            for call in waiting:  # a master may have asked something of every head at once
                call.answer(status)
        seen(snapshot)
        running.loop.wait(decision)


def _hear(running: Running, last: Snapshot | None) -> tuple[list[Call], tuple[Request, ...]]:
    """Calls to answer after the tick, and what they ask for; refusals are answered at once."""
    waiting: list[Call] = []
    requests: list[Request] = []
    for call in running.calls():
        try:
            if call.document.get("verb") != "status":
                requests.append(_request(call.document, running, last))
            waiting.append(call)
        except TrackerError as error:
            call.answer({"error": {"kind": _kind(error), "message": str(error)}})
    return waiting, tuple(requests)


def _request(document: Mapping[str, Any], running: Running, last: Snapshot | None) -> Request:
    asked = asked_from(document, running.heads)
    if last is not None:
        refuse_unfit(asked, running.heads, last.inputs, last.decision, running.rules)
    elif asked.verb not in ALWAYS:
        raise RefusedForSafety(f"{asked.verb}: the heads have not been seen yet; ask again in a second")
    return request_of(asked)


def _kind(error: TrackerError) -> str:
    return next((kind for kind, classes in KINDS.items() if isinstance(error, classes)), "device")


KINDS: Mapping[str, tuple[type[TrackerError], ...]] = {
    "refused": (RefusedForSafety,),
    "usage": (InvalidInput, TravelExceeded),
}
