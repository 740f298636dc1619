"""What a layout study found, in one sentence: on the page, in its figure and in the terminal."""

from collections.abc import Iterable, Mapping
from typing import Any

from tracker.report.formats import number
from tracker.report.layout_tables import best_row, layout_rows


def layout_answer(document: Mapping[str, Any]) -> str:
    """Most energy on the area and what the last heads bring; without an area, the range of both yields."""
    best = best_row(document)
    if best is None:
        rows = layout_rows(document)
        apart_m = sorted({row.spacing_m for row in rows})
        far = f"From {apart_m[0]:g} to {apart_m[-1]:g} m" if len(apart_m) > 1 else f"{apart_m[0]:g} m"
        head, land = (
            [getattr(row, name) for row in rows] for name in ("net_kwh_per_head", "net_kwh_per_m2_land")
        )
        return (
            f"{far} apart a head yields {spread(head, 'kWh')}, "
            f"and a square metre of land {spread(land, 'kWh')}."
        )
    area = number(document["best_for_area"]["area_m2"], 0)
    found = (
        f"Most energy on {area} m²: {best.pattern}, {best.spacing_m:g} m, {spread([best.heads], 'head')}, "
        f"{number(best.net_kwh, 0)} kWh, {number(best.net_kwh_per_head, 0)} a head"
    )
    if best.marginal_kwh_per_head is None:
        return f"{found}."
    return f"{found}; each of the last heads adds {number(best.marginal_kwh_per_head, 0)} kWh."


def spread(values: Iterable[float], unit: str) -> str:
    """'19 heads', '1 head' or '2,690 to 3,476 kWh'."""
    low, high = min(known := list(values)), max(known)
    plural = "s" if unit == "head" and high != 1 else ""
    said = number(high, 0) if low == high else f"{number(low, 0)} to {number(high, 0)}"
    return f"{said} {unit}{plural}"
