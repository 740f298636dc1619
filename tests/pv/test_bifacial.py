from dataclasses import replace

import numpy as np
import pvlib
import pytest

from tracker.frames import enu_from_azel
from tracker.plant import Head
from tracker.pv import Models, daylight_of, yield_of
from tracker.pv.bifacial import own_shadow_view, rear_irradiance
from tracker.pv.daylight import Daylight

AGREEMENT = 1e-6
FARAWAY = Head(petals=12, area_m2=18.0, pivot_height_m=1e6, foldable=True)  # its shadow is out of its sight


@pytest.fixture(scope="module")
def daylight(weather, sun, site) -> Daylight:
    return daylight_of(weather, sun, site, Models(transposition="isotropic"))


def test_the_back_is_that_of_one_row_alone_in_pvlib(daylight, weather, sun, planes):
    """Sheds so far apart that they neither shade nor hide each other, and so high that no shadow counts."""
    up = daylight.up
    ours = rear_irradiance(daylight.sky, planes.normal_enu[up], FARAWAY)
    oracle = pvlib.bifacial.infinite_sheds.get_irradiance(
        surface_tilt=planes.tilt_deg[up],
        surface_azimuth=planes.azimuth_deg[up],
        solar_zenith=90.0 - sun.apparent_elevation_deg[up],
        solar_azimuth=sun.azimuth_deg[up],
        gcr=1e-9,
        height=1.0,
        pitch=1e9,
        ghi=weather.ghi_w_m2[up],
        dhi=weather.dhi_w_m2[up],
        dni=weather.dni_w_m2[up],
        albedo=0.2,
    )
    high = sun.apparent_elevation_deg[up] > 5.0  # lower, even such sheds shade their ground
    assert np.sum(ours.beam_w_m2[high] > 10.0) > 10
    np.testing.assert_allclose(ours.total_w_m2[high], oracle["poa_back"][high], rtol=AGREEMENT, atol=1e-3)
    np.testing.assert_allclose(ours.beam_w_m2[high], oracle["poa_back_direct"][high], rtol=AGREEMENT)


@pytest.mark.parametrize("elevation_deg", [90.0, 75.0, 60.0, 45.0, 30.0, 20.0])
@pytest.mark.parametrize("flatter_deg", [0.0, 20.0])
def test_the_view_of_its_own_shadow_is_that_of_a_sum_over_both(head, elevation_deg, flatter_deg):
    """Close overhead; lower the shadow's near end is missed, by at most 0.09 for a head 3 m up."""
    sun_enu = enu_from_azel(150.0, elevation_deg)
    normal_enu = enu_from_azel(150.0, min(elevation_deg + flatter_deg, 90.0))
    ours = float(own_shadow_view(sun_enu, normal_enu, head))
    summed = _summed_view(sun_enu, normal_enu, head)
    assert ours <= summed + 0.001
    assert ours == pytest.approx(summed, abs=0.001 if elevation_deg == 90.0 else 0.09)


def _summed_view(sun_enu, normal_enu, head):
    """View factor by summing over points of the disk and of its shadow."""
    east = np.array([np.cos(np.radians(150.0)), -np.sin(np.radians(150.0)), 0.0])  # across the sun's azimuth
    along = np.cross(normal_enu, east)
    radius = np.sqrt(head.area_m2 / np.pi)

    def disk(points):
        at = np.arange(points) + 0.5
        out, turn = radius * np.sqrt(at / points), at * np.pi * (3.0 - np.sqrt(5.0))
        flat = (out * np.cos(turn))[:, None] * east + (out * np.sin(turn))[:, None] * along
        return flat + np.array([0.0, 0.0, head.pivot_height_m])

    on_head, edge = disk(300), disk(3000)
    shadow = edge - sun_enu * (edge[:, 2:] / sun_enu[2])
    area_m2 = head.area_m2 * (normal_enu @ sun_enu) / sun_enu[2] / len(shadow)
    between = shadow[None] - on_head[:, None]
    leaving, arriving = np.maximum(between @ -normal_enu, 0.0), np.maximum(-between[..., 2], 0.0)
    return float(
        np.mean(np.sum(leaving * arriving / (np.pi * np.sum(between**2, -1) ** 2), axis=1)) * area_m2
    )


def test_a_shadow_takes_no_more_than_the_sun_gives(daylight, head, planes):
    normal = planes.normal_enu[daylight.up]
    near, far = (rear_irradiance(daylight.sky, normal, each) for each in (head, FARAWAY))
    assert np.all(near.ground_w_m2 <= far.ground_w_m2)
    assert np.all(near.ground_w_m2 >= 0.0)
    assert np.sum(near.ground_w_m2 < far.ground_w_m2 - 1.0) > 20


def test_the_back_adds_its_light_to_the_incidence_and_warms(daylight, head, panels, planes):
    one = yield_of(planes.normal_enu, daylight, head, panels)
    two = yield_of(planes.normal_enu, daylight, head, replace(panels, bifaciality=0.7))
    np.testing.assert_array_equal(two.poa_w_m2, one.poa_w_m2)
    np.testing.assert_array_equal(two.after_shading_w, one.after_shading_w)
    lit = one.after_incidence_w > 1.0
    assert np.all(two.after_incidence_w[lit] > one.after_incidence_w[lit])
    made, before = (result.after_temperature_w[lit] / result.after_soiling_w[lit] for result in (two, one))
    assert np.all(made < before)
