"""From a reader's table to our names and units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tracker.errors import InvalidWeather
from tracker.units import FloatArray, UtcArray
from tracker.weather.files.raw import NEEDED, OPTIONAL

PASCAL_PER_MBAR = 100.0


@dataclass(frozen=True, slots=True)
class Column:
    """A column under the first of its names that is there; value = factor * number, NaN where `missing`."""

    names: tuple[str, ...]
    factor: float = 1.0
    missing: float = np.nan


def require(
    place: str, header: Sequence[str], columns: Mapping[str, Column], needed: Sequence[str] = NEEDED
) -> None:
    """Raise InvalidWeather naming the needed columns that the header lacks, and what it has."""
    have = {name.strip().lower() for name in header}
    lost = [
        columns[field].names[0]
        for field in needed
        if not have.intersection(name.lower() for name in columns[field].names)
    ]
    if lost:
        wanted = ", ".join(columns[field].names[0] for field in needed)
        raise InvalidWeather(
            f"{place}: no column {', '.join(lost)}; needed are {wanted}; "
            f"the file has {', '.join(name.strip() for name in header if name.strip())}; download it again "
            "with the missing ones"
        )


def values_of(table: pd.DataFrame, columns: Mapping[str, Column]) -> dict[str, FloatArray]:
    """Every field as (T,) in our units; NaN for a number that is missing, no number, or not in the file."""
    by_name = {str(name).strip().lower(): name for name in table.columns}
    return {field: _values(table, by_name, columns.get(field, Column(()))) for field in (*NEEDED, *OPTIONAL)}


def _values(table: pd.DataFrame, by_name: Mapping[str, str], column: Column) -> FloatArray:
    name = next((by_name[n.lower()] for n in column.names if n.lower() in by_name), None)
    if name is None:
        return np.full(len(table), np.nan)
    numbers = pd.to_numeric(table[name], errors="coerce").to_numpy(dtype=np.float64)
    return np.where(numbers == column.missing, np.nan, numbers * column.factor)


def labels_of(index: pd.DatetimeIndex) -> UtcArray:
    """An index with or without a time zone as datetime64[s] on its own wall clock."""
    return index.tz_localize(None).to_numpy().astype("datetime64[s]")
