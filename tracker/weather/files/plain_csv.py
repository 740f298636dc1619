"""Any measured table as a CSV: a line of names, a column of times, GHI, and what else was measured.

    # interval_label: end
    # utc_offset_h: 8
    time,ghi,dni,dhi,temp_air,wind_speed,gust
    2024-01-01 00:01,0.0,0.0,0.0,14.2,1.3,2.0

The lines with # are needed only for what neither the stamps nor the site say.
"""

import re
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from tracker.comma_table import read_cells
from tracker.errors import InvalidWeather
from tracker.units import UtcArray
from tracker.weather.files.columns import values_of
from tracker.weather.files.names import COLUMNS, TIMES
from tracker.weather.files.raw import FilePlace, RawWeather
from tracker.weather.reading import LABELS, Reading
from tracker.weather.whole.grid import step_of

MARK: Final = "#"
PLACE: Final = ("latitude_deg", "longitude_deg", "altitude_m", "utc_offset_h")
NOTHING: Final = -90.0  # loggers write -99, -999, -9999 for nothing; no quantity here reaches so low
MISSING: Final = ("", "NaN", "nan")
DECIMAL_COMMA: Final = re.compile(r"[+-]?\d+,\d+")
SAY_LABEL: Final = (
    "does not say whether its stamps are the start, centre or end of their interval; set "
    'weather.interval_label in the site file, or begin the file with "# interval_label: end"'
)
SAY_ZONE: Final = (
    "has stamps without a time zone; write them with one (2024-01-01T00:00+08:00), or begin the file with "
    '"# utc_offset_h: 8"'
)


def is_plain(head: list[str]) -> bool:
    """Whether its first line without # names a column of times and GHI, be it between wrong separators."""
    names = {name.strip().strip('"').lower() for name in re.split("[,;]", _names(head))}
    return bool(names & set(TIMES)) and bool(names & set(COLUMNS["ghi_w_m2"].names))


def read_plain(path: Path, text: str, reading: Reading) -> RawWeather:
    """A plain CSV through pandas; raises InvalidWeather where label, zone or a stamp is not clear."""
    lines = text.splitlines()
    head = _head(lines)
    skipped = next(i for i, line in enumerate(lines) if not line.startswith(MARK) and line.strip())
    first_line = skipped + 2
    table = _table(path, text, skipped)
    _demand_numbers(path, table, first_line)
    times = _times(path, table, head, first_line)
    labels = times.tz_localize(None).to_numpy().astype("datetime64[s]")
    return RawWeather(
        format="plain CSV",
        label_local=labels,
        centre_after_label_s=_centre_after_label_s(path, labels, head, reading),
        values={
            name: np.where(column < NOTHING, np.nan, column)
            for name, column in values_of(table, COLUMNS).items()
        },
        typical=False,
        place=_place(path, head, times),
        first_line=first_line,
    )


def _table(path: Path, text: str, skipped: int) -> pd.DataFrame:
    """The rows below the line of names, columns by their names in small letters; at least one."""
    table = read_cells(path, text, skipped, MISSING, as_text=False, error=InvalidWeather)
    if not len(table):
        raise InvalidWeather(f"{path}: not one row below line {skipped + 1}, its names; give a whole copy")
    return table


def _demand_numbers(path: Path, table: pd.DataFrame, first_line: int) -> None:
    """Raise InvalidWeather for the first text in a column of numbers: it would count as missing unseen."""
    for name in (name for column in COLUMNS.values() for name in column.names if name in table):
        if pd.api.types.is_numeric_dtype(table[name]):
            continue
        words = table[name].dropna().astype(str).str.strip()
        numbers = pd.to_numeric(words, errors="coerce")
        wrong = words[numbers.isna() & ~words.isin(MISSING)]
        if wrong.size:
            comma = " but may have a decimal comma" if DECIMAL_COMMA.fullmatch(wrong.iloc[0]) else ""
            raise InvalidWeather(
                f'{path}: line {first_line + int(wrong.index[0])}: {name} is "{wrong.iloc[0]}", which is no '
                f"number{comma}; write it with a decimal point, or leave it empty where it is unknown"
            )


def _names(head: list[str]) -> str:
    return next((line for line in head if line.strip() and not line.startswith(MARK)), "")


def _head(lines: list[str]) -> dict[str, str]:
    """What the lines with # say, by key."""
    said = (line.removeprefix(MARK).partition(":") for line in lines[:100] if line.startswith(MARK))
    return {key.strip().lower(): value.strip() for key, _, value in said}


def _times(path: Path, table: pd.DataFrame, head: dict[str, str], first_line: int) -> pd.DatetimeIndex:
    """The stamps on a clock of fixed offset: their own, the head's, or UTC by the column's name."""
    column = next(name for name in TIMES if name in table.columns)
    stamps = table[column].astype(str).str.strip()
    zoned = stamps.str.contains(r"(?:Z|[+-]\d\d:?\d\d)$")
    parsed = pd.to_datetime(stamps, errors="coerce", utc=True, format="ISO8601")
    if parsed.isna().any():
        i = int(parsed.isna().to_numpy().argmax())
        raise InvalidWeather(
            f'{path}: line {first_line + i}: "{stamps.iloc[i]}" is no time; write 2024-01-01 00:00 or '
            "2024-01-01T00:00+08:00"
        )
    times = pd.DatetimeIndex(parsed)
    if zoned.all():
        return times.tz_convert(f"UTC{_zone_of(stamps.iloc[0])}")
    if column == "utc":
        return times
    if zoned.any() or "utc_offset_h" not in head:
        raise InvalidWeather(f"{path}: {SAY_ZONE}")
    return times


def _zone_of(stamp: str) -> str:
    return "+00:00" if stamp.endswith("Z") else stamp[-6:] if stamp[-3] == ":" else stamp[-5:]


def _centre_after_label_s(path: Path, labels: UtcArray, head: dict[str, str], reading: Reading) -> float:
    label = reading.interval_label if reading.interval_label != "auto" else head.get("interval_label", "")
    if label not in LABELS:
        raise InvalidWeather(f"{path}: {SAY_LABEL}")
    return LABELS[label] * step_of(str(path), labels)


def _place(path: Path, head: dict[str, str], times: pd.DatetimeIndex) -> FilePlace:
    said = {name: _number(path, name, head[name]) for name in PLACE if name in head}
    zone_h = times[0].utcoffset()
    offset_h = 0.0 if zone_h is None else zone_h.total_seconds() / 3600.0
    nowhere = {"latitude_deg": np.nan, "longitude_deg": np.nan, "altitude_m": 0.0, "utc_offset_h": offset_h}
    if {"latitude_deg", "longitude_deg"} & said.keys() and not {
        "latitude_deg",
        "longitude_deg",
    } <= said.keys():
        raise InvalidWeather(f"{path}: its head gives half a place; give latitude_deg and longitude_deg")
    return FilePlace(**(nowhere | said))


def _number(path: Path, name: str, value: str) -> float:
    try:
        return float(value)
    except ValueError as error:
        raise InvalidWeather(f'{path}: {name} in its head is "{value}", which is no number') from error
