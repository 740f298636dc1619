"""Against SPA itself, its published example, and a planetary ephemeris, which shares nothing with it."""

import importlib.util
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from pvlib import atmosphere, spa

from tracker.frames import angle_between_deg, enu_from_azel
from tracker.sun import Places, Sun
from tracker.sun.nodes import sun_vectors
from tracker.sun.observer import standard_pressure_pa

SPA_LIMIT_DEG = 2e-7  # SPA's own rounding of Julian days is 8.5e-8 deg
EPHEMERIS_LIMIT_DEG = 3e-4
CUT_OFF_DEG = -(0.26667 + 0.5667)  # where SPA's refraction ends at a step


def places_of(sky):
    return Places(
        latitude_deg=sky.latitude_deg,
        longitude_deg=sky.longitude_deg,
        altitude_m=sky.altitude_m,
        pressure_pa=sky.pressure_pa,
        temperature_c=sky.temperature_c,
    )


@pytest.mark.parametrize("how", ["numpy", "numba"])
def test_the_sun_is_where_spa_sees_it_from_pole_to_pole(wide_sky, how):
    seen = Sun(places_of(wide_sky), how=how).position(wide_sky.utc, each=True)
    there = enu_from_azel(wide_sky.azimuth_deg, wide_sky.elevation_deg)
    off_deg = angle_between_deg(enu_from_azel(seen.azimuth_deg, seen.elevation_deg), there)
    assert off_deg.max() <= SPA_LIMIT_DEG
    off_step = np.abs(wide_sky.elevation_deg - CUT_OFF_DEG) > SPA_LIMIT_DEG
    assert off_step.sum() >= wide_sky.tick_us.size - 2
    refracted_off_deg = np.abs(seen.apparent_elevation_deg - wide_sky.apparent_deg)[off_step]
    assert refracted_off_deg.max() <= SPA_LIMIT_DEG
    lit = enu_from_azel(wide_sky.azimuth_deg, wide_sky.apparent_deg)[off_step]
    assert angle_between_deg(seen.direction_enu[off_step], lit).max() <= SPA_LIMIT_DEG


def test_an_instant_over_one_place_is_where_spa_sees_it(wide_sky):
    for i in range(0, 200_000, 4000):
        place = Places(
            latitude_deg=wide_sky.latitude_deg[i],
            longitude_deg=wide_sky.longitude_deg[i],
            altitude_m=wide_sky.altitude_m[i],
            pressure_pa=wide_sky.pressure_pa[i],
            temperature_c=wide_sky.temperature_c[i],
        )
        there = enu_from_azel(wide_sky.azimuth_deg[i], wide_sky.apparent_deg[i])
        assert angle_between_deg(Sun(place).direction_at(wide_sky.utc[i]), there) <= SPA_LIMIT_DEG


@pytest.mark.parametrize("year", [1900, 1901, 2199, 2200])
def test_the_ends_of_the_supported_years_are_as_good(year):
    utc = np.datetime64(f"{year}-01-01", "us") + np.arange(0, 365 * 24, 5).astype("timedelta64[h]")
    *_, elevation_deg, azimuth_deg, _ = spa.solar_position_numpy(
        utc.astype(np.int64) / 1e6, 22.6, 114.0, 80.0, 1013.25, 12.0, 67.0, 0.5667, 1
    )
    seen = Sun(Places(latitude_deg=22.6, longitude_deg=114.0, altitude_m=80.0)).angles(utc)
    off_deg = angle_between_deg(
        enu_from_azel(seen.azimuth_deg, seen.elevation_deg), enu_from_azel(azimuth_deg, elevation_deg)
    )
    assert off_deg.max() <= SPA_LIMIT_DEG


@pytest.mark.parametrize("delta_t_s", [-3.0, 0.0, 67.0, 200.0])
def test_delta_t_is_settable(rng, delta_t_s):
    utc = rng.integers(0, 4 * 10**15, 300).astype("datetime64[us]")
    *_, elevation_deg, azimuth_deg, _ = spa.solar_position_numpy(
        utc.astype(np.int64) / 1e6, 50.0, 10.0, 0.0, 1013.25, 12.0, delta_t_s, 0.5667, 1
    )
    seen = Sun(Places(latitude_deg=50.0, longitude_deg=10.0), delta_t_s=delta_t_s).angles(utc)
    off_deg = angle_between_deg(
        enu_from_azel(seen.azimuth_deg, seen.elevation_deg), enu_from_azel(azimuth_deg, elevation_deg)
    )
    assert off_deg.max() <= SPA_LIMIT_DEG


