from dataclasses import replace

import numpy as np
import pytest
from pvlib.irradiance import get_total_irradiance
from pvlib.tracking import singleaxis

from tracker import frames
from tracker.errors import InvalidInput
from tracker.frames import enu_from_azel
from tracker.mounting_names import NAMES
from tracker.pv import Models
from tracker.pv.irradiance import plane_irradiance
from tracker.study import compare, to_json_dict
from tracker.study.mountings.by_name import MOUNTINGS, mounting
from tracker.study.mountings.planes import latitude_tilt_normal, plane_normal
from tracker.study.mountings.row_shade import rows_shade
from tracker.study.result import result_of
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


def test_a_lone_row_has_nobody_to_turn_back_for(setting):
    array = setting.plant.array
    one = replace(array, names=array.names[:1], positions_enu_m=array.positions_enu_m[:1])
    lone = replace(setting, plant=replace(setting.plant, array=one))
    assert lone.plant.comparison.single_axis_backtrack
    free, true = (MOUNTINGS[name].orient(lone).normal_enu for name in ("single_axis", "single_axis_true"))
    np.testing.assert_array_equal(free, true)


def test_true_tracking_never_turns_back_whatever_the_plan_says(setting):
    normals = MOUNTINGS["single_axis_true"].orient(setting).normal_enu
    sun, up = setting.sun, setting.daylight.up
    oracle = singleaxis(90.0 - sun.apparent_elevation_deg, sun.azimuth_deg, max_angle=60.0, backtrack=False)
    expected = enu_from_azel(oracle["surface_azimuth"], 90.0 - oracle["surface_tilt"])
    np.testing.assert_allclose(normals[up], expected[up], atol=1e-9)
    assert setting.plant.comparison.single_axis_backtrack
    assert np.max(np.abs(normals - MOUNTINGS["single_axis"].orient(setting).normal_enu)) > 0.1


def pvlib_poa_w_m2(setting, tilt_deg, azimuth):
    weather, sun = setting.weather, setting.sun
    return get_total_irradiance(
        tilt_deg, azimuth, 90.0 - sun.apparent_elevation_deg, sun.azimuth_deg,
        weather.dni_w_m2, weather.ghi_w_m2, weather.dhi_w_m2, albedo=setting.plant.site.albedo,
    )["poa_global"]  # fmt: skip


@pytest.fixture(scope="module")
def even(setting):
    """The setting under an even dome, as pvlib's default has it."""
    return setting_of(setting.plant, setting.weather, Models(transposition="isotropic"))


@pytest.mark.parametrize(("tilt_deg", "azimuth"), [(30.0, 180.0), (12.5, 75.0), (90.0, 0.0), (0.0, 360.0)])
def test_a_plane_by_name_gets_the_light_that_pvlib_says(even, tilt_deg, azimuth):
    row = result_of(f"fixed:{tilt_deg:g}:{azimuth:g}", even)
    held = even.yield_of(row.orientation.normal_enu).poa_w_m2
    up = even.daylight.up
    np.testing.assert_allclose(held, pvlib_poa_w_m2(even, tilt_deg, azimuth)[up], rtol=1e-9, atol=1e-9)
    assert row.tilt_deg == pytest.approx(tilt_deg, abs=1e-9)
    assert row.azimuth_deg == pytest.approx(azimuth % 360.0, abs=1e-9)
    assert row.axes == 0


def test_east_west_gets_the_mean_light_of_its_halves(even):
    row = result_of("east_west", even)
    held = even.yield_of(row.orientation.normal_enu).poa_w_m2
    expected = np.mean([pvlib_poa_w_m2(even, 10.0, azimuth) for azimuth in (90.0, 270.0)], axis=0)
    up = even.daylight.up
    np.testing.assert_allclose(held, expected[up], rtol=1e-9, atol=1e-9)
    assert (row.tilt_deg, row.azimuth_deg) == (pytest.approx(10.0), None)


def test_each_half_of_east_west_has_its_own_share_of_the_inverters(setting):
    """A small inverter clips the east's morning, though the west's half of it is idle."""
    panels = replace(setting.plant.array.panels, dc_ac_ratio=2.5)
    array = replace(setting.plant.array, panels=panels)
    small = replace(setting, plant=replace(setting.plant, array=array))
    orientation = MOUNTINGS["east_west"].orient(small)
    whole = small.yield_of(orientation.normal_enu, orientation.shade)
    halves = [
        small.yield_of(normal, orientation.shade.of_head(half)).ac_w
        for half, normal in enumerate(orientation.normal_enu)
    ]
    np.testing.assert_allclose(whole.ac_w, np.mean(halves, axis=0), rtol=1e-12)
    most_w = panels.dc_capacity_w / 2.5
    one_clips = (np.max(halves, axis=0) > 0.999 * most_w) & (np.min(halves, axis=0) < 0.9 * most_w)
    assert np.sum(one_clips) > 10


def test_tents_shade_each_other_from_ridge_to_foot(setting):
    """Points on the east half, with the ridge of the next tent before the sky: plain trigonometry."""
    dense = replace(setting.plant.comparison, ground_cover_ratio=0.8)
    packed = replace(setting, plant=replace(setting.plant, comparison=dense))
    shade = MOUNTINGS["east_west"].orient(packed).shade
    tilt_rad, up_the_slope = np.radians(10.0), (np.arange(2000) + 0.5) / 2000
    ahead = 2.0 / 0.8 - np.cos(tilt_rad) * (1.0 - up_the_slope)
    ridge_rad = np.arctan2(np.sin(tilt_rad) * (1.0 - up_the_slope), ahead)
    sun = packed.daylight.sky.sun_enu
    low = (sun[:, 0] > 0.0) & (sun[:, 2] < 0.2 * sun[:, 0])
    across_rad = np.arctan2(sun[low, 2], sun[low, 0])
    expected = np.mean(across_rad[:, np.newaxis] < ridge_rad, axis=1)
    np.testing.assert_allclose(shade.petals[low, 0, 0], expected, atol=1e-3)
    assert np.max(expected) > 0.5
    seen = np.mean(1.0 + np.cos(tilt_rad + ridge_rad)) / (1.0 + np.cos(tilt_rad))
    np.testing.assert_allclose(shade.sky, seen, rtol=1e-6)


