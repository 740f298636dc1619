"""Emissions that the energy displaces, never without the factor and all that it depends on."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from tracker.plant import Carbon
from tracker.units import FloatArray

KINDS: Final = ("combined margin", "operating margin", "build margin", "marginal", "average")
UNSTATED: Final = "unstated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a ministry's table of grid factors says beside the number."""

    factor_kg_per_kwh: float
    year: int
    region: str


SCOPE: Final = "CO2 of generation"
# What China's Ministry of Ecology and Environment with the National Bureau of Statistics published
PUBLISHED: Final[Mapping[str, Published]] = MappingProxyType(
    {
        f"{name} average, {year}": Published(factor_kg_per_kwh=factor, year=year, region=region)
        for name, region, by_year in (
            ("South region", "South China's grid", {2021: 0.4326, 2022: 0.3869, 2023: 0.4042}),
            ("National", "China", {2021: 0.5568, 2022: 0.5366, 2023: 0.5306}),
        )
        for year, factor in by_year.items()
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AvoidedCarbon:
    """Avoided by the tracked mounting, and the part that tracking adds over the baseline, kg CO2.

    The twelve months add up to either. year, region, scope and kind say what the factor is; 'unstated' where
    nobody said.
    """

    factor_kg_per_kwh: float
    factor_source: str
    year: str
    region: str
    scope: str
    kind: str
    avoided_kg: float
    extra_avoided_kg: float
    monthly_avoided_kg: tuple[float, ...]
    monthly_extra_avoided_kg: tuple[float, ...]


def avoided(carbon: Carbon, monthly_kwh: FloatArray, baseline_monthly_kwh: FloatArray) -> AvoidedCarbon:
    """Net energies (12,) of the tracked mounting and of its baseline, times the grid's factor.

    An average factor says what the grid's mean kWh emits; what a new plant displaces is a combined margin
    (GHG Protocol grid-connected guideline; CDM TOOL07), so the kind is part of the answer. A published source
    under a factor that is not its own, the site file's default say, is unstated.
    """
    factor, known = factor_kg_per_kwh(carbon), _published(carbon)
    monthly_kg = monthly_kwh * factor
    extra_kg = (monthly_kwh - baseline_monthly_kwh) * factor
    return AvoidedCarbon(
        factor_kg_per_kwh=factor,
        factor_source=UNSTATED
        if known is None and carbon.factor_source in PUBLISHED
        else carbon.factor_source,
        year=str(carbon.factor_year or (known.year if known else UNSTATED)),
        region=carbon.factor_region or (known.region if known else UNSTATED),
        scope=carbon.factor_scope or (SCOPE if known else UNSTATED),
        kind=_kind(carbon),
        avoided_kg=float(np.sum(monthly_kg)),
        extra_avoided_kg=float(np.sum(extra_kg)),
        monthly_avoided_kg=tuple(monthly_kg.tolist()),
        monthly_extra_avoided_kg=tuple(extra_kg.tolist()),
    )


def factor_kg_per_kwh(carbon: Carbon) -> float:
    """The factor as given, or joined from both margins: w BM + (1 - w) OM (CDM TOOL07, step 6)."""
    operating, build = carbon.operating_margin_kg_per_kwh, carbon.build_margin_kg_per_kwh
    if operating is None or build is None:
        return carbon.factor_kg_per_kwh
    weight = carbon.build_margin_weight
    return weight * build + (1.0 - weight) * operating


def _published(carbon: Carbon) -> Published | None:
    """The row of the table that the source names, unless the factor is another one than its own."""
    known = PUBLISHED.get(carbon.factor_source)
    return known if known and known.factor_kg_per_kwh == factor_kg_per_kwh(carbon) else None


def kind_of(factor_source: str) -> str:
    """The kind of factor that its source names, or 'unstated'."""
    return next((kind for kind in KINDS if kind in factor_source.lower()), UNSTATED)


def _kind(carbon: Carbon) -> str:
    if carbon.operating_margin_kg_per_kwh is None or carbon.build_margin_kg_per_kwh is None:
        return carbon.factor_kind or kind_of(carbon.factor_source)
    weight = carbon.build_margin_weight
    return f"combined margin, {weight:g} build and {1.0 - weight:g} operating"