def test_ut1_turns_the_earth_and_shifts_nothing_else(rng):
    """0.5 s of UT1-UTC are 0.5 s of the Earth's turning: 2.1e-3 deg of hour angle."""
    place = Places(latitude_deg=0.0, longitude_deg=0.0)
    utc = rng.integers(0, 4 * 10**15, 300).astype("datetime64[us]")
    ahead = Sun(place, ut1_minus_utc_s=0.5).angles(utc)
    later = Sun(place).angles(utc + np.timedelta64(500, "ms"))
    np.testing.assert_allclose(ahead.elevation_deg, later.elevation_deg, rtol=0.0, atol=1e-9)
    assert np.abs(ahead.elevation_deg - Sun(place).angles(utc).elevation_deg).max() > 1.5e-3


@pytest.mark.parametrize("how", ["numpy", "numba"])
def test_the_published_example_of_the_algorithm_is_met(how):
    """Reda and Andreas (2008), NREL/TP-560-34302, table A5.1: zenith 50.11162, azimuth 194.34024 deg."""
    place = Places(
        latitude_deg=39.742476,
        longitude_deg=-105.1786,
        altitude_m=1830.14,
        pressure_pa=82000.0,
        temperature_c=11.0,
    )
    sun = Sun(place, delta_t_s=67.0, how=how).position(np.datetime64("2003-10-17T19:30:30"))
    assert 90.0 - sun.apparent_elevation_deg == pytest.approx(50.11162, abs=5.1e-6)
    assert sun.azimuth_deg == pytest.approx(194.34024, abs=5.1e-6)


def test_a_planetary_ephemeris_agrees(rng):
    """JPL's DE421 through skyfield: other theory, nutation and sidereal time; UT1 = UTC for both."""
    from skyfield.api import load, load_file, wgs84

    data = importlib.util.find_spec("skyfield_data").submodule_search_locations[0]
    low, high = (np.datetime64(date, "us").astype(np.int64) for date in ("1950-01-01", "2050-01-01"))
    tick_us = rng.integers(low, high, 2000)
    times = load.timescale(delta_t=67.0).ut1_jd(tick_us / 86400e6 + 2440587.5)
    utc = tick_us.astype("datetime64[us]")
    with closing(load_file(Path(data) / "data" / "de421.bsp")) as planets:
        for latitude_deg, longitude_deg in ((22.6097, 114.0296), (-33.9, 18.4), (78.2, 15.6), (-90.0, 0.0)):
            observer = planets["earth"] + wgs84.latlon(latitude_deg, longitude_deg, elevation_m=100.0)
            elevation, azimuth, _ = observer.at(times).observe(planets["sun"]).apparent().altaz()
            there = enu_from_azel(azimuth.degrees, elevation.degrees)
            place = Places(latitude_deg=latitude_deg, longitude_deg=longitude_deg, altitude_m=100.0)
            seen = Sun(place, delta_t_s=67.0).angles(utc)
            off_deg = angle_between_deg(enu_from_azel(seen.azimuth_deg, seen.elevation_deg), there)
            assert off_deg.max() <= EPHEMERIS_LIMIT_DEG


def test_nodes_are_spas_own_right_ascension_and_declination():
    days = np.arange(20000.0, 20400.0)
    sidereal_deg, ascension_deg, declination_deg = spa.solar_position_numpy(
        days * 86400.0, 0, 0, 0, 0, 0, 0.0, 0, 1, sst=True
    )
    mean_deg = spa.mean_sidereal_time(days + 2440587.5, (days + 2440587.5 - 2451545) / 36525)
    x, y, z = sun_vectors(days)
    from_mean_equinox_deg = np.degrees(np.arctan2(y, x)) + (sidereal_deg - mean_deg)
    turned_deg = (from_mean_equinox_deg - ascension_deg + 180.0) % 360.0 - 180.0
    np.testing.assert_allclose(turned_deg, 0.0, atol=1e-11)
    np.testing.assert_allclose(np.degrees(np.arctan2(z, np.hypot(x, y))), declination_deg, atol=1e-12)


def test_pressure_is_that_of_the_standard_atmosphere():
    altitude_m = np.array([-400.0, 0.0, 1830.14, 6000.0])
    np.testing.assert_allclose(standard_pressure_pa(altitude_m), atmosphere.alt2pres(altitude_m), rtol=1e-13)
