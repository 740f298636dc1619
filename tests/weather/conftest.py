import os
from pathlib import Path

import numpy as np
import pandas as pd
import pvlib
import pytest

from tracker.plant import Site
from tracker.weather.series import Weather

PVLIB_DATA = Path(pvlib.__file__).parent / "data"
SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "weather"


@pytest.fixture(scope="session")
def weather_folder() -> Path:
    if SHARED.is_dir():
        return SHARED
    if os.environ.get("CI"):
        pytest.fail(f"real weather years are missing: {SHARED} is no folder")
    pytest.skip(f"needs the real weather years in {SHARED}")


@pytest.fixture
def weather_file(request, weather_folder):
    """The path of a real file by its name, from the shared folder or pvlib's wheel."""

    def find(name: str) -> Path:
        path = next(
            (folder / name for folder in (weather_folder, PVLIB_DATA) if (folder / name).is_file()), None
        )
        assert path is not None, f"{name} is neither in {weather_folder} nor in {PVLIB_DATA}"
        return path

    return find


@pytest.fixture
def damaged(weather_file, tmp_path):
    """A copy of a real file after `change(lines) -> lines`, in Latin-1."""

    def write(name: str, change) -> Path:
        lines = weather_file(name).read_text(encoding="latin-1").splitlines()
        copy = tmp_path / name
        copy.write_text("\n".join(change(lines)) + "\n", encoding="latin-1")
        return copy

    return write


@pytest.fixture
def site_at():
    def make(latitude_deg: float, longitude_deg: float, altitude_m: float = 0.0) -> Site:
        return Site(
            name="test site",
            latitude_deg=latitude_deg,
            longitude_deg=longitude_deg,
            altitude_m=altitude_m,
            timezone="UTC",
        )

    return make


@pytest.fixture
def own_site(site_at):
    """The site that a weather file itself names."""

    def make(weather: Weather) -> Site:
        assert np.isfinite(weather.latitude_deg)
        return site_at(weather.latitude_deg, weather.longitude_deg, weather.altitude_m)

    return make


@pytest.fixture
def pvgis_tmy_with_head(weather_file, tmp_path):
    """The sample's table under the head that a PVGIS 5.2 export has."""
    table = weather_file("pvgis_tmy_sample.csv").read_text().splitlines()
    head = [
        "Latitude (decimal degrees): 45.000",
        "Longitude (decimal degrees): 8.000",
        "Elevation (m): 1389.0",
        "Irradiance Time Offset (h): 0.1761",
        "month,year",
        *(f"{month},{year}" for month, year in enumerate([2018, 2007, 2009] + [2010] * 9, 1)),
    ]
    path = tmp_path / "tmy_45.000_8.000_2005_2020.csv"
    path.write_text("\n".join([*head, *table, "", "T2m: 2-m air temperature (degree Celsius)"]) + "\n")
    return path


@pytest.fixture
def pvgis_hourly(tmp_path):
    """A clear year in the layout of a PVGIS hourly export with components at slope 0, 45 N, 8 E."""
    times = pd.date_range("2019-01-01 00:10", periods=8760, freq="h", tz="UTC")
    sun = pvlib.solarposition.get_solarposition(times, 45.0, 8.0, altitude=200.0)
    sine = np.sin(np.radians(sun["elevation"].clip(lower=0.0)))
    beam, diffuse = 800.0 * sine, 120.0 * sine
    rows = [
        f"{time:%Y%m%d:%H%M},{b:.2f},{d:.2f},0.0,{h:.2f},10.0,2.0,0.0"
        for time, b, d, h in zip(times, beam, diffuse, sun["elevation"].clip(lower=0.0), strict=True)
    ]
    head = [
        "Latitude (decimal degrees):\t45.000",
        "Longitude (decimal degrees):\t8.000",
        "Elevation (m):\t200",
        "Radiation database:\tPVGIS-SARAH2",
        "",
        "Slope: 0 deg.",
        "Azimuth: 0 deg.",
        "time,Gb(i),Gd(i),Gr(i),H_sun,T2m,WS10m,Int",
    ]
    path = tmp_path / "Timeseries_45.000_8.000_SA2_0deg_0deg_2019_2019.csv"
    path.write_text("\n".join([*head, *rows, "", "H_sun: Sun height (degree)"]) + "\n")
    return path
