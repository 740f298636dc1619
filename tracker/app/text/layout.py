"""A layout study as a table for a terminal."""

from collections.abc import Iterable, Mapping
from textwrap import fill
from typing import Any, Final

from tracker.report.formats import UNKNOWN
from tracker.report.layout_headline import layout_answer
from tracker.report.layout_tables import LayoutRow, layout_rows

COLUMNS: Final = (
    ("pattern", "", "spacing m", "heads", "land m2", "cover", "beam -%", "other -%"),
    ("kWh/head", "kWh/kWp", "kWh/m2 land", "last heads", "front"),
)
NOTE_COLUMNS: Final = 110
WIDTHS: Final = (7, 1, 10, 7, 9, 7, 9, 9, 10, 9, 13, 12, 7)


def layout_text(document: Mapping[str, Any]) -> str:
    """Every layout, the answer in one sentence, and what it takes for granted."""
    weather, site = document["weather"], document["site"]
    lines = [
        f"{site['name']}: {weather['source']} ({weather['kind']}), GHI {weather['ghi_kwh_m2']:.0f} kWh/m2",
        "",
        _line(name for names in COLUMNS for name in names),
        *(_line(_cells(row)) for row in layout_rows(document)),
        "",
        layout_answer(document),
        "",
        *(fill(note, NOTE_COLUMNS) for note in document["notes"]),
    ]
    return "\n".join(lines)


def _cells(row: LayoutRow) -> tuple[str, ...]:
    last = row.marginal_kwh_per_head
    return (
        row.pattern,
        "",
        f"{row.spacing_m:g}",
        f"{row.heads}",
        f"{row.land_m2:.0f}",
        f"{row.ground_cover_ratio:.2f}",
        f"{row.beam_lost_percent:.1f}",
        f"{row.diffuse_lost_percent:.1f}",
        f"{row.net_kwh_per_head:,.0f}",
        f"{row.net_kwh_per_kwp:,.0f}",
        f"{row.net_kwh_per_m2_land:.1f}",
        UNKNOWN if last is None else f"{last:,.0f}",
        "*" if row.pareto else "",
    )


def _line(cells: Iterable[str]) -> str:
    first, *others = zip(cells, WIDTHS, strict=True)
    return (f"{first[0]:<{first[1]}}" + "".join(f"{cell:>{width}}" for cell, width in others)).rstrip()
