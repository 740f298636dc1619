"""What the sun-path figure is given: the sun, the mount's reach and the skyline over one site."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tracker.app.config import default_plant
from tracker.app.sun_path import sun_paths, with_paths
from tracker.array.obstacles import wall
from tracker.plant import Horizon
from tracker.report.sun_path_figure import sun_path_image, sun_path_svg
from tracker.report.tables import ReportTables
from tracker.sun import sun_position
from tracker.weather import load


@pytest.fixture
def plant():
    return default_plant()


@pytest.fixture
def skyline():
    return Horizon(azimuth_deg=np.array([90.0, 270.0]), elevation_deg=np.array([10.0, 0.0]))


def test_seven_dates_run_from_horizon_to_horizon_through_their_culmination(plant):
    paths = sun_paths(plant.site, 2025, None, None)
    assert [mark.text for mark in paths.date_marks] == [
        f"21 {month}" for month in ("Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun")
    ]
    highest = np.nanmax(paths.dates.elevation_deg, axis=1)
    expected = 90.0 - np.abs(
        plant.site.latitude_deg - np.array([-23.44, -20.1, -10.6, 0.1, 11.8, 20.1, 23.44])
    )
    np.testing.assert_allclose(highest, expected, atol=0.5)
    assert np.nanmin(paths.dates.elevation_deg) >= 0.0
    assert (np.nanmin(paths.dates.elevation_deg, axis=1) < 1.5).all()


def test_hours_are_those_of_the_sites_standard_time(plant):
    paths = sun_paths(replace(plant.site, timezone="Europe/Berlin", longitude_deg=13.4), 2025, None, None)
    assert paths.title.endswith("hours UTC+1:00")
    noon_in_june = sun_position(np.datetime64("2025-06-21T11:00"), replace(plant.site, longitude_deg=13.4))
    assert paths.hours.azimuth_deg[12, -1] == pytest.approx(float(noon_in_june.azimuth_deg))


def test_out_of_reach_is_what_the_travel_leaves_out(plant):
    limits = replace(
        plant.array.mount.limits, azimuth_range_deg=(-120.0, 150.0), elevation_range_deg=(10.0, 80.0)
    )
    reach = sun_paths(plant.site, 2025, limits, None).reach
    blocked = dict(zip(reach.azimuth_deg.tolist(), reach.unreachable[:, 80], strict=True))  # at 40 deg
    assert [blocked[float(azimuth)] for azimuth in (0, 90, 150, 151, 200, 239, 240, 360)] == [
        False,
        False,
        False,
        True,
        True,
        True,
        False,
        False,
    ]
    northward = dict(zip(reach.elevation_deg.tolist(), reach.unreachable[0], strict=True))
    assert [northward[e] for e in (9.5, 10.0, 80.0, 80.5)] == [True, False, False, True]
    assert not sun_paths(plant.site, 2025, plant.array.mount.limits, None).reach.unreachable.any()


def test_days_near_the_zenith_are_those_between_the_tropics(plant):
    passes = sun_paths(plant.site, 2025, None, None).near_zenith
    assert 55 < len(passes.azimuth_deg) < 75  # 58 within 2 deg, more within 3
    assert sun_paths(replace(plant.site, latitude_deg=40.0), 2025, None, None).near_zenith is None


@pytest.mark.parametrize("latitude_deg", [90.0, -90.0, 78.0, 0.0])
def test_every_latitude_can_be_drawn(plant, skyline, latitude_deg):
    site = replace(plant.site, latitude_deg=latitude_deg)
    paths = sun_paths(site, 2025, plant.array.mount.limits, skyline)
    assert sun_path_image(paths, "svg").startswith(b"<?xml")


def test_the_figure_shows_skyline_travel_and_keyhole_and_is_the_same_each_time(plant, skyline):
    limits = replace(plant.array.mount.limits, elevation_range_deg=(10.0, 80.0))
    paths = sun_paths(plant.site, 2025, limits, skyline)
    svg = sun_path_image(paths, "svg").decode()
    for words in (
        "skyline",
        "out of the mount's travel",
        "keyhole: azimuth faster than 0.5°/s",
        "21 Jun",
        "NE",
    ):
        assert f">{words}</text>" in svg
    assert "within 3° of the zenith: 67 days a year" in svg
    assert sun_path_image(paths, "svg").decode() == svg
    bare = sun_path_image(sun_paths(plant.site, 2025, None, None), "svg").decode()
    for words in ("skyline", "travel", "keyhole"):
        assert words not in bare


def test_png_is_an_image(plant):
    image = sun_path_image(sun_paths(plant.site, 2025, None, None), "png")
    assert image.startswith(b"\x89PNG")
    assert image == sun_path_image(sun_paths(plant.site, 2025, None, None), "png")


def test_a_report_shows_what_neighbours_and_obstacles_leave_of_the_sky(plant):
    """Low suns find heads in each other's shade, high ones none; a wall in the east takes the rest there."""
    weather = load("climate:shenzhen", Path(), plant.site)
    shaded = with_paths(ReportTables(), plant, weather).sun_paths.shaded
    assert shaded.share.shape == (72, 18)
    assert shaded.share[:, 0].min() > 0.2
    assert shaded.share[:, -4:].max() < 0.01
    walled = wall("hall", [30.0, -200.0, 0.0], [30.0, 200.0, 0.0], 40.0)
    array = replace(plant.array, obstacles=(walled,))
    behind = with_paths(ReportTables(), replace(plant, array=array), weather).sun_paths.shaded
    east, west = 90 // 5, 270 // 5
    assert behind.share[east, 5] > 0.9 > shaded.share[east, 5] + 0.5
    assert behind.share[west, 5] == pytest.approx(shaded.share[west, 5], abs=0.02)


def test_a_lone_head_has_no_shade_to_show(plant):
    one = replace(plant.array, names=("H01",), positions_enu_m=np.zeros((1, 3)))
    weather = load("climate:shenzhen", Path(), plant.site)
    paths = with_paths(ReportTables(), replace(plant, array=one), weather).sun_paths
    assert paths.shaded is None
    assert "panels in shade" not in sun_path_svg(paths)
