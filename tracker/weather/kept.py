"""Weather that was read before, kept in the user's cache folder: parsing costs more than a year's yield.

A copy serves only where the file, the site and the code that reads are what they were, to the byte.
"""

from collections.abc import Callable
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Final

import numpy as np

from tracker.array_file import Arrays
from tracker.installed import version_of
from tracker.kept_arrays import kept_arrays, state_of
from tracker.weather.series import Counts, Weather

FOLDER: Final = "weather"  # of the cache folder
MOST_YEARS: Final = 200  # some 150 MB, hourly
READ_WITH: Final = ("numpy", "pandas", "pvlib", "scipy")
# What makes weather of files: rows, and the sun, by whose height light is divided.
STANDS_ON: Final = ("weather", "sun", "comma_table.py", "units.py", "frames.py", "plant.py")


def kept(source: tuple[bytes | str | float, ...], read: Callable[[], Weather]) -> Weather:
    """The weather that `read` gives, from its copy where there is one; `source` is all that it depends on.

    A folder that cannot be used costs time, nothing else. Raises what `read` raises.
    """
    return _weather(kept_arrays(FOLDER, (*source, _code()), lambda: _plain(read()), most=MOST_YEARS))


def _code() -> bytes:
    """What tells one state of the reading code and its libraries from another."""
    versions = [version_of(name) for name in READ_WITH]
    home = Path(__file__).parents[1]
    return repr((state_of(*(home / name for name in STANDS_ON)), versions)).encode()


def _plain(weather: Weather) -> Arrays:
    """Every value of the weather as an array, its counts beside the rest, nothing for None."""
    values = asdict(weather)
    counts = values.pop("counts")
    return {name: np.asarray(value) for name, value in (values | counts).items() if value is not None}


def _weather(arrays: Arrays) -> Weather:
    values: dict[str, Any] = {name: value if value.ndim else value.item() for name, value in arrays.items()}
    counts = Counts(**{each.name: values.pop(each.name) for each in fields(Counts)})
    return Weather(**values, counts=counts)
