"""Sightings as text: one line each, every mistake named by line, column, value and limit."""

import csv
import io
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Final

import numpy as np

from calibration.sightings import DEFAULT_SIGMA_DEG, Sightings
from tracker.errors import InvalidInput
from tracker.frames import AxisPose

# Column: least and greatest value. Shafts may turn more than once (cables) and pass the zenith.
_LIMITS_DEG: Final[Mapping[str, tuple[float, float]]] = {
    "axis_azimuth_deg": (-1080.0, 1080.0),
    "axis_elevation_deg": (-20.0, 200.0),
    "observed_azimuth_deg": (-360.0, 360.0),
    "observed_elevation_deg": (-90.0, 90.0),
    "sigma_deg": (1e-6, 10.0),
}
REQUIRED_COLUMNS: Final = ("head", "utc", *tuple(_LIMITS_DEG)[:4])
COLUMNS: Final = (*REQUIRED_COLUMNS, "sigma_deg")
_PROBLEMS_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    head: str
    utc: np.datetime64
    numbers: Mapping[str, float]


def parse_sightings(text: str, place: str) -> Sightings:
    """Sightings from CSV text; sigma_deg may be left out (0.05 deg is taken).

    Raises InvalidInput naming place and, for every mistake, line, column, value and limit.
    """
    lines = csv.reader(io.StringIO(text))
    header = [name.strip() for name in next(lines, [])]
    _check_header(header, place)
    rows: list[_Row] = []
    problems: list[str] = []
    for cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        row, faults = _row(header, cells)
        problems += [f"line {lines.line_num}, {fault}" for fault in faults]
        if row is not None:
            rows.append(row)
    if not rows and not problems:
        problems = ["no sightings below the header; take some with a sun sensor or camera"]
    _raise_for(problems, place)
    return _sightings(rows)


def format_sightings(sightings: Sightings) -> str:
    """The CSV text that `parse_sightings` reads back to the same values."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    columns = [getattr(sightings, name).tolist() for name in COLUMNS[2:]]
    stamps = np.datetime_as_string(sightings.utc, timezone="UTC").tolist()
    names = [sightings.heads[index] for index in sightings.head_index]
    writer.writerows(zip(names, stamps, *columns, strict=True))
    return out.getvalue()


def _check_header(header: list[str], place: str) -> None:
    problems = [f"line 1: column {name!r} is missing" for name in REQUIRED_COLUMNS if name not in header]
    problems += [f"line 1: {_unknown(name)}" for name in header if name not in COLUMNS]
    problems += [f"line 1: column {name!r} is there twice" for name in COLUMNS if header.count(name) > 1]
    _raise_for(problems, place)


def _unknown(name: str) -> str:
    near = get_close_matches(name, COLUMNS, n=1, cutoff=0.0)[0]
    return f"unknown column {name!r}; the nearest known one is {near!r}"


def _row(header: list[str], cells: list[str]) -> tuple[_Row | None, list[str]]:
    """The row, or None and what is wrong with it."""
    if len(cells) != len(header):
        return None, [f"it has {len(cells)} cells; the header has {len(header)}"]
    cell = {name: value.strip() for name, value in zip(header, cells, strict=True)}
    faults = [] if cell["head"] else ["column head is empty; name the head"]
    moment = _utc(cell["utc"])
    if moment is None:
        faults.append(f"column utc: {cell['utc']!r} is no UTC time; write 2026-03-20T04:12:00Z")
    numbers = {name: _number(cell[name]) for name in _LIMITS_DEG if name in cell}
    faults += [
        f"column {name}: {cell[name]!r} is not a number in {low:g}..{high:g} deg"
        for name, (low, high) in _LIMITS_DEG.items()
        if name in numbers and not low <= numbers[name] <= high
    ]
    if moment is None or faults:
        return None, faults
    return _Row(head=cell["head"], utc=moment, numbers=numbers), []


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan  # lies in no range, so the caller reports it


def _utc(text: str) -> np.datetime64 | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.utcoffset() not in (None, timedelta(0)):
        return None
    return np.datetime64(moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment, "us")


def _raise_for(problems: Iterable[str], place: str) -> None:
    found = list(problems)
    if not found:
        return
    shown = found[:_PROBLEMS_SHOWN]
    if len(found) > len(shown):
        shown.append(f"and {len(found) - len(shown)} more")
    raise InvalidInput(f"{place}: the sightings cannot be used\n" + "\n".join(f"  {line}" for line in shown))


def _sightings(rows: list[_Row]) -> Sightings:
    column = {name: np.array([row.numbers[name] for row in rows]) for name in rows[0].numbers}
    return Sightings.of(
        heads=[row.head for row in rows],
        utc=np.array([row.utc for row in rows]),
        pose=AxisPose(azimuth_deg=column["axis_azimuth_deg"], elevation_deg=column["axis_elevation_deg"]),
        observed_azimuth_deg=column["observed_azimuth_deg"],
        observed_elevation_deg=column["observed_elevation_deg"],
        sigma_deg=column.get("sigma_deg", DEFAULT_SIGMA_DEG),
    )
