"""Tables of comma-separated values: what is wrong with one is said in our words, with its line."""

import csv
import io
import warnings
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from tracker.errors import InvalidInput


def read_cells(
    path: Path,
    text: str,
    skipped: int,
    missing: Collection[str],
    *,
    as_text: bool,
    error: type[InvalidInput] = InvalidInput,
) -> pd.DataFrame:
    """The rows that say anything below a line of names, columns by their names in small letters.

    skipped lines stand before the names; what stands in missing is no value; as_text leaves numbers as they
    are written. Raises `error` for other separators, rows wider than the names, open quotation marks and no
    names.
    """
    lines = text.splitlines()[skipped:]
    names = "".join(lines[:1])
    if names.count(";") > names.count(","):
        raise error(
            f"{path}: line {skipped + 1} separates its names by ; instead of commas; save the file with "
            "commas between its fields and decimal points in its numbers"
        )
    options: dict[str, Any] = {"dtype": str} if as_text else {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            cells: pd.DataFrame = pd.read_csv(
                io.StringIO(text),
                skiprows=skipped,
                index_col=False,
                skip_blank_lines=False,
                keep_default_na=False,
                na_values=list(missing),
                **options,
            )
    except (pd.errors.ParserWarning, pd.errors.ParserError, pd.errors.EmptyDataError) as wrong:
        why = _why(lines, skipped)
        raise error(f"{path}: not a table of comma-separated values: {why}") from wrong
    cells.columns = pd.Index([str(name).strip().lower() for name in cells.columns])
    return cells[cells.notna().any(axis=1)]


def _why(lines: Sequence[str], skipped: int) -> str:
    """What is wrong with a table of these lines, names first, and what to do."""
    if not lines:
        return "it is empty; give a line of names, and rows below it"
    widths = [len(next(csv.reader([line]), [])) for line in lines]
    wide = next((row for row, width in enumerate(widths) if width > widths[0]), None)
    if wide is None:
        return "a quotation mark is open to its end; close it"
    return (
        f"line {skipped + wide + 1} has {widths[wide]} fields, {widths[0]} have names; name every column, "
        "and write numbers with a decimal point if they have commas"
    )
