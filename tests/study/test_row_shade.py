"""Rows in each other's shade: against pvlib's functions, and in the yield."""

from dataclasses import replace

import numpy as np
import pytest
from pvlib.bifacial.infinite_sheds import get_irradiance_poa
from pvlib.bifacial.utils import vf_ground_sky_2d_integ, vf_row_ground_2d, vf_row_sky_2d_integ
from pvlib.shading import shaded_fraction1d

from tracker.frames import enu_from_azel
from tracker.pv import Models
from tracker.pv.irradiance import plane_irradiance
from tracker.pv.shade import shaded_plane
from tracker.pv.sky import Sky
from tracker.study.mountings.by_name import MOUNTINGS
from tracker.study.mountings.planes import plane_normal
from tracker.study.mountings.row_shade import (
    beam_shaded,
    ground_light_left,
    ground_view_left,
    rows_shade,
    shade_of_rows,
    shadow_pitches,
    sky_view_left,
)
from tracker.study.result import result_of, summed
from tracker.study.setting import setting_of
from tracker.study.steps import ORDER

ALIKE = 1e-9
LIGHT_W_M2 = 1e-6
FROM_GROUND_W_M2 = 0.1  # pvlib moves the edge that hides the ground by 1e-4, and adds up twenty rows
SUM_KWH = 1e-9
ALBEDO = 0.3
SOME = 4000
NO_SUN = np.zeros(())


@pytest.fixture(scope="module")
def rows():
    """Fixed planes with suns and light, ground cover ratios 0.1 to 0.9: angles in degrees, (SOME,) each."""
    rng = np.random.default_rng(23)
    zenith_deg = 84.0 * np.sqrt(rng.uniform(0.01, 1.0, SOME))  # below 5 deg pvlib's ground gets no beam
    return {
        "tilt_deg": rng.uniform(1.0, 90.0, SOME),
        "azimuth_deg": rng.uniform(0.0, 360.0, SOME),
        "zenith_deg": zenith_deg,
        "sun_azimuth_deg": rng.uniform(0.0, 360.0, SOME),
        "gcr": rng.uniform(0.1, 0.9, SOME),
        "dni": rng.uniform(0.0, 900.0, SOME),
        "dhi": rng.uniform(1.0, 400.0, SOME),
        "ghi": np.zeros(SOME),
    }


@pytest.fixture(scope="module")
def sky(rows):
    """The same light as an even dome with a beam."""
    rows["ghi"] = rows["dhi"] + rows["dni"] * np.cos(np.radians(rows["zenith_deg"]))
    nothing = np.zeros(SOME)
    return Sky(
        sun_enu=enu_from_azel(rows["sun_azimuth_deg"], 90.0 - rows["zenith_deg"]),
        beam_w_m2=rows["dni"],
        circumsolar_w_m2=nothing,
        dome_w_m2=rows["dhi"],
        horizon_w_m2=nothing,
        ground_w_m2=ALBEDO * rows["ghi"],
    )


@pytest.fixture(scope="module")
def normal(rows):
    return enu_from_azel(rows["azimuth_deg"], 90.0 - rows["tilt_deg"])


@pytest.fixture(scope="module")
def setting(weather_of, plant_of):
    weather = weather_of("shenzhen")
    return setting_of(plant_of(weather), weather, Models())


def in_rows_at(setting, ratio):
    plan = replace(setting.plant.comparison, ground_cover_ratio=ratio)
    return replace(setting, plant=replace(setting.plant, comparison=plan))


def test_the_beam_is_shaded_as_pvlib_has_it(rows, sky, normal):
    shaded = beam_shaded(shadow_pitches(normal, sky.sun_enu, rows["gcr"]))
    oracle = shaded_fraction1d(
        rows["zenith_deg"],
        rows["sun_azimuth_deg"],
        axis_azimuth=rows["azimuth_deg"] - 90.0,
        shaded_row_rotation=rows["tilt_deg"],
        collector_width=rows["gcr"],
        pitch=1.0,
    )
    front = np.einsum("ti,ti->t", normal, sky.sun_enu) > 0.0
    np.testing.assert_allclose(shaded[front], oracle[front], atol=ALIKE)
    assert np.all(shaded[~front] == 1.0)
    assert np.mean(shaded[front] > 0.0) > 0.1


