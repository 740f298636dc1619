"""Tables of what was measured when: CSV with a line of names, stamps with their zone, and numbers.

Lines that begin with # may stand before the names; "# key: value" says something about the table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from tracker.comma_table import read_cells
from tracker.errors import InvalidInput
from tracker.named_files import text_of
from tracker.units import FloatArray, IntArray, UtcArray

MARK: Final = "#"
LARGEST_BYTES: Final = 1_000_000_000  # chosen: a year by the second takes most of it
TIMES: Final = ("utc", "time")
NOTHING: Final = ("", "NaN", "nan")  # other words for it are told as what they are: no numbers
ZONED: Final = r"\d\d(?::?\d\d)?(?::?\d\d(?:\.\d+)?)?\s?(?:Z|[+-]\d\d:?\d\d)$"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StampedTable:
    """N rows of text with their times, the lines of the file they stand in, and what its head says."""

    path: Path
    said: Mapping[str, str]
    utc: UtcArray
    cells: pd.DataFrame
    first_line: int

    def has(self, name: str) -> bool:
        """Whether there is a column of that name."""
        return name in self.cells

    def line(self, row: int) -> int:
        """The line of the file that a row stands in."""
        return self.first_line + int(self.cells.index[row])

    def numbers(self, name: str, limits: tuple[float, float]) -> FloatArray:
        """A column (N,) as numbers, NaN where it is empty. Raises InvalidInput for anything else."""
        text = self.cells[name].str.strip()
        values = pd.to_numeric(text, errors="coerce").to_numpy(dtype=np.float64)
        low, high = limits
        empty = text.isna().to_numpy() | (text == "").to_numpy(dtype=bool, na_value=True)
        bad = ~empty & ~((values >= low) & (values <= high))
        if bad.any():
            row = int(bad.argmax())
            raise InvalidInput(
                f'{self.place(row)}: {name} is "{text.iloc[row]}", not a number from {low:g} to {high:g}; '
                "mend it (decimal points, no commas), or leave it empty where it is unknown"
            )
        return values

    def demand_ascending(self, rows: IntArray) -> None:
        """Raises InvalidInput where one of these rows is not later than the one before."""
        late = np.flatnonzero(np.diff(self.utc[rows]) <= np.timedelta64(0, "ms"))
        if late.size:
            row = int(rows[late[0] + 1])
            raise InvalidInput(
                f"{self.place(row)}: {self.utc[row]}Z is not later than what stands before it; sort the file "
                "by time, each time once"
            )

    def place(self, row: int) -> str:
        """FILE: line NUMBER."""
        return f"{self.path}: line {self.line(row)}"


def read_stamped(path: Path, columns: tuple[str, ...]) -> StampedTable:
    """A table with a column utc or time, and those columns. Raises InvalidInput naming file and line."""
    text = _text(path)
    lines = text.splitlines()
    skipped = next((i for i, line in enumerate(lines) if line.strip() and line[:1] != MARK), len(lines))
    cells = read_cells(path, text, skipped, NOTHING, as_text=True)
    times = next((name for name in TIMES if name in cells), None)
    missing = [*(name for name in columns if name not in cells), *(["utc"] if times is None else [])]
    if times is None or missing:
        raise InvalidInput(
            f"{path}: no column {', '.join(missing)}; it has {', '.join(map(str, cells.columns)) or 'none'}"
        )
    if not len(cells):
        raise InvalidInput(f"{path}: not one row below the names; give a file with at least one")
    return StampedTable(
        path=path,
        said=_said(lines[:skipped]),
        utc=_utc(path, cells[times], skipped + 2),
        cells=cells,
        first_line=skipped + 2,
    )


def _text(path: Path) -> str:
    try:
        return text_of(path, LARGEST_BYTES)
    except FileNotFoundError as error:
        raise InvalidInput(f"{path}: no such file; name one that is there") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path}: cannot be read as text ({error}); give a CSV in UTF-8") from error


def _said(head: list[str]) -> dict[str, str]:
    parts = (line.removeprefix(MARK).partition(":") for line in head if line.startswith(MARK))
    return {key.strip().lower(): value.strip() for key, _, value in parts}


def _utc(path: Path, column: "pd.Series[str]", first_line: int) -> UtcArray:
    stamps = column.fillna("").str.strip()
    parsed = pd.to_datetime(stamps, errors="coerce", utc=True, format="ISO8601")
    bad = (parsed.isna() | ~stamps.str.contains(ZONED)).to_numpy()
    if bad.any():
        row = int(bad.argmax())
        raise InvalidInput(
            f'{path}: line {first_line + int(column.index[row])}: "{stamps.iloc[row]}" is no time with a '
            "zone; write 2026-06-01T12:00:00Z or 2026-06-01T20:00:00+08:00"
        )
    return pd.DatetimeIndex(parsed).tz_localize(None).to_numpy().astype("datetime64[ms]")
