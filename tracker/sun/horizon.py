"""Reads the skyline of a site, `tracker.plant.Horizon`, from what people and PVGIS write."""

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import numpy as np

from tracker.errors import InvalidInput
from tracker.named_files import text_of
from tracker.plant import Horizon
from tracker.units import wrap_360

LARGEST_BYTES: Final = 1024 * 1024
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


def read_horizon(path: Path) -> Horizon:
    """A horizon from a CSV file in UTF-8. Raises InvalidInput for one that cannot be read or holds none."""
    try:
        text = text_of(path, LARGEST_BYTES)
    except (OSError, UnicodeDecodeError) as error:
        says = getattr(error, "strerror", None) or error
        raise InvalidInput(f"{path}: cannot be read: {says}; give a CSV file in UTF-8, {EXAMPLE}") from error
    return horizon_from_csv(text, str(path))


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