def test_azimuth_only_follows_the_sun_at_the_best_tilt(setting):
    row = result_of("azimuth_only", setting)
    normals, up = row.orientation.normal_enu, setting.daylight.up
    turned = np.radians(frames.azimuth_deg(normals) - setting.sun.azimuth_deg)[up]
    np.testing.assert_allclose(np.sin(turned / 2.0), 0.0, atol=1e-9)
    np.testing.assert_allclose(90.0 - frames.elevation_deg(normals), row.tilt_deg, atol=1e-9)
    best_w = np.sum(setting.yield_of(normals, row.orientation.shade).ac_w)
    for tilt_deg in range(0, 91, 5):
        other = plane_normal(tilt_deg, setting.sun.azimuth_deg)
        other_w = np.sum(setting.yield_of(other, setting.shade_on(other)).ac_w)
        assert other_w <= best_w * (1.0 + 1e-5), tilt_deg
    assert row.azimuth_deg is None


def test_gains_are_over_mountings_with_fewer_moving_axes(weather_of, plant_of):
    names = ("fixed:30:180", "east_west", "single_axis_true", "azimuth_only", "two_axis_sun_facing")
    weather = weather_of("shenzhen")
    document = to_json_dict(compare(plant_of(weather, mountings=names, claim_over="fixed:30:180"), weather))
    still, one, two = names[:2], names[2:4], names[4]
    expected = {(of, over) for of in one for over in still} | {(two, over) for over in (*still, *one)}
    assert {(gain["of"], gain["over"]) for gain in document["gains"]} == expected
    planes = [{key: row[key] for key in row if key.endswith("_deg")} for row in document["mountings"]]
    assert [sorted(plane) for plane in planes] == [
        ["azimuth_deg", "tilt_deg"], ["tilt_deg"], [], ["tilt_deg"], []
    ]  # fmt: skip
    assert planes[0] == pytest.approx({"tilt_deg": 30.0, "azimuth_deg": 180.0})


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
        np.testing.assert_allclose(poa, clear.weather.dni_w_m2[clear.daylight.up], atol=1e-9)


def test_latitude_tilt_faces_the_equator_from_both_sides():
    np.testing.assert_allclose(latitude_tilt_normal(35.0), enu_from_azel(180.0, 55.0))
    np.testing.assert_allclose(latitude_tilt_normal(-35.0), enu_from_azel(0.0, 55.0))
    np.testing.assert_allclose(latitude_tilt_normal(0.0), [0.0, 0.0, 1.0], atol=1e-12)


def test_every_mounting_holds_unit_normals_day_and_night(setting):
    for name in {*NAMES, "fixed:30:180"} - {"sunflower"}:
        normals = mounting(name).orient(setting).normal_enu
        assert normals.shape[-2:] == (setting.intervals, 3)
        np.testing.assert_allclose(np.linalg.norm(normals, axis=-1), 1.0, err_msg=name)


def test_an_unknown_mounting_is_met_with_the_nearest_known_one():
    with pytest.raises(InvalidInput, match=r"'best_fixd' is unknown; did you mean best_fixed\?"):
        mounting("best_fixd")
    with pytest.raises(InvalidInput, match=r"choose from flat, latitude_tilt"):
        mounting("xyzzy")


def test_every_name_that_may_be_written_stands_for_a_mounting():
    assert tuple(MOUNTINGS) == NAMES


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("fixed:91:180", r"'fixed:91:180' has a tilt of 91 deg; give 0 \(level\) to 90 deg"),
        ("fixed:nan:180", r"has a tilt of nan deg"),
        ("fixed:30:-10", r"'fixed:30:-10' has an azimuth of -10 deg; give 0 to 360, south is 180"),
        ("fixed:30", r"'fixed:30' names no plane; write fixed:TILT:AZIMUTH, as fixed:30:180"),
        ("fixed:30:180:1", r"names no plane"),
        ("fixed:a:b", r"names no plane"),
        ("fixed", r"mounting 'fixed' is unknown"),
        ("mixed:30:180", r"mounting 'mixed:30:180' is unknown; choose from flat, .*fixed:TILT:AZIMUTH"),
    ],
)
def test_a_plane_that_cannot_be_is_met_with_what_can(name, says):
    with pytest.raises(InvalidInput, match=says):
        mounting(name)


def test_land_is_modules_rows_or_the_field(setting):
    plant = setting.plant
    area_m2 = 4 * 18.0
    radius_m = np.sqrt(18.0 / np.pi)
    assert MOUNTINGS["flat"].land_m2(plant) == pytest.approx(area_m2)
    for name in ("single_axis", "east_west", "fixed:30:180"):
        assert mounting(name).land_m2(plant) == pytest.approx(area_m2 / 0.4)
    side_m = 5e3
    fenced_m2 = side_m**2 + 4.0 * side_m * radius_m + np.pi * radius_m**2
    assert MOUNTINGS["sunflower"].land_m2(plant) == pytest.approx(fenced_m2, rel=1e-4)
