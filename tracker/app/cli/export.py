"""sunflower export: a journal as CSV, for spreadsheets and notebooks."""

from pathlib import Path
from typing import Annotated

import typer

from tracker.app.cli.border import AsJson
from tracker.app.cli.replay import JournalFile

OutFolder = Annotated[Path, typer.Option("--out", help="Folder for event.csv, tick.csv and head.csv.")]


def export(journal: JournalFile, out: OutFolder = Path(), as_json: AsJson = False) -> None:
    """Write a journal's tables as CSV: every change of state, every tick, every head at every tick."""
    from tracker.app.output import emit, write_atomically, writing
    from tracker.app.text.journal_csv import TABLES, table_csv
    from tracker.control.record import open_record

    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
    files = {table: out / f"{table}.csv" for table in TABLES}
    with open_record(journal) as db:
        for table, path in files.items():
            write_atomically(path, table_csv(db, table))
    written = {table: str(path) for table, path in files.items()}
    emit({"journal": str(journal), "files": written}, as_json=as_json, text="\n".join(written.values()))
