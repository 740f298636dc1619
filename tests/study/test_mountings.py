from dataclasses import replace

import numpy as np
import pytest
from pvlib.tracking import singleaxis

from tracker.errors import InvalidInput
from tracker.frames import enu_from_azel
from tracker.pv import Models
from tracker.pv.irradiance import plane_irradiance
from tracker.study.mountings import MOUNTINGS, mounting
from tracker.study.planes import latitude_tilt_normal, plane_normal
from tracker.study.row_shade import rows_shade
from tracker.study.setting import setting_of


@pytest.fixture(scope="module")
def setting(weather_of, plant_of):
    weather = weather_of("shenzhen")
    return setting_of(plant_of(weather), weather, Models())


@pytest.mark.parametrize("backtrack", [True, False])
def test_single_axis_turns_as_pvlibs(setting, backtrack):
    plan = replace(setting.plant.comparison, single_axis_backtrack=backtrack)
    own = replace(setting, plant=replace(setting.plant, comparison=plan))
    normals = MOUNTINGS["single_axis"].orient(own).normal_enu
    sun = setting.sun
    oracle = singleaxis(
        90.0 - sun.apparent_elevation_deg, sun.azimuth_deg, max_angle=60.0, backtrack=backtrack, gcr=0.4
    )
    expected = enu_from_azel(oracle["surface_azimuth"], 90.0 - oracle["surface_tilt"])
    up = setting.daylight.up
    np.testing.assert_allclose(normals[up], expected[up], atol=1e-9)
    assert np.all(normals[~up] == [0.0, 0.0, 1.0])


def test_backtracking_rows_do_not_shade_each_other(setting):
    normals = MOUNTINGS["single_axis"].orient(setting).normal_enu[setting.daylight.up]
    sun_enu = setting.sun.direction_enu[setting.daylight.up]
    facing = np.sum(normals * sun_enu, axis=-1)  # width of a row seen from the sun, over its width
    apart = sun_enu[:, 2] / 0.4  # distance between rows seen from the sun, over a row's width
    assert np.all(facing <= apart + 1e-9)


def test_no_fixed_plane_beats_the_best_one(setting):
    def energy(normal):
        return np.sum(setting.yield_of(normal, rows_shade(setting, normal, ground_cover_ratio=0.4)).ac_w)

    best = energy(MOUNTINGS["best_fixed"].orient(setting).normal_enu)
    for tilt_deg in range(0, 61, 4):
        for azimuth_deg in range(0, 360, 20):
            assert energy(plane_normal(tilt_deg, azimuth_deg)) <= best * (1.0 + 1e-6), (tilt_deg, azimuth_deg)


def test_best_fixed_follows_a_site_whose_mornings_are_brighter(setting):
    weather = setting.weather
    morning = weather.local_hour < 12
    misty = replace(weather, dni_w_m2=np.where(morning, weather.dni_w_m2, 0.0))
    turned = setting_of(setting.plant, misty, Models())
    normal = MOUNTINGS["best_fixed"].orient(turned).normal_enu[0]
    assert normal[0] > 0.1  # leans east


def test_the_brightest_plane_is_the_one_a_search_finds(setting):
    sky = setting.daylight.sky
    some = slice(None, None, 97)
    brightest = MOUNTINGS["two_axis_optimal"].orient(setting).normal_enu
    ours = plane_irradiance(sky, brightest[setting.daylight.up]).total_w_m2[some]
    tilt_deg, azimuth_deg = np.meshgrid(np.arange(0.0, 91.0, 1.0), np.arange(0.0, 360.0, 4.0))
    grid = enu_from_azel(azimuth_deg.ravel(), 90.0 - tilt_deg.ravel())
    searched = np.max(
        [plane_irradiance(sky, np.broadcast_to(n, sky.sun_enu.shape)).total_w_m2[some] for n in grid], axis=0
    )
    assert np.all(ours >= searched * (1.0 - 1e-9))
    assert np.all(ours <= searched * 1.002 + 0.01)  # a grid of 1 x 4 deg misses the optimum by 2.1 deg


def test_under_an_even_overcast_sky_tracking_gains_nothing(setting):
    weather = setting.weather
    overcast = replace(weather, dni_w_m2=np.zeros(weather.utc.size), ghi_w_m2=weather.dhi_w_m2)
    grey = setting_of(setting.plant, overcast, Models(transposition="isotropic"))
    flat, facing, optimal, best = (
        np.sum(grey.yield_of(MOUNTINGS[name].orient(grey).normal_enu).poa_w_m2)
        for name in ("flat", "two_axis_sun_facing", "two_axis_optimal", "best_fixed")
    )
    assert facing < flat
    assert optimal == pytest.approx(flat, rel=1e-12)
    assert best == pytest.approx(flat, rel=1e-3)  # a slight tilt lets more of an even sky through the glass


def test_under_a_beam_alone_two_axes_collect_all_of_it(setting):
    zeros = np.zeros(setting.intervals)
    clear = setting_of(setting.plant, replace(setting.weather, dhi_w_m2=zeros, ghi_w_m2=zeros), Models())
    for name in ("two_axis_sun_facing", "two_axis_optimal"):
        poa = clear.yield_of(MOUNTINGS[name].orient(clear).normal_enu).poa_w_m2
        expected = np.where(clear.daylight.up, clear.weather.dni_w_m2, 0.0)
        np.testing.assert_allclose(poa, expected, atol=1e-9)


def test_latitude_tilt_faces_the_equator_from_both_sides():
    np.testing.assert_allclose(latitude_tilt_normal(35.0), enu_from_azel(180.0, 55.0))
    np.testing.assert_allclose(latitude_tilt_normal(-35.0), enu_from_azel(0.0, 55.0))
    np.testing.assert_allclose(latitude_tilt_normal(0.0), [0.0, 0.0, 1.0], atol=1e-12)


def test_every_mounting_holds_unit_normals_day_and_night(setting):
    for name in set(MOUNTINGS) - {"sunflower"}:
        normals = MOUNTINGS[name].orient(setting).normal_enu
        assert normals.shape == (setting.intervals, 3)
        np.testing.assert_allclose(np.linalg.norm(normals, axis=-1), 1.0, err_msg=name)


def test_an_unknown_mounting_is_met_with_the_nearest_known_one():
    with pytest.raises(InvalidInput, match=r"'best_fixd' is unknown; did you mean best_fixed\?"):
        mounting("best_fixd")
    with pytest.raises(InvalidInput, match=r"choose from flat, latitude_tilt"):
        mounting("xyzzy")


def test_land_is_modules_rows_or_the_field(setting):
    plant = setting.plant
    area_m2 = 4 * 18.0
    radius_m = np.sqrt(18.0 / np.pi)
    assert MOUNTINGS["flat"].land_m2(plant) == pytest.approx(area_m2)
    assert MOUNTINGS["single_axis"].land_m2(plant) == pytest.approx(area_m2 / 0.4)
    side_m = 5e3
    fenced_m2 = side_m**2 + 4.0 * side_m * radius_m + np.pi * radius_m**2
    assert MOUNTINGS["sunflower"].land_m2(plant) == pytest.approx(fenced_m2, rel=1e-4)
