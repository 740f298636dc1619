"""Places on a grid of latitude and longitude."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tracker.errors import InvalidInput
from tracker.study.sweeps.places import BOUNDS, Place
from tracker.units import FloatArray

AXES: Final = ("latitude_deg", "longitude_deg")
MOST_PLACES: Final = 100_000
EXAMPLE: Final = "22:24:0.5,113:115:0.5"
DECIMALS: Final = 4  # of a degree: 11 m


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grid:
    """Latitudes (N,) and longitudes (M,) in degrees; every pair is a place."""

    latitude_deg: FloatArray
    longitude_deg: FloatArray


def parse_grid(text: str) -> Grid:
    """A grid of text such as 22:24:0.5,113:115:0.5: from, to (included) and step, latitude first.

    Raises InvalidInput for text that is no grid, degrees off the Earth and more places than MOST_PLACES.
    """
    axes = text.split(",")
    if len(axes) != len(AXES):
        raise InvalidInput(f"grid {text}: give latitudes and longitudes as FROM:TO:STEP, such as {EXAMPLE}")
    latitude, longitude = (_axis(*pair) for pair in zip(AXES, axes, strict=True))
    if latitude.size * longitude.size > MOST_PLACES:
        raise InvalidInput(
            f"grid {text}: {latitude.size * longitude.size:,} places, at most {MOST_PLACES:,}; widen the step"
        )
    return Grid(latitude_deg=latitude, longitude_deg=longitude)


def grid_places(grid: Grid, weather: str) -> tuple[Place, ...]:
    """The places, south to north and west to east within; altitudes from pvlib's map of the Earth."""
    from pvlib.location import lookup_altitude  # loads pandas, which other sweeps do without

    return tuple(
        Place(
            name=f"{_half(latitude, 'NS')} {_half(longitude, 'EW')}",
            latitude_deg=latitude,
            longitude_deg=longitude,
            altitude_m=float(max(lookup_altitude(latitude, longitude), 0.0)),  # the sea floor is no site
            timezone="",
            weather=weather,
        )
        for latitude in grid.latitude_deg.tolist()
        for longitude in grid.longitude_deg.tolist()
    )


def _axis(name: str, text: str) -> FloatArray:
    low, high = BOUNDS[name]
    try:
        first, last, step = (float(number) for number in text.split(":"))
    except ValueError as error:
        raise InvalidInput(f"grid, {name} {text}: give FROM:TO:STEP in degrees, such as {EXAMPLE}") from error
    if not (low <= first <= last <= high and 10.0**-DECIMALS <= step <= high - low):
        raise InvalidInput(
            f"grid, {name} {text}: degrees run upward from {low:g} to {high:g} in steps above 0; correct it"
        )
    return np.round(first + step * np.arange(int((last - first) / step + 1e-9) + 1), DECIMALS)


def _half(angle_deg: float, letters: str) -> str:
    return f"{abs(angle_deg):g}{letters[angle_deg < 0.0]}"
