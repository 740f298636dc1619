"""The skyline of a site: hills, houses and trees that hide the sun before the flat horizon does."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from tracker.errors import InvalidInput
from tracker.units import BoolArray, FloatArray, wrap_360

LOWEST_DEG, HIGHEST_DEG = -10.0, 90.0  # a mountain top looks down on its horizon, by 3 deg from 9 km
FULL_TURN_DEG: Final = 360.0
SOUTH_DEG: Final = 180.0
# names of the first two columns -> what to add to the azimuth; PVGIS counts from the south, west positive
COLUMNS: Final[Mapping[tuple[str, str], float]] = {
    ("azimuth_deg", "elevation_deg"): 0.0,
    ("A", "H_hor"): SOUTH_DEG,
    ("A_hor", "H_hor"): SOUTH_DEG,
}
EXAMPLE: Final = (
    "a header azimuth_deg,elevation_deg and lines such as 90,4.5; or PVGIS's horizon CSV as it is"
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Horizon:
    """Skyline elevations at N azimuths, ascending in [0, 360); straight lines in between, all around.

    Raises ValueError for azimuths that do not ascend and elevations outside -10 to 90 deg.
    """

    azimuth_deg: FloatArray
    elevation_deg: FloatArray

    def __post_init__(self) -> None:
        azimuth, elevation = self.azimuth_deg, self.elevation_deg
        if azimuth.ndim != 1 or azimuth.shape != elevation.shape or not azimuth.size:
            raise ValueError("a horizon needs one elevation for each azimuth, and at least one of them")
        if not (azimuth[0] >= 0.0 and azimuth[-1] < FULL_TURN_DEG and np.all(np.diff(azimuth) > 0.0)):
            raise ValueError("azimuths of a horizon must ascend in [0, 360); sort them, each one once")
        if not np.all((elevation >= LOWEST_DEG) & (elevation <= HIGHEST_DEG)):
            raise ValueError(f"elevations of a horizon must be {LOWEST_DEG:g} to {HIGHEST_DEG:g} deg")

    def elevation_at_deg(self, azimuth_deg: ArrayLike) -> FloatArray:
        """The skyline's elevation at azimuths of any shape and turn."""
        around = np.append(self.azimuth_deg, self.azimuth_deg[0] + FULL_TURN_DEG)
        heights = np.append(self.elevation_deg, self.elevation_deg[0])
        azimuth = np.asarray(azimuth_deg, dtype=np.float64)
        ahead = wrap_360(azimuth - around[0]) + around[0]  # on the turn that starts at the first azimuth
        return np.asarray(np.interp(ahead, around, heights))

    def hides(self, azimuth_deg: ArrayLike, apparent_elevation_deg: ArrayLike) -> BoolArray:
        """Whether a direction lies below the skyline; inputs broadcast. NaN is not hidden."""
        skyline_deg = self.elevation_at_deg(azimuth_deg)
        return np.asarray(np.asarray(apparent_elevation_deg, dtype=np.float64) < skyline_deg)


def horizon_from_csv(text: str, place: str) -> Horizon:
    """A horizon from the text of a CSV file; `place` (the file's name) begins every message.

    The columns azimuth_deg (north 0, clockwise, any turn) and elevation_deg in any order of rows, or what
    PVGIS gives as its horizon profile (azimuth from the south, more columns, words around the table).
    Raises InvalidInput with the line for what is neither.
    """
    rows = [(number, _cells(line)) for number, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1)]
    header = next((i for i, (_, cells) in enumerate(rows) if tuple(cells[:2]) in COLUMNS), None)
    if header is None:
        raise InvalidInput(f"{place}: no horizon: the columns are not named; give {EXAMPLE}")
    turn_deg = COLUMNS[rows[header][1][0], rows[header][1][1]]
    heights: dict[float, float] = {}
    for number, cells in _table(rows[header + 1 :]):
        azimuth_deg, elevation_deg = _numbers(cells, f"{place}, line {number}")
        at_deg = float(wrap_360(azimuth_deg + turn_deg))
        if heights.setdefault(at_deg, elevation_deg) != elevation_deg:  # -180 and 180 may both be given
            raise InvalidInput(
                f"{place}, line {number}: azimuth {azimuth_deg:g} has two elevations; keep one"
            )
    azimuths = np.array(sorted(heights))
    try:
        return Horizon(azimuth_deg=azimuths, elevation_deg=np.array([heights[a] for a in azimuths.tolist()]))
    except ValueError as error:
        raise InvalidInput(f"{place}: {error}; give {EXAMPLE}") from error


def _cells(line: str) -> list[str]:
    """The cells of a line: by commas, semicolons or tabs, spaces around them left out."""
    delimiter = next((mark for mark in (";", "\t", ",") if mark in line), ",")
    row = next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
    return [cell.strip() for cell in row if cell.strip()]


def _table(rows: Iterable[tuple[int, list[str]]]) -> Iterable[tuple[int, list[str]]]:
    """The rows up to the words that PVGIS writes after its table; empty lines and # comments left out."""
    seen = False
    for number, cells in rows:
        if seen and cells and cells[0].partition(":")[0] in {"A", "A_hor"}:
            return
        if cells and not cells[0].startswith("#"):
            seen = True
            yield number, cells


def _numbers(cells: list[str], place: str) -> tuple[float, float]:
    try:
        azimuth_deg, elevation_deg = float(cells[0]), float(cells[1])
    except (IndexError, ValueError) as error:
        raise InvalidInput(
            f"{place}: {','.join(cells)!r} is not azimuth, elevation; give {EXAMPLE}"
        ) from error
    if not np.isfinite([azimuth_deg, elevation_deg]).all():
        raise InvalidInput(f"{place}: {','.join(cells)!r} is not finite; give {EXAMPLE}")
    return azimuth_deg, elevation_deg
