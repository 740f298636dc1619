"""The tables of a page: captions, headings with units, and cells already formatted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from tracker.report import labels
from tracker.report.document import Claim, ComparisonDocument, Gain, Mounting
from tracker.report.formats import UNKNOWN, decimals_for, number, typeset
from tracker.report.labels import MONTHS
from tracker.report.tables import DayEvent, HourByMonth, Omission, PointingErrors

NOT_STATED: Final = "not stated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A column: its name, its unit ('' for none) and whether its cells are words."""

    name: str
    unit: str = ""
    words: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of cells; the first is its heading. A strong row is the one the reader looks for."""

    cells: tuple[str, ...]
    strong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What the page's table macro shows."""

    caption: str
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]


def mountings_table(document: ComparisonDocument, subject: str) -> Table:
    """Energy of each mounting, from the plane to the meter."""
    rows = document.mountings
    columns = (
        _column([row.poa_kwh_m2 for row in rows], 1),
        _column([row.ac_kwh for row in rows]),
        _column([row.drive_kwh for row in rows], 1),
        _column([row.net_kwh for row in rows]),
        _column([row.ac_kwh_per_kwp for row in rows], 1),
        _column([row.net_kwh_per_m2_land for row in rows], 1),
    )
    headings = (
        Heading(name="mounting"),
        Heading(name="in the plane", unit="kWh/m²"),
        Heading(name="AC", unit="kWh"),
        Heading(name="drive", unit="kWh"),
        Heading(name="net", unit="kWh"),
        Heading(name="AC per kWp", unit="kWh/kWp"),
        Heading(name="net per land", unit="kWh/m²"),
    )
    lines = tuple(
        Row(cells=(_full_name(row), *cells), strong=row.name == subject)
        for row, cells in zip(rows, zip(*columns, strict=True), strict=True)
    )
    caption = f"{labels.span(document).capitalize()} of each mounting, same modules, same weather"
    return Table(caption=caption, headings=headings, rows=lines)


def gains_table(gains: Sequence[Gain], claim: Claim, subject: str) -> Table:
    """Every gain with its interval; the row that answers the claim is strong."""
    headings = (
        Heading(name="of"),
        Heading(name="over", words=True),
        *(Heading(name=name, unit="%") for name in ("in the plane", "net", "net P90", "net P50", "net P10")),
    )
    rows = tuple(
        Row(
            cells=(labels.mounting(gain.of), labels.mounting(gain.over), *_percents(gain)),
            strong=(gain.of, gain.over) == (subject, claim.over),
        )
        for gain in gains
    )
    caption = "Gain of one mounting over another; P90 is exceeded with 90 % probability"
    return Table(caption=typeset(caption), headings=headings, rows=rows)


def judgements_table(claim: Claim) -> Table:
    """The claim against every baseline: what is reached, how probably more than claimed, the verdict."""
    headings = (
        Heading(name="over"),
        Heading(name="reached", unit="%"),
        Heading(name="probability", unit="%"),
        Heading(name="verdict", words=True),
    )
    rows = tuple(
        Row(
            cells=(
                labels.mounting(judged.over),
                number(judged.reached_percent, 1, sign=True),
                number(judged.probability_percent, 0),
                judged.verdict,
            ),
            strong=judged.over == claim.over,
        )
        for judged in claim.judgements
    )
    caption = f"The claim of {number(claim.percent, 0, sign=True)} % against each baseline"
    return Table(caption=typeset(caption), headings=headings, rows=rows)


def sky_table(claim: Claim) -> Table:
    """The gain on overcast, mixed and clear days."""
    headings = (
        Heading(name="days"),
        Heading(name="how many"),
        Heading(name="of all", unit="%"),
        Heading(name="gain", unit="%"),
    )
    rows = tuple(
        Row(
            cells=(
                day.sky,
                number(day.days, 0),
                number(day.share_percent, 0),
                number(day.gain_percent, 1, sign=True),
            )
        )
        for day in claim.sky
    )
    caption = f"Net gain over {labels.mounting(claim.over)} by kind of day"
    return Table(caption=caption, headings=headings, rows=rows)


def months_table(mountings: Sequence[Mounting], months: Mapping[int, str], span: str) -> Table:
    """Net energy of each month (number 0 to 11: name) and of the whole span."""
    decimals = decimals_for(value for row in mountings for value in row.monthly_kwh)
    lines = [
        Row(cells=(month, *(number(row.monthly_kwh[index], decimals) for row in mountings)))
        for index, month in months.items()
    ]
    whole = "year" if span == labels.ONE_YEAR else span
    year = Row(cells=(whole, *(number(sum(row.monthly_kwh), decimals) for row in mountings)), strong=True)
    headings = (
        Heading(name="month"),
        *(Heading(name=labels.mounting(r.name), unit="kWh") for r in mountings),
    )
    return Table(caption="Net energy by month", headings=headings, rows=(*lines, year))


