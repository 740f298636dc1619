"""Years whose answers are known without a computer, met through the whole comparison.

No air: sums of cosines (Duffie and Beckman, section 1.10). No beam: the even sky's view (Liu and Jordan).
No cloud: pvlib's irradiance, searched over all planes. Elsewhere nothing of the chain is taken for an oracle.
"""

from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pvlib
import pytest

from tracker.errors import InvalidWeather
from tracker.frames import azimuth_deg, elevation_deg
from tracker.plant import Site
from tracker.pv import Models
from tracker.pv.daylight import extraterrestrial_on
from tracker.study import compare
from tracker.sun import sun_position
from tracker.weather import airless_year, cloudless_year, overcast_year

BARE = {"incidence": "none", "transposition": "isotropic"}
FACING, OPTIMAL = "two_axis_sun_facing", "two_axis_optimal"
IDEAL = ("flat", "best_fixed", "single_axis", FACING, OPTIMAL)
FINE_S = 600.0
ANNUAL = 2e-3  # what ten-minute steps, refraction and the declination's way through the day leave
DAILY = 3e-3
STANDBY_W = 4.0
TILTS_DEG, TOWARD_DEG = np.arange(0.0, 90.5, 0.5), np.arange(0.0, 360.0, 3.0)


@pytest.fixture(scope="module")
def place():
    def make(latitude_deg, albedo=0.0):
        return Site(
            name="nowhere",
            latitude_deg=latitude_deg,
            longitude_deg=0.0,
            altitude_m=0.0,
            timezone="UTC",
            albedo=albedo,
        )

    return make


@pytest.fixture(scope="module")
def compared(plant_of):
    """One head without neighbours, its modules blind to heat and never clipped: energy goes as light does."""

    def run(site, weather, models=None, mountings=IDEAL, **plan):
        plant = plant_of(
            weather,
            **{"mountings": mountings, "claim_over": "flat", "single_axis_backtrack": False, **plan},
        )
        panels = replace(plant.array.panels, gamma_per_c=0.0, dc_ac_ratio=0.5, system_losses_percent=0.0)
        array = replace(plant.array, names=("H01",), positions_enu_m=np.zeros((1, 3)), panels=panels)
        return compare(replace(plant, site=site, array=array), weather, models or Models(**BARE))

    return run


def day_of(weather, month_day):
    """One day of a year, as a series of its own."""
    chosen = weather.utc.astype("datetime64[D]") == np.datetime64(f"2022-{month_day}")
    arrays = {
        part.name: getattr(weather, part.name)[chosen]
        for part in fields(weather)
        if isinstance(getattr(weather, part.name), np.ndarray)
    }
    return replace(weather, **arrays)


def declination_rad(utc, place):
    """From the pole, where the sun's elevation is its declination."""
    return np.radians(sun_position(utc, place(90.0)).elevation_deg)


def poa(comparison, name):
    return comparison.result(name).poa_kwh_m2


def step_kwh(result, name):
    return next(step.kwh for step in result.steps if step.name == name)


@pytest.mark.parametrize("month_day", ["03-21", "06-21", "12-21"])
def test_without_air_a_day_at_the_equator_gives_two_axes_half_pi_over_cos_declination(
    place, compared, month_day
):
    day = day_of(airless_year(place(0.0), step_s=60.0), month_day)
    comparison = compared(place(0.0), day, mountings=("flat", FACING, OPTIMAL))
    expected = np.pi / 2.0 / np.cos(declination_rad(day.utc, place).mean())
    assert poa(comparison, FACING) / poa(comparison, "flat") == pytest.approx(expected, rel=DAILY)
    assert poa(comparison, OPTIMAL) == pytest.approx(poa(comparison, FACING), rel=1e-9)
    dc = [step_kwh(comparison.result(name), "system") for name in (FACING, "flat")]
    assert dc[0] / dc[1] == pytest.approx(expected, rel=DAILY)


def test_without_air_the_year_at_the_equator_sums_those_days(place, compared):
    year = airless_year(place(0.0), step_s=FINE_S)
    comparison = compared(place(0.0), year, mountings=("flat", FACING))
    extra = extraterrestrial_on(year.utc)
    level = np.sum(extra * np.cos(declination_rad(year.utc, place)))
    expected_percent = 100.0 * (np.pi / 2.0 * np.sum(extra) / level - 1.0)
    gain = comparison.gain(FACING, "flat")
    assert gain.poa_percent == pytest.approx(expected_percent, abs=100.0 * ANNUAL * 1.6)
    assert poa(comparison, FACING) == pytest.approx(np.sum(extra) * 12.0 / 24.0 / 6.0 / 1000.0, rel=3e-3)


