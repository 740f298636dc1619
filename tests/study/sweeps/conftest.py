"""Small sweeps: days instead of years, written to Parquet as a site's weather is."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tracker.study.sweeps.places import Place
from tracker.study.sweeps.plan import Variant, sweep_plan

PLAIN = ("flat", "latitude_tilt", "best_fixed", "single_axis", "two_axis_sun_facing")
HOUR = np.timedelta64(1, "h")


@pytest.fixture(scope="session")
def columns_of():
    """A made-up series of hours, brighter or dimmer, as columns of a weather table."""

    def make(days, brightness=1.0):
        hours = np.arange(24 * days)
        light = brightness * np.maximum(np.sin((hours % 24 - 22.5) / 24.0 * 2.0 * np.pi), 0.0)  # noon at 4:30
        return {
            "utc": np.datetime64("2022-06-01T00:30:00", "us") + hours * HOUR,
            "ghi_w_m2": 900.0 * light,
            "dni_w_m2": 600.0 * light,
            "dhi_w_m2": 300.0 * light,
            "temp_air_c": 25.0 + 5.0 * light,
            "wind_speed_m_s": np.full(hours.size, 2.0),
        }

    return make


@pytest.fixture(scope="session")
def write_table():
    def write(path, columns):
        pq.write_table(pa.table(columns), path)
        return path

    return write


@pytest.fixture(scope="session")
def places_in(columns_of, write_table):
    """`count` places whose weather tables lie in a folder, each with its own."""

    def make(folder, count, days=3):
        for i in range(count):
            write_table(folder / f"w{i:03d}.parquet", columns_of(days, 0.4 + 0.6 * i / count))
        return tuple(
            Place(
                name=f"P{i:03d}",
                latitude_deg=22.0 + 0.01 * i,
                longitude_deg=114.0,
                altitude_m=10.0,
                timezone="",
                weather=f"w{i:03d}.parquet",
            )
            for i in range(count)
        )

    return make


@pytest.fixture(scope="session")
def home(columns_of, plant_of):
    """The plant of the study's tests, in Shenzhen."""

    class Here:
        latitude_deg, longitude_deg, altitude_m = 22.5, 114.0, 10.0

    return plant_of(Here)


@pytest.fixture
def plan_of(tmp_path, places_in, home):
    """A sweep of `count` places in chunks, over the plain mountings and one variant unless given."""

    def make(count=6, chunk_places=2, variants=None, mountings=PLAIN, plant=None):
        given = variants or (Variant(values=(), plant=plant or replace(home)),)
        return sweep_plan(
            places=places_in(tmp_path, count),
            variants=given,
            mountings=mountings,
            folder=tmp_path,
            chunk_places=chunk_places,
        )

    return make
