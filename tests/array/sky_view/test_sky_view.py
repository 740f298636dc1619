"""The view of sky and ground against closed forms and an independent Monte Carlo."""

from dataclasses import replace

import numpy as np
import pytest

from tracker.array import disk_radius_m
from tracker.array import sky_view as views
from tracker.array.land import land_area_m2
from tracker.array.sky_view import field_view, skyline_view
from tracker.frames import enu_from_azel
from tracker.plant import Horizon

RAYS = 30_000
THREE_SIGMA = 3.0 * 0.5 / np.sqrt(RAYS)
TABLE = 0.005  # of the light of a level open sky: dome and interpolation together
GROUND_TABLE = 0.007
HALF_RING = 0.5 / 90.0
LEVEL = np.array([0.0, 0.0, 1.0])


def planes(number):
    rng = np.random.default_rng(1)
    return enu_from_azel(rng.uniform(0.0, 360.0, number), 90.0 - rng.uniform(0.0, 90.0, number))


def cosine_weighted(normal, number, rng):
    """Directions of a Lambertian surface (number, 3)."""
    spread = rng.normal(size=(number, 3))
    ray = normal + spread / np.linalg.norm(spread, axis=1, keepdims=True)
    return ray / np.linalg.norm(ray, axis=1, keepdims=True)


def test_a_lone_head_sees_everything(make_array):
    view = field_view(make_array([[0.0, 0.0, 0.0]]), None)
    assert view.sky_at(planes(50)) == pytest.approx(1.0)
    assert view.sky.min() == 1.0


@pytest.mark.parametrize("azimuth_deg", [10.0, 137.0])
@pytest.mark.parametrize("tilt_deg", [20.0, 52.0, 85.0])
def test_sky_and_ground_agree_with_rays(dense, cast, scattered, tilt_deg, azimuth_deg):
    """Of cosine-weighted rays, those upward that miss all heads see the sky, those downward the ground."""
    rng = np.random.default_rng(2)
    normal = enu_from_azel(azimuth_deg, 90.0 - tilt_deg)
    start = scattered(dense, normal, RAYS, rng)
    ray = cosine_weighted(normal, len(start), rng)
    free = ~cast(dense, normal, start, ray)
    view = field_view(dense, None)
    sky = view.sky_at(normal) * (1.0 + normal[2]) / 2.0
    assert sky == pytest.approx(np.mean(free & (ray[:, 2] > 0.0)), abs=THREE_SIGMA + TABLE)
    below = free & (ray[:, 2] < 0.0)
    reach_m = -start[:, 2] / ray[:, 2]
    ground_m = (start + reach_m[:, None] * ray)[below, :2]
    feet_m = dense.positions_enu_m[:, :2]
    apart_m = np.linalg.norm(ground_m[:, None] - feet_m, axis=-1).min(axis=1)
    fenced = apart_m < np.sqrt(land_area_m2(dense) / np.pi / dense.size)
    taken = dense.size * dense.head.area_m2 / land_area_m2(dense)
    seen = (np.sum(~fenced) + (1.0 - taken) * np.sum(fenced)) / len(ray)
    assert view.ground_at(normal) * (1.0 - normal[2]) / 2.0 == pytest.approx(seen, abs=0.015)


def test_a_disk_above_a_disk_takes_the_textbook_view_factor(make_array, sunflowers):
    """Coaxial parallel disks: F = (x - sqrt(x^2 - 4)) / 2, x = 2 + (h / r)^2 (Howell, C-41), 2 % gaps."""
    head = replace(sunflowers.head, petals=48)
    height_m = 2.0
    stacked = make_array([[0.0, 0.0, 0.0], [0.0, 0.0, height_m]], head)
    x = 2.0 + (height_m / disk_radius_m(head)) ** 2
    factor = (x - np.sqrt(x**2 - 4.0)) / 2.0
    lower_sees = 2.0 * field_view(stacked, None).sky_at(LEVEL) - 1.0  # the upper one sees all, it is the mean
    assert 1.0 - lower_sees == pytest.approx(factor, abs=0.03)


def test_the_table_is_as_good_as_it_says(sunflowers, dense, monkeypatch):
    normal = planes(200)
    open_sky, open_ground = (1.0 + normal[:, 2]) / 2.0, (1.0 - normal[:, 2]) / 2.0
    arrays = (sunflowers, dense)
    coarse = [field_view(array, None) for array in arrays]
    monkeypatch.setattr(views, "FIELD_DOME", (16, 48))
    monkeypatch.setattr(views, "TILT_STEP_DEG", 7.5)
    monkeypatch.setattr(views, "AZIMUTH_STEP_DEG", 15.0)
    fine = [field_view.__wrapped__(array, None) for array in arrays]
    reference = [(view.sky_at(normal), view.ground_at(normal)) for view in fine]
    monkeypatch.undo()
    for view, (sky, ground) in zip(coarse, reference, strict=True):
        assert np.abs((view.sky_at(normal) - sky) * open_sky).max() < TABLE
        assert np.abs((view.ground_at(normal) - ground) * open_ground).max() < GROUND_TABLE


@pytest.mark.parametrize("ridge_deg", [0.0, 5.0, 20.0])
def test_behind_an_even_ridge_a_level_panel_keeps_cosine_squared(ridge_deg):
    even = Horizon(azimuth_deg=np.array([0.0]), elevation_deg=np.array([ridge_deg]))
    left = skyline_view(even).sky_at(LEVEL)
    assert left == pytest.approx(np.cos(np.radians(ridge_deg)) ** 2, abs=HALF_RING)


def test_an_upright_panel_before_a_ridge_loses_the_lune_below_it():
    """A wall without end that reaches h up takes sin(h) of an upright panel's half of the dome."""
    toward_deg = np.arange(0.0, 360.0, 0.5)
    off_rad = np.radians(toward_deg - 90.0)
    height_deg = np.degrees(np.arctan(np.tan(np.radians(30.0)) * np.maximum(np.cos(off_rad), 0.0)))
    wall = Horizon(azimuth_deg=toward_deg, elevation_deg=height_deg)
    east = np.array([1.0, 0.0, 0.0])
    assert skyline_view(wall).sky_at(east) == pytest.approx(1.0 - np.sin(np.radians(30.0)), abs=0.01)
    assert skyline_view(wall).sky_at(-east) == pytest.approx(1.0, abs=0.01)


def test_what_the_skyline_hides_neighbours_cannot_take_again(dense):
    """Neighbours shade from below 50 deg; behind a ridge of 60 deg nothing is left for them."""
    ridge = Horizon(azimuth_deg=np.array([0.0]), elevation_deg=np.array([60.0]))
    upright = enu_from_azel(45.0, 45.0)
    assert field_view(dense, None).sky_at(upright) < 0.95
    assert field_view(dense, ridge).sky_at(upright) > 0.99
