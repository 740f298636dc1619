"""From sightings to terms: bounded, robust least squares with weak priors, one head after the other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calibration.chain import chain_of, sky_from_axis
from calibration.errors import IllConditioned, NotConverged
from calibration.miss import miss_deg, rms_deg, shifted_normals, slope_of
from calibration.result import FitResult, HeadFit
from calibration.robust import STAGES, Loss, tamed, weights
from calibration.sightings import Sightings
from calibration.terms import ALL_TERMS, bounds_deg, checked, prior_sigmas_deg
from tracker.errors import InvalidInput
from tracker.frames import AxisPose
from tracker.units import FloatArray

# Beyond it, rounding and the noise of any sensor decide the combination of the terms named; chosen.
CONDITION_LIMIT = 1e4
# No mount within the bounds of its terms misses by so much; another convention does.
NONSENSE_FROM_DEG = 25.0
_EVALUATIONS = 200
_TOLERANCE = 1e-10


def fit(sightings: Sightings, terms: Sequence[str] = ALL_TERMS, *, loss: str = "cauchy") -> FitResult:
    """The terms of every head that the sightings name, with covariance; loss is cauchy, soft_l1 or linear.

    Minimises the loss of the two-dimensional miss on the sky, in sigmas, plus the squared terms in their
    prior sigmas, each term within its bound. Raises ValueError for unknown terms or losses and for too
    few sightings (two numbers each, at least two more than terms), InvalidInput for sightings that no
    mount explains, IllConditioned and NotConverged.
    """
    names = checked(terms)
    if loss not in STAGES:
        raise ValueError(f"unknown loss {loss!r}; known are {', '.join(STAGES)}")
    return FitResult(
        heads=tuple(_fit_head(name, sightings.of_head(name), names, STAGES[loss]) for name in sightings.heads)
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Problem:
    names: tuple[str, ...]
    pose: AxisPose
    observed_enu: FloatArray
    sigma_deg: FloatArray

    def misses_deg(self, values_deg: FloatArray) -> FloatArray:
        """Observed minus predicted, (N, 2)."""
        chain = chain_of(self.names, values_deg[None, :])
        return miss_deg(self.observed_enu, sky_from_axis(chain, self.pose))

    def in_sigmas(self, misses: FloatArray) -> FloatArray:
        return misses / self.sigma_deg[:, None]

    def residuals(self, values_deg: FloatArray, loss: Loss) -> FloatArray:
        """Tamed misses and the prior's pull, (2 N + K,)."""
        tame = tamed(loss, self.in_sigmas(self.misses_deg(values_deg)))
        return np.concatenate([tame.ravel(), values_deg / prior_sigmas_deg(self.names)])

    def jacobian(self, values_deg: FloatArray, loss: Loss) -> FloatArray:
        """Derivatives of the residuals, (2 N + K, K)."""
        tame = tamed(loss, self._shifted_sigmas(values_deg))
        return np.concatenate([_columns(slope_of(tame)), np.diag(1.0 / prior_sigmas_deg(self.names))])

    def design(self, values_deg: FloatArray) -> FloatArray:
        """Derivatives of the misses in sigmas, neither tamed nor with the prior, (2 N, K)."""
        return _columns(slope_of(self._shifted_sigmas(values_deg)))

    def _shifted_sigmas(self, values_deg: FloatArray) -> FloatArray:
        shifted = shifted_normals(self.pose, self.names, values_deg)
        return self.in_sigmas(miss_deg(self.observed_enu, shifted))


def _fit_head(head: str, sightings: Sightings, names: tuple[str, ...], stages: tuple[Loss, ...]) -> HeadFit:
    _check_number(head, sightings.size, len(names))
    problem = _Problem(
        names=names,
        pose=sightings.pose,
        observed_enu=sightings.observed_enu,
        sigma_deg=sightings.sigma_deg,
    )
    values = np.zeros(len(names))
    zero_misses = problem.misses_deg(values)
    _check_convention(head, zero_misses)
    for loss in stages:
        values = _minimum(head, problem, loss, values)
    return _described(head, sightings, problem, stages[-1], values, rms_deg(zero_misses))


