"""The oracle: pvlib's SPA itself, one place and time each; and places to stand on."""

from dataclasses import dataclass

import numpy as np
import pytest
from pvlib import spa

from tracker.plant import Site


@dataclass(frozen=True, kw_only=True)
class Sky:
    """N times (microseconds since 1970), each over its own place, and what SPA says of them."""

    tick_us: np.ndarray
    latitude_deg: np.ndarray
    longitude_deg: np.ndarray
    altitude_m: np.ndarray
    pressure_pa: np.ndarray
    temperature_c: np.ndarray
    azimuth_deg: np.ndarray
    elevation_deg: np.ndarray
    apparent_deg: np.ndarray

    @property
    def utc(self):
        return self.tick_us.astype("datetime64[us]")


def spa_sky(rng, size, *, delta_t_s, first="1950-01-01", end="2101-01-01"):
    low, high = (np.datetime64(date, "us").astype(np.int64) for date in (first, end))
    tick_us = rng.integers(low, high, size)
    latitude_deg, longitude_deg = rng.uniform(-90.0, 90.0, size), rng.uniform(-180.0, 180.0, size)
    latitude_deg[:50], latitude_deg[50:100], latitude_deg[100:150] = 90.0, -90.0, 0.0
    altitude_m, pressure_pa = rng.uniform(-400.0, 6000.0, size), rng.uniform(45000.0, 105000.0, size)
    temperature_c = rng.uniform(-40.0, 45.0, size)
    _, _, apparent_deg, elevation_deg, azimuth_deg, _ = spa.solar_position_numpy(
        tick_us / 1e6,
        latitude_deg,
        longitude_deg,
        altitude_m,
        pressure_pa / 100.0,
        temperature_c,
        delta_t_s,
        0.5667,
        1,
    )
    return Sky(
        tick_us=tick_us,
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
        altitude_m=altitude_m,
        pressure_pa=pressure_pa,
        temperature_c=temperature_c,
        azimuth_deg=azimuth_deg,
        elevation_deg=elevation_deg,
        apparent_deg=apparent_deg,
    )


@pytest.fixture(scope="session")
def wide_sky():
    """200,000 random times from 1950 to 2100 from pole to pole."""
    return spa_sky(np.random.default_rng(20250320), 200_000, delta_t_s=67.0)


@pytest.fixture(scope="session")
def shenzhen():
    return Site(
        name="Shenzhen",
        latitude_deg=22.6097,
        longitude_deg=114.0296,
        altitude_m=80.0,
        timezone="Asia/Shanghai",
    )
