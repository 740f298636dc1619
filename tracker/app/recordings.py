"""Records of where heads looked, from a CSV of anybody's or from a journal of ours, as plain arrays."""

import json
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from tracker.app.field.rules_record import rules_from_json
from tracker.app.stamped_csv import StampedTable, read_stamped
from tracker.control.journal import FLAGS
from tracker.control.record import open_record, read_meta
from tracker.errors import InvalidInput
from tracker.frames import AxisPose, enu_from_azel
from tracker.plant import Array, Limits, Mount
from tracker.study.mountings.recorded import RECORDED, Recording, Track
from tracker.units import BoolArray, FloatArray, IntArray, UtcArray

JOURNAL: Final = b"SQLite format 3\0"
NAME: Final = re.compile(r"[\w .+-]+")
AZIMUTHS_DEG: Final = (-720.0, 720.0)  # a cable's worth of turns either way
ELEVATIONS_DEG: Final = (-90.0, 90.0)
DRIVE_WH: Final = (0.0, 1e6)
SEEN: Final = "SELECT azimuth_deg, elevation_deg, flags, silent_s FROM head ORDER BY tick, head"


def read_recording(given: str, array: Array) -> Recording:
    """The record that PATH or PATH=NAME names, for the heads of an array.

    Raises InvalidInput for a file that is neither table nor journal, naming line, value and what to do.
    """
    path, name = _named(given)
    tracks = _journal_tracks(path, array) if _is_journal(path) else _table_tracks(path, array)
    return Recording(name=f"{RECORDED}:{name}" if name else RECORDED, source=str(path), tracks=tracks)


def _is_journal(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(JOURNAL)) == JOURNAL


def _named(given: str) -> tuple[Path, str]:
    path, equals, name = given.rpartition("=")
    if not equals or Path(given).exists():
        return Path(given), ""
    if not NAME.fullmatch(name):
        raise InvalidInput(
            f'--recorded {given}: "{name}" is no name; use letters, digits, spaces and . _ + - only'
        )
    return Path(path), name


def _table_tracks(path: Path, array: Array) -> tuple[Track, ...]:
    table = read_stamped(path, ("azimuth_deg", "elevation_deg"))
    normal_enu = enu_from_azel(
        table.numbers("azimuth_deg", AZIMUTHS_DEG), table.numbers("elevation_deg", ELEVATIONS_DEG)
    )
    drive_wh = table.numbers("drive_wh", DRIVE_WH) if table.has("drive_wh") else None
    if not table.has("head"):
        return (_table_track(table, np.arange(table.utc.size), normal_enu, drive_wh),)
    heads = table.cells["head"].fillna("").str.strip().to_numpy(dtype=str)
    _demand_heads(path, heads.tolist(), array)
    return tuple(
        _table_track(table, np.flatnonzero(heads == head), normal_enu, drive_wh) for head in array.names
    )


def _table_track(
    table: StampedTable, rows: IntArray, normal_enu: FloatArray, drive_wh: FloatArray | None
) -> Track:
    table.demand_ascending(rows)
    known = rows[np.isfinite(normal_enu[rows, 0])]
    if not known.size:
        raise InvalidInput(f"{table.path}: a head without one known angle; leave it out, or fill it in")
    spent_wh = None if drive_wh is None else _spent_wh(np.nan_to_num(drive_wh[rows]), rows, known)
    return Track(utc=table.utc[known], normal_enu=normal_enu[known], drive_wh=spent_wh)


def _spent_wh(drive_wh: FloatArray, rows: IntArray, known: IntArray) -> FloatArray:
    """Energies of all rows, summed up to each known one."""
    total_wh = np.cumsum(drive_wh)[np.searchsorted(rows, known)]
    return np.diff(total_wh, prepend=0.0)