def test_sky_and_ground_are_seen_as_pvlib_has_it(rows):
    points, weights = np.polynomial.legendre.leggauss(60)
    tilt_deg = np.linspace(0.0, 90.0, 46)
    up = np.cos(np.radians(tilt_deg))
    for ratio in (0.1, 0.4, 0.9):
        sky = sky_view_left(up, ratio) * (1.0 + up) / 2.0
        np.testing.assert_allclose(sky, vf_row_sky_2d_integ(tilt_deg, ratio), atol=ALIKE)
        at = vf_row_ground_2d(tilt_deg, ratio, (points[:, np.newaxis] + 1.0) / 2.0)
        ground = ground_view_left(up, ratio) * (1.0 - up) / 2.0
        np.testing.assert_allclose(ground, weights @ at / 2.0, atol=ALIKE)


@pytest.mark.parametrize("ratio", [0.1, 0.4, 0.9])
def test_the_ground_sees_what_sky_pvlib_counts_between_rows(ratio):
    tilt_deg = np.linspace(5.0, 90.0, 18)  # at 0 pvlib 0.16 sees no rows at all
    ours = ground_light_left(np.cos(np.radians(tilt_deg)), NO_SUN, NO_SUN, ratio)
    oracle = vf_ground_sky_2d_integ(tilt_deg, ratio, height=1.0, pitch=2.0, max_rows=4000)
    np.testing.assert_allclose(ours, oracle, atol=ALIKE)


@pytest.mark.parametrize("ratio", [0.2, 0.4, 0.6])
def test_light_on_rows_is_that_of_infinite_sheds(rows, sky, normal, plant_of, weather_of, ratio):
    panels = plant_of(weather_of("shenzhen")).array.panels
    ours = shaded_plane(plane_irradiance(sky, normal), shade_of_rows(normal, sky, ratio), panels)
    oracle = get_irradiance_poa(
        rows["tilt_deg"], rows["azimuth_deg"], rows["zenith_deg"], rows["sun_azimuth_deg"], ratio,
        height=100.0, pitch=2.0, ghi=rows["ghi"], dhi=rows["dhi"], dni=rows["dni"], albedo=ALBEDO,
    )  # fmt: skip
    np.testing.assert_allclose(ours.beam_w_m2, oracle["poa_direct"], atol=LIGHT_W_M2)
    np.testing.assert_allclose(ours.dome_w_m2, oracle["poa_sky_diffuse"], atol=LIGHT_W_M2)
    np.testing.assert_allclose(ours.ground_w_m2, oracle["poa_ground_diffuse"], atol=FROM_GROUND_W_M2)


def test_circumsolar_light_is_shaded_like_the_beam(sky, normal, plant_of, weather_of):
    panels = plant_of(weather_of("shenzhen")).array.panels
    bright = replace(sky, circumsolar_w_m2=sky.beam_w_m2 / 2.0)
    plane = plane_irradiance(bright, normal)
    left = shaded_plane(plane, shade_of_rows(normal, bright, 0.7), panels)
    np.testing.assert_allclose(left.circumsolar_w_m2, left.beam_w_m2 / 2.0, rtol=ALIKE)
    assert left.beam_w_m2.sum() < 0.95 * plane.beam_w_m2.sum()


def test_a_pitch_of_sky_lights_one_pitch_of_rows_and_ground():
    up = np.cos(np.radians(np.linspace(0.0, 90.0, 10)))
    for ratio in (0.1, 0.4, 0.9):
        ground = ground_light_left(up, NO_SUN, NO_SUN, ratio)
        front, back = ((1.0 + c) / 2.0 * sky_view_left(c, ratio) for c in (up, -up))
        np.testing.assert_allclose(ground + ratio * (front + back), 1.0, atol=ALIKE)


def test_level_rows_and_rows_far_apart_lose_nothing_in_front(sky, normal):
    level = shade_of_rows(np.array([0.0, 0.0, 1.0]), sky, 0.9)
    assert np.all(level.petals == 0.0)
    np.testing.assert_allclose(level.sky, 1.0, atol=ALIKE)
    apart = shade_of_rows(normal, sky, 1e-9)
    front = np.einsum("ti,ti->t", normal, sky.sun_enu) > 0.0
    assert np.all(apart.petals[front] == 0.0)
    for left in (apart.sky, apart.ground):
        np.testing.assert_allclose(left, 1.0, atol=1e-6)


