"""Pointing errors and outages of driven heads, in their own steps."""

from dataclasses import replace

import numpy as np
import pytest

from tracker.frames import enu_from_azel
from tracker.pv import Models
from tracker.study import compare
from tracker.study.mountings.held import held_yield, mean_normal
from tracker.study.mountings.orientation import Orientation, without_cost
from tracker.study.setting import setting_of


@pytest.fixture
def week(weather_of):
    """A week of October, clear days among them."""
    weather = weather_of("phoenix")
    cut = slice(24 * 280, 24 * 287)
    arrays = ("utc", "ghi_w_m2", "dni_w_m2", "dhi_w_m2", "temp_air_c", "wind_speed_m_s", "pressure_pa")
    return replace(weather, **{name: getattr(weather, name)[cut] for name in arrays})


@pytest.fixture
def setting_with(week, plant_of):
    def make(**plan):
        plan = {"mountings": ("flat", "sunflower"), "claim_over": "flat", **plan}
        return setting_of(plant_of(week, **plan), week, Models())

    return make


def driven(setting, normal=None):
    normal = setting.sun.direction_enu if normal is None else normal
    nothing = np.zeros(setting.intervals)
    return Orientation(
        normal_enu=normal,
        ideal_normal_enu=normal,
        limited_normal_enu=normal,
        drive_wh=nothing,
        standby_w=nothing,
    )


def test_the_mean_normal_collects_what_scattered_heads_do_on_average(setting_with):
    """Two thousand heads that point 3 deg (rms) beside the sun, each evaluated by itself."""
    setting, rng = setting_with(pointing_error_deg=3.0), np.random.default_rng(5)
    sun = setting.sun
    poa = []
    for _ in range(2000):
        off_deg = rng.normal(scale=3.0 / np.sqrt(2.0), size=2)
        elevation_deg = sun.apparent_elevation_deg + off_deg[0]
        azimuth_deg = sun.azimuth_deg + off_deg[1] / np.cos(np.radians(sun.apparent_elevation_deg))
        poa.append(np.sum(setting.open_poa(enu_from_azel(azimuth_deg, elevation_deg))))
    mean = np.sum(setting.open_poa(mean_normal(sun.direction_enu, 3.0)))
    lost = np.sum(setting.open_poa(sun.direction_enu)) - mean
    assert mean == pytest.approx(np.mean(poa), rel=2e-4)
    assert lost == pytest.approx(np.sum(setting.open_poa(sun.direction_enu)) - np.mean(poa), rel=0.15)


def test_outages_mix_level_heads_in_by_their_share(setting_with):
    always, mostly = setting_with(), setting_with(availability_percent=90.0)
    orientation = driven(always)
    level = always.yield_of(np.array([0.0, 0.0, 1.0])).ac_w
    expected = 0.9 * held_yield(always, orientation).ac_w + 0.1 * level
    np.testing.assert_allclose(held_yield(mostly, orientation).ac_w, expected, rtol=1e-12)


def test_what_does_not_move_neither_mispoints_nor_breaks_down(setting_with):
    poor = setting_with(availability_percent=50.0, pointing_error_deg=5.0)
    fixed = without_cost(np.array([0.0, 0.0, 1.0]), poor.intervals)
    np.testing.assert_array_equal(held_yield(poor, fixed).ac_w, poor.yield_of(fixed.normal_enu).ac_w)


def test_pointing_is_a_step_of_its_own_and_outages_are_part_of_stow(week, plant_of):
    def steps(**plan):
        plant = plant_of(week, mountings=("flat", "sunflower"), claim_over="flat", **plan)
        comparison = compare(plant, week)
        return comparison, {step.name: step.kwh for step in comparison.result("sunflower").steps}

    perfect, ideal = steps()
    real, poor = steps(pointing_error_deg=2.0, availability_percent=95.0)
    assert "pointing" in perfect.not_modelled
    assert "pointing" not in real.not_modelled
    assert "pointing" not in ideal
    assert poor["facing"] == pytest.approx(ideal["facing"], rel=1e-12)
    assert poor["limits"] == pytest.approx(ideal["limits"], rel=1e-12)
    assert poor["stow"] < 0.995 * ideal["stow"]
    assert 0.999 * poor["stow"] < poor["pointing"] < poor["stow"]
    assert poor["drive"] == pytest.approx(real.result("sunflower").net_kwh, abs=1e-9)


def test_pointing_and_outages_make_the_gain_uncertain_only_where_heads_are_driven(week, plant_of):
    plan = {"mountings": ("flat", "two_axis_sun_facing", "sunflower"), "claim_over": "flat"}
    comparison = compare(plant_of(week, **plan, pointing_error_deg=1.0, availability_percent=99.0), week)
    causes = {
        of: {effect.cause for effect in comparison.gain(of, "flat").spread.effects}
        for of in ("sunflower", "two_axis_sun_facing")
    }
    assert causes["sunflower"] - causes["two_axis_sun_facing"] == {"pointing", "availability"}
