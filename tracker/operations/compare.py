"""What is the tracking worth: compare mountings and say it in one document, one page, one sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from tracker.plant import Plant
from tracker.report.tables import DayTables, Duration, HourByMonth, Omission, ReportTables
from tracker.study import Comparison, compare, to_json_dict
from tracker.study.metering.metered import Metered, metered_in_weather_year
from tracker.study.mountings.recorded import Recording, in_weather_year
from tracker.units import FloatArray, distinct
from tracker.weather import Reading, load
from tracker.weather.series import Weather

DURATION_POINTS: Final = 400  # of a curve that a reader can tell apart
OMISSIONS: Final[Mapping[str, Omission]] = {
    omission.name: omission
    for omission in (
        Omission(
            name="pointing",
            favours="tracking",
            why="heads are taken to point where they are told; set comparison.pointing_error_deg",
        ),
        Omission(
            name="horizon",
            favours="tracking",
            why="hills and houses take the low sun that trackers use most; name site.horizon to count them",
        ),
        Omission(
            name="obstacle_sky",
            favours="either",
            why="obstacles take the beam from every mounting alike; what they take of the sky is not counted",
        ),
        Omission(
            name="soiling", favours="either", why="dust and dew depend on tilt, rain and the night posture"
        ),
        Omission(
            name="rear_shading",
            favours="fixed",
            why="backs are lit as over open ground, which gives rows about 3 % too much, and flat modules, "
            "which cover their ground, about 9 %",
        ),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answer:
    """A comparison, its JSON document and the tables of its report."""

    comparison: Comparison
    document: dict[str, Any]
    tables: ReportTables


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evidence:
    """What was recorded and metered on site; metered_row is the row that the meter is held against.

    any_year puts all of it under a weather of another year, date by date.
    """

    recordings: Sequence[Recording] = ()
    metered: Metered | None = None
    metered_row: str | None = None
    any_year: bool = False

    def under(self, weather: Weather) -> "Evidence":
        """The same with its dates in the weather's year where any year will do. Raises InvalidInput."""
        if not self.any_year:
            return self
        moved = tuple(in_weather_year(recording, weather) for recording in self.recordings)
        metered = None if self.metered is None else metered_in_weather_year(self.metered, weather)
        return Evidence(recordings=moved, metered=metered, metered_row=self.metered_row)


NO_EVIDENCE: Final = Evidence()


def weather_for(plant: Plant, source: str | None = None) -> Weather:
    """The plant's weather, or another source, checked against the site; measured, a day of it will do.

    Raises InvalidWeather.
    """
    reading = Reading(
        decomposition=plant.decomposition, interval_label=plant.interval_label, whole_years=False
    )
    return load(source or plant.weather_source, Path(), plant.site, reading)


def answer_for(
    plant: Plant,
    weather: Weather,
    *,
    commands: tuple[str, ...],
    day: DayTables | None = None,
    evidence: Evidence = NO_EVIDENCE,
) -> Answer:
    """Compare the plant's mountings under a weather, with what was recorded; raises what `compare` raises.

    commands say how to get the same numbers again, day is shown in the report where there is one.
    """
    known = evidence.under(weather)
    comparison = compare(
        plant,
        weather,
        recordings=known.recordings,
        metered=known.metered,
        metered_row=known.metered_row,
    )
    document = to_json_dict(comparison)
    tracked, baseline = comparison.claim.of, comparison.claim.over
    difference = HourByMonth(
        tracked=tracked,
        baseline=baseline,
        difference_kwh=_difference_kwh(comparison, tracked, baseline),
    )
    tables = ReportTables(
        hour_by_month=difference,
        duration=_duration(comparison, tracked, baseline),
        day=day,
        omissions=tuple(OMISSIONS[name] for name in comparison.not_modelled),
        commands=commands,
    )
    return Answer(comparison=comparison, document=document, tables=tables)


def _difference_kwh(comparison: Comparison, tracked: str, baseline: str) -> FloatArray:
    """By hour and month (24, 12), NaN in months of which nothing was compared."""
    difference_kwh = comparison.net_difference_by_hour_and_month_kwh(tracked, baseline)
    steps = np.bincount(comparison.weather.local_month - 1, minlength=12)
    difference_kwh[:, steps == 0] = np.nan
    return difference_kwh


def _duration(comparison: Comparison, tracked: str, baseline: str) -> Duration:
    """Both rows' net power, each sorted by itself, at DURATION_POINTS of the series' hours."""
    hours = comparison.weather.step_s / 3600.0
    size = comparison.weather.utc.size
    at = distinct(np.linspace(0, size - 1, min(size, DURATION_POINTS)).round().astype(np.int64))
    tracked_kw, baseline_kw = (
        np.sort(comparison.result(name).net_wh)[::-1][at] / hours / 1000.0 for name in (tracked, baseline)
    )
    return Duration(
        tracked=tracked,
        baseline=baseline,
        hours=np.asarray((at + 1) * hours, dtype=np.float64),
        tracked_kw=tracked_kw,
        baseline_kw=baseline_kw,
    )
