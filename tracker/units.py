"""Array types and the few conversions that everybody needs."""

from typing import Final, TypeAlias, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray: TypeAlias = NDArray[np.float64]
BoolArray: TypeAlias = NDArray[np.bool_]
IntArray: TypeAlias = NDArray[np.int64]
UtcArray: TypeAlias = NDArray[np.datetime64]

SECONDS_PER_HOUR: Final = 3600.0
HOURS_PER_YEAR: Final = 8766.0  # the Julian year of 365.25 days
SECONDS_PER_YEAR: Final = HOURS_PER_YEAR * SECONDS_PER_HOUR
MONTHS_PER_YEAR: Final = 12
WATTS_PER_KILOWATT: Final = 1000.0

Scalar = TypeVar("Scalar", bound=np.generic)


def distinct(values: NDArray[Scalar]) -> NDArray[Scalar]:
    """The values that occur, in order, (N,); numpy's own unique first loads masked arrays, for 20 ms."""
    return _runs(np.sort(_runs(values.reshape(-1))))


def _runs(values: NDArray[Scalar]) -> NDArray[Scalar]:
    """The first value of each run of equals."""
    new = np.ones(values.shape, dtype=np.bool_)
    new[1:] = values[1:] != values[:-1]
    return np.asarray(values[new])


def wrap_360(angle_deg: ArrayLike) -> FloatArray:
    """The same direction in [0, 360) degrees; any shape."""
    wrapped = np.mod(np.asarray(angle_deg, dtype=np.float64), 360.0)
    return np.where(wrapped >= 360.0, 0.0, wrapped)  # mod(-1e-17, 360) rounds up to 360


def wrap_180(angle_deg: ArrayLike) -> FloatArray:
    """The same direction in [-180, 180) degrees; any shape."""
    return wrap_360(np.asarray(angle_deg, dtype=np.float64) + 180.0) - 180.0
