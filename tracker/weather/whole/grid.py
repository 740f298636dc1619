"""Rows of a file on one grid of equal steps."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tracker.errors import InvalidWeather
from tracker.units import SECONDS_PER_HOUR, FloatArray, UtcArray

DAY_S: Final = 86400


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Series:
    """Labels on one grid (T,), and values (T,) by field name, NaN where there are none.

    by_month: it stands for whole years, so that every month of it must be there.
    """

    label_local: UtcArray
    step_s: int
    values: dict[str, FloatArray]
    by_month: bool = True


def step_of(place: str, labels: UtcArray) -> int:
    """Seconds from row to row, by their median; InvalidWeather unless an hour is a whole number of them."""
    if labels.size < 2:
        raise InvalidWeather(f"{place}: {labels.size} rows of data; give a day of them or more")
    step_s = int(np.median(np.diff(labels).astype(np.int64)))
    if step_s <= 0 or SECONDS_PER_HOUR % step_s:
        raise InvalidWeather(
            f"{place}: a step of {step_s} s between rows; an hour or a whole part of one is needed"
        )
    return step_s
