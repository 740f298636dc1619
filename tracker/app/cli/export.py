"""sunflower export: a journal as CSV or Parquet, for spreadsheets and notebooks."""

from pathlib import Path
from typing import Annotated

from tracker.app.cli.border import AsJson, refuse_over_input
from tracker.app.cli.replay import JournalFile
from tracker.app.cli.words import option

OutFolder = Annotated[Path, option("--out", says="Folder for the tables event, tick and head.")]
AsParquet = Annotated[bool, option("--parquet", says="Write Parquet instead: small, with types.")]


def export(
    journal: JournalFile, out: OutFolder = Path(), parquet: AsParquet = False, as_json: AsJson = False
) -> None:
    """Write a journal's tables as CSV or Parquet: every change, every tick, every head at every tick."""
    from importlib.util import find_spec

    from tracker.app.output import emit, write_atomically, writing
    from tracker.app.text.journal_tables import TABLES, table_csv, table_parquet
    from tracker.control.record import open_record
    from tracker.errors import InvalidInput

    if parquet and find_spec("pyarrow") is None:
        raise InvalidInput(
            "--parquet needs pyarrow; pip install 'sunflower-tracker[fleet]' adds it, or take CSV without it"
        )
    suffix, content_of = ("parquet", table_parquet) if parquet else ("csv", table_csv)
    for table in TABLES:
        refuse_over_input(out / f"{table}.{suffix}", journal)
    with open_record(journal) as db:
        contents = {out / f"{table}.{suffix}": content_of(db, table) for table in TABLES}
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
    for path, content in contents.items():
        write_atomically(path, content)
    written = dict(zip(TABLES, map(str, contents), strict=True))
    emit({"journal": str(journal), "files": written}, as_json=as_json, text="\n".join(written.values()))
