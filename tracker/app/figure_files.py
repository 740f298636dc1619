"""The numbers behind a report's figures as files: CSV and JSON, and Parquet where pyarrow is installed."""

import io
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from tracker.app.output import json_text, tell, write_atomically, writing
from tracker.report.figure_data import FigureData

SUFFIXES: Final = (".csv", ".json", ".parquet")


def figure_files(folder: Path, figures: Iterable[FigureData]) -> list[Path]:
    """Every file that `write_figure_data` would write."""
    return [folder / f"{figure.name}{suffix}" for figure in figures for suffix in SUFFIXES]


def write_figure_data(folder: Path, figures: Iterable[FigureData]) -> None:
    """Write NAME.csv, NAME.json and NAME.parquet of each figure into a folder, made if it is not there.

    Raises OutputFailed naming the file that could not be written.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    parquet = find_spec("pyarrow") is not None
    for figure in figures:
        write_atomically(folder / f"{figure.name}.csv", figure.csv())
        write_atomically(folder / f"{figure.name}.json", json_text(records(figure), indent=2))
        if parquet:
            write_atomically(folder / f"{figure.name}.parquet", _parquet(figure))
    if not parquet:
        tell("No Parquet: pyarrow is not installed; pip install 'sunflower-tracker[fleet]' adds it.")


def records(figure: FigureData) -> list[dict[str, str | float | None]]:
    """The rows as JSON has them: one object each."""
    return [dict(zip(figure.columns, row, strict=True)) for row in figure.rows]


def _parquet(figure: FigureData) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    content = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(records(figure)), content)
    return content.getvalue()
