"""The sunflower of the yield: the controller's own code over a year."""

from dataclasses import replace

import numpy as np
import pytest

from tracker.frames import angle_between_deg, elevation_deg
from tracker.study import compare
from tracker.study.driven import sunflower as study
from tracker.study.driven.sunflower import decided_orientation
from tracker.sun import sun_position
from tracker.weather.series import Weather


def days(weather: Weather, first: int, last: int) -> Weather:
    """Some days of hourly weather."""
    cut = slice(24 * first, 24 * last)
    arrays = ("utc", "ghi_w_m2", "dni_w_m2", "dhi_w_m2", "temp_air_c", "wind_speed_m_s", "pressure_pa")
    return replace(weather, **{name: getattr(weather, name)[cut] for name in arrays})


def blown(weather: Weather, mean_m_s: float) -> Weather:
    return replace(weather, wind_speed_m_s=np.full(weather.utc.shape, mean_m_s))


@pytest.fixture(scope="module")
def shenzhen(weather_of):
    return weather_of("shenzhen")


@pytest.fixture(scope="module")
def week(shenzhen):
    return days(shenzhen, 100, 107)


@pytest.fixture(scope="module")
def plant(plant_of, shenzhen):
    return plant_of(shenzhen, mountings=("best_fixed", "two_axis_sun_facing", "sunflower"))


def oriented(plant, weather):
    sun = sun_position(weather.utc, plant.site)
    return decided_orientation(plant, weather, sun), sun


def test_by_day_in_calm_it_faces_the_sun(plant, week):
    orientation, sun = oriented(plant, blown(week, 1.0))
    high = sun.apparent_elevation_deg > 10.0
    off_deg = angle_between_deg(orientation.normal_enu, sun.direction_enu)[high]
    assert off_deg.max() < 1e-6
    assert np.sum(high) > 60


def test_at_night_it_lies_flat(plant, week):
    orientation, sun = oriented(plant, blown(week, 1.0))
    night = sun.apparent_elevation_deg < -10.0
    night[:24] = False  # the first one begins looking north
    assert elevation_deg(orientation.normal_enu[night]).min() > 89.9
    assert orientation.drive_wh[night].sum() == pytest.approx(0.0, abs=1e-9)


def test_in_steady_wind_it_stays_stowed(plant, week):
    gale = plant.safety.stow_gust_m_s / plant.safety.gust_factor
    orientation, _ = oriented(plant, blown(week, gale))
    assert elevation_deg(orientation.normal_enu).min() > 89.9
    assert orientation.tracking_h == 0.0


def test_wind_is_taken_at_the_height_of_the_sensor(plant, week):
    """Twice the height sees 2^0.143 = 1.104 times the wind: enough to stow where 10 m is not."""
    breeze = blown(week, 0.95 * plant.safety.stow_gust_m_s / plant.safety.gust_factor)
    low, _ = oriented(plant, breeze)
    high, _ = oriented(replace(plant, wind=replace(plant.wind, height_m=20.0)), breeze)
    assert low.stowed_h == 0.0
    assert high.stowed_h > 0.0


def test_the_weathers_height_and_shear_are_the_sites(plant, week):
    """Wind of a mast of 2 m is 5^0.143 = 1.26 times as strong at 10 m, and as strong without shear."""
    breeze = blown(week, 0.9 * plant.safety.stow_gust_m_s / plant.safety.gust_factor)
    mast = replace(plant.wind, weather_height_m=2.0)
    sheared, _ = oriented(replace(plant, wind=mast), breeze)
    even, _ = oriented(replace(plant, wind=replace(mast, shear_exponent=0.0)), breeze)
    assert sheared.stowed_h > 0.0
    assert even.stowed_h == 0.0


def test_the_comparison_tells_its_gusts_and_counts_what_wind_did(plant, week):
    wind = np.full(week.utc.shape, 1.0)
    noon = int(np.argmax(week.ghi_w_m2[:24]))
    midnight = (noon + 36) % 24 + 24
    wind[[noon, midnight]] = 20.0
    wind[noon + 48] = np.nan  # what nobody knows stows nothing
    high = replace(plant, wind=replace(plant.wind, height_m=12.0, weather_height_m=8.0, shear_exponent=0.2))
    stow = compare(high, replace(week, wind_speed_m_s=wind)).stow
    told = (stow.gust_factor, stow.height_m, stow.weather_height_m, stow.shear_exponent, stow.stow_gust_m_s)
    assert told == (1.5, 12.0, 8.0, 0.2, 12.0)
    assert (stow.steps, stow.unknown_wind_steps, stow.measured_gust_steps) == (week.utc.size, 1, 0)
    assert stow.stowed_steps == 2 * stow.stowed_daylight_steps
    assert 1 <= stow.stowed_daylight_steps <= 2  # the hour, and perhaps the next, not calm for long
    assert "times 1.5, taken from 8 to 12 m with exponent 0.2" in stow.says
    assert "1 steps without wind stow nothing" in stow.says


