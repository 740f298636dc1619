import os
from pathlib import Path

import numpy as np
import pytest

from calibration import PointingModel, Sightings
from tracker.frames import AxisPose, azimuth_deg, elevation_deg

DATA = Path(__file__).parents[3] / "shared" / "calibration"


@pytest.fixture
def rng():
    return np.random.default_rng(20261121)


@pytest.fixture(scope="session")
def mmt_files():
    """Two public pointing runs of the MMT telescope."""
    files = sorted(DATA.glob("mmt_*.csv"))
    if not files and "CI" in os.environ:
        pytest.fail(f"no pointing runs in {DATA}: the data folder must stand beside the checkout in CI")
    if not files:
        pytest.skip(f"real pointing runs are not at {DATA}")
    return files


@pytest.fixture
def sun_path():
    """Sun directions (T, 3) over a day: the spherical triangle, no refraction (Meeus, chapter 13)."""

    def path(declination_deg, latitude_deg=22.61, minutes=5):
        hour = np.radians(np.arange(-180.0, 180.0, minutes / 4.0))
        dec, lat = np.radians(declination_deg), np.radians(latitude_deg)
        return np.stack(
            [
                -np.cos(dec) * np.sin(hour),
                np.cos(lat) * np.sin(dec) - np.sin(lat) * np.cos(dec) * np.cos(hour),
                np.sin(lat) * np.sin(dec) + np.cos(lat) * np.cos(dec) * np.cos(hour),
            ],
            axis=-1,
        )

    return path


@pytest.fixture
def sighted(rng):
    """Sightings of heads with planted terms: aimed as drawn at wanted (N, 3), seen with noise on the sky."""

    def sight(planted, wanted, noise_deg=0.05, generator=rng, sigma_deg=None):
        count, heads = len(wanted), len(planted)
        pose = PointingModel.ideal(heads).to_axis(np.repeat(wanted[:, None], heads, axis=1))
        normal = PointingModel.of(list(planted.values())).to_sky(pose)
        azimuth, elevation = azimuth_deg(normal), elevation_deg(normal)
        noise = noise_deg * generator.normal(size=(2, count, heads))
        start = np.datetime64("2026-03-20T00:00:00", "us")
        utc = start + np.arange(count) * np.timedelta64(20, "m")
        return Sightings.of(
            heads=list(planted) * count,
            utc=np.repeat(utc, heads),
            pose=AxisPose(azimuth_deg=pose.azimuth_deg.ravel(), elevation_deg=pose.elevation_deg.ravel()),
            observed_azimuth_deg=(azimuth + noise[0] / np.cos(np.radians(elevation))).ravel(),
            observed_elevation_deg=np.minimum(elevation + noise[1], 90.0).ravel(),
            sigma_deg=sigma_deg or noise_deg or 1e-5,
        )

    return sight
