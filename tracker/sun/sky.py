"""The sun over one place or many: chooses how to compute, keeps shapes, hands out values."""

from collections.abc import Callable, Sequence
from copy import copy
from functools import lru_cache
from struct import Struct, unpack
from typing import Any, Final, Literal

import numpy as np

from tracker.plant import Site
from tracker.sun import by_array, compiled, instant
from tracker.sun.formula import AIR, CUT_OFF
from tracker.sun.instants import TICKS_PER_DAY, as_ticks, checked_years, years_among
from tracker.sun.nodes import FIRST_DAY, NODES
from tracker.sun.observer import Places
from tracker.sun.position import SunAngles, SunPosition
from tracker.units import FloatArray, IntArray, UtcArray

DELTA_T_S: Final = 67.0  # TT - UT1, pvlib's default
DELTA_T_MOST_S: Final = 3600.0  # chosen: ten times what it can be within the supported years
UT1_MOST_S: Final = 1.0  # leap seconds keep |UT1 - UTC| below 0.9 s
SECONDS_PER_DAY: Final = 86_400.0
TICK_BYTES: Final = 8
FEW: Final = 32  # instants: fewer go faster as plain numbers than as an array

How = Literal["auto", "numpy", "numba"]
one_tick: Callable[[Any], tuple[int]] = Struct("=q").unpack  # a tenth of what astype takes for a datetime64


@lru_cache(maxsize=64)
def sun_over(site: Site) -> "Sun":
    """The sun over a site with the customary constants."""
    return Sun(site)


def sun_position(utc: UtcArray, site: Site) -> SunPosition:
    """Where the sun is, seen from the site at UTC times of any shape: `Sun(site).position(utc)`.

    Delta-T 67 s, refraction with the standard atmosphere's pressure at the site's altitude and 12 C. UT1-UTC
    is taken as 0 (1e-3 deg). Raises ValueError as `Sun` does.
    """
    return sun_over(site).position(utc)


