"""What the figures and the page of a layout study are drawn from: rows of its document, frames of a day."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from tracker.units import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutRow:
    """One layout, by the keys of the document."""

    pattern: str
    spacing_m: float
    heads: int
    land_m2: float
    ground_cover_ratio: float
    beam_lost_percent: float
    diffuse_lost_percent: float
    net_kwh: float
    net_kwh_per_head: float
    net_kwh_per_kwp: float
    net_kwh_per_m2_land: float
    marginal_kwh_per_head: float | None
    pareto: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShadowFrames:
    """N times of a day, H heads, outlines (N, H, R, 2) in metres east and north; shaded shares (N, H)."""

    hours: tuple[str, ...]
    sun_azimuth_deg: FloatArray
    sun_elevation_deg: FloatArray
    heads_m: FloatArray
    shadows_m: FloatArray
    shaded: FloatArray


def layout_rows(document: Mapping[str, Any]) -> tuple[LayoutRow, ...]:
    """All rows; raises KeyError for a document that lacks a key."""
    return tuple(_row(each) for each in document["patterns"])


def best_row(document: Mapping[str, Any]) -> LayoutRow | None:
    """The row with most energy on the area; None where no area was given."""
    best = document["best_for_area"]
    return None if best is None else _row(best)


def _row(each: Mapping[str, Any]) -> LayoutRow:
    return LayoutRow(**{field.name: each[field.name] for field in fields(LayoutRow)})
