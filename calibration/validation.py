"""Whether a model holds on sightings: the miss before, after, and on sightings it has not seen."""

from collections.abc import Sequence

import numpy as np

from calibration.fit import fit
from calibration.miss import miss_deg
from calibration.model import PointingModel
from calibration.sightings import Sightings
from calibration.terms import ALL_TERMS
from tracker.units import FloatArray


def misses_deg(model: PointingModel, names: Sequence[str], sightings: Sightings) -> FloatArray:
    """Observed minus predicted (cross-elevation, elevation), shape (N, 2).

    names are those of the model's heads, in its order; ValueError for a sighting of another head.
    """
    missing = [name for name in sightings.heads if name not in names]
    if missing or len(names) != model.size:
        raise ValueError(f"the model knows heads {tuple(names)}; the sightings are of {sightings.heads}")
    rows = np.array([names.index(name) for name in sightings.heads])[sightings.head_index]
    seen = PointingModel(terms=model.terms, values_deg=model.values_deg[rows])
    return miss_deg(sightings.observed_enu, seen.to_sky(sightings.pose))


def cross_validated_misses_deg(
    sightings: Sightings, terms: Sequence[str] = ALL_TERMS, *, folds: int, seed: int, loss: str = "cauchy"
) -> FloatArray:
    """The miss (N, 2) of every sighting under a fit that has not seen it; folds drawn by seed.

    Raises what `calibration.fit` raises, and ValueError for less than two folds.
    """
    if folds < 2:
        raise ValueError(f"folds is {folds}; give 2 at least")
    fold = np.random.default_rng(seed).permutation(sightings.size) % folds
    misses = np.empty((sightings.size, 2))
    for held_out in range(folds):
        result = fit(sightings.where(fold != held_out), terms, loss=loss)
        unseen = fold == held_out
        misses[unseen] = misses_deg(result.model(sightings.heads), sightings.heads, sightings.where(unseen))
    return misses
