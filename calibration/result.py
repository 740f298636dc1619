"""What a fit says, and how well it knows it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calibration.miss import sensitivity
from calibration.model import PointingModel
from tracker.frames import AxisPose
from tracker.units import FloatArray

_DEGENERATE_FROM = 0.9  # of correlation; chosen: below it, the single numbers still mean something


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """Two terms of which the sightings fix a combination better than either alone."""

    first: str
    second: str
    coefficient: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeadFit:
    """The terms of one head from N sightings.

    zero_rms_deg is the miss of a head as drawn: look at it first, because a fit can hide a wrong
    convention. RMS is that of the miss's length. covariance_deg2 (K, K) includes the weak prior and is
    widened where the misses scatter more than their sigma (reduced_chi2 over 1). misses_deg (N, 2) are
    observed minus predicted (cross-elevation, elevation); weights (N,) what each sighting counted.
    condition is that of the sightings alone, columns scaled to unit length.
    """

    head: str
    zero_rms_deg: float
    rms_deg: float
    terms: tuple[str, ...]
    values_deg: FloatArray
    covariance_deg2: FloatArray
    misses_deg: FloatArray
    weights: FloatArray
    reduced_chi2: float
    condition: float
    at_bounds: tuple[str, ...]
    first_utc: np.datetime64
    last_utc: np.datetime64

    @property
    def sightings(self) -> int:
        """How many sightings the fit rests on."""
        return int(self.weights.size)

    @property
    def sigma_deg(self) -> FloatArray:
        """Standard deviation of each term, shape (K,)."""
        return np.sqrt(np.diagonal(self.covariance_deg2))

    @property
    def values(self) -> dict[str, float]:
        """Term name to degrees."""
        return dict(zip(self.terms, self.values_deg.tolist(), strict=True))

    @property
    def degenerate_pairs(self) -> tuple[Correlation, ...]:
        """Pairs correlated beyond 0.9, strongest first: read their combination, not the single terms."""
        correlation = self.covariance_deg2 / np.outer(self.sigma_deg, self.sigma_deg)
        rows, columns = np.nonzero(np.triu(np.abs(correlation) > _DEGENERATE_FROM, k=1))
        pairs = (
            Correlation(first=self.terms[i], second=self.terms[j], coefficient=float(correlation[i, j]))
            for i, j in zip(rows.tolist(), columns.tolist(), strict=True)
        )
        return tuple(sorted(pairs, key=lambda pair: -abs(pair.coefficient)))

    def prediction_sigma_deg(self, pose: AxisPose) -> FloatArray:
        """Expected length of the miss that the terms' uncertainty leaves at poses (N,), shape (N,)."""
        moved = sensitivity(pose, self.terms, self.values_deg)
        spread: FloatArray = np.einsum("nck,kl,ncl->n", moved, self.covariance_deg2, moved)
        return np.sqrt(np.maximum(spread, 0.0))

    @property
    def sky_sigma_deg(self) -> tuple[float, float]:
        """Expected miss over the sky from 10 to 85 deg of elevation: RMS by solid angle, and greatest."""
        azimuth, elevation = np.meshgrid(np.arange(0.0, 360.0, 15.0), np.arange(10.0, 85.1, 5.0))
        here = AxisPose(azimuth_deg=azimuth.ravel(), elevation_deg=elevation.ravel())
        spread = self.prediction_sigma_deg(here)
        rms = np.sqrt(np.average(spread**2, weights=np.cos(np.radians(here.elevation_deg))))
        return float(rms), float(np.max(spread))


@dataclass(frozen=True, slots=True, kw_only=True)
class FitResult:
    """One fit a head, in the order in which the sightings name them."""

    heads: tuple[HeadFit, ...]

    def of_head(self, name: str) -> HeadFit:
        """The fit of one head; ValueError if it was not fitted."""
        for head in self.heads:
            if head.head == name:
                return head
        raise ValueError(f"head {name!r} was not fitted; take sightings of it")

    def model(self, names: Sequence[str]) -> PointingModel:
        """The pointing model of an array with heads so named; ValueError for a head that was not fitted."""
        return PointingModel.of([self.of_head(name).values for name in names])
