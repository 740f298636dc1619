import numpy as np
import pytest

from tracker.plant import (
    Array,
    Bridge,
    Carbon,
    ComparisonPlan,
    Head,
    Limits,
    Mount,
    Panels,
    Plant,
    Safety,
    Site,
    Wind,
)
from tracker.pv import Models
from tracker.study import compare
from tracker.weather import read_weather

FILES = {
    "shenzhen": "shenzhen_swera.epw",
    "phoenix": "phoenix_nsrdb_psm3_tmy.csv",
    "denver": "denver_tmy3.epw",
}
BASELINES = ("flat", "latitude_tilt", "best_fixed", "single_axis", "two_axis_sun_facing", "two_axis_optimal")


@pytest.fixture(scope="session")
def weather_of(weather_folder):
    """The real year of a place by its short name, read once."""
    read = {}

    def find(place):
        if place not in read:
            read[place] = read_weather(weather_folder / FILES[place])
        return read[place]

    return find


@pytest.fixture(scope="session")
def plant_of():
    """A plant where the weather is: four heads too far apart to shade each other, a chosen comparison."""

    def make(weather, **plan):
        site = Site(
            name="test site",
            latitude_deg=weather.latitude_deg,
            longitude_deg=weather.longitude_deg,
            altitude_m=weather.altitude_m,
            timezone="UTC",
        )
        chosen = {
            "mountings": BASELINES,
            "ground_cover_ratio": 0.4,
            "single_axis_backtrack": True,
            "claim_percent": 40.0,
            "claim_over": "best_fixed",
        }
        return _plant(site, ComparisonPlan(**{**chosen, **plan}))

    return make


@pytest.fixture(scope="session")
def comparison_of(weather_of, plant_of):
    """The comparison of a place, worked out once for each choice."""
    done = {}

    def find(place, **plan):
        key = (place, tuple(sorted(plan.items())))
        if key not in done:
            weather = weather_of(place)
            done[key] = compare(plant_of(weather, **plan), weather)
        return done[key]

    return find


@pytest.fixture(scope="session")
def hay_davies_of(weather_of, plant_of):
    """The comparison of a place under Hay and Davies's sky."""

    def find(place):
        weather = weather_of(place)
        plant = plant_of(
            weather, mountings=("flat", "latitude_tilt", "two_axis_sun_facing"), claim_over="flat"
        )
        return compare(plant, weather, Models(transposition="hay-davies"))

    return find


def _plant(site, plan):
    limits = Limits(
        azimuth_range_deg=(-270.0, 270.0),
        elevation_range_deg=(0.0, 95.0),
        azimuth_rate_deg_s=0.5,
        elevation_rate_deg_s=0.3,
    )
    corners = [[0.0, 0.0, 0.0], [5e3, 0.0, 0.0], [0.0, 5e3, 0.0], [5e3, 5e3, 0.0]]
    return Plant(
        site=site,
        array=Array(
            names=("H01", "H02", "H03", "H04"),
            positions_enu_m=np.array(corners),
            head=Head(petals=12, area_m2=18.0, pivot_height_m=3.0, foldable=True),
            mount=Mount(limits=limits, drive_power_w=60.0, standby_power_w=4.0),
            panels=Panels(
                dc_capacity_w=2500.0,
                gamma_per_c=-0.0037,
                dc_ac_ratio=1.15,
                inverter_efficiency=0.96,
                system_losses_percent=14.0,
            ),
        ),
        bridges=(Bridge(port="sim:", protocol="native"),),
        wind=Wind(source="sim:", height_m=10.0),
        safety=Safety(
            stow_gust_m_s=12.0,
            release_gust_m_s=8.0,
            release_after_s=1800.0,
            wind_stale_after_s=10.0,
            link_lease_s=5.0,
            gust_factor=1.5,
        ),
        weather_source="file",
        comparison=plan,
        carbon=Carbon(factor_kg_per_kwh=0.4042, factor_source="South region average, 2023"),
    )
