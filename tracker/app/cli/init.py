"""sunflower init: write a commented site file."""

from pathlib import Path
from typing import Annotated

from tracker.app.cli.border import AsJson
from tracker.app.cli.words import argument, option
from tracker.errors import InvalidInput


def init(
    path: Annotated[Path, argument(says="File to write; in a directory it is called site.toml.")] = Path(
        "site.toml"
    ),
    force: Annotated[bool, option("--force", says="Overwrite a file that is there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write a site file with every key, its default, unit, range and meaning."""
    from tracker.app.output import emit, write_atomically
    from tracker.app.site_file.template import site_template

    target = path / "site.toml" if path.is_dir() else path
    if target.exists() and not force:
        raise InvalidInput(f"{target}: is there already; give another path, or --force to overwrite it")
    write_atomically(target, site_template())
    text = f"{target} written; change what differs on site, then: sunflower check {target}"
    emit({"written": str(target)}, as_json=as_json, text=text)
