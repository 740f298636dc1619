"""Arrays that took long to work out, kept in the user's cache folder."""

import hashlib
import logging
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final, TypeAlias
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

_log = logging.getLogger(__name__)

MOST_COPIES: Final = 100  # in each folder
SUFFIX: Final = ".npz"
Arrays: TypeAlias = dict[str, NDArray[Any]]


def kept_arrays(folder: str, source: Iterable[object], make: Callable[[], Arrays]) -> Arrays:
    """What `make` gives, from its copy where there is one; `source` is all that it depends on.

    folder is a name within the cache folder: $XDG_CACHE_HOME or ~/.cache, and nowhere where SUNFLOWER_CACHE
    is set and empty. A folder that cannot be used costs time, nothing else. Raises what `make` raises.
    """
    base = _base()
    if base is None:
        return make()
    copy = base / folder / (_name_of(source) + SUFFIX)
    arrays = _taken(copy)
    if arrays is None:
        arrays = make()
        _put(arrays, copy)
    return arrays


def state_of(files: Iterable[Path]) -> tuple[tuple[str, int, int], ...]:
    """What tells one state of source files from another."""
    return tuple((each.name, each.stat().st_size, each.stat().st_mtime_ns) for each in sorted(files))


def _base() -> Path | None:
    chosen = os.environ.get("SUNFLOWER_CACHE")
    if chosen is not None:
        return Path(chosen) if chosen else None
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path("~/.cache").expanduser()) / "sunflower"


def _name_of(source: Iterable[object]) -> str:
    digest = hashlib.sha256(np.__version__.encode())
    for part in source:
        plain = part.tobytes() if isinstance(part, np.ndarray) else repr(part).encode()
        digest.update(len(plain).to_bytes(8, "little") + plain)
    return digest.hexdigest()


def _taken(copy: Path) -> Arrays | None:
    try:
        with copy.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        copy.touch()  # the least recently used are thrown away first
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        _log.debug("copy %s is of no use (%s); working it out", copy, error)
        return None
    return arrays


def _put(arrays: Arrays, copy: Path) -> None:
    try:
        copy.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=copy.parent, suffix=SUFFIX, delete=False) as partial:
            np.savez(partial, allow_pickle=False, **arrays)
        Path(partial.name).replace(copy)  # whole or not at all, whoever else does the same
        for old in sorted(copy.parent.glob(f"*{SUFFIX}"), key=_last_used)[:-MOST_COPIES]:
            old.unlink(missing_ok=True)
    except OSError as error:
        _log.debug("%s is not kept (%s)", copy, error)


def _last_used(copy: Path) -> float:
    return copy.stat().st_mtime
