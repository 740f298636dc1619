"""The tables of what was recorded and metered, and the numbers behind the figure."""

from dataclasses import dataclass

from tracker.report import labels
from tracker.report.figure_data import FigureData
from tracker.report.formats import decimals_for, number, typeset
from tracker.report.production_document import (
    WHOLE,
    MeasuredLight,
    Period,
    Production,
    Record,
    Recordings,
)
from tracker.report.production_figure import production_figure
from tracker.report.tabulate import Heading, Row, Table

RATIOS = (
    "performance_ratio",
    "performance_ratio_25c",
    "modelled_performance_ratio",
    "modelled_performance_ratio_25c",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductionSection:
    """What the page says of the meter: the finding, the figure, the months, what it may come from."""

    row: str
    says: str
    counts: str
    figure: str
    months: Table
    causes: Table
    light: Table | None


def production_section(production: Production) -> ProductionSection:
    """The section of a page, formatted."""
    return ProductionSection(
        row=labels.mounting(production.of),
        says=_says(production),
        counts=(
            f"{production.source}: {production.counted_intervals:,} intervals compared, "
            f"{production.left_out_intervals:,} left out because the model does not cover them, "
            f"{production.missing_intervals:,} missing in the meter and so in the model too."
        ),
        figure=production_figure(production),
        months=_months(production),
        causes=_causes(production),
        light=None if production.light is None else _light(production.light),
    )


def _says(production: Production) -> str:
    """The finding of the whole, and the months that differ by more than the model knows."""
    apart = [month for month in production.months if month.finding in ("below", "above")]
    named = ", ".join(f"{month.name} ({month.difference_percent:+.1f} %)" for month in apart)
    months = f" Months that the model does not explain: {named}." if apart else ""
    return typeset(f"As a whole the meter is {production.whole.says}.{months}".replace("+-", "±"))


def records_table(recordings: Recordings) -> Table:
    """Each record with what it does not know."""
    headings = (
        Heading(name="record"),
        Heading(name="heads"),
        Heading(name="from, UTC", words=True),
        Heading(name="to, UTC", words=True),
        Heading(name="bridged up to", unit="min"),
        Heading(name="unknown", unit="intervals"),
        Heading(name="outside", unit="intervals"),
        Heading(name="its drives", words=True),
    )
    total = recordings.compared_steps + recordings.left_out_steps
    caption = f"What was recorded; everything is compared over {recordings.compared_steps:,} of {total:,}"
    return Table(
        caption=f"{caption} intervals of the weather",
        headings=headings,
        rows=tuple(Row(cells=_record_cells(record)) for record in recordings.records),
    )


def production_data(production: Production) -> FigureData:
    """Month by month and as a whole, in full precision."""
    columns = (
        "period", "hours", "measured_kwh", "modelled_kwh", "poa_kwh_m2", *RATIOS,
        "difference_percent", "interval_percent", "finding",
    )  # fmt: skip
    rows = tuple(
        (period.name, *(getattr(period, name) for name in columns[1:]))
        for period in (*production.months, production.whole)
    )
    return FigureData(name="production", columns=columns, rows=rows)


def _months(production: Production) -> Table:
    periods = (*production.months, production.whole)
    decimals = decimals_for([period.measured_kwh for period in periods])
    headings = (
        Heading(name="month"),
        Heading(name="meter", unit="kWh"),
        Heading(name="model", unit="kWh"),
        Heading(name="in the plane", unit="kWh/m²"),
        Heading(name="PR"),
        Heading(name="PR, 25 °C"),
        Heading(name="model's PR"),
        Heading(name="model's, 25 °C"),
        Heading(name="difference", unit="%"),
        Heading(name="interval ±", unit="%"),
        Heading(name="finding", words=True),
    )
    rows = tuple(Row(cells=_cells(period, decimals), strong=period.name == WHOLE) for period in periods)
    return Table(caption="Metered against modelled energy", headings=headings, rows=rows)


def _cells(period: Period, decimals: int) -> tuple[str, ...]:
    return (
        period.name,
        number(period.measured_kwh, decimals),
        number(period.modelled_kwh, decimals),
        number(period.poa_kwh_m2, 1),
        *(number(getattr(period, name), 3) for name in RATIOS),
        number(period.difference_percent, 1, sign=True),
        number(period.interval_percent, 1),
        period.finding,
    )


def _light(light: MeasuredLight) -> Table:
    """Ratios with the measured light, and how far the model's light is from it."""
    periods = (*light.months, light.whole)
    decimals = decimals_for([period.measured_kwh for period in periods])
    headings = (
        Heading(name="month"),
        Heading(name="hours known", unit="h"),
        Heading(name="meter", unit="kWh"),
        Heading(name="light, measured", unit="kWh/m²"),
        Heading(name="modelled", unit="kWh/m²"),
        Heading(name="modelled over measured", unit="%"),
        Heading(name="PR, measured light"),
        Heading(name="25 °C, measured modules"),
    )
    rows = tuple(
        Row(
            cells=(
                period.name,
                number(period.hours, 0),
                number(period.measured_kwh, decimals),
                number(period.poa_kwh_m2, 1),
                number(period.modelled_poa_kwh_m2, 1),
                number(period.modelled_over_measured_percent, 1, sign=True),
                number(period.performance_ratio, 3),
                number(period.performance_ratio_25c, 3),
            ),
            strong=period.name == WHOLE,
        )
        for period in periods
    )
    return Table(caption="With the light that was measured in the plane", headings=headings, rows=rows)


def _causes(production: Production) -> Table:
    rows = tuple(Row(cells=(cause.cause, number(cause.percent, 1))) for cause in production.causes)
    headings = (Heading(name="what may differ"), Heading(name="one standard deviation", unit="%"))
    return Table(caption="What the interval of the whole is made of", headings=headings, rows=rows)


def _record_cells(record: Record) -> tuple[str, ...]:
    return (
        f"{labels.mounting(record.name)} ({record.source})",
        number(record.heads, 0),
        record.first_utc,
        record.last_utc,
        number(record.bridged_s / 60.0, 0),
        number(record.unknown_steps, 0),
        number(record.outside_steps, 0),
        "counted" if record.drive_counted else "not counted",
    )