@pytest.mark.parametrize("name", ["latitude_tilt", "best_fixed", "single_axis"])
def test_rows_pay_for_their_neighbours_and_steps_still_sum(setting, name):
    row = result_of(name, setting)
    left = {step.name: step.kwh for step in row.steps}
    assert list(left) == [step for step in ORDER if step in left]
    assert left["facing"] == pytest.approx(row.poa_kwh_m2 * 10.0)  # light is counted before shading
    assert 0.95 * left["facing"] < left["shading"] < 0.995 * left["facing"]
    changes = np.diff([step.kwh for step in row.steps])
    assert row.steps[0].kwh + changes.sum() == pytest.approx(row.net_kwh, abs=SUM_KWH)
    assert sum(row.monthly_kwh) == pytest.approx(row.net_kwh, abs=SUM_KWH)


def test_denser_rows_lose_more(setting):
    net_kwh = [result_of("latitude_tilt", in_rows_at(setting, g)).net_kwh for g in (0.05, 0.3, 0.5, 0.8)]
    assert np.all(np.diff(net_kwh) < 0.0)


def test_flat_modules_and_a_lone_row_have_no_neighbours(setting):
    assert MOUNTINGS["flat"].orient(setting).shade is None
    array = setting.plant.array
    one = replace(array, names=("H01",), positions_enu_m=array.positions_enu_m[:1])
    lone = replace(setting, plant=replace(setting.plant, array=one))
    row = result_of("latitude_tilt", lone)
    assert row.orientation.shade is None
    assert "shading" not in {step.name for step in row.steps}


def test_rows_that_backtrack_lose_sky_and_no_beam(setting):
    shade = MOUNTINGS["single_axis"].orient(setting).shade
    facing = plane_irradiance(setting.daylight.sky, _by_day(setting, "single_axis")).cos_incidence > 0.0
    assert np.max(shade.petals[facing]) < ALIKE
    assert np.min(shade.sky) < 0.9


def test_rows_that_do_not_backtrack_shade_each_other(setting):
    plan = replace(setting.plant.comparison, single_axis_backtrack=False)
    true = replace(setting, plant=replace(setting.plant, comparison=plan))
    shade = MOUNTINGS["single_axis"].orient(true).shade
    low = setting.daylight.sky.sun_enu[:, 2] < 0.1
    assert np.mean(shade.petals[low]) > 0.3


def test_dense_rows_are_laid_flatter(setting):
    tilts = [result_of("best_fixed", in_rows_at(setting, ratio)).tilt_deg for ratio in (0.05, 0.4, 0.8)]
    assert np.all(np.diff(tilts) < -1.0)


def test_real_strings_lose_between_what_area_and_one_string_lose(setting):
    """Six groups of cells one above the other, as two modules lengthwise have, are near the area's loss."""
    orientation = MOUNTINGS["latitude_tilt"].orient(setting)
    by_area, shaded = orientation.shade, orientation.shade.petals
    in_steps = replace(by_area, petals=np.ceil(6.0 * shaded - ALIKE) / 6.0)
    in_series = replace(by_area, petals=np.ceil(shaded - ALIKE))

    def net_kwh(shade):
        return summed("made", 0, 1.0, replace(orientation, shade=shade), setting).net_kwh

    most, real, least = (net_kwh(shade) for shade in (by_area, in_steps, in_series))
    assert least < real < most
    assert 100.0 * (1.0 - real / most) < 0.2
    assert 100.0 * (1.0 - least / most) < 1.0


def test_rows_of_both_kinds_are_as_each_alone(setting):
    """(G, T, 3): what east- and west-facing rows take is theirs, and their mean is the field's."""
    south, west = (np.broadcast_to(plane_normal(35.0, a), (setting.intervals, 3)) for a in (180.0, 270.0))
    both = np.stack([south, west])
    shade = rows_shade(setting, both, ground_cover_ratio=0.4)
    mean = setting.yield_of(both, shade).ac_w
    each = [setting.yield_of(n, rows_shade(setting, n, ground_cover_ratio=0.4)).ac_w for n in (south, west)]
    np.testing.assert_allclose(mean, np.mean(each, axis=0), rtol=1e-12, atol=1e-9)


def _by_day(setting, name):
    return MOUNTINGS[name].orient(setting).normal_enu[setting.daylight.up]
