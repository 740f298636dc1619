"""Years without air, cloud or beam, at the equator, the tropics, the middle latitudes and the poles."""

import numpy as np
import pandas as pd
import pvlib
import pytest

from tracker.sun import sun_position
from tracker.weather.splitting.sunlight import sunlight
from tracker.weather.synthetic.ideal import airless_year, cloudless_year, overcast_year

LATITUDES = [0.0, 22.6, -33.9, 66.6, -78.0, 90.0]
MINUTE_S = 60.0


@pytest.mark.parametrize("latitude_deg", LATITUDES)
def test_a_year_without_air_has_the_closed_forms_of_the_textbook(latitude_deg, site_at):
    """A day's insolation is 24 h/pi E0 (cos phi cos delta sin w + w sin phi sin delta), w the half day."""
    site = site_at(latitude_deg, 0.0)
    year = airless_year(site, step_s=600.0)
    days = year.utc.reshape(-1, 144)
    noon = days[:, 72]
    sun = sunlight(noon, 600.0, site)
    declination = _declination_rad(noon, site_at)
    latitude = np.radians(latitude_deg)
    half_day = np.arccos(np.clip(-np.tan(latitude) * np.tan(declination), -1.0, 1.0))
    flat_wh = (24.0 / np.pi) * sun.extra_normal_w_m2
    flat_wh *= np.cos(latitude) * np.cos(declination) * np.sin(half_day) + half_day * np.sin(
        latitude
    ) * np.sin(declination)
    got_wh = year.ghi_w_m2.reshape(-1, 144).sum(axis=1) / 6.0
    assert got_wh.sum() == pytest.approx(flat_wh.sum(), rel=1e-3)
    assert got_wh == pytest.approx(flat_wh, abs=45.0)  # at the pole's dawn declination moves during the day
    facing_wh = 24.0 / np.pi * half_day * sun.extra_normal_w_m2
    got_facing_wh = year.dni_w_m2.reshape(-1, 144).sum(axis=1) / 6.0
    assert got_facing_wh.sum() == pytest.approx(facing_wh.sum(), rel=3e-3)


def _declination_rad(utc, site_at):
    """From the pole, where the sun's elevation is its declination."""
    return np.radians(sun_position(utc, site_at(90.0, 0.0)).elevation_deg)


@pytest.mark.parametrize("make", [airless_year, cloudless_year, overcast_year])
@pytest.mark.parametrize("latitude_deg", LATITUDES)
def test_every_ideal_year_closes_and_is_dark_at_night(make, latitude_deg, site_at):
    site = site_at(latitude_deg, 114.0, 80.0)
    year = make(site)
    cosine = sunlight(year.utc, year.step_s, site).cos_zenith
    together = year.dhi_w_m2 + year.dni_w_m2 * np.maximum(cosine, 0.0)
    assert together == pytest.approx(year.ghi_w_m2, abs=1e-9)
    assert np.all(year.ghi_w_m2[cosine <= 0.0] == 0.0)
    assert year.utc.size == 8760
    assert set(year.local_year) == {2022}


def test_the_polar_year_is_half_light_and_half_night(site_at):
    year = cloudless_year(site_at(90.0, 0.0))
    lit = year.ghi_w_m2 > 0.0
    assert 182 * 24 < lit.sum() < 188 * 24  # summer is the longer half, the earth is far and slow then
    assert np.sum(np.diff(lit.astype(int)) != 0) == 2


def test_days_at_the_equator_are_twelve_hours_all_year(site_at):
    year = airless_year(site_at(0.0, 0.0), step_s=600.0)
    hours = (year.dni_w_m2 > 0.0).reshape(-1, 144).sum(axis=1) / 6.0
    assert hours == pytest.approx(np.full(365, 12.0), abs=1.0 / 3.0)


def test_north_and_south_have_each_others_seasons(site_at):
    north, south = (airless_year(site_at(latitude_deg, 0.0)) for latitude_deg in (40.0, -40.0))
    june, december = north.local_month == 6, north.local_month == 12
    assert north.ghi_w_m2[june].sum() > 2.5 * north.ghi_w_m2[december].sum()
    assert south.ghi_w_m2[december].sum() > 2.5 * south.ghi_w_m2[june].sum()


def test_an_overcast_year_has_no_beam_and_the_stated_clearness(site_at):
    site = site_at(22.6, 114.0)
    year, airless = overcast_year(site, clearness=0.25), airless_year(site)
    assert np.all(year.dni_w_m2 == 0.0)
    assert np.array_equal(year.ghi_w_m2, year.dhi_w_m2)
    assert year.ghi_w_m2.sum() == pytest.approx(0.25 * airless.ghi_w_m2.sum())


def test_a_cloudless_year_is_as_clear_as_pvlibs_clear_sky(site_at):
    site = site_at(22.6, 114.0, 80.0)
    year = cloudless_year(site)
    sun = sunlight(year.utc, year.step_s, site)
    zenith_deg = np.degrees(np.arccos(sun.cos_zenith))
    airmass = pvlib.atmosphere.get_absolute_airmass(pvlib.atmosphere.get_relative_airmass(zenith_deg))
    clear = pvlib.clearsky.ineichen(
        pd.Series(zenith_deg),
        pd.Series(airmass),
        linke_turbidity=3.0,
        altitude=80.0,
        dni_extra=pd.Series(sun.extra_normal_w_m2),
    )
    assert year.ghi_w_m2.sum() == pytest.approx(clear["ghi"].sum(), rel=0.05)
    assert year.dni_w_m2.sum() == pytest.approx(clear["dni"].sum(), rel=0.1)


@pytest.mark.parametrize("step_s", [MINUTE_S, 900.0])
def test_a_finer_grid_gives_the_same_year(step_s, site_at):
    site = site_at(22.6, 114.0)
    fine, coarse = cloudless_year(site, step_s=step_s), cloudless_year(site)
    assert fine.utc.size == 365 * 86400 / step_s
    assert fine.energy_kwh_m2(fine.ghi_w_m2) == pytest.approx(coarse.energy_kwh_m2(coarse.ghi_w_m2), rel=2e-3)