class Sun:
    """The sun over a place, or over places (S,) at once: results have the shape of the times T, or (S,) + T.

    Reda and Andreas (2004, doi:10.1016/j.solener.2003.12.003) as in pvlib, to 2e-7 deg, from 1900 to 2200.
    delta_t_s is TT - UT1 (1e-5 deg a second). ut1_minus_utc_s is published by the IERS; left at 0 it costs
    1e-3 deg as a rule and 4e-3 at most (0.9 s). how: numba's loops start in 0.3 s and then take 8 ns an
    instant, where numpy takes 70; "auto" loads them when that has paid. All ways agree to 1e-12 deg.
    Times are numpy datetime64 (UTC) of any shape, order and unit, or zoned times of pandas or datetime; with
    each=True they are (S,) + T, every place its own.
    Every method raises ValueError for NaT, naive pandas times, text and years out of range.
    """

    def __init__(
        self,
        places: Site | Sequence[Site] | Places,
        *,
        delta_t_s: float = DELTA_T_S,
        ut1_minus_utc_s: float = 0.0,
        how: How = "auto",
    ) -> None:
        if not abs(delta_t_s) <= DELTA_T_MOST_S:
            raise ValueError(f"delta_t_s = {delta_t_s}: give TT - UT1 in seconds, 69 in 2025, at most 3600")
        if not abs(ut1_minus_utc_s) <= UT1_MOST_S:
            raise ValueError(f"ut1_minus_utc_s = {ut1_minus_utc_s}: give seconds from -1 to 1; 0 if unknown")
        if how not in ("auto", "numpy", "numba"):
            raise ValueError(f"how = {how!r}; give 'auto', 'numpy' or 'numba'")
        if how == "numba" and not compiled.available():
            raise ValueError("how = 'numba' needs numba; install sunflower-tracker[fast], or give 'auto'")
        self._where = places if isinstance(places, Places) else Places.of(places)
        self._shape, self._places = self._where.shape, self._where.rows()
        self._ut1_ahead = ut1_minus_utc_s / SECONDS_PER_DAY
        self._tt_ahead = (ut1_minus_utc_s + delta_t_s) / SECONDS_PER_DAY
        self._how: How = how
        self._place: instant.Place | None = None if self._shape else tuple(self._places[0].tolist())

    @property
    def shape(self) -> tuple[int, ...]:
        """() over one place, (S,) over many."""
        return self._shape

    @property
    def latitude_deg(self) -> FloatArray:
        """Of the places, in their shape."""
        return np.broadcast_to(np.asarray(self._where.latitude_deg, dtype=np.float64), self._shape)

    @property
    def longitude_deg(self) -> FloatArray:
        """Of the places, in their shape."""
        return np.broadcast_to(np.asarray(self._where.longitude_deg, dtype=np.float64), self._shape)

    @property
    def air(self) -> tuple[FloatArray, FloatArray]:
        """Density factor of the air and elevation below which light is not bent, in the places' shape."""
        return self._places[:, AIR].reshape(self._shape), self._places[:, CUT_OFF].reshape(self._shape)

    def without_air(self) -> "Sun":
        """The sun over the same places, its light not bent."""
        other = copy(self)
        other._places = self._places.copy()  # noqa: SLF001
        other._places[:, AIR] = 0.0  # noqa: SLF001
        other._place = None if self._shape else tuple(other._places[0].tolist())  # noqa: SLF001
        return other

    def angles(self, utc: UtcArray, *, each: bool = False) -> SunAngles:
        """Azimuth and elevation without refraction."""
        times, per_day = as_ticks(utc)
        if self._place is None or times.size > FEW:
            planes, _ = self._evaluate(times, per_day, each, planes=2)
            return SunAngles(azimuth_deg=planes[0], elevation_deg=planes[1])
        vectors = self._vectors(times, per_day, self._place)
        azimuth_deg = np.array([*map(instant.azimuth_deg, vectors)])
        elevation_deg = np.array([*map(instant.elevation_deg, vectors)])
        if times.ndim != 1:
            azimuth_deg, elevation_deg = azimuth_deg.reshape(times.shape), elevation_deg.reshape(times.shape)
        return SunAngles(azimuth_deg=azimuth_deg, elevation_deg=elevation_deg)

    def direction_enu(self, utc: UtcArray | np.datetime64, *, each: bool = False) -> FloatArray:
        """Unit vectors T + (3,) toward the apparent sun, without a detour through azimuth."""
        times, per_day = as_ticks(utc)
        if self._place is None or times.size > FEW:
            return self._evaluate(times, per_day, each, direction=True)[1]
        place = self._place
        directions = [instant.apparent_unit(vector, place) for vector in self._vectors(times, per_day, place)]
        return np.array(directions).reshape(*times.shape, 3)

    def direction_at(self, utc: np.datetime64) -> FloatArray:
        """Unit vector (3,) toward the apparent sun at one time: the way of a control loop.

        Raises ValueError over more than one place.
        """
        if self._place is None:
            raise ValueError("direction_at is for one place; use direction_enu for many")
        per_day = TICKS_PER_DAY.get(utc.dtype) if type(utc) is np.datetime64 else None
        if per_day is None:
            return self.direction_enu(utc)
        (tick,) = one_tick(utc)
        vector = instant.enu_at(tick, per_day, self._tt_ahead, self._ut1_ahead, self._place)
        return np.array(instant.apparent_unit(vector, self._place))

    def position(self, utc: UtcArray, *, each: bool = False) -> SunPosition:
        """All of it: azimuth, elevation, apparent elevation and the direction of the apparent sun."""
        times, per_day = as_ticks(utc)
        if self._place is not None and times.size <= FEW:
            return self._few_positions(times, per_day, self._place)
        planes, direction_enu = self._evaluate(times, per_day, each, planes=3, direction=True)
        return SunPosition(
            azimuth_deg=planes[0],
            elevation_deg=planes[1],
            apparent_elevation_deg=planes[2],
            direction_enu=direction_enu,
        )

    def _few_positions(self, times: UtcArray, per_day: int, place: instant.Place) -> SunPosition:
        vectors, shape = self._vectors(times, per_day, place), times.shape
        lifted = [instant.apparent_unit(vector, place) for vector in vectors]
        angles = [
            np.array([*map(angle, of)]).reshape(shape)
            for angle, of in (
                (instant.azimuth_deg, vectors),
                (instant.elevation_deg, vectors),
                (instant.elevation_deg, lifted),
            )
        ]
        return SunPosition(
            azimuth_deg=angles[0],
            elevation_deg=angles[1],
            apparent_elevation_deg=angles[2],
            direction_enu=np.array(lifted).reshape(*shape, 3),
        )

    def _vectors(self, times: UtcArray, per_day: int, place: instant.Place) -> list[instant.Vector]:
        data = times.tobytes()
        ticks = one_tick(data) if len(data) == TICK_BYTES else unpack(f"={times.size}q", data)
        return [instant.enu_at(tick, per_day, self._tt_ahead, self._ut1_ahead, place) for tick in ticks]

    def _evaluate(
        self, times: UtcArray, per_day: int, each: bool, *, planes: int = 0, direction: bool = False
    ) -> tuple[FloatArray, FloatArray]:
        """Planes (planes, S, T) of azimuth, elevation, apparent elevation; directions (S, T, 3)."""
        shape = self._result_shape(times.shape, each)
        ticks = times.reshape(len(self._places) if each else 1, -1).view(np.int64)
        flat = (len(self._places), ticks.shape[1])
        angles, directions = np.empty((planes, *flat)), np.empty((*flat, 3) if direction else (0, 0, 3))
        if ticks.size:
            table, unwanted = node_rows(ticks, per_day), [np.empty((0, 0))] * (3 - planes)
            fill = self._fill(flat[0] * flat[1])
            ahead = (self._tt_ahead, self._ut1_ahead)
            fill(ticks, per_day, table, FIRST_DAY, *ahead, self._places, *angles, *unwanted, directions)
        return angles.reshape(planes, *shape), directions.reshape(*(shape if direction else (0,)), 3)

    def _result_shape(self, times: tuple[int, ...], each: bool) -> tuple[int, ...]:
        if not each:
            return (*self._shape, *times)
        if times[: len(self._shape)] != self._shape:
            raise ValueError(
                f"utc has shape {times}; each=True wants times {(*self._shape, '...')}, a row a place"
            )
        return times

    def _fill(self, instants: int) -> Callable[..., None]:
        """The loops for so many instants; numba's when asked for, loaded already, or when they pay."""
        if self._how == "numba" or (self._how == "auto" and compiled.WORK.numba_pays(instants)):
            return compiled.load()
        return by_array.fill


def node_rows(ticks: IntArray, per_day: int) -> FloatArray:
    """The nodes' table with the rows that these ticks need; raises ValueError outside the supported years."""
    years = checked_years(ticks, per_day)
    if NODES.missing(years) and len(years) > 2:
        return NODES.build(years_among(ticks, per_day))
    return NODES.build(years)
