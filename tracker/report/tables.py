"""Plain tables that the comparison document does not carry; whoever ran the study or the day fills them."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from tracker.report.sun_paths import SunPaths
from tracker.units import MONTHS_PER_YEAR, FloatArray

HOURS: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HourByMonth:
    """Net energy of one mounting minus another, (24, 12): local standard hour of day by month, kWh.

    Months of which nothing was compared are NaN throughout.
    """

    tracked: str
    baseline: str
    difference_kwh: FloatArray

    def __post_init__(self) -> None:
        if np.shape(self.difference_kwh) != (HOURS, MONTHS_PER_YEAR):
            raise ValueError(
                f"difference_kwh has shape {np.shape(self.difference_kwh)}, not "
                f"({HOURS}, {MONTHS_PER_YEAR}); sum the year by hour of day and by month"
            )

    @property
    def months(self) -> list[int]:
        """Numbers, 0 to 11, of the months that were compared; all of them where nothing is known of any."""
        there = np.flatnonzero(~np.isnan(self.difference_kwh).all(axis=0))
        return there.tolist() or list(range(MONTHS_PER_YEAR))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Duration:
    """Net power of two mountings, kW, each sorted by itself: the highest first, (N,) at so many hours each.

    hours (N,) is how long the power is reached or exceeded.
    """

    tracked: str
    baseline: str
    hours: FloatArray
    tracked_kw: FloatArray
    baseline_kw: FloatArray

    def __post_init__(self) -> None:
        for name in ("tracked_kw", "baseline_kw"):
            _demand_shape(name, np.shape(getattr(self, name)), np.shape(self.hours))


@dataclass(frozen=True, slots=True, kw_only=True)
class Omission:
    """Something the models leave out, whom that favours, and why, in a few words."""

    name: str
    favours: Literal["tracking", "fixed", "either"]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PointingErrors:
    """Angle between panel normal and sun for each of H heads, degrees, before and after calibration."""

    heads: tuple[str, ...]
    median_before_deg: FloatArray
    max_before_deg: FloatArray
    median_after_deg: FloatArray
    max_after_deg: FloatArray

    def __post_init__(self) -> None:
        for name in ("median_before_deg", "max_before_deg", "median_after_deg", "max_after_deg"):
            _demand_shape(name, np.shape(getattr(self, name)), (len(self.heads),))


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEvent:
    """One line of the day's record: when, which head, what happened and why."""

    time: np.datetime64
    head: str
    what: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DayTables:
    """A tracked day of H heads at T times; `state` is (T, H) names, the other series (T,); NaN is unknown.

    about says in a sentence what was tracked, and whether it was real.
    """

    about: str

    local_time: NDArray[np.datetime64]
    sun_apparent_elevation_deg: FloatArray
    sun_azimuth_deg: FloatArray
    gust_m_s: FloatArray
    heads: tuple[str, ...]
    state: NDArray[np.str_]
    events: tuple[DayEvent, ...] = ()
    pointing: PointingErrors | None = None
    stow_gust_m_s: float | None = None

    def __post_init__(self) -> None:
        times = len(self.local_time)
        if times < 2:
            raise ValueError(f"a day of {times} times cannot be drawn; give at least 2")
        for name in ("sun_apparent_elevation_deg", "sun_azimuth_deg", "gust_m_s"):
            _demand_shape(name, np.shape(getattr(self, name)), (times,))
        _demand_shape("state", np.shape(self.state), (times, len(self.heads)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReportTables:
    """All that a report shows beside the document; what is absent is left out of the page."""

    hour_by_month: HourByMonth | None = None
    duration: Duration | None = None
    sun_paths: SunPaths | None = None
    day: DayTables | None = None
    omissions: tuple[Omission, ...] = ()
    commands: tuple[str, ...] = ()  # what to type to get the same numbers again


def _demand_shape(name: str, shape: tuple[int, ...], wanted: tuple[int, ...]) -> None:
    if shape != wanted:
        raise ValueError(f"{name} has shape {shape}, not {wanted}; give one value for each time or head")
