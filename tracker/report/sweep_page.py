"""A sweep as one self-contained page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tracker.report import labels
from tracker.report.sweep_figure import numeric_keys, sweep_curves, sweep_map
from tracker.report.sweep_tables import SweepTable, sweep_answer, sweep_rows
from tracker.report.templates import template


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    answer: str
    sites: str
    curves: str
    out: str
    inputs: str


def render_sweep(document: Mapping[str, Any], table: SweepTable) -> str:
    """The page for what `sunflower sweep --json` prints and the table of its rows."""
    keys = numeric_keys(table)
    sites = labels.counted(len(table.sites), "site", "sites")
    page = _Page(
        answer=sweep_answer(table),
        sites=f"{sites}, {labels.counted(len(table.parameters), 'set of parameters', 'sets of parameters')}",
        curves=", ".join(keys) if keys else "latitude",
        out=str(document["out"]),
        inputs=str(document["inputs_sha256"]),
    )
    return template("sweep.html").render(
        page=page,
        rows=sweep_rows(table),
        map_svg=sweep_map(table) if len(table.sites) > 1 else "",
        curves_svg=sweep_curves(table),
    )
