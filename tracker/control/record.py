"""A journal read back: ticks as the values they were."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tracker.control.journal import FLAGS, SCHEMA_VERSION
from tracker.decision.states import Event
from tracker.decision.values import Decision, Inputs, Request
from tracker.errors import InvalidInput
from tracker.frames import AxisPose
from tracker.ports.mount import HeadReadings
from tracker.units import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tick:
    """One recorded tick: what was seen and what was decided."""

    number: int
    now_s: float
    utc: np.datetime64
    inputs: Inputs
    decision: Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One head changed its state."""

    utc: str
    head: str
    became: str
    why: str


@contextmanager
def open_record(path: Path) -> Iterator[sqlite3.Connection]:
    """A journal for reading only.

    Raises InvalidInput for a file that is no journal of this version, and while it is read for a damaged one.
    """
    if not path.is_file():
        raise InvalidInput(f"{path}: no such journal; `sunflower run --journal FILE` writes one")
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        db.row_factory = sqlite3.Row
        try:
            found = db.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
            if found is None or found["value"] != str(SCHEMA_VERSION):
                raise InvalidInput(
                    f"{path}: its schema is not {SCHEMA_VERSION}; read it with the version that wrote it"
                )
            yield db
        except sqlite3.DatabaseError as error:
            raise InvalidInput(
                f"{path}: not a journal of sunflower, or a damaged one ({error}); name another file"
            ) from error


def read_meta(db: sqlite3.Connection) -> dict[str, str]:
    """What the journal says about itself."""
    return {row["key"]: row["value"] for row in db.execute("SELECT key, value FROM meta")}


def read_changes(db: sqlite3.Connection) -> list[Change]:
    """Every change of state, in order."""
    rows = db.execute("SELECT utc, head, became, why FROM event ORDER BY rowid")
    return [Change(utc=r["utc"], head=r["head"], became=r["became"], why=r["why"]) for r in rows]


def read_ticks(db: sqlite3.Connection) -> Iterator[Tick]:
    """The recorded ticks, in order."""
    heads = len(json.loads(read_meta(db)["heads"]))
    rows = db.execute("SELECT * FROM head ORDER BY tick, head")
    for tick in db.execute("SELECT * FROM tick ORDER BY tick"):
        table = np.array(rows.fetchmany(heads), dtype=np.float64).T  # NULL becomes NaN: unknown
        columns = dict(zip([name for name, *_ in rows.description], table, strict=True))
        yield _tick(tick, columns)


def _tick(row: sqlite3.Row, head: dict[str, FloatArray]) -> Tick:
    return Tick(
        number=row["tick"],
        now_s=row["now_s"],
        utc=np.datetime64(row["utc"].removesuffix("Z")),
        inputs=Inputs(
            sun_enu=np.array([row["sun_e"], row["sun_n"], row["sun_u"]]),
            aim_enu=np.array([row["aim_e"], row["aim_n"], row["aim_u"]]),
            gust_m_s=_float(row["gust_m_s"]),
            wind_age_s=row["wind_age_s"],
            ghi_w_m2=_float(row["ghi_w_m2"]),
            ghi_age_s=row["ghi_age_s"],
            heads=_readings(head),
            requests=_requests(row["requests"]),
        ),
        decision=Decision(
            states=head["state"].astype(np.int8),
            reason=head["reason"].astype(np.int8),
            orders=head["command"].astype(np.int8),
            target=AxisPose(
                azimuth_deg=head["target_azimuth_deg"], elevation_deg=head["target_elevation_deg"]
            ),
            limited=head["limited"].astype(np.bool_),
            settled=head["settled"].astype(np.bool_),
            leaning=head["leaning"],
        ),
    )


def _readings(head: dict[str, FloatArray]) -> HeadReadings:
    bits = head["flags"].astype(np.int64)
    flags = {name: (bits >> bit & 1).astype(np.bool_) for bit, name in enumerate(FLAGS)}
    return HeadReadings(
        azimuth_deg=head["azimuth_deg"],
        elevation_deg=head["elevation_deg"],
        fault=head["fault"].astype(np.int64),
        silent_s=head["silent_s"],
        **flags,
    )


def _requests(text: str | None) -> tuple[Request, ...]:
    return tuple(
        Request(
            event=Event[name],
            heads=tuple(heads),
            azimuth_deg=_float(azimuth),
            elevation_deg=_float(elevation),
        )
        for name, heads, azimuth, elevation in json.loads(text or "[]")
    )


def _float(value: float | None) -> float:
    return np.nan if value is None else value