def test_measured_gusts_are_told_from_means(plant, week):
    gust = np.full(week.utc.shape, np.nan)
    gust[:24] = 13.0
    stow = compare(plant, replace(blown(week, 1.0), gust_m_s=gust)).stow
    assert stow.measured_gust_steps == 24
    assert stow.stowed_steps >= 24
    assert stow.says.startswith("gusts are measured in 24 steps, else means of 60 min times 1.5")


def test_one_windy_hour_costs_that_hour_and_the_calm_after_it(plant, week):
    wind = np.full(week.utc.shape, 1.0)
    noon = int(np.argmax(week.ghi_w_m2[:24]))
    wind[noon] = 20.0
    orientation, _ = oriented(plant, replace(week, wind_speed_m_s=wind))
    assert elevation_deg(orientation.normal_enu[noon]) > 89.9
    assert orientation.stowed_h == pytest.approx(1.5, abs=0.2)  # the hour, and 1,800 s of calm


def test_unknown_wind_is_no_stow_in_the_yield(plant, week):
    orientation, _ = oriented(plant, blown(week, np.nan))
    assert orientation.stowed_h == 0.0
    assert orientation.tracking_h > 60.0


def test_a_narrow_travel_costs_energy_in_the_limits_step(plant, week):
    limits = replace(plant.array.mount.limits, azimuth_range_deg=(120.0, 240.0))
    narrow = replace(plant, array=replace(plant.array, mount=replace(plant.array.mount, limits=limits)))
    free, tied = (
        {step.name: step.kwh for step in compare(p, blown(week, 1.0)).result("sunflower").steps}
        for p in (plant, narrow)
    )
    assert free["facing"] == tied["facing"]
    assert free["limits"] > 0.99 * free["facing"]
    assert tied["limits"] < 0.99 * tied["facing"]


def test_a_slow_drive_is_late(plant, week):
    limits = replace(plant.array.mount.limits, azimuth_rate_deg_s=0.002, elevation_rate_deg_s=0.002)
    slow = replace(plant, array=replace(plant.array, mount=replace(plant.array.mount, limits=limits)))
    orientation, sun = oriented(slow, blown(week, 1.0))
    up = sun.apparent_elevation_deg > 10.0
    assert np.median(angle_between_deg(orientation.normal_enu, sun.direction_enu)[up]) > 5.0


def test_the_drive_pays_for_every_degree(plant, shenzhen):
    """A winter day turns the azimuth there and back and the elevation down and up, 60 W a moving axis."""
    orientation, sun = oriented(plant, blown(days(shenzhen, 5, 12), 1.0))
    limits, power_w = plant.array.mount.limits, plant.array.mount.drive_power_w
    per_day_wh = orientation.drive_wh.sum() / 7.0
    up = sun.apparent_elevation_deg > 0.0
    sweep_deg = sun.azimuth_deg[:24][up[:24]].max() - 90.0  # out from the night posture, and back
    climb_deg = sun.apparent_elevation_deg.max()
    motor_s = (
        2 * sweep_deg / limits.azimuth_rate_deg_s + (180.0 + 2 * climb_deg) / limits.elevation_rate_deg_s
    )
    assert per_day_wh == pytest.approx(motor_s * power_w / 3600.0, rel=0.1)


def test_a_cable_at_its_end_is_paid_for_by_unwinding(plant, week):
    """In April the sun sets past 270 deg: the azimuth goes a whole turn back in the late afternoon."""
    wide = replace(plant.array.mount.limits, azimuth_range_deg=(-360.0, 360.0))
    free = replace(plant, array=replace(plant.array, mount=replace(plant.array.mount, limits=wide)))
    bound_wh, free_wh = (oriented(p, blown(week, 1.0))[0].drive_wh.sum() for p in (plant, free))
    turn_wh = 360.0 / wide.azimuth_rate_deg_s * plant.array.mount.drive_power_w / 3600.0
    assert bound_wh - free_wh > 6 * 0.5 * turn_wh


def test_finer_control_steps_give_the_same_energy(plant, week, monkeypatch):
    coarse = compare(plant, blown(week, 1.0)).result("sunflower").net_kwh
    monkeypatch.setattr(study, "CONTROL_STEP_S", 60.0)
    fine = compare(plant, blown(week, 1.0)).result("sunflower").net_kwh
    assert coarse == pytest.approx(fine, rel=2e-3)


def test_the_year_lies_between_best_fixed_and_ideal_tracking(plant, shenzhen):
    result = compare(plant, shenzhen)
    sunflower, ideal, fixed = (
        result.result(name) for name in ("sunflower", "two_axis_sun_facing", "best_fixed")
    )
    assert fixed.net_kwh < sunflower.net_kwh < ideal.net_kwh
    assert sunflower.poa_kwh_m2 == pytest.approx(ideal.poa_kwh_m2, rel=0.01)
    steps = [step.kwh for step in sunflower.steps]
    assert sum(np.diff(steps)) + steps[0] == pytest.approx(sunflower.net_kwh, abs=1e-9)
