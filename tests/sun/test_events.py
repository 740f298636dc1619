"""Sunrise, sunset, transit and rates, against pvlib, an ephemeris, and the engine itself."""

import importlib.util
from contextlib import closing
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pvlib import solarposition

from tracker.sun import Places, Sun, sun_days, sun_rates
from tracker.sun.rates import keyhole_edge_deg

YEAR = np.arange("2025-01-01", "2026-01-01", dtype="datetime64[D]")
HORIZON_DEG = -0.8333
SECOND = np.timedelta64(1, "s")
PVLIB_S = 1.5  # SPA leaves parallax out of rise and set (0.6 s) and interpolates three days
EPHEMERIS_S = 2.0


def at(latitude_deg, longitude_deg):
    return Sun(Places(latitude_deg=latitude_deg, longitude_deg=longitude_deg))


@pytest.mark.parametrize("latitude_deg", [-50.0, -22.6, 0.0, 40.0, 55.0])
def test_pvlib_sees_the_same_rise_transit_and_set(latitude_deg):
    days = sun_days(YEAR, at(latitude_deg, 8.0))
    index = pd.DatetimeIndex(YEAR).tz_localize("UTC")
    table = solarposition.sun_rise_set_transit_spa(index, latitude_deg, 8.0)
    for ours, theirs in (("sunrise_utc", "sunrise"), ("sunset_utc", "sunset"), ("transit_utc", "transit")):
        off_s = (getattr(days, ours) - table[theirs].dt.tz_localize(None).to_numpy()) / SECOND
        assert np.abs(off_s).max() < PVLIB_S
    assert np.abs((days.transit_utc - table["transit"].dt.tz_localize(None).to_numpy()) / SECOND).max() < 0.02


def test_the_published_example_of_the_algorithm_is_met():
    """Reda and Andreas (2008), table A5.1: sunrise 06:12:43, sunset 17:20:19, seven hours behind UTC.

    Their sunset is that of the date in UTC, so the evening before: the next one is 87 s earlier.
    """
    days = sun_days(np.array(["2003-10-16", "2003-10-17"]), at(39.742476, -105.1786))
    for event, local in (
        (days.sunrise_utc[1], "2003-10-17T06:12:43"),
        (days.sunset_utc[0], "2003-10-16T17:20:19"),
    ):
        assert abs((event - np.timedelta64(7, "h") - np.datetime64(local)) / SECOND) < PVLIB_S


def test_an_ephemeris_sees_the_same_rise_and_set_near_the_pole():
    from skyfield import almanac
    from skyfield.api import load, load_file, wgs84

    data = importlib.util.find_spec("skyfield_data").submodule_search_locations[0]
    scale = load.timescale(delta_t=67.0)
    start, end = (
        scale.ut1_jd(date / np.timedelta64(1, "D") + 2440587.5)
        for date in (
            np.datetime64("2025-01-01") - np.datetime64("1970-01-01"),
            np.datetime64("2026-01-01") - np.datetime64("1970-01-01"),
        )
    )
    days = sun_days(YEAR, at(69.65, 18.96))
    with closing(load_file(Path(data) / "data" / "de421.bsp")) as planets:
        observer = planets["earth"] + wgs84.latlon(69.65, 18.96)
        for find, ours in (
            (almanac.find_risings, days.sunrise_utc),
            (almanac.find_settings, days.sunset_utc),
        ):
            times, real = find(observer, planets["sun"], start, end, horizon_degrees=HORIZON_DEG)
            theirs_s = (times.ut1[real] - 2440587.5) * 86400.0
            ours_s = np.sort(ours[~np.isnat(ours)].astype(np.int64) / 1e6)
            assert ours_s.size == theirs_s.size
            grazing = np.abs(np.gradient(theirs_s) - 86400.0) > 1200.0  # a hair of elevation is minutes
            assert np.abs(ours_s - theirs_s)[~grazing].max() < EPHEMERIS_S
            assert np.count_nonzero(grazing) < 12


@pytest.mark.parametrize("threshold_deg", [HORIZON_DEG, -6.0, 10.0])
def test_at_every_event_the_sun_stands_where_it_is_said_to(rng, threshold_deg):
    places = Places(latitude_deg=np.linspace(-90.0, 90.0, 37), longitude_deg=rng.uniform(-180.0, 180.0, 37))
    sun = Sun(places)
    days = sun_days(YEAR[::5], sun, elevation_deg=threshold_deg)
    assert days.sunrise_utc.shape == days.day_length_h.shape == (37, 73)
    for event, sign in ((days.sunrise_utc, 1), (days.sunset_utc, -1)):
        happens = ~np.isnat(event)
        assert happens.sum() > 1000
        time = np.where(happens, event, np.datetime64("2025-01-01"))
        assert np.abs(sun.angles(time, each=True).elevation_deg - threshold_deg)[happens].max() < 2e-8
        later = sun.angles(time + SECOND, each=True).elevation_deg - threshold_deg
        assert (sign * later > 0.0)[happens].all()
    assert ((days.day_length_h >= 0.0) & (days.day_length_h <= 24.0)).all()


def test_polar_day_and_polar_night_have_no_events_but_a_length():
    days = sun_days(np.array(["2025-06-21", "2025-12-21"], dtype="datetime64[D]"), at(78.2, 15.6))
    assert np.isnat(days.sunrise_utc).all()
    assert np.isnat(days.sunset_utc).all()
    assert not np.isnat(days.transit_utc).any()
    assert days.day_length_h.tolist() == [24.0, 0.0]