def test_at_the_equinox_on_the_equator_a_single_axis_only_misses_what_lies_beyond_its_stop(place, compared):
    """Within 60 deg it faces the sun, then it misses by hour angle - 60: (2 pi / 3 + 1) / pi of two axes."""
    day = day_of(airless_year(place(0.0), step_s=60.0), "03-21")
    comparison = compared(place(0.0), day, mountings=("flat", "single_axis", FACING))
    expected = (2.0 * np.pi / 3.0 + 1.0) / np.pi
    assert poa(comparison, "single_axis") / poa(comparison, FACING) == pytest.approx(expected, rel=DAILY)


def test_without_air_summer_at_the_pole_gives_two_axes_one_over_sin_declination(place, compared):
    day = day_of(airless_year(place(90.0), step_s=FINE_S), "06-21")
    comparison = compared(place(90.0), day, mountings=("flat", FACING))
    expected = 1.0 / np.sin(declination_rad(day.utc, place).mean())
    assert expected == pytest.approx(2.51, abs=0.01)
    assert poa(comparison, FACING) / poa(comparison, "flat") == pytest.approx(expected, rel=DAILY)


def test_the_polar_night_yields_nothing_and_costs_the_sunflower_its_standby(place, compared):
    year = cloudless_year(place(90.0))
    comparison = compared(place(90.0), year, mountings=("flat", FACING, "sunflower"))
    for month in (0, 1, 10, 11):
        assert comparison.result("flat").monthly_kwh[month] == 0.0
        assert comparison.result(FACING).monthly_kwh[month] == 0.0
    december_kwh = -STANDBY_W * 31 * 24 / 1000.0
    assert comparison.result("sunflower").monthly_kwh[11] == pytest.approx(december_kwh, rel=1e-9)


def test_a_polar_night_alone_is_refused_rather_than_divided_by(place, compared):
    with pytest.raises(InvalidWeather, match=r"0\.000 kWh net"):
        compared(place(90.0), day_of(cloudless_year(place(90.0)), "12-21"))


@pytest.mark.parametrize("latitude_deg", [0.0, 22.6, 66.6, 90.0])
def test_under_a_grey_sky_flat_beats_everything_by_the_view_that_others_give_away(
    place, compared, latitude_deg
):
    site = place(latitude_deg, albedo=0.2)
    year = overcast_year(site)
    comparison = compared(site, year)
    up = np.maximum(sun_position(year.utc, site).direction_enu[:, 2], 0.0)
    sky, ground = year.dhi_w_m2 * (1.0 + up) / 2.0, 0.2 * year.ghi_w_m2 * (1.0 - up) / 2.0
    flat_kwh = np.sum(year.dhi_w_m2) / 1000.0
    assert poa(comparison, "flat") == pytest.approx(flat_kwh, rel=1e-3)
    expected_percent = 100.0 * (np.sum(sky + ground) / np.sum(year.dhi_w_m2) - 1.0)
    gain = comparison.gain(FACING, "flat")
    assert gain.poa_percent == pytest.approx(expected_percent, abs=0.1)
    assert gain.poa_percent < -3.0
    for name in IDEAL:
        assert poa(comparison, name) <= poa(comparison, "flat") * (1.0 + 1e-12), name
    assert poa(comparison, OPTIMAL) == pytest.approx(poa(comparison, "flat"), rel=1e-12)
    assert comparison.result("best_fixed").tilt_deg < 0.5


def test_under_a_grey_sky_at_the_equinox_on_the_equator_two_axes_keep_half_of_one_and_pi_quarters(
    place, compared
):
    """The sky's view (1 + cos zenith) / 2, weighted with light that goes as cos zenith."""
    day = day_of(overcast_year(place(0.0), step_s=60.0), "03-21")
    comparison = compared(place(0.0), day, mountings=("flat", FACING))
    expected = (1.0 + np.pi / 4.0) / 2.0
    assert poa(comparison, FACING) / poa(comparison, "flat") == pytest.approx(expected, rel=DAILY)


@pytest.mark.parametrize("over", ["flat", "best_fixed"])
def test_under_a_grey_sky_the_answer_is_that_fixed_wins(place, compared, over):
    site = place(22.6, albedo=0.2)
    comparison = compared(
        site,
        overcast_year(site),
        mountings=("flat", "best_fixed", "single_axis", "sunflower"),
        claim_over=over,
        claim_percent=5.0,
    )
    for gain in comparison.gains:
        if gain.over in ("flat", "best_fixed"):
            assert gain.net_percent < 0.0, gain
    assert comparison.gain("sunflower", over).p10_percent < 0.0
    assert comparison.claim.verdict == "not supported"
    assert comparison.claim.reached_percent < 0.0
    assert "is not supported" in comparison.claim.says
    assert "no baseline compared makes it true" in comparison.claim.only_if
    assert "no kind of sky makes it true" in comparison.claim.only_if


