"""Weather on one grid of intervals, whatever file it came from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np

from tracker.units import FloatArray, IntArray, UtcArray

Numbers = TypeVar("Numbers", FloatArray, IntArray)
AS_GIVEN: Final = "none: beam and diffuse as given"
ASSUMED_TEMP_C: Final = 20.0  # what pvlib's ModelChain takes where no temperature is given


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many steps of a series were mended on the way in, and how; those filled are in Weather itself.

    closed: one of GHI, DNI, DHI from the two others; decomposed: beam and diffuse from GHI by the model that
    is named; left_out: without data for too long, and with them the rest of their day; beyond_limits:
    impossible values taken as missing; negative: night offsets set to 0; unclosed: the three are given and
    disagree beyond the BSRN's limits (counted, not changed); temp_assumed: no air temperature at all.
    """

    closed: int = 0
    decomposed: int = 0
    left_out: int = 0
    beyond_limits: int = 0
    negative: int = 0
    unclosed: int = 0
    temp_assumed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weather:
    """T equal intervals in order of time; every array is (T,) and belongs to the interval, not to its label.

    Intervals follow each other but where whole days were left out of a measured series (counts.left_out).
    utc is the interval's *centre*, where the sun position is taken. A typical year carries one calendar
    year throughout, so that time runs forward. NaN wind, gust or pressure means unknown.
    """

    utc: UtcArray
    step_s: float
    ghi_w_m2: FloatArray
    dni_w_m2: FloatArray
    dhi_w_m2: FloatArray
    temp_air_c: FloatArray
    wind_speed_m_s: FloatArray
    pressure_pa: FloatArray
    source: str
    kind: str  # "typical year" | "measured" | "synthetic year" | "resampled year"
    latitude_deg: float  # where the file says it is; NaN where it does not say
    longitude_deg: float
    altitude_m: float
    utc_offset_h: float  # of the file's local standard time
    filled_steps: int
    decomposition: str = AS_GIVEN
    counts: Counts = Counts()
    gust_m_s: FloatArray | None = None  # measured; None where the source has none
    poa_w_m2: FloatArray | None = None  # measured in a plane that the owner of the file knows
    temp_module_c: FloatArray | None = None  # measured at the back of the modules there

    @property
    def local_month(self) -> IntArray:
        """Month 1 to 12 of each interval's centre in local standard time."""
        return month_at(self.utc, self.utc_offset_h)

    @property
    def local_hour(self) -> IntArray:
        """Hour 0 to 23 of each interval's centre in local standard time."""
        return standard_time(self.utc, self.utc_offset_h).astype("datetime64[h]").astype(np.int64) % 24

    @property
    def local_year(self) -> IntArray:
        """Calendar year of each interval's centre in local standard time."""
        local = standard_time(self.utc, self.utc_offset_h)
        return once_a_day(lambda days: days.astype("datetime64[Y]").astype(np.int64) + 1970, local)

    @property
    def unknown_wind_steps(self) -> int:
        """Steps whose wind nobody knows; the yield takes them as calm, so nothing stows in them."""
        known = np.isfinite(self.wind_speed_m_s)
        if self.gust_m_s is not None:
            known |= np.isfinite(self.gust_m_s)
        return int(np.sum(~known))

    def energy_kwh_m2(self, irradiance_w_m2: FloatArray) -> float:
        """Insolation of the whole series, kWh/m2."""
        return float(np.sum(irradiance_w_m2)) * self.step_s / 3.6e6


def standard_time(utc: UtcArray, utc_offset_h: float) -> UtcArray:
    """Local standard time of instants (T,), in whole seconds."""
    seconds = utc.astype("datetime64[s]").astype(np.int64) + round(utc_offset_h * 3600)
    return seconds.astype("datetime64[s]")


def month_at(utc: UtcArray, utc_offset_h: float) -> IntArray:
    """Month 1 to 12 of instants (T,) in local standard time."""
    local = standard_time(utc, utc_offset_h)
    return once_a_day(lambda days: days.astype("datetime64[M]").astype(np.int64) % 12 + 1, local)


def once_a_day(of_days: Callable[[UtcArray], Numbers], instants: UtcArray) -> Numbers:
    """What a calendar says of the days that instants (T,) lie in, asked once for each day in their span.

    numpy takes 10 ns for the month of an hour, and a year has twenty-four times as many hours as days.
    """
    number = instants.astype("datetime64[D]").astype(np.int64)
    first, last = (number.min(), number.max()) if number.size else (0, 0)
    days = np.arange(first, last + 1).astype("datetime64[D]")
    return of_days(days)[number - first]
