"""A journal's tables as CSV and as Parquet, with names instead of numbers where there are names."""

import csv
import io
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from tracker.control.journal import FLAGS
from tracker.control.record import read_meta
from tracker.decision.states import Event, State
from tracker.decision.values import Order

TABLES: Final = ("event", "tick", "head")
ROWS_AT_A_TIME: Final = 20_000  # chosen: a group of rows in Parquet; 30 MB while it is made


def table_csv(db: sqlite3.Connection, table: str) -> str:
    """One of TABLES with a header; unknown values are empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_columns(db, table))
    for rows in _rows(db, table):
        writer.writerows(rows)
    return text.getvalue()


def table_parquet(db: sqlite3.Connection, table: str) -> bytes:
    """One of TABLES with the types that its columns have, `utc` a timestamp; unknown values are null.

    Needs pyarrow.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {"INTEGER": pa.int64(), "REAL": pa.float64(), "TEXT": pa.string()}
    read = pa.schema([(name, types[kind]) for name, kind in _columns(db, table).items()])
    time = pa.field("utc", pa.timestamp("ms", "UTC"))
    kept = read.set(read.get_field_index("utc"), time) if "utc" in read.names else read
    content = io.BytesIO()
    with pq.ParquetWriter(content, kept) as file:
        for rows in _rows(db, table):
            columns = list(map(pa.array, zip(*rows, strict=True), read.types))
            file.write_table(pa.table(columns, schema=read).cast(kept))
    return content.getvalue()


def _columns(db: sqlite3.Connection, table: str) -> dict[str, str]:
    """What SQLite holds in each column, TEXT where names take the place of numbers."""
    kinds = {name: kind for _, name, kind, *_ in db.execute(f"PRAGMA table_info({table})")}
    return kinds | dict.fromkeys(_spoken(db, table), "TEXT")


def _rows(db: sqlite3.Connection, table: str) -> Iterator[list[list[Any]]]:
    found = db.execute(f"SELECT * FROM {table}")  # noqa: S608 - one of our own names
    spoken = _spoken(db, table)
    says = [spoken.get(name) for name, *_ in found.description]
    while rows := found.fetchmany(ROWS_AT_A_TIME):
        yield [
            [value if say is None else say(value) for say, value in zip(says, row, strict=True)]
            for row in rows
        ]


def _spoken(db: sqlite3.Connection, table: str) -> Mapping[str, Callable[[Any], str | None]]:
    if table != "head":
        return {}
    heads = json.loads(read_meta(db)["heads"])
    return {
        "head": lambda index: str(heads[index]),
        "flags": lambda bits: " ".join(name for bit, name in enumerate(FLAGS) if bits >> bit & 1),
        "state": lambda state: State(state).name,
        "reason": lambda event: Event(event).name if event >= 0 else None,
        "command": lambda order: Order(order).name,
    }
