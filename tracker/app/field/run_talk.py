"""What a run says while it goes on: changes as lines, and on a terminal one line that is kept up to date."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from tracker.app.output import emit_line, tell
from tracker.decision.states import Event, State
from tracker.frames import elevation_deg
from tracker.operations.status import Snapshot
from tracker.operations.words import WHY, gust_words

NAMES_SHOWN: Final = 8
POSES_SHOWN: Final = 4
TO_LINE_START: Final = "\r\x1b[K"  # and clear the line


@dataclass(slots=True, kw_only=True)
class RunTalk:
    """Tells people on stderr; with as_json also programs, one JSON line a change on stdout."""

    heads: Sequence[str]
    timezone: str
    as_json: bool
    summary: Callable[[Snapshot], str]
    _live: bool = field(default_factory=lambda: sys.stderr.isatty())

    def seen(self, snapshot: Snapshot) -> None:
        """Tell what this tick has changed, and how things are now."""
        self._clear()
        for state, event, heads in _changes(snapshot):
            names = [self.heads[h] for h in heads]
            tell(f"{self._local(snapshot.utc)}  {_listed(names)}: {state.name}, {WHY[event]}")
            if self.as_json:
                for name in names:
                    emit_line(
                        {
                            "event": "changed",
                            "utc": _stamp(snapshot.utc),
                            "head": name,
                            "state": state.name,
                            "why": event.name,
                        }
                    )
        if self._live:
            sys.stderr.write(f"{self._local(snapshot.utc)}  {self.summary(snapshot)}; Ctrl-C leaves")
            sys.stderr.flush()

    def say(self, message: str, document: dict[str, object] | None = None) -> None:
        """Say something else; the document goes to programs."""
        self._clear()
        tell(message)
        if self.as_json and document is not None:
            emit_line(document)

    def _clear(self) -> None:
        if self._live:
            sys.stderr.write(TO_LINE_START)

    def _local(self, utc: np.datetime64) -> str:
        moment: datetime = utc.astype("datetime64[us]").item()
        return f"{moment.replace(tzinfo=UTC).astimezone(ZoneInfo(self.timezone)):%H:%M:%S}"


def sky_summary(snapshot: Snapshot) -> str:
    """States, sun and wind of a whole site."""
    inputs, decision = snapshot.inputs, snapshot.decision
    counts = Counter(State(state).name for state in decision.states.tolist())
    states = ", ".join(f"{count} {name}" for name, count in counts.items())
    wind = gust_words(float(inputs.gust_m_s))
    return f"{states}; sun at {float(elevation_deg(inputs.sun_enu)):.1f} deg, {wind}"


def pose_summary(snapshot: Snapshot) -> str:
    """Where the first heads are, and the wind."""
    inputs = snapshot.inputs
    axes = (
        inputs.heads.azimuth_deg[:POSES_SHOWN].tolist(),
        inputs.heads.elevation_deg[:POSES_SHOWN].tolist(),
    )
    poses = "  ".join(f"{azimuth:.2f}/{elevation:.2f}" for azimuth, elevation in zip(*axes, strict=True))
    return f"azimuth/elevation {poses} deg; {gust_words(float(inputs.gust_m_s))}"


def _changes(snapshot: Snapshot) -> Iterator[tuple[State, Event, list[int]]]:
    """Heads that changed alike, together."""
    alike: dict[tuple[int, int], list[int]] = {}
    states, reasons = snapshot.decision.states.tolist(), snapshot.decision.reason.tolist()
    for head, (state, reason) in enumerate(zip(states, reasons, strict=True)):
        if reason >= 0:
            alike.setdefault((state, reason), []).append(head)
    for (state, reason), heads in alike.items():
        yield State(state), Event(reason), heads


def _listed(names: Sequence[str]) -> str:
    shown, rest = names[:NAMES_SHOWN], len(names) - NAMES_SHOWN
    return " ".join(shown) + (f" and {rest} more" if rest > 0 else "")


def _stamp(utc: np.datetime64) -> str:
    return f"{np.datetime_as_string(utc, unit='ms')}Z"
