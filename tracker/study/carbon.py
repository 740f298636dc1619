"""Emissions that the energy displaces, never without the factor and where it comes from."""

from dataclasses import dataclass
from typing import Final

from tracker.plant import Carbon

KINDS: Final = ("combined margin", "operating margin", "build margin", "marginal", "average")


@dataclass(frozen=True, slots=True, kw_only=True)
class AvoidedCarbon:
    """Avoided by the tracked mounting, and the part that tracking adds over the baseline, kg CO2."""

    factor_kg_per_kwh: float
    factor_source: str
    kind: str
    avoided_kg: float
    extra_avoided_kg: float


def avoided(carbon: Carbon, net_kwh: float, baseline_kwh: float) -> AvoidedCarbon:
    """Net energies of the series times the grid's factor.

    An average factor says what the grid's mean kWh emits; what a new plant displaces is a combined margin
    (GHG Protocol grid-connected guideline), so the kind is part of the answer.
    """
    return AvoidedCarbon(
        factor_kg_per_kwh=carbon.factor_kg_per_kwh,
        factor_source=carbon.factor_source,
        kind=kind_of(carbon.factor_source),
        avoided_kg=net_kwh * carbon.factor_kg_per_kwh,
        extra_avoided_kg=(net_kwh - baseline_kwh) * carbon.factor_kg_per_kwh,
    )


def kind_of(factor_source: str) -> str:
    """The kind of factor that its source names, or 'unstated'."""
    return next((kind for kind in KINDS if kind in factor_source.lower()), "unstated")
