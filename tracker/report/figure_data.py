"""The numbers behind each figure, as plain tables that a spreadsheet, a script or an auditor reads."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias
from urllib.parse import quote

from tracker.report import labels
from tracker.report.document import Carbon, ComparisonDocument, Gain, Mounting
from tracker.report.labels import MONTHS
from tracker.report.sun_paths import ShadedSky
from tracker.report.tables import Duration, HourByMonth, ReportTables

Cell: TypeAlias = str | float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureData:
    """One figure's numbers in full precision: names of columns with their units, and rows of cells."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def csv(self) -> str:
        """As CSV with a heading (RFC 4180, but lines end plainly)."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(self.rows)
        return text.getvalue()

    def link(self) -> str:
        """The CSV as an address that a page can hold in itself."""
        return f"data:text/csv;charset=utf-8,{quote(self.csv())}"


def figure_data(document: ComparisonDocument, tables: ReportTables, subject: str) -> dict[str, FigureData]:
    """By name, the data of every figure that the report of this comparison shows."""
    return {data.name: data for data in _all(document, tables, subject)}


def _all(document: ComparisonDocument, tables: ReportTables, subject: str) -> Iterator[FigureData]:
    yield _gains(document.gains)
    yield from (_causes(gain) for gain in document.gains if _answers(gain, document, subject))
    there = labels.months_there(document)
    yield _months(document.mountings, there)
    yield _losses(document.mountings)
    if tables.hour_by_month:
        yield _hours(tables.hour_by_month)
    if tables.duration:
        yield _duration(tables.duration)
    if tables.sun_paths and tables.sun_paths.shaded:
        yield _sun(tables.sun_paths.shaded)
    tracked, baseline = document.mounting(subject), document.mounting(document.claim.over)
    if tracked and baseline:
        yield _carbon(document.carbon, tracked, baseline, there)


def _answers(gain: Gain, document: ComparisonDocument, subject: str) -> bool:
    return bool(gain.causes) and (gain.of, gain.over) == (subject, document.claim.over)


def _gains(gains: Sequence[Gain]) -> FigureData:
    return FigureData(
        name="gains",
        columns=("of", "over", "poa_percent", "net_percent", "p90_percent", "p50_percent", "p10_percent"),
        rows=tuple(
            (g.of, g.over, g.poa_percent, g.net_percent, g.p90_percent, g.p50_percent, g.p10_percent)
            for g in gains
        ),
    )


def _causes(gain: Gain) -> FigureData:
    return FigureData(
        name="causes",
        columns=("of", "over", "cause", "low_points", "high_points"),
        rows=tuple((gain.of, gain.over, c.cause, c.low_points, c.high_points) for c in gain.causes),
    )


def _months(mountings: Sequence[Mounting], there: Iterable[int]) -> FigureData:
    rows: list[tuple[Cell, ...]] = [
        (MONTHS[month], *(row.monthly_kwh[month] for row in mountings)) for month in there
    ]
    columns = ("month", *(f"{row.name}_net_kwh" for row in mountings))
    return FigureData(name="months", columns=columns, rows=tuple(rows))


def _losses(mountings: Sequence[Mounting]) -> FigureData:
    return FigureData(
        name="losses",
        columns=("mounting", "after", "left_kwh", "change_kwh"),
        rows=tuple(
            (row.name, step.name, step.kwh, change)
            for row in mountings
            for step, change in zip(row.steps, _changes(row), strict=True)
        ),
    )


def _changes(mounting: Mounting) -> list[float | None]:
    left = [step.kwh for step in mounting.steps]
    changes = [after - before for before, after in pairwise(left)]
    return [None, *changes] if left else []


def _hours(table: HourByMonth) -> FigureData:
    lines = table.difference_kwh[:, table.months].tolist()
    rows = tuple((float(hour), *line) for hour, line in enumerate(lines))
    months = (f"{MONTHS[month]}_kwh" for month in table.months)
    return FigureData(name="hours", columns=("hour", *months), rows=rows)


def _duration(table: Duration) -> FigureData:
    columns = (table.hours.tolist(), table.tracked_kw.tolist(), table.baseline_kw.tolist())
    names = ("hours", f"{table.tracked}_kw", f"{table.baseline}_kw")
    return FigureData(name="duration", columns=names, rows=tuple(zip(*columns, strict=True)))


def _sun(shaded: ShadedSky) -> FigureData:
    """A row a cell of the sky, by its lower edges."""
    azimuth, elevation = shaded.azimuth_deg[:-1].tolist(), shaded.elevation_deg[:-1].tolist()
    rows = tuple(
        (a, e, share)
        for a, line in zip(azimuth, shaded.share.tolist(), strict=True)
        for e, share in zip(elevation, line, strict=True)
    )
    columns = ("azimuth_from_deg", "elevation_from_deg", "shaded_share")
    return FigureData(name="sun", columns=columns, rows=rows)


def _carbon(carbon: Carbon, tracked: Mounting, baseline: Mounting, there: Iterable[int]) -> FigureData:
    """Month by month with all that the factor depends on in every row: what an auditor asks for."""
    factor = carbon.factor_kg_per_kwh
    facts = (factor, carbon.kind, carbon.year, carbon.region, carbon.scope, carbon.factor_source)
    energies = ((MONTHS[month], tracked.monthly_kwh[month], baseline.monthly_kwh[month]) for month in there)
    return FigureData(
        name="carbon",
        columns=(
            "month", f"{tracked.name}_net_kwh", f"{baseline.name}_net_kwh", "avoided_kg", "extra_avoided_kg",
            "factor_kg_per_kwh", "factor_kind", "factor_year", "factor_region", "factor_scope",
            "factor_source",
        ),
        rows=tuple(
            (month, mine, other, mine * factor, (mine - other) * factor, *facts)
            for month, mine, other in energies
        ),
    )  # fmt: skip
