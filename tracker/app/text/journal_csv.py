"""A journal's tables as CSV text, with names instead of numbers where there are names."""

import csv
import io
import json
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any, Final

from tracker.control.journal import FLAGS
from tracker.control.record import read_meta
from tracker.decision.states import Event, State
from tracker.decision.values import Order

TABLES: Final = ("event", "tick", "head")


def table_csv(db: sqlite3.Connection, table: str) -> str:
    """One of TABLES with a header; unknown values are empty."""
    rows = db.execute(f"SELECT * FROM {table}")  # noqa: S608 - one of our own names
    names = [name for name, *_ in rows.description]
    spoken = _spoken(db) if table == "head" else {}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([spoken[name](row[name]) if name in spoken else row[name] for name in names])
    return text.getvalue()


def _spoken(db: sqlite3.Connection) -> Mapping[str, Callable[[Any], str]]:
    heads = json.loads(read_meta(db)["heads"])
    return {
        "head": lambda index: str(heads[index]),
        "flags": lambda bits: " ".join(name for bit, name in enumerate(FLAGS) if bits >> bit & 1),
        "state": lambda state: State(state).name,
        "reason": lambda event: Event(event).name if event >= 0 else "",
        "command": lambda order: Order(order).name,
    }
