"""The pointing terms as data: what each one means, its sign in words, and how large it can be.

Names are those of TPOINT (P. T. Wallace, "TPOINT: telescope pointing analysis system"); azimuth runs
from north through east, and the correction is added: true = raw + delta. To first order

    dA = -IA - AN sin A tan E - AW cos A tan E - CA / cos E - NPAE tan E
    dE = +IE - AN cos A + AW sin A - TF cos E - TX cot E
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

import numpy as np

from tracker.units import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One way in which a mount differs from its drawing; bound and weak prior are symmetric about 0."""

    name: str
    cause: str
    positive: str
    bound_deg: float
    prior_sigma_deg: float
    unit: str = "deg"


# Bounds and priors are chosen: what a spirit level, a compass beside steel and workshop tolerances leave.
# TX is held tight because its cotangent grows toward the horizon: within 0.2 deg the elevation stays a
# rising function of the command, so the inverse exists. Its prior is a droop of 0.1 deg at 10 deg; a
# wider one lets the noise of a day's sightings lever the last degrees over the horizon.
_ROWS: Final = (
    Term(
        name="IA",
        cause="azimuth zero: the home switch or the compass was off",
        positive="the panel points left (counter-clockwise from above) of the azimuth asked for",
        bound_deg=15.0,
        prior_sigma_deg=5.0,
    ),
    Term(
        name="IE",
        cause="elevation zero: the home switch sits off the horizon",
        positive="the panel points higher than the elevation asked for",
        bound_deg=10.0,
        prior_sigma_deg=3.0,
    ),
    Term(
        name="AN",
        cause="pedestal out of plumb along north-south",
        positive="the azimuth axis leans north",
        bound_deg=5.0,
        prior_sigma_deg=1.0,
    ),
    Term(
        name="AW",
        cause="pedestal out of plumb along east-west",
        positive="the azimuth axis leans west",
        bound_deg=5.0,
        prior_sigma_deg=1.0,
    ),
    Term(
        name="CA",
        cause="panel normal not square to the elevation axis",
        positive="the normal points left of square, seen from behind the panel",
        bound_deg=3.0,
        prior_sigma_deg=0.5,
    ),
    Term(
        name="NPAE",
        cause="elevation axis not square to the azimuth axis",
        positive="the left end of the elevation axis is low, seen from behind the panel",
        bound_deg=3.0,
        prior_sigma_deg=0.5,
    ),
    Term(
        name="TF",
        cause="gravity bends the arm, as the cosine of elevation",
        positive="the panel droops, most at the horizon",
        bound_deg=2.0,
        prior_sigma_deg=0.3,
    ),
    Term(
        name="TX",
        cause="gravity bends the drive, as the cotangent of elevation",
        positive="the panel droops, steeply so near the horizon",
        bound_deg=0.2,
        prior_sigma_deg=0.02,
    ),
)
TERMS: Final[Mapping[str, Term]] = MappingProxyType({term.name: term for term in _ROWS})
ALL_TERMS: Final = tuple(TERMS)


def checked(names: Sequence[str]) -> tuple[str, ...]:
    """The names as a tuple; ValueError for an unknown or repeated one, or for none at all."""
    for name in names:
        if name not in TERMS:
            near = get_close_matches(name.upper(), ALL_TERMS, n=1, cutoff=0.0)[0]
            raise ValueError(
                f"unknown pointing term {name!r}; known are {', '.join(ALL_TERMS)} (near: {near})"
            )
    if not names or len(set(names)) != len(names):
        raise ValueError(f"pointing terms {tuple(names)} must be one or more, each named once")
    return tuple(names)


def bounds_deg(names: Sequence[str]) -> FloatArray:
    """How far from 0 each named term may lie, shape (K,)."""
    return np.array([TERMS[name].bound_deg for name in names])


def prior_sigmas_deg(names: Sequence[str]) -> FloatArray:
    """Standard deviation of each named term before any sighting, shape (K,)."""
    return np.array([TERMS[name].prior_sigma_deg for name in names])


def as_markdown() -> str:
    """The table for the documents; a test fails when a document holds an older one."""
    head = ("| term | cause | positive means | bound | prior sigma |", "|---|---|---|---|---|")
    rows = (
        f"| {t.name} | {t.cause} | {t.positive} | {t.bound_deg:g} {t.unit} | {t.prior_sigma_deg:g} {t.unit} |"
        for t in TERMS.values()
    )
    return "\n".join((*head, *rows))
