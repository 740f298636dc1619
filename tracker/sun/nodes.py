"""The geocentric apparent sun once a day, from pvlib's own SPA functions, as a cubic for each day.

A row of the table holds, for one day, the cubics of the vector to the sun (of date, in radii of the
Earth, the equation of the equinoxes taken out of right ascension) and the mean sidereal time at Greenwich.
Between nodes only the smooth geocentric motion is interpolated; the Earth's turning is exact.
"""

import threading
from collections.abc import Iterable
from functools import lru_cache
from importlib import util
from types import ModuleType
from typing import Any, Final

import numpy as np

from tracker.sun.formula import ROW, TURN, TURN_RATE, X, Y, Z
from tracker.units import FloatArray

YEARS: Final = (1900, 2200)
J2000_DAY: Final = 10957.5  # from 1970-01-01T00:00 to the epoch J2000.0, days
DAYS_PER_CENTURY: Final = 36525.0
UNIX_EPOCH_JD: Final = 2440587.5
SPREAD: Final = 3  # nodes on either side that the derivative needs
STENCIL: Final = ((1, 3.0 / 4.0), (2, -3.0 / 20.0), (3, 1.0 / 60.0))  # central, error of sixth order


def day_of(year: int) -> int:
    """Days from 1970-01-01 to the first of January of a year."""
    return int(np.datetime64(f"{year:04d}-01-01", "D").astype(np.int64))


FIRST_DAY: Final = day_of(YEARS[0])
END_DAY: Final = day_of(YEARS[1] + 1)


class Nodes:
    """Rows for the days of 1900 to 2200; a year's rows are made when first asked for, and kept.

    The table lies in memory that the system hands out page by page: years never asked for cost nothing.
    """

    def __init__(self) -> None:
        self._table: FloatArray = np.zeros((END_DAY - FIRST_DAY, ROW))
        self._built: set[int] = set()
        self._lock = threading.Lock()

    def build(self, years: Iterable[int]) -> FloatArray:
        """The table (days, ROW), day 0 being FIRST_DAY, with the rows of these years in place."""
        for year in years:
            if year not in self._built:
                self._build_year(year)
        return self._table

    def missing(self, years: range) -> bool:
        """Whether any of these years has no rows yet."""
        return not self._built.issuperset(years)

    def _build_year(self, year: int) -> None:
        start, end = day_of(year), day_of(year + 1)
        rows = day_rows(start, end)
        with self._lock:
            self._table[start - FIRST_DAY : end - FIRST_DAY] = rows
            self._built.add(year)


def day_rows(start_day: int, end_day: int) -> FloatArray:
    """Rows (end - start, ROW) of the days of Terrestrial Time from start_day up to end_day."""
    node_days = np.arange(start_day - SPREAD, end_day + SPREAD + 1, dtype=np.float64)
    vectors = sun_vectors(node_days)
    inner = len(node_days) - 2 * SPREAD
    slopes = np.zeros((3, inner))
    for n, weight in STENCIL:
        slopes += weight * (vectors[:, SPREAD + n :][:, :inner] - vectors[:, SPREAD - n :][:, :inner])
    here, there = vectors[:, SPREAD : SPREAD + inner - 1], vectors[:, SPREAD + 1 : SPREAD + inner]
    slope, next_slope = slopes[:, :-1], slopes[:, 1:]
    step = there - here
    cubics = (here, slope, 3.0 * step - 2.0 * slope - next_slope, slope + next_slope - 2.0 * step)
    rows = np.zeros((end_day - start_day, ROW))
    for part, column in enumerate((X, Y, Z)):
        for power, coefficient in enumerate(cubics):
            rows[:, column + power] = coefficient[part]
    rows[:, TURN], rows[:, TURN_RATE] = sidereal_turns(np.arange(start_day, end_day, dtype=np.float64))
    return rows


