"""The contract of `sun_position`: what its four arrays are."""

import numpy as np
import pytest

from tracker.frames import enu_from_azel
from tracker.sun import sun_position


def test_light_comes_from_the_apparent_sun(shenzhen):
    sun = sun_position(np.datetime64("2025-03-20T22:40"), shenzhen)  # low in the east
    assert 0.1 < sun.apparent_elevation_deg - sun.elevation_deg < 0.5
    np.testing.assert_allclose(sun.direction_enu, enu_from_azel(sun.azimuth_deg, sun.apparent_elevation_deg))


def test_refraction_is_that_of_the_air_at_the_sites_altitude(shenzhen):
    from dataclasses import replace

    low = np.datetime64("2025-03-20T22:40")
    high_site = sun_position(low, replace(shenzhen, altitude_m=5500.0))
    bend_deg = sun_position(low, shenzhen).apparent_elevation_deg - sun_position(low, shenzhen).elevation_deg
    assert high_site.apparent_elevation_deg - high_site.elevation_deg == pytest.approx(bend_deg / 2, rel=0.03)


def test_below_the_cut_off_the_apparent_sun_is_the_sun(shenzhen):
    night = sun_position(np.array(["2025-03-20T16:00"] * 100, dtype="datetime64[us]"), shenzhen)
    np.testing.assert_array_equal(night.apparent_elevation_deg, night.elevation_deg)
