"""A plant that was read and checked before, kept in the user's cache folder: its schema takes 0.1 s to load.

A copy serves only where the site file, every file that it names, the program and its libraries are what they
were. For studies alone: what moves heads reads the site file itself.
"""

import hashlib
import tomllib
from collections.abc import Iterator
from pathlib import Path
from stat import S_IFMT, S_ISREG
from typing import Final, TypeAlias

import tracker
from tracker.app.site_file.plant_arrays import CannotBeKeptError, arrays_of, plant_of
from tracker.installed import installed
from tracker.kept_arrays import kept_arrays, state_of
from tracker.named_files import LARGEST_SITE_BYTES, content_of
from tracker.plant import Plant

FOLDER: Final = "sites"  # of the cache folder
State: TypeAlias = tuple[str, str]  # a path, and what is there


def kept_site(path: Path) -> Plant:
    """The plant that a site file describes, as `load_site` reads it, from its copy where there is one.

    Raises what `load_site` raises; a file with errors is never kept.
    """
    source = _source(path)
    if source is None:
        return _read(path)
    try:
        return plant_of(kept_arrays(FOLDER, source, lambda: arrays_of(_read(path))))
    except CannotBeKeptError:
        return _read(path)


def _read(path: Path) -> Plant:
    from tracker.app.config import load_site  # with pydantic, which is what a copy is there to spare

    return load_site(path)


def _source(path: Path) -> tuple[object, ...] | None:
    """All that the plant depends on, or None for a file that `load_site` has something to say about."""
    try:
        site, folder = content_of(path, LARGEST_SITE_BYTES), path.parent.absolute()
        named = sorted(set(_texts(tomllib.loads(site.decode("utf-8-sig")))))
        states = [_state(folder / Path(text).expanduser()) for text in named]
    except (OSError, ValueError, RuntimeError):
        return None
    code = state_of(Path(tracker.__file__).parent)
    return str(folder), site, states, code, sorted(installed().items())


def _texts(value: object) -> Iterator[str]:
    """Every text in a document: any of them may name a file, whatever its key."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def _state(path: Path) -> State:
    """What is at a place: a file by its content; ports and folders are not opened."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):  # nothing, or no path at all
        return str(path), "nothing"
    if not S_ISREG(mode):
        return str(path), oct(S_IFMT(mode))
    with path.open("rb") as file:
        return str(path), hashlib.file_digest(file, "sha256").hexdigest()