def _demand_heads(path: Path, heads: Sequence[str], array: Array) -> None:
    recorded = dict.fromkeys(heads)
    strangers = [head for head in recorded if head not in array.names]
    missing = [head for head in array.names if head not in recorded]
    if strangers or missing:
        wrong = f"head {strangers[0]!r} is not in the array" if strangers else f"{missing[0]} is not recorded"
        raise InvalidInput(
            f"{path}: {wrong}, whose heads are {', '.join(array.names)}; give all of them, or one without a "
            "column head to stand for all"
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Seen:
    """What a journal says of its heads: N times (N,), angles (N, H), where panels looked (N, H, 3).

    known (N, H): the head answered in that tick, with a position that can be trusted.
    """

    heads: tuple[str, ...]
    utc: UtcArray
    pose: AxisPose
    normal_enu: FloatArray
    known: BoolArray

    def turning_s(self, rows: BoolArray, head: int, limits: Limits) -> FloatArray:
        """How long both motors of a head turned since the row before."""
        ways = (
            (self.pose.azimuth_deg, limits.azimuth_rate_deg_s),
            (self.pose.elevation_deg, limits.elevation_rate_deg_s),
        )
        angles = ((axis_deg[rows, head], rate) for axis_deg, rate in ways)
        turns_s = [np.abs(np.diff(axis, prepend=axis[0])) / rate for axis, rate in angles]
        return np.asarray(np.sum(turns_s, axis=0))


def _journal_tracks(path: Path, array: Array) -> tuple[Track, ...]:
    """Normals through the pointing that the run was made with; the moves' energy from the axes' turns."""
    seen = _seen(path)
    _demand_heads(path, seen.heads, array)
    return tuple(_journal_track(path, seen, seen.heads.index(name), array.mount) for name in array.names)


def _journal_track(path: Path, seen: _Seen, head: int, mount: Mount) -> Track:
    rows = seen.known[:, head]
    if not rows.any():
        raise InvalidInput(
            f"{path}: {seen.heads[head]} never told a trusted position; leave this journal out"
        )
    drive_wh = seen.turning_s(rows, head, mount.limits) * mount.drive_power_w / 3600.0
    return Track(utc=seen.utc[rows], normal_enu=seen.normal_enu[rows, head], drive_wh=drive_wh)


def _seen(path: Path) -> _Seen:
    try:
        with open_record(path) as db:
            meta = read_meta(db)
            stamps = [row[0].removesuffix("Z") for row in db.execute("SELECT utc FROM tick ORDER BY tick")]
            rows = [tuple(row) for row in db.execute(SEEN)]
    except sqlite3.DatabaseError as error:
        raise InvalidInput(f"{path}: the journal is damaged ({error}); give a whole copy of it") from error
    heads = tuple(json.loads(meta["heads"]))
    if "rules" not in meta or not stamps or len(rows) != len(stamps) * len(heads):
        raise InvalidInput(
            f"{path}: no run has told its rules and ticks here; name the journal of a whole run"
        )
    utc = np.array(stamps, dtype="datetime64[ms]")
    table = np.array(rows, dtype=np.float64).reshape(len(stamps), len(heads), 4)
    azimuth_deg, elevation_deg, flags, silent_s = np.moveaxis(table, 2, 0)
    pose = AxisPose(azimuth_deg=azimuth_deg, elevation_deg=elevation_deg)
    return _Seen(
        heads=heads,
        utc=utc,
        pose=pose,
        normal_enu=rules_from_json(meta["rules"]).pointing.to_sky(pose),
        known=_later(utc)[:, np.newaxis]
        & _trusted(flags)
        & (silent_s == 0.0)
        & np.isfinite(table).all(axis=2),
    )


def _later(utc: UtcArray) -> BoolArray:
    """Times (N,) after all that stand before them: a clock that was set back tells no time twice."""
    return np.append(True, utc[1:] > np.maximum.accumulate(utc)[:-1])


def _trusted(flags: FloatArray) -> BoolArray:
    return np.asarray(flags.astype(np.int64) >> FLAGS.index("trusted") & 1 == 1)
