"""The report of a comparison: one self-contained HTML file from plain tables; knows nobody's physics."""

from collections.abc import Mapping

from tracker.report.tables import ReportTables

__all__ = ["ReportTables", "render_comparison"]


def render_comparison(document: Mapping[str, object], tables: ReportTables) -> str:
    """One HTML page with its styles and figures inside; the same inputs give the same text.

    `document` is what `sunflower compare --json` prints, parsed. Raises ValueError naming every key that is
    missing or of the wrong kind.
    """
    from tracker.report.page import render  # here, because drawing loads Matplotlib and a headline need not

    return render(document, tables)