def _described(
    head: str, sightings: Sightings, problem: _Problem, loss: Loss, values: FloatArray, zero_rms_deg: float
) -> HeadFit:
    misses = problem.misses_deg(values)
    counted = weights(loss, problem.in_sigmas(misses))
    design = problem.design(values) * np.sqrt(np.repeat(counted, 2))[:, None]
    chi2 = _reduced_chi2(problem.in_sigmas(misses), counted, len(values))
    return HeadFit(
        head=head,
        zero_rms_deg=zero_rms_deg,
        rms_deg=rms_deg(misses),
        terms=problem.names,
        values_deg=values,
        covariance_deg2=_covariance(design, prior_sigmas_deg(problem.names), max(1.0, chi2)),
        misses_deg=misses,
        weights=counted,
        reduced_chi2=chi2,
        condition=_condition(head, problem.names, design),
        at_bounds=_at_bounds(problem.names, values),
        first_utc=np.min(sightings.utc),
        last_utc=np.max(sightings.utc),
    )


def _minimum(head: str, problem: _Problem, loss: Loss, start_deg: FloatArray) -> FloatArray:
    # scipy.optimize takes 0.2 s to import, and who only points needs no fit
    from scipy.optimize import least_squares

    bound = bounds_deg(problem.names)
    found = least_squares(
        problem.residuals,
        np.clip(start_deg, -0.999 * bound, 0.999 * bound),  # the method starts inside its bounds
        jac=problem.jacobian,
        bounds=(-bound, bound),
        x_scale=prior_sigmas_deg(problem.names),
        ftol=_TOLERANCE,
        xtol=_TOLERANCE,
        gtol=_TOLERANCE,
        max_nfev=_EVALUATIONS,
        args=(loss,),
    )
    if not found.success:
        raise NotConverged(head, int(found.nfev), str(found.message))
    return np.asarray(found.x, dtype=np.float64)


def _check_number(head: str, sightings: int, terms: int) -> None:
    least = (terms + 3) // 2
    if sightings < least:
        raise ValueError(f"{head}: {sightings} sightings for {terms} terms; take {least} at least")


def _check_convention(head: str, zero_misses: FloatArray) -> None:
    typical_deg = float(np.median(np.hypot(zero_misses[:, 0], zero_misses[:, 1])))
    if typical_deg > NONSENSE_FROM_DEG:
        raise InvalidInput(
            f"{head}: panels stood {typical_deg:.1f} deg (median) from where they were asked to point, limit "
            f"{NONSENSE_FROM_DEG:g} deg; check azimuth from north, degrees, UTC and the head's name"
        )


def _condition(head: str, names: tuple[str, ...], design: FloatArray) -> float:
    length = np.linalg.norm(design, axis=0)
    _, singular, turned = np.linalg.svd(design / np.where(length > 0.0, length, 1.0), full_matrices=False)
    smallest = float(singular[-1])
    condition = float(singular[0]) / smallest if smallest > 0.0 else np.inf
    if condition > CONDITION_LIMIT:
        share = np.abs(turned[-1])
        guilty = tuple(name for name, part in zip(names, share, strict=True) if part > 0.3 * share.max())
        raise IllConditioned(head, guilty, condition, CONDITION_LIMIT)
    return condition


def _covariance(design: FloatArray, prior_sigma_deg: FloatArray, chi2: float) -> FloatArray:
    information = design.T @ design / chi2 + np.diag(prior_sigma_deg**-2.0)
    return np.asarray(np.linalg.inv(information), dtype=np.float64)


def _reduced_chi2(misses_sigma: FloatArray, counted: FloatArray, terms: int) -> float:
    freedom = max(2.0 * float(np.sum(counted)) - terms, 1.0)
    return float(np.sum(counted * np.sum(misses_sigma**2, axis=-1))) / freedom


def _at_bounds(names: tuple[str, ...], values: FloatArray) -> tuple[str, ...]:
    touched = np.abs(values) > 0.999 * bounds_deg(names)
    return tuple(name for name, touches in zip(names, touched, strict=True) if touches)


def _columns(slope: FloatArray) -> FloatArray:
    """(K, N, 2) as (2 N, K)."""
    return slope.reshape(slope.shape[0], -1).T