def sidereal_turns(day: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean sidereal time at Greenwich at 0 h UT1 in turns, and its rate in turns a day.

    SPA's polynomial (Reda and Andreas 2004, equations 28 and 29) with whole turns left out before they cost
    digits, and its slow terms taken as a line within the day (to 1e-15 turns).
    """
    since, century = day - J2000_DAY, (day - J2000_DAY) / DAYS_PER_CENTURY
    slow_deg = 0.000387933 * century**2 - century**3 / 38710000.0
    slow_rate_deg = (2.0 * 0.000387933 * century - 3.0 * century**2 / 38710000.0) / DAYS_PER_CENTURY
    # 360 deg a day times half days since J2000.0 is an exact half turn
    turn = 0.5 * ((2.0 * since) % 2.0) + (280.46061837 + 0.98564736629 * since + slow_deg) / 360.0
    return turn - np.rint(turn), (360.98564736629 + slow_rate_deg) / 360.0


def sun_vectors(day: FloatArray) -> FloatArray:
    """Vectors (3, N) to the apparent sun at days of Terrestrial Time since 1970, in Earth radii.

    Right ascension counts from the equinox that mean sidereal time counts from. Reda and Andreas (2004),
    equations 9 to 33; the distance is 1 / sin(parallax).
    """
    spa = _spa()
    julian_century = spa.julian_ephemeris_century(spa.julian_ephemeris_day(day + UNIX_EPOCH_JD, 0.0))
    millennium = spa.julian_ephemeris_millennium(julian_century)
    radius_au = spa.heliocentric_radius_vector(millennium)
    latitude = spa.geocentric_latitude(spa.heliocentric_latitude(millennium))
    nutation = np.empty((2, day.size))
    spa.longitude_obliquity_nutation(
        julian_century,
        spa.mean_elongation(julian_century),
        spa.mean_anomaly_sun(julian_century),
        spa.mean_anomaly_moon(julian_century),
        spa.moon_argument_latitude(julian_century),
        spa.moon_ascending_longitude(julian_century),
        nutation,
    )
    obliquity = spa.true_ecliptic_obliquity(spa.mean_ecliptic_obliquity(millennium), nutation[1])
    longitude = spa.apparent_sun_longitude(
        spa.geocentric_longitude(spa.heliocentric_longitude(millennium)),
        nutation[0],
        spa.aberration_correction(radius_au),
    )
    equinoxes = spa.apparent_sidereal_time(0.0, nutation[0], obliquity)
    ascension = np.radians(spa.geocentric_sun_right_ascension(longitude, obliquity, latitude) - equinoxes)
    declination = np.radians(spa.geocentric_sun_declination(longitude, obliquity, latitude))
    distance = 1.0 / np.sin(np.radians(spa.equatorial_horizontal_parallax(radius_au)))
    unit = (
        np.cos(declination) * np.cos(ascension),
        np.cos(declination) * np.sin(ascension),
        np.sin(declination),
    )
    return np.asarray(distance * np.stack(unit))


@lru_cache(maxsize=1)
def _spa() -> ModuleType:
    """A copy of `pvlib.spa` of our own, in plain numpy.

    Importing the package would cost half a second for this one file, and pvlib reloads its module in place
    when somebody asks for its compiled form.
    """
    package = util.find_spec("pvlib")
    folders = package.submodule_search_locations if package else None
    spec = util.spec_from_file_location("tracker_sun_spa", f"{next(iter(folders or ()))}/spa.py")
    if spec is None or spec.loader is None:
        raise ImportError("pvlib has no spa.py; install pvlib 0.15 or newer")
    spa = util.module_from_spec(spec)
    spec.loader.exec_module(spa)
    for name, function in list(vars(spa).items()):
        plain: Any = getattr(function, "py_func", None)  # compiled, because PVLIB_USE_NUMBA is set
        if plain is not None:
            setattr(spa, name, plain)
    return spa


NODES: Final = Nodes()
