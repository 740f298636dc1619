from types import SimpleNamespace

import numpy as np
import pytest

from tracker.frames import enu_from_azel
from tracker.plant import Head, Panels, Site
from tracker.sun import sun_position
from tracker.weather import read_weather
from tracker.weather.series import Weather


@pytest.fixture(scope="session")
def site():
    return Site(
        name="Shenzhen", latitude_deg=22.55, longitude_deg=114.1, altitude_m=18.0, timezone="Asia/Shanghai"
    )


@pytest.fixture(scope="session")
def head():
    return Head(petals=12, area_m2=18.0, pivot_height_m=3.0, foldable=True)


@pytest.fixture(scope="session")
def panels():
    return Panels(
        dc_capacity_w=2500.0,
        gamma_per_c=-0.0037,
        dc_ac_ratio=1.15,
        inverter_efficiency=0.96,
        system_losses_percent=14.0,
    )


@pytest.fixture(scope="session")
def weather(site):
    """Two weeks of hours with every kind of sky, dark and beamless intervals among them."""
    rng = np.random.default_rng(7)
    hours = 24 * 14
    utc = np.datetime64("2023-03-10T00:30", "s") + np.arange(hours) * np.timedelta64(3600, "s")
    sine = np.clip(sun_position(utc, site).direction_enu[:, 2], 0.0, 1.0)
    dni_w_m2 = rng.uniform(0.0, 950.0, hours) * (rng.random(hours) < 0.7)
    dhi_w_m2 = rng.uniform(0.0, 450.0, hours) * sine * (rng.random(hours) < 0.95)
    return Weather(
        utc=utc,
        step_s=3600.0,
        ghi_w_m2=dhi_w_m2 + dni_w_m2 * sine,
        dni_w_m2=dni_w_m2,
        dhi_w_m2=dhi_w_m2,
        temp_air_c=rng.uniform(-10.0, 40.0, hours),
        wind_speed_m_s=rng.uniform(0.0, 12.0, hours),
        pressure_pa=np.full(hours, 101325.0),
        source="made",
        kind="measured",
        latitude_deg=22.55,
        longitude_deg=114.1,
        altitude_m=18.0,
        utc_offset_h=8.0,
        filled_steps=0,
    )


@pytest.fixture(scope="session")
def sun(weather, site):
    return sun_position(weather.utc, site)


@pytest.fixture(scope="session")
def planes(weather):
    """A different plane each interval: tilt, azimuth and normal (T, 3)."""
    rng = np.random.default_rng(8)
    tilt_deg = rng.uniform(0.0, 90.0, weather.utc.size)
    azimuth_deg = rng.uniform(0.0, 360.0, weather.utc.size)
    return SimpleNamespace(
        tilt_deg=tilt_deg, azimuth_deg=azimuth_deg, normal_enu=enu_from_azel(azimuth_deg, 90.0 - tilt_deg)
    )


@pytest.fixture(scope="session")
def real_year(weather_folder):
    return read_weather(weather_folder / "phoenix_nsrdb_psm3_tmy.csv")
