"""A skyline in the yield: it takes the beam from everybody, and a step says how much that was."""

from dataclasses import replace

import numpy as np
import pytest

from tracker.frames import angle_between_deg, elevation_deg
from tracker.plant import Horizon
from tracker.pv import Models
from tracker.study import compare, to_json_dict
from tracker.study.driven.sunflower import decided_orientation
from tracker.study.setting import relit, setting_of
from tracker.study.steps import ORDER

SUM_KWH = 1e-9
EVERYBODY = (
    "flat", "latitude_tilt", "best_fixed", "single_axis", "two_axis_sun_facing", "two_axis_optimal",
    "sunflower",
)  # fmt: skip
FLAT = Horizon(azimuth_deg=np.array([0.0]), elevation_deg=np.array([0.0]))
EAST_WALL = Horizon(  # up to the zenith over the whole eastern half, nothing in the west
    azimuth_deg=np.array([0.0, 0.001, 179.999, 180.0]), elevation_deg=np.array([0.0, 90.0, 90.0, 0.0])
)
SOLAR_NOON_DEG = 180.0


@pytest.fixture(scope="module")
def week(weather_of):
    """A calm, bright week at Shenzhen in December, when the sun keeps to the south."""
    year = weather_of("shenzhen")
    arrays = ("utc", "ghi_w_m2", "dni_w_m2", "dhi_w_m2", "temp_air_c", "wind_speed_m_s", "pressure_pa")
    cut = replace(year, **{name: getattr(year, name)[8160:8328] for name in arrays})
    return replace(cut, wind_speed_m_s=np.ones(cut.utc.size))


@pytest.fixture(scope="module")
def plant(plant_of, week):
    return plant_of(week, mountings=EVERYBODY)


@pytest.fixture(scope="module")
def walled(plant):
    return replace(plant, horizon=EAST_WALL)


def test_a_wall_in_the_east_takes_all_beam_before_noon_and_none_after(walled, plant, week):
    behind, free = (setting_of(p, week, Models()) for p in (walled, plant))
    up = free.daylight.up
    morning = free.sun.azimuth_deg[up] < SOLAR_NOON_DEG
    sky, open_sky = behind.daylight.sky, free.daylight.sky
    assert open_sky.beam_w_m2[morning].sum() > 5000.0
    for light in ("beam_w_m2", "circumsolar_w_m2"):
        assert (getattr(sky, light)[morning] == 0.0).all()
        np.testing.assert_array_equal(getattr(sky, light)[~morning], getattr(open_sky, light)[~morning])
    np.testing.assert_array_equal(sky.dome_w_m2, open_sky.dome_w_m2)


def test_behind_the_wall_a_plane_has_what_an_overcast_dome_gives(walled, week):
    """Isotropic, 60 deg toward the wall: of the sky the quarter circle from the zenith to the west is left.

    A lune whose edge is level sends diffuse (sin b - sin a) / 2 between the angles a and b from the normal;
    the shaded ground sends albedo diffuse (1 - cos tilt) / 2.
    """
    setting = setting_of(walled, week, Models(transposition="isotropic"))
    normal = np.array([np.sin(np.radians(60.0)), 0.0, 0.5])
    poa = setting.daylight.whole(setting.yield_of(normal).poa_w_m2)
    lune = (1.0 - np.sin(np.radians(60.0))) / 2.0
    expected = week.dhi_w_m2 * (lune + walled.site.albedo * 0.25)
    lit = setting.hidden & setting.daylight.up
    np.testing.assert_allclose(poa[lit], expected[lit], atol=0.004 * week.dhi_w_m2.max())


def test_another_sky_model_has_the_same_wall(walled, week):
    other = relit(setting_of(walled, week, Models()), models=Models(transposition="hay-davies"))
    assert (other.daylight.sky.circumsolar_w_m2[other.hidden[other.daylight.up]] == 0.0).all()
    assert other.open_daylight.sky.circumsolar_w_m2[other.hidden[other.daylight.up]].max() > 0.0


def test_the_horizon_is_a_step_of_every_mounting_and_steps_still_sum(walled, week):
    for row in compare(walled, week).mountings:
        left = {step.name: step.kwh for step in row.steps}
        assert list(left) == [name for name in ORDER if name in left]
        before = "stow" if "stow" in left else "facing"
        assert left["horizon"] < left[before]
        changes = np.diff([step.kwh for step in row.steps])
        assert row.steps[0].kwh + changes.sum() == pytest.approx(row.net_kwh, abs=SUM_KWH)
        assert left["horizon"] == pytest.approx(row.poa_kwh_m2 * 10.0, rel=1e-12)  # 4 heads of 2.5 kW


