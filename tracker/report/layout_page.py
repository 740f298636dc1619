"""A layout study as one self-contained page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tracker.report.formats import number
from tracker.report.layout_figure import layout_svg
from tracker.report.layout_headline import layout_answer
from tracker.report.layout_tables import LayoutRow, ShadowFrames, best_row, layout_rows
from tracker.report.shadows_figure import shadows_svg
from tracker.report.tabulate import Heading, Row, Table
from tracker.report.templates import template

HEADINGS: Final = (
    Heading(name="pattern"),
    Heading(name="spacing", unit="m"),
    Heading(name="heads"),
    Heading(name="land", unit="m²"),
    Heading(name="ground cover"),
    Heading(name="beam lost", unit="%"),
    Heading(name="other light lost", unit="%"),
    Heading(name="net per head", unit="kWh"),
    Heading(name="net per kWp", unit="kWh"),
    Heading(name="net per land", unit="kWh/m²"),
    Heading(name="last heads add", unit="kWh each"),
    Heading(name="on the front", words=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    site: str
    weather: str
    answer: str
    notes: tuple[str, ...]
    shadows: str


def render_layouts(document: Mapping[str, Any], shadows: tuple[str, ShadowFrames] | None) -> str:
    """The page for what `sunflower layout --json` prints; its notes stand below the table.

    shadows: their title and their frames, where a day was asked for.
    """
    rows, best, weather = layout_rows(document), best_row(document), document["weather"]
    page = _Page(
        site=document["site"]["name"],
        weather=f"{weather['source']}, {weather['kind']}",
        answer=layout_answer(document),
        notes=tuple(document["notes"]),
        shadows="" if shadows is None else shadows[0],
    )
    return template("layout.html").render(
        page=page,
        rows=_table(rows, best),
        layouts_svg=layout_svg(rows, best),
        shadows_svg="" if shadows is None else shadows_svg(*shadows),
    )


def _table(rows: tuple[LayoutRow, ...], best: LayoutRow | None) -> Table:
    lines = tuple(Row(cells=_cells(row), strong=row == best) for row in rows)
    return Table(caption="Every pattern at every spacing", headings=HEADINGS, rows=lines)


def _cells(row: LayoutRow) -> tuple[str, ...]:
    return (
        row.pattern,
        f"{row.spacing_m:g}",
        number(row.heads, 0),
        number(row.land_m2, 0),
        number(row.ground_cover_ratio, 2),
        number(row.beam_lost_percent, 1),
        number(row.diffuse_lost_percent, 1),
        number(row.net_kwh_per_head, 0),
        number(row.net_kwh_per_kwp, 0),
        number(row.net_kwh_per_m2_land, 1),
        number(row.marginal_kwh_per_head, 0),
        "yes" if row.pareto else "",
    )