def test_the_pole_has_one_sunrise_and_one_sunset_a_year():
    days = sun_days(YEAR, at(90.0, 0.0))
    (rise,), (fall,) = (
        days.sunrise_utc[~np.isnat(days.sunrise_utc)],
        days.sunset_utc[~np.isnat(days.sunset_utc)],
    )
    assert np.datetime64("2025-03-17") < rise < np.datetime64("2025-03-20")
    assert np.datetime64("2025-09-23") < fall < np.datetime64("2025-09-27")


def test_a_day_is_as_long_as_from_sunrise_to_sunset():
    days = sun_days(YEAR, at(22.6, 114.0))
    length_h = (days.sunset_utc - days.sunrise_utc) / np.timedelta64(1, "h")
    np.testing.assert_allclose(days.day_length_h, length_h, atol=1e-8)


@pytest.mark.parametrize("longitude_deg", [-179.9, -75.0, 0.0, 114.0, 179.9, 350.0])
def test_the_date_is_that_of_the_places_own_noon(longitude_deg):
    days = sun_days(YEAR, at(10.0, longitude_deg))
    east_deg = longitude_deg if longitude_deg <= 180.0 else longitude_deg - 360.0
    local = days.transit_utc + np.timedelta64(round(east_deg * 240.0), "s")
    assert (local.astype("datetime64[D]") == YEAR).all()
    assert np.abs((local - YEAR) / np.timedelta64(1, "m") - 720.0).max() < 17.0


def test_dates_that_are_none_are_refused():
    with pytest.raises(ValueError, match="dates hold NaT"):
        sun_days(np.array(["2025-01-01", "NaT"], dtype="datetime64[D]"), at(0.0, 0.0))
    with pytest.raises(ValueError, match="years from 1900 to 2200"):
        sun_days(np.array(["1800-01-01"], dtype="datetime64[D]"), at(0.0, 0.0))


def test_rates_are_what_the_angles_do(rng):
    """Against angles ten seconds either side, far enough from the zenith for that to be a derivative."""
    sun = at(22.6097, 114.0296)
    utc = np.datetime64("2025-01-01", "us") + rng.integers(0, 365 * 86400, 4000).astype("timedelta64[s]")
    rates, span = sun_rates(utc, sun), np.timedelta64(10, "s")
    here, before, after = (sun.position(time) for time in (utc, utc - span, utc + span))
    usual = (np.abs(here.elevation_deg) < 80.0) & (np.abs(here.elevation_deg + 0.8333) > 0.1)

    def change(name):
        return ((getattr(after, name) - getattr(before, name) + 180.0) % 360.0 - 180.0) / 20.0

    for name in ("azimuth", "elevation", "apparent_elevation"):
        off = np.abs(getattr(rates, f"{name}_deg_s") - change(f"{name}_deg"))
        assert off[usual].max() < 3e-7


def test_azimuth_runs_away_at_the_zenith_and_only_there():
    noon = sun_days(YEAR, at(22.6097, 114.0296)).transit_utc
    sun = at(22.6097, 114.0296)
    rates, here = sun_rates(noon, sun), sun.angles(noon)
    turned = np.abs(rates.azimuth_deg_s) * np.cos(np.radians(here.elevation_deg))
    np.testing.assert_allclose(turned, 15.04 / 3600.0, rtol=0.1)  # the sky itself turns evenly
    assert np.abs(rates.azimuth_deg_s).max() > 0.5
    assert np.abs(rates.elevation_deg_s).max() < 1.0 / 3600.0


def test_rates_exist_at_both_ends_of_the_calendar(shenzhen):
    ends = np.array(["1900-01-01T00:00:00", "2200-12-31T23:59:59.999999"], dtype="datetime64[us]")
    assert np.isfinite(sun_rates(ends, Sun(shenzhen)).azimuth_deg_s).all()
    many = sun_rates(ends, Sun([shenzhen, shenzhen, shenzhen]))
    assert many.azimuth_deg_s.shape == many.apparent_elevation_deg_s.shape == (3, 2)


@pytest.mark.parametrize(
    ("latitude_deg", "drive_deg_s"), [(22.6097, 0.5), (22.6097, 0.05), (-10.0, 0.1), (40.0, 0.01)]
)
def test_inside_the_keyhole_and_only_there_the_sun_outruns_the_drive(latitude_deg, drive_deg_s):
    sun = at(latitude_deg, 0.0)
    utc = np.datetime64("2025-01-01", "s") + np.arange(0, 365 * 86400, 20).astype("timedelta64[s]")
    here = sun.angles(utc)
    high = here.elevation_deg > 30.0
    rate = np.abs(sun_rates(utc[high], sun).azimuth_deg_s)
    edge_deg = keyhole_edge_deg(here.azimuth_deg[high], latitude_deg, drive_deg_s)
    inside = here.elevation_deg[high] > edge_deg
    clear = np.abs(rate / drive_deg_s - 1.0) > 0.01  # the sun's own motion moves the edge by a percent
    assert inside.sum() > 10
    np.testing.assert_array_equal(inside[clear], (rate > drive_deg_s)[clear])


def test_a_drive_slower_than_the_sky_is_refused():
    with pytest.raises(ValueError, match=r"give more than 0\.00417 deg/s"):
        keyhole_edge_deg(0.0, 22.6, 0.004)
