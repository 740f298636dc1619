"""Arrays that took long to work out, kept in the user's cache folder."""

import hashlib
import logging
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np

from tracker.array_file import Arrays, read_arrays, write_arrays

_log = logging.getLogger(__name__)

MOST_COPIES: Final = 100  # in a folder
SUFFIX: Final = ".arrays"


def kept_arrays(
    folder: str, source: Iterable[object], make: Callable[[], Arrays], most: int = MOST_COPIES
) -> Arrays:
    """What `make` gives, from its copy where there is one; `source` is all that it depends on.

    folder is a name within the cache folder, where only the `most` copies last used remain. A folder that
    cannot be used costs time, nothing else. Raises what `make` raises, and then keeps nothing.
    """
    base = cache_folder()
    if base is None:
        return make()
    copy = base / folder / (_name_of(source) + SUFFIX)
    arrays = taken(copy)
    if arrays is None:
        arrays = make()
        put(arrays, copy)
        _forget(copy.parent, most)
    return arrays


def state_of(*places: Path) -> tuple[tuple[str, int, int], ...]:
    """What tells one state of source files, and of those in and below folders, from another."""
    return tuple(sorted(state for place in places for state in _states(str(place))))


def _states(place: str) -> Iterator[tuple[str, int, int]]:
    if place.endswith(".py"):
        stat = os.stat(place)  # noqa: PTH116 - hundreds of Paths take 20 ms
        yield place, stat.st_size, stat.st_mtime_ns
        return
    with os.scandir(place) as entries:
        for entry in entries:
            if entry.name.endswith(".py") or (entry.name != "__pycache__" and entry.is_dir()):
                yield from _states(entry.path)


def cache_folder() -> Path | None:
    """Where copies are: $SUNFLOWER_CACHE, or sunflower in $XDG_CACHE_HOME or ~/.cache; None for nowhere.

    Nowhere is where SUNFLOWER_CACHE is set and empty, or where there is no home.
    """
    chosen = os.environ.get("SUNFLOWER_CACHE")
    if chosen is not None:
        return Path(chosen) if chosen else None
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "sunflower"
    except RuntimeError:
        return None


def taken(copy: Path) -> Arrays | None:
    """The arrays of a copy, or None where there is none that can be trusted."""
    try:
        arrays = read_arrays(copy)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        _log.debug("copy %s is of no use (%s)", copy, error)
        return None
    with suppress(OSError):  # a folder that may only be read serves as well
        os.utime(copy)  # the least recently used are thrown away first
    return arrays


def put(arrays: Arrays, copy: Path) -> None:
    """Keep arrays as a copy, if the folder lets us."""
    try:
        copy.parent.mkdir(parents=True, exist_ok=True)
        write_arrays(copy, arrays)
    except OSError as error:
        _log.debug("%s is not kept (%s)", copy, error)


def _name_of(source: Iterable[object]) -> str:
    digest = hashlib.sha256(np.__version__.encode())
    for part in source:
        plain = _bytes_of(part)
        digest.update(len(plain).to_bytes(8, "little") + plain)
    return digest.hexdigest()


def _bytes_of(part: object) -> bytes:
    if isinstance(part, np.ndarray):
        return part.tobytes()
    return part if isinstance(part, bytes) else repr(part).encode()


def _forget(folder: Path, most: int) -> None:
    with suppress(OSError):  # others may throw away at the same time
        for old in sorted(folder.glob(f"*{SUFFIX}"), key=_last_used)[:-most]:
            old.unlink(missing_ok=True)


def _last_used(copy: Path) -> float:
    return copy.stat().st_mtime
