"""Metered energy against the model: performance ratios by month, and what the difference means."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from tracker.errors import InvalidInput
from tracker.study.gain.uncertainty import Z_90
from tracker.study.metering.measured_light import MeasuredLight, measured_light
from tracker.study.metering.metered import Metered, matched
from tracker.study.metering.plausible import demand_by_day, demand_energy
from tracker.study.metering.production_sums import Sums, periods_of, shifts_percent, sums_of
from tracker.study.mountings.held import held_yield
from tracker.study.mountings.recorded import is_recorded
from tracker.study.result import MountingResult
from tracker.study.setting import Setting

Finding: TypeAlias = Literal["within", "below", "above", "unknown"]
MODELLED: Final = "sunflower"
WHOLE: Final = "all"
MOST_NAMED: Final = 3  # resets in a sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A month (YYYY-MM) or the whole: energies of the array in the hours that meter and model both know.

    Ratios are shares of one, None without light; 25c ones are corrected to cells of 25 C. The difference is
    that of the meter from the model, percent of the model; interval_percent is its P90 to P10, either side.
    """

    name: str
    hours: float
    measured_kwh: float
    modelled_kwh: float
    poa_kwh_m2: float
    performance_ratio: float | None
    performance_ratio_25c: float | None
    modelled_performance_ratio: float | None
    modelled_performance_ratio_25c: float | None
    difference_percent: float | None
    interval_percent: float | None
    finding: Finding
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseOfDifference:
    """One reason for meter and model to differ: its standard deviation, percent of the modelled whole."""

    cause: str
    percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Production:
    """A meter against the row `of`, by month and as a whole; causes the strongest first.

    Of the meter's intervals counted_intervals were compared; left_out_intervals met no whole stretch of
    the model, missing_intervals are not in the meter's file at all or nobody knows what they counted, as
    where its register fell: at the readings resets_utc.
    """

    source: str
    of: str
    counted_intervals: int
    left_out_intervals: int
    missing_intervals: int
    resets_utc: tuple[str, ...]
    months: tuple[Period, ...]
    whole: Period
    causes: tuple[CauseOfDifference, ...]
    notes: tuple[str, ...]
    light: MeasuredLight | None  # where light was measured in the plane


def production_of(
    metered: Metered, rows: Sequence[MountingResult], setting: Setting, of: str | None = None
) -> Production:
    """The meter against a row, the first recorded one or else the sunflower unless `of` names another.

    The modelled energy is net: what a meter behind the inverters and the drives sees. Raises InvalidInput
    for a row that was not compared, for a meter with no stretch in common with it and for energy or light
    that no plant has there (`plausible`).
    """
    row = _row(rows, of)
    found = matched(metered, setting.weather)
    periods = periods_of(found, setting.weather)
    poa_w_m2 = setting.daylight.whole(held_yield(setting, row.orientation).poa_w_m2)
    sums = sums_of(setting, row, found, periods, poa_w_m2)
    demand_energy(metered.source, float(sums.measured_kwh[-1]), float(sums.poa_kwh_m2[-1]))
    demand_by_day(metered, setting.plant.site)
    shifts = shifts_percent(periods, setting, row)
    interval_percent = Z_90 * np.sqrt(np.sum([shift**2 for shift in shifts.values()], axis=0))
    names = (*(str(month) for month in periods.months), WHOLE)
    said = [_period(sums, number, name, interval_percent[number]) for number, name in enumerate(names)]
    given = int(np.sum(np.isfinite(metered.energy_kwh)))
    resets_utc = tuple(f"{time}Z" for time in metered.resets_utc.astype("datetime64[s]"))
    causes = (CauseOfDifference(cause=name, percent=float(shift[-1])) for name, shift in shifts.items())
    return Production(
        source=metered.source,
        of=row.name,
        counted_intervals=found.counted_intervals,
        left_out_intervals=given - found.counted_intervals,
        missing_intervals=metered.missing_intervals,
        resets_utc=resets_utc,
        months=tuple(said[:-1]),
        whole=said[-1],
        causes=tuple(sorted(causes, key=lambda cause: -cause.percent)),
        notes=tuple(_notes(resets_utc)),
        light=measured_light(metered, setting, found, periods, poa_w_m2, names),
    )


def _notes(resets_utc: Sequence[str]) -> Iterator[str]:
    """What must be known of the meter, in sentences without their full stop."""
    if resets_utc:
        named = ", ".join(resets_utc[:MOST_NAMED])
        more = f" and {len(resets_utc) - MOST_NAMED} more" if len(resets_utc) > MOST_NAMED else ""
        yield (
            f"its register fell, as after a reset, {len(resets_utc)} x: at {named}{more}; nobody knows "
            "what it counted there, so this is left out"
        )


def _row(rows: Sequence[MountingResult], of: str | None) -> MountingResult:
    names = [row.name for row in rows]
    wanted = of or next((name for name in names if is_recorded(name)), MODELLED)
    if wanted not in names:
        raise InvalidInput(
            f"the meter is to be held against {wanted!r}, which was not compared; choose one of "
            f"{', '.join(names)} with --production-of"
        )
    return rows[names.index(wanted)]


def _period(sums: Sums, number: int, name: str, interval_percent: float) -> Period:
    """One of the periods; the difference is named against the interval."""
    measured, modelled = float(sums.measured_kwh[number]), float(sums.modelled_kwh[number])
    difference = 100.0 * (measured / modelled - 1.0) if modelled > 0.0 else None
    finding = _finding(difference, interval_percent)
    return Period(
        name=name,
        hours=float(sums.hours[number]),
        measured_kwh=measured,
        modelled_kwh=modelled,
        poa_kwh_m2=float(sums.poa_kwh_m2[number]),
        performance_ratio=_ratio(measured, sums.reference_kwh[number]),
        performance_ratio_25c=_ratio(measured, sums.corrected_kwh[number]),
        modelled_performance_ratio=_ratio(modelled, sums.reference_kwh[number]),
        modelled_performance_ratio_25c=_ratio(modelled, sums.corrected_kwh[number]),
        difference_percent=difference,
        interval_percent=None if difference is None else float(interval_percent),
        finding=finding,
        says=_says(difference, interval_percent, finding),
    )


def _ratio(kwh: float, reference_kwh: float) -> float | None:
    """Performance ratio: final yield over reference yield, (E / P0) / (H / G0), IEC 61724-1."""
    return float(kwh / reference_kwh) if reference_kwh > 0.0 else None


def _finding(difference_percent: float | None, interval_percent: float) -> Finding:
    if difference_percent is None:
        return "unknown"
    if abs(difference_percent) <= interval_percent:
        return "within"
    return "above" if difference_percent > 0.0 else "below"


def _says(difference_percent: float | None, interval_percent: float, finding: Finding) -> str:
    if difference_percent is None:
        return "the model yields nothing to compare with"
    side = "above" if difference_percent > 0.0 else "below"
    interval = f"its interval of +-{interval_percent:.1f} %"
    named = f"within {interval}" if finding == "within" else f"more than {interval} explains"
    return f"{side} the model by {abs(difference_percent):.1f} %: {named}"
