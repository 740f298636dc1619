"""Which moments to take sightings at, so that few of them fix the terms well."""

from collections.abc import Sequence

import numpy as np

from calibration.miss import sensitivity
from calibration.model import PointingModel
from calibration.sightings import DEFAULT_SIGMA_DEG
from calibration.terms import ALL_TERMS, checked, prior_sigmas_deg
from tracker.frames import angle_between_deg, elevation_deg
from tracker.units import BoolArray, FloatArray, IntArray


def plan_sightings(
    sun_direction_enu: FloatArray,
    *,
    count: int,
    terms: Sequence[str] = ALL_TERMS,
    min_elevation_deg: float = 5.0,
    apart_deg: float = 2.0,
    sigma_deg: float = DEFAULT_SIGMA_DEG,
) -> IntArray:
    """Indices (count,), in order of time, of the instants (T, 3) at which to sight the sun.

    Each next instant is the one that adds most to the determinant of the information on the terms (greedy
    D-optimal design: Fedorov, "Theory of optimal experiments", 1972, section 2.5), given the weak priors;
    it stands apart_deg from those chosen, so that no instant is taken twice. NaN and suns below
    min_elevation_deg, where refraction and neighbours decide, are passed over. Raises ValueError if fewer
    than count instants remain.
    """
    names = checked(terms)
    free = elevation_deg(sun_direction_enu) >= min_elevation_deg
    design = _design(sun_direction_enu, names, sigma_deg)
    covariance = np.diag(prior_sigmas_deg(names) ** 2)
    chosen: list[int] = []
    while len(chosen) < count:
        if not np.any(free):
            raise ValueError(
                f"only {len(chosen)} of {count} sightings fit above {min_elevation_deg:g} deg and "
                f"{apart_deg:g} deg apart; ask for fewer, or for a longer day"
            )
        best = _most_telling(design, covariance, free)
        chosen.append(best)
        covariance = _after(covariance, design[best])
        free &= angle_between_deg(sun_direction_enu, sun_direction_enu[best]) >= apart_deg
    return np.array(sorted(chosen), dtype=np.int64)


def _design(normal_enu: FloatArray, names: Sequence[str], sigma_deg: float) -> FloatArray:
    """What each sighting would tell about each term, in sigmas per degree, (T, 2, K); NaN tells nothing."""
    drawn = PointingModel.ideal(1).to_axis(normal_enu)
    return np.nan_to_num(sensitivity(drawn, names, np.zeros(len(names))) / sigma_deg)


def _most_telling(design: FloatArray, covariance: FloatArray, free: BoolArray) -> int:
    """The free instant of the greatest det(1 + J C J'), by which the information's determinant grows."""
    growth = np.linalg.det(np.eye(2) + design @ covariance @ np.swapaxes(design, -1, -2))
    return int(np.argmax(np.where(free, growth, -np.inf)))


def _after(covariance: FloatArray, seen: FloatArray) -> FloatArray:
    """Covariance once a sighting with design (2, K) is in (the Kalman update)."""
    crossed = covariance @ seen.T
    updated: FloatArray = covariance - crossed @ np.linalg.solve(np.eye(2) + seen @ crossed, crossed.T)
    return updated
