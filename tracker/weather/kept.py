"""Weather that was read before, kept in the user's cache folder: parsing costs more than a year's yield.

A copy serves only where the file, the site and the code that reads are what they were, to the byte.
"""

import hashlib
import logging
import os
from collections.abc import Callable
from dataclasses import asdict, fields
from importlib import metadata
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np

from tracker.weather.series import Counts, Weather

_log = logging.getLogger(__name__)

MOST_COPIES: Final = 200  # some 150 MB of hourly years
SUFFIX: Final = ".npz"
READ_WITH: Final = ("numpy", "pandas", "pvlib", "scipy")


def kept(source: tuple[bytes | str | float, ...], read: Callable[[], Weather]) -> Weather:
    """The weather that `read` gives, from its copy where there is one; `source` is all that it depends on.

    A folder that cannot be used costs time, nothing else. Raises what `read` raises.
    """
    folder = cache_folder()
    if folder is None:
        return read()
    copy = folder / (_name_of(source) + SUFFIX)
    weather = _taken(copy)
    if weather is None:
        weather = read()
        _put(weather, copy)
    return weather


def cache_folder() -> Path | None:
    """Where copies are: in $XDG_CACHE_HOME or ~/.cache; nowhere where SUNFLOWER_CACHE is set and empty."""
    chosen = os.environ.get("SUNFLOWER_CACHE")
    if chosen is not None:
        return Path(chosen) if chosen else None
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path("~/.cache").expanduser()) / "sunflower" / "weather"


def _name_of(source: tuple[bytes | str | float, ...]) -> str:
    digest = hashlib.sha256(_code())
    for part in source:
        plain = part if isinstance(part, bytes) else repr(part).encode()
        digest.update(len(plain).to_bytes(8, "little") + plain)
    return digest.hexdigest()


def _code() -> bytes:
    """What tells one state of the reading code and its libraries from another."""
    here = sorted(Path(__file__).parent.glob("*.py"))
    stats = [(each.name, (stat := each.stat()).st_size, stat.st_mtime_ns) for each in here]
    return repr((stats, [metadata.version(name) for name in READ_WITH])).encode()


def _taken(copy: Path) -> Weather | None:
    try:
        with copy.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            values = {name: stored[name] for name in stored.files}
        copy.touch()  # the least recently used are thrown away first
        counts = Counts(**{each.name: int(values.pop(each.name)) for each in fields(Counts)})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, EOFError, BadZipFile) as error:
        _log.debug("copy %s is of no use (%s); reading the source", copy, error)
        return None
    plain = {name: value if value.ndim else value.item() for name, value in values.items()}
    return Weather(**plain, counts=counts)


def _plain(weather: Weather) -> dict[str, Any]:
    """Every value of the weather as numpy can keep it, its counts beside the rest, nothing for None."""
    values = asdict(weather)
    counts = values.pop("counts")
    return {name: value for name, value in (values | counts).items() if value is not None}


def _put(weather: Weather, copy: Path) -> None:
    try:
        copy.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=copy.parent, suffix=SUFFIX, delete=False) as partial:
            np.savez(partial, **_plain(weather))
        Path(partial.name).replace(copy)  # whole or not at all, whoever else does the same
        for old in sorted(copy.parent.glob(f"*{SUFFIX}"), key=_last_used)[:-MOST_COPIES]:
            old.unlink(missing_ok=True)
    except OSError as error:
        _log.debug("no copy of %s is kept (%s)", weather.source, error)


def _last_used(copy: Path) -> float:
    return copy.stat().st_mtime