@pytest.mark.parametrize("step_s", [FINE_S, 3600.0])
@pytest.mark.parametrize("latitude_deg", [0.0, 40.0, -65.0, 90.0])
def test_without_air_no_plane_of_a_grid_gets_more_than_best_fixed(place, compared, latitude_deg, step_s):
    site = place(latitude_deg)
    year = airless_year(site, step_s=step_s)
    best = compared(site, year, mountings=("flat", "best_fixed", FACING)).result("best_fixed")
    sun_enu = sun_position(year.utc, site).direction_enu
    tilt_rad, toward_rad = np.radians(np.meshgrid(np.arange(0.0, 91.0, 2.0), np.arange(0.0, 360.0, 30.0)))
    level = np.sin(tilt_rad)
    grid = np.stack([level * np.sin(toward_rad), level * np.cos(toward_rad), np.cos(tilt_rad)], axis=-1)
    facing = np.maximum(sun_enu @ grid.reshape(-1, 3).T, 0.0)
    searched_kwh_m2 = np.max(year.dni_w_m2 @ facing) * step_s / 3.6e6
    assert searched_kwh_m2 * (1.0 - 1e-3) <= best.poa_kwh_m2 <= searched_kwh_m2 * 1.002


def test_a_cloudless_year_has_the_best_fixed_plane_that_pvlib_finds(place, compared):
    site = place(-33.9, albedo=0.2)
    year = cloudless_year(site)
    mountings = ("flat", "best_fixed", FACING)
    best = compared(site, year, Models(incidence="none"), mountings).result("best_fixed")
    sums = {
        (tilt, azimuth): np.sum(poa_of_pvlib(year, site, tilt, azimuth)) / 1000.0
        for tilt in range(16, 44, 2)
        for azimuth in (-20.0, -10.0, 0.0, 10.0, 20.0)
    }
    (tilt_deg, toward_deg), searched = max(sums.items(), key=lambda item: item[1])
    assert best.tilt_deg == pytest.approx(tilt_deg, abs=2.5)
    assert (best.azimuth_deg + 180.0) % 360.0 - 180.0 == pytest.approx(toward_deg, abs=5.0)
    assert best.poa_kwh_m2 == pytest.approx(searched, rel=5e-4)


@pytest.mark.parametrize("latitude_deg", [0.0, 22.6, 60.0])
def test_in_a_cloudless_year_the_brightest_plane_is_pvlibs_brightest_of_all(place, compared, latitude_deg):
    site = place(latitude_deg, albedo=0.2)
    year = cloudless_year(site)
    result = compared(site, year, Models(incidence="none"), ("flat", OPTIMAL)).result(OPTIMAL)
    normal = result.orientation.normal_enu
    held = poa_of_pvlib(year, site, 90.0 - elevation_deg(normal), azimuth_deg(normal))
    assert result.poa_kwh_m2 == pytest.approx(np.sum(held) / 1000.0, rel=1e-6)
    some = np.flatnonzero(sun_position(year.utc, site).apparent_elevation_deg > 0.0)[::401]
    tilt_deg, toward_deg = (axis.ravel() for axis in np.meshgrid(TILTS_DEG, TOWARD_DEG))
    every = np.repeat(some, tilt_deg.size)
    planes = np.tile(tilt_deg, some.size), np.tile(toward_deg, some.size)
    brightest = poa_of_pvlib(year, site, *planes, every).reshape(some.size, -1).max(axis=1)
    assert np.all(held[some] >= brightest * (1.0 - 1e-9))
    assert np.all(held[some] <= brightest * 1.001 + 0.01)


def poa_of_pvlib(year, site, tilt_deg, toward_deg, at=slice(None)):
    sun = sun_position(year.utc[at], site)
    zenith_deg = 90.0 - sun.apparent_elevation_deg
    total = pvlib.irradiance.get_total_irradiance(
        tilt_deg,
        toward_deg,
        zenith_deg,
        sun.azimuth_deg,
        year.dni_w_m2[at],
        year.ghi_w_m2[at],
        year.dhi_w_m2[at],
        dni_extra=pvlib.irradiance.get_extra_radiation(pd.DatetimeIndex(year.utc[at]).day_of_year.to_numpy()),
        airmass=pvlib.atmosphere.get_relative_airmass(np.minimum(zenith_deg, 90.0)),
        albedo=site.albedo,
        model="perez",
    )
    return np.where(zenith_deg < 90.0, np.nan_to_num(total["poa_global"]), 0.0)