def test_a_level_plane_loses_the_beam_of_the_morning_and_half_the_dome(walled, plant, week):
    """Isotropic sky: the light on the level falls by DNI sin(elevation) of the hidden hours and DHI / 2."""
    isotropic = Models(transposition="isotropic")
    flat = compare(walled, week, isotropic).result("flat")
    left = {step.name: step.kwh for step in flat.steps}
    setting = setting_of(plant, week, isotropic)
    morning = setting.daylight.up & (setting.sun.azimuth_deg < SOLAR_NOON_DEG)
    beam_w_m2 = week.dni_w_m2 * setting.sun.direction_enu[:, 2]
    dome_w_m2 = 0.5 * week.dhi_w_m2[setting.daylight.up]
    lost_kwh = (beam_w_m2[morning].sum() + dome_w_m2.sum()) / 1000.0 * 10.0
    assert left["facing"] - left["horizon"] == pytest.approx(lost_kwh, rel=0.005)


def test_the_skyline_and_not_stow_is_blamed_for_the_heads_that_lie_flat_behind_it(walled, plant, week):
    free, behind = (
        {step.name: step.kwh for step in compare(p, week).result("sunflower").steps} for p in (plant, walled)
    )
    assert behind["facing"] == free["facing"]
    assert behind["stow"] == pytest.approx(free["stow"], rel=0.01)
    assert behind["horizon"] < 0.7 * behind["stow"]


def test_a_horizon_of_nothing_changes_no_energy(plant, week):
    free, level = (to_json_dict(compare(p, week)) for p in (plant, replace(plant, horizon=FLAT)))
    for row, same in zip(free["mountings"], level["mountings"], strict=True):
        steps, same_steps = row.pop("steps"), same.pop("steps")
        assert same == row
        assert [step for step in same_steps if step["name"] != "horizon"] == steps
        assert "horizon" in {step["name"] for step in same_steps}
    assert level["gains"] == free["gains"]


def test_what_is_not_modelled_follows_the_site(plant, walled, week):
    assert "horizon" in compare(plant, week).not_modelled
    assert compare(walled, week).not_modelled == ("pointing", "soiling")


def test_the_hash_follows_the_skyline_and_is_the_old_one_without(plant, walled, week):
    hashes = {compare(p, week).inputs_sha256 for p in (plant, walled, replace(plant, horizon=FLAT))}
    assert len(hashes) == 3


def test_the_best_fixed_plane_turns_away_from_the_wall(plant, walled, week):
    free, behind = (compare(p, week).result("best_fixed") for p in (plant, walled))
    assert behind.azimuth_deg > free.azimuth_deg + 10.0


def test_the_sunflower_waits_flat_behind_the_wall_and_faces_the_sun_after(walled, week):
    setting = setting_of(walled, week, Models())
    orientation = decided_orientation(walled, week, setting.sun)
    azimuth, high = setting.sun.azimuth_deg, setting.sun.apparent_elevation_deg > 10.0
    high[:24] = False  # the first day begins looking north
    waits, follows = high & (azimuth < 170.0), high & (azimuth > 195.0)
    assert elevation_deg(orientation.normal_enu[waits]).min() > 89.9
    off_deg = angle_between_deg(orientation.normal_enu, setting.sun.direction_enu)
    assert off_deg[follows].max() < 1e-6
    assert min(waits.sum(), follows.sum()) >= 12


def test_teeth_of_the_skyline_cost_the_sunflower_no_moves(plant, week):
    """Spikes of 1 deg every 10 deg of azimuth pass before the sun in minutes: heads go on tracking."""
    at = np.arange(0.0, 360.0, 10.0)
    azimuth = np.sort(np.concatenate([at, at + 0.5, at + 1.0]))
    spikes = Horizon(azimuth_deg=azimuth, elevation_deg=np.tile([0.0, 60.0, 0.0], at.size))
    free, jagged = (
        decided_orientation(p, week, setting_of(p, week, Models()).sun)
        for p in (plant, replace(plant, horizon=spikes))
    )
    assert jagged.moves <= free.moves
    assert jagged.tracking_h == pytest.approx(free.tracking_h, abs=7.0)
