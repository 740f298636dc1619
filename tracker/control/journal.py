"""The record of what was seen, what was decided and why: one SQLite file, append-only, WAL.

Readable with any SQLite client: `SELECT * FROM event` tells the story, `tick` and `head` hold every tick.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np

from tracker.decision.states import Event, State
from tracker.decision.values import Decision, Inputs, Request
from tracker.errors import OutputFailed

SCHEMA_VERSION: Final = 2
TICKS_PER_COMMIT: Final = 32  # a crash loses the last half minute of a live run at most

SCHEMA: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE tick (
    tick INTEGER PRIMARY KEY, now_s REAL NOT NULL, utc TEXT NOT NULL,
    sun_e REAL NOT NULL, sun_n REAL NOT NULL, sun_u REAL NOT NULL,
    aim_e REAL NOT NULL, aim_n REAL NOT NULL, aim_u REAL NOT NULL,
    gust_m_s REAL, wind_age_s REAL NOT NULL, ghi_w_m2 REAL, ghi_age_s REAL NOT NULL, requests TEXT);
CREATE TABLE head (
    tick INTEGER NOT NULL, head INTEGER NOT NULL,
    azimuth_deg REAL, elevation_deg REAL, flags INTEGER NOT NULL, fault INTEGER NOT NULL,
    silent_s REAL NOT NULL,
    state INTEGER NOT NULL, reason INTEGER NOT NULL, command INTEGER NOT NULL,
    target_azimuth_deg REAL, target_elevation_deg REAL, limited INTEGER NOT NULL, settled INTEGER NOT NULL,
    leaning REAL NOT NULL,
    PRIMARY KEY (tick, head)) WITHOUT ROWID;
CREATE TABLE event (
    tick INTEGER NOT NULL, utc TEXT NOT NULL, head TEXT NOT NULL, became TEXT NOT NULL, why TEXT NOT NULL);
"""
FLAGS: Final = ("trusted", "moving", "homing", "emergency", "enabled", "held", "wind_contact", "folded")
HEAD_COLUMNS: Final = 15


class Journal:
    """Writes ticks. Commits every few ticks, at each change of state, and at the end."""

    def __init__(self, path: Path, *, heads: tuple[str, ...], meta: dict[str, str]) -> None:
        """Start a new journal; an existing file is never written over.

        Raises OutputFailed when the file exists or cannot be made.
        """
        if path.exists():
            raise OutputFailed(f"{path}: a journal is there already; move it away or name another file")
        self._path, self._heads, self._ticks = path, heads, 0
        with self._io():
            self._db = sqlite3.connect(path, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.executescript(SCHEMA)
            about = {"schema": str(SCHEMA_VERSION), "heads": json.dumps(heads), **meta}
            self._db.executemany("INSERT INTO meta VALUES (?, ?)", sorted(about.items()))
            self._db.execute("BEGIN")

    def write(self, now_s: float, utc: np.datetime64, inputs: Inputs, decision: Decision) -> None:
        """Append one tick. Raises OutputFailed when the disk does not take it."""
        number, stamp = self._ticks, _utc_text(utc)
        changed = np.flatnonzero(decision.reason >= 0)
        with self._io():
            self._db.execute(
                "INSERT INTO tick VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    number,
                    now_s,
                    stamp,
                    *inputs.sun_enu.tolist(),
                    *inputs.aim_enu.tolist(),
                    inputs.gust_m_s,
                    inputs.wind_age_s,
                    inputs.ghi_w_m2,
                    inputs.ghi_age_s,
                    _requests_text(inputs.requests),
                ),
            )
            places = ", ".join("?" * HEAD_COLUMNS)
            self._db.executemany(f"INSERT INTO head VALUES ({places})", _head_rows(number, inputs, decision))  # noqa: S608
            self._db.executemany(
                "INSERT INTO event VALUES (?, ?, ?, ?, ?)",
                [
                    (
                        number,
                        stamp,
                        self._heads[h],
                        State(decision.states[h]).name,
                        Event(decision.reason[h]).name,
                    )
                    for h in changed.tolist()
                ],
            )
            self._ticks += 1
            if changed.size or self._ticks % TICKS_PER_COMMIT == 0:
                self._db.execute("COMMIT")
                self._db.execute("BEGIN")

    def close(self) -> None:
        """Commit, and fold the write-ahead log back into the one file."""
        with self._io():
            self._db.execute("COMMIT")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._db.execute("PRAGMA journal_mode = DELETE")
            self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _io(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise OutputFailed(
                f"{self._path}: the journal cannot be written ({error}); "
                "free space, or name a writable place with --journal"
            ) from error


def _utc_text(utc: np.datetime64) -> str:
    return f"{np.datetime_as_string(utc.astype('datetime64[ms]'))}Z"


def _requests_text(requests: tuple[Request, ...]) -> str | None:
    if not requests:
        return None
    return json.dumps(
        [
            [r.event.name, r.heads, *(None if np.isnan(a) else a for a in (r.azimuth_deg, r.elevation_deg))]
            for r in requests
        ]
    )


def _head_rows(number: int, inputs: Inputs, decision: Decision) -> list[tuple[float, ...]]:
    seen = inputs.heads
    flags = sum(getattr(seen, name).astype(np.int64) << bit for bit, name in enumerate(FLAGS))
    columns = (
        seen.azimuth_deg,
        seen.elevation_deg,
        flags,
        seen.fault,
        seen.silent_s,
        decision.states,
        decision.reason,
        decision.orders,
        decision.target.azimuth_deg,
        decision.target.elevation_deg,
        decision.limited.astype(np.int64),
        decision.settled.astype(np.int64),
        decision.leaning,
    )
    return [(number, head, *row) for head, row in enumerate(zip(*(c.tolist() for c in columns), strict=True))]