def hours_table(table: HourByMonth) -> Table:
    """The numbers behind the heatmap."""
    values = table.difference_kwh[:, table.months]
    decimals = decimals_for(values.ravel().tolist())
    rows = tuple(
        Row(cells=(f"{hour:02d}:00", *(number(float(v), decimals, sign=True) for v in values[hour])))
        for hour in range(len(values))
    )
    months = (Heading(name=MONTHS[month], unit="kWh") for month in table.months)
    headings = (Heading(name="hour from"), *months)
    names = (labels.mounting(table.tracked), labels.mounting(table.baseline))
    return Table(caption=f"Net energy of {names[0]} minus {names[1]}", headings=headings, rows=rows)


def loss_table(mounting: Mounting) -> Table:
    """The steps of one mounting: what is left after each, and its difference in kWh and % of nominal."""
    left = [step.kwh for step in mounting.steps]
    changes = [None, *(after - before for before, after in pairwise(left))]
    shares = [None if change is None or not left[0] else 100.0 * change / left[0] for change in changes]
    decimals = decimals_for(left)
    rows = tuple(
        Row(cells=(step.name, number(kwh, decimals), _change(change, decimals), _change(share, 2)))
        for step, kwh, change, share in zip(mounting.steps, left, changes, shares, strict=True)
    )
    headings = (
        Heading(name="after"),
        Heading(name="left", unit="kWh"),
        Heading(name="change", unit="kWh"),
        Heading(name="change", unit="% of first"),
    )
    return Table(caption=_full_name(mounting), headings=headings, rows=rows)


def omissions_table(names: Sequence[str], omissions: Sequence[Omission]) -> Table:
    """What is not modelled and whom leaving it out favours; an effect nobody explained says so."""
    known = {omission.name: omission for omission in omissions}
    rows = tuple(Row(cells=_omission_cells(name, known.get(name))) for name in names)
    headings = (
        Heading(name="not modelled"),
        Heading(name="leaving it out favours", words=True),
        Heading(name="because", words=True),
    )
    return Table(caption="What the numbers leave out", headings=headings, rows=rows)


def pointing_table(errors: PointingErrors) -> Table:
    """Pointing error of each head, before and after calibration."""
    columns = (
        errors.median_before_deg,
        errors.max_before_deg,
        errors.median_after_deg,
        errors.max_after_deg,
    )
    rows = tuple(
        Row(cells=(head, *(number(float(column[index]), 3) for column in columns)))
        for index, head in enumerate(errors.heads)
    )
    names = ("median before", "maximum before", "median after", "maximum after")
    headings = (Heading(name="head"), *(Heading(name=name, unit="deg") for name in names))
    return Table(caption="Angle between panel normal and sun", headings=headings, rows=rows)


def events_table(events: Sequence[DayEvent]) -> Table:
    """What happened, when, to whom and why."""
    rows = tuple(
        Row(cells=(_clock(event), event.head, event.what.replace("_", " ").lower(), event.why))
        for event in events
    )
    headings = (
        Heading(name="local time"),
        *(Heading(name=name, words=True) for name in ("head", "what", "why")),
    )
    return Table(caption="Events of the day", headings=headings, rows=rows)


def _clock(event: DayEvent) -> str:
    return str(event.time.astype("datetime64[s]"))[11:]


def _omission_cells(name: str, omission: Omission | None) -> tuple[str, str, str]:
    if omission is None:
        return (name.replace("_", " "), NOT_STATED, UNKNOWN)
    return (name.replace("_", " "), omission.favours, typeset(omission.why))


def _full_name(row: Mounting) -> str:
    plane = labels.plane(row)
    return typeset(f"{labels.mounting(row.name)}, {plane}" if plane else labels.mounting(row.name))


def _column(values: Sequence[float | None], decimals: int | None = None) -> tuple[str, ...]:
    places = decimals_for(values) if decimals is None else decimals
    return tuple(number(value, places) for value in values)


def _percents(gain: Gain) -> tuple[str, ...]:
    values = (gain.poa_percent, gain.net_percent, gain.p90_percent, gain.p50_percent, gain.p10_percent)
    return tuple(number(value, 1, sign=True) for value in values)


def _change(value: float | None, decimals: int) -> str:
    return "" if value is None else number(value, decimals, sign=True)
