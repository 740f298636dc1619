import numpy as np
import pytest

from calibration import plan_sightings
from calibration.miss import sensitivity
from calibration.model import PointingModel
from calibration.terms import ALL_TERMS, prior_sigmas_deg
from tracker.frames import angle_between_deg, elevation_deg


def information(directions, sigma_deg=0.05):
    """Log determinant of what sightings at these directions and the prior together know of the terms."""
    pose = PointingModel.ideal(1).to_axis(directions)
    seen = sensitivity(pose, ALL_TERMS, np.zeros(8)).reshape(-1, 8) / sigma_deg
    return np.linalg.slogdet(seen.T @ seen + np.diag(prior_sigmas_deg(ALL_TERMS) ** -2.0))[1]


def test_the_plan_tells_more_than_even_spacing_or_chance(sun_path, rng):
    sun = sun_path(0.0)
    high = np.flatnonzero(elevation_deg(sun) >= 5.0)
    planned = information(sun[plan_sightings(sun, count=12)])
    assert planned > information(sun[high[np.linspace(0, high.size - 1, 12).astype(int)]])
    assert all(planned > information(sun[rng.choice(high, 12, replace=False)]) for _ in range(50))


def test_chosen_instants_are_in_time_order_high_enough_and_apart(sun_path):
    sun = sun_path(23.0)
    chosen = plan_sightings(sun, count=20, min_elevation_deg=12.0, apart_deg=3.0)
    assert chosen.shape == (20,)
    assert np.all(np.diff(chosen) > 0)
    assert np.all(elevation_deg(sun[chosen]) >= 12.0)
    apart = angle_between_deg(sun[chosen][:, None], sun[chosen][None])
    assert np.all(apart[~np.eye(20, dtype=bool)] >= 3.0)


def test_both_ends_of_the_day_and_its_middle_are_taken(sun_path):
    sun = sun_path(0.0)
    east, _, up = sun[plan_sightings(sun, count=10)].T
    assert east.max() > 0.9
    assert east.min() < -0.9
    assert up.max() > 0.9 * sun[:, 2].max()


def test_unknown_directions_are_passed_over(sun_path):
    sun = sun_path(0.0)
    sun[::2] = np.nan
    assert np.all(plan_sightings(sun, count=15) % 2 == 1)


def test_a_day_too_short_is_refused(sun_path):
    with pytest.raises(ValueError, match="of 30 sightings fit above 40 deg"):
        plan_sightings(sun_path(-23.0), count=30, min_elevation_deg=40.0, apart_deg=5.0)
