"""Where the sun is watched from: one place or many, with the air that bends its light."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from tracker.plant import Site
from tracker.sun.formula import (
    ABOVE_EQUATOR,
    AIR,
    COS_LAT,
    CUT_OFF,
    FROM_AXIS,
    LONGITUDE,
    PLACE,
    SIN_LAT,
)
from tracker.units import FloatArray

AIR_TEMPERATURE_C: Final = 12.0  # SPA's customary yearly mean
HORIZON_REFRACTION_DEG: Final = 0.5667  # SPA's, at sunrise and sunset
SUN_RADIUS_DEG: Final = 0.26667  # as SPA takes it
POLAR_OVER_EQUATORIAL: Final = 0.99664719  # radii of the Earth, as SPA takes them
EQUATORIAL_RADIUS_M: Final = 6378140.0
BOUNDS: Final = {
    "latitude_deg": (-90.0, 90.0, "degrees, north positive"),
    "longitude_deg": (-180.0, 360.0, "degrees, east positive"),
    "altitude_m": (-1000.0, 11000.0, "metres above sea level"),
    "pressure_pa": (0.0, 120000.0, "pascals; 0 for no air, 101325 at sea level"),
    "temperature_c": (-100.0, 70.0, "degrees Celsius"),
    "horizon_refraction_deg": (0.0, 2.0, "degrees; SPA takes 0.5667"),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Places:
    """One place, shape (), or many, shape (S,); every field has that shape or is one number for all.

    The refraction's pressure is the standard atmosphere's at the altitude unless given. As in SPA, refraction
    is 0 when the sun's centre is more than its radius and horizon_refraction_deg below the horizon.
    Raises ValueError for a number out of bounds, naming it.
    """

    latitude_deg: ArrayLike
    longitude_deg: ArrayLike
    altitude_m: ArrayLike = 0.0
    pressure_pa: ArrayLike | None = None
    temperature_c: ArrayLike = AIR_TEMPERATURE_C
    horizon_refraction_deg: ArrayLike = HORIZON_REFRACTION_DEG

    def __post_init__(self) -> None:
        for name, (low, high, meaning) in BOUNDS.items():
            given = getattr(self, name)
            if given is not None:
                _check(name, given, low, high, meaning)

    @classmethod
    def of(cls, sites: Site | Sequence[Site]) -> "Places":
        """The place of a site, or the places (S,) of several. Raises ValueError for an empty sequence."""
        if isinstance(sites, Site):
            return cls(
                latitude_deg=sites.latitude_deg,
                longitude_deg=sites.longitude_deg,
                altitude_m=sites.altitude_m,
            )
        if not sites:
            raise ValueError("no site given; give a Site, a sequence of Site, or Places")
        return cls(
            latitude_deg=[site.latitude_deg for site in sites],
            longitude_deg=[site.longitude_deg for site in sites],
            altitude_m=[site.altitude_m for site in sites],
        )

    @property
    def shape(self) -> tuple[int, ...]:
        """() for one place, (S,) for many. Raises ValueError when the fields do not fit each other."""
        fields = [np.shape(getattr(self, name)) for name in BOUNDS if getattr(self, name) is not None]
        shape = np.broadcast_shapes(*fields)
        if len(shape) > 1:
            raise ValueError(f"places have shape {shape}; give flat arrays of one length")
        return shape

    def rows(self) -> FloatArray:
        """The numbers that the formula needs, (S, PLACE) with S = 1 for one place."""
        latitude_rad, altitude_m = (
            np.radians(self.latitude_deg),
            np.asarray(self.altitude_m, dtype=np.float64),
        )
        reduced_rad = np.arctan(POLAR_OVER_EQUATORIAL * np.tan(latitude_rad))  # SPA's u, equation 34
        height = altitude_m / EQUATORIAL_RADIUS_M
        pressure_pa = standard_pressure_pa(altitude_m) if self.pressure_pa is None else self.pressure_pa
        rows = np.empty((*(self.shape or (1,)), PLACE))
        rows[:, LONGITUDE] = np.asarray(self.longitude_deg, dtype=np.float64) / 360.0
        rows[:, SIN_LAT], rows[:, COS_LAT] = np.sin(latitude_rad), np.cos(latitude_rad)
        rows[:, FROM_AXIS] = np.cos(reduced_rad) + height * np.cos(latitude_rad)
        rows[:, ABOVE_EQUATOR] = POLAR_OVER_EQUATORIAL * np.sin(reduced_rad) + height * np.sin(latitude_rad)
        rows[:, AIR] = air_factor(pressure_pa, self.temperature_c)
        rows[:, CUT_OFF] = -(SUN_RADIUS_DEG + np.asarray(self.horizon_refraction_deg, dtype=np.float64))
        return rows


def air_factor(pressure_pa: ArrayLike, temperature_c: ArrayLike) -> FloatArray:
    """Density of the air against that of 1010 hPa and 10 C (Reda and Andreas 2004, equation 42)."""
    pressure_hpa = np.asarray(pressure_pa, dtype=np.float64) / 100.0
    return np.asarray(pressure_hpa / 1010.0 * 283.0 / (273.0 + np.asarray(temperature_c, dtype=np.float64)))


def standard_pressure_pa(altitude_m: ArrayLike) -> FloatArray:
    """Pressure of the standard atmosphere at an altitude, with pvlib's constants (`atmosphere.alt2pres`)."""
    below_top = (44331.514 - np.asarray(altitude_m, dtype=np.float64)) / 11880.516
    return np.asarray(100.0 * below_top ** (1.0 / 0.1902632))


def _check(name: str, given: ArrayLike, low: float, high: float, meaning: str) -> None:
    try:
        numbers = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} = {given!r} is not a number; give {meaning}") from error
    wrong = ~((numbers >= low) & (numbers <= high))  # NaN is wrong too
    if wrong.any():
        worst = numbers[wrong].flat[0]
        raise ValueError(f"{name} = {worst} is outside {low:g} to {high:g}; give {meaning}")
