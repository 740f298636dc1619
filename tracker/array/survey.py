"""Surveyed heads from a CSV file: name, east_m, north_m, up_m."""

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from tracker.array.layout import MOST_HEADS, closest_pair_m
from tracker.errors import InvalidInput
from tracker.named_files import text_of
from tracker.units import FloatArray

COLUMNS: Final = ("name", "east_m", "north_m", "up_m")
LONGEST_NAME: Final = 64
FARTHEST_M: Final = 100_000.0  # from the origin; beyond, the surveyor's grid origin was not taken off
LARGEST_BYTES: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Survey:
    """Names (H) and feet east-north-up of the site's origin (H, 3), in the file's order."""

    names: tuple[str, ...]
    positions_enu_m: FloatArray


def read_survey(path: Path, *, disk_diameter_m: float) -> Survey:
    """Read a survey; raises InvalidInput that lists every error with its line."""
    return parse_survey(_text(path), place=str(path), disk_diameter_m=disk_diameter_m)


def parse_survey(text: str, *, place: str, disk_diameter_m: float) -> Survey:
    """Heads of a survey's text; blank lines and lines that begin with # are skipped, column order is free.

    Raises InvalidInput with every error and its line: missing columns, wrong counts of fields, numbers that
    are none or out of range, empty or repeated names, no heads, heads closer than the disks' diameter.
    """
    rows = list(_rows(text))
    if not rows:
        raise InvalidInput(f"{place}: empty; the first line names the columns {', '.join(COLUMNS)}")
    header_line, header = rows[0]
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise InvalidInput(
            f"{place}, line {header_line}: no column {', '.join(missing)} in {', '.join(header)}; "
            f"the first line names the columns {', '.join(COLUMNS)}"
        )
    problems: list[str] = []
    heads = _heads(rows[1:], header, problems)
    if not heads and not problems:
        problems.append(f"line {header_line}: no heads follow the header; add one line a head")
    if len(heads) > MOST_HEADS:
        problems.append(f"line {heads[MOST_HEADS].line}: more than {MOST_HEADS} heads; split the site")
    problems += _too_close(heads, disk_diameter_m)
    if problems:
        raise InvalidInput("\n".join(f"{place}, {problem}" for problem in problems))
    return Survey(
        names=tuple(head.name for head in heads),
        positions_enu_m=np.array([head.foot_m for head in heads], dtype=np.float64),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _SurveyedHead:
    line: int
    name: str
    foot_m: tuple[float, float, float]


def _heads(rows: list[tuple[int, list[str]]], header: list[str], problems: list[str]) -> list[_SurveyedHead]:
    heads: dict[str, _SurveyedHead] = {}
    for line, fields in rows:
        if len(fields) != len(header):
            problems.append(f"line {line}: {len(fields)} fields under {len(header)} columns")
            continue
        row = dict(zip(header, fields, strict=True))
        faults = [
            *_name_faults(row["name"], heads),
            *(f for c in COLUMNS[1:] for f in _number_faults(c, row[c])),
        ]
        problems += [f"line {line}: {fault}" for fault in faults]
        if not faults:
            foot_m = (float(row["east_m"]), float(row["north_m"]), float(row["up_m"]))
            heads[row["name"]] = _SurveyedHead(line=line, name=row["name"], foot_m=foot_m)
    return list(heads.values())


def _name_faults(name: str, seen: dict[str, _SurveyedHead]) -> Iterator[str]:
    if not name:
        yield "the name is empty; give each head its own"
    elif len(name) > LONGEST_NAME or not name.isprintable():
        yield f"name {name[:LONGEST_NAME]!r} is not printable or too long; use up to {LONGEST_NAME} letters"
    elif name in seen:
        yield f"name {name!r} stands on line {seen[name].line} already; give each head its own"


def _number_faults(column: str, field: str) -> Iterator[str]:
    try:
        value = float(field)
    except ValueError:
        yield f"{column} = {field!r} is not a number; give metres with a decimal point"
        return
    if not math.isfinite(value):
        yield f"{column} = {field} is not finite; give metres"
    elif abs(value) > FARTHEST_M:
        yield f"{column} = {field} is beyond {FARTHEST_M:.0f} m; measure from an origin on the site"


def _too_close(heads: list[_SurveyedHead], disk_diameter_m: float) -> Iterator[str]:
    if len(heads) < 2:
        return
    first, second, distance_m = closest_pair_m(np.array([head.foot_m for head in heads]))
    if distance_m < disk_diameter_m:
        a, b = sorted((heads[first], heads[second]), key=lambda head: head.line)
        yield (
            f"line {b.line}: {b.name} stands {distance_m:.3f} m from {a.name} (line {a.line}), less than the "
            f"disks' diameter {disk_diameter_m:.3f} m: they would touch; correct the survey or head.area_m2"
        )


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Fields of every line that says something, with the line's number; a quoted field stays on its line."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, [field.strip() for field in next(csv.reader([line], skipinitialspace=True))]


def _text(path: Path) -> str:
    try:
        return text_of(path, LARGEST_BYTES)
    except OSError as error:
        raise InvalidInput(
            f"{path}: {error.strerror}; name a readable CSV file, one short line a head"
        ) from error
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path}: not UTF-8 text (byte {error.start}); export it as CSV UTF-8") from error
