import numpy as np
import pandas as pd
import pytest

from tracker.frames import angle_between_deg, enu_from_azel
from tracker.plant import Site
from tracker.sun import sun_position
from tracker.sun.track import SunTrack

SUN_RADIUS_DEG = 0.2666
SHENZHEN = Site(
    name="Shenzhen", latitude_deg=22.6097, longitude_deg=114.0296, altitude_m=80.0, timezone="Asia/Shanghai"
)
NREL = Site(
    name="NREL",
    latitude_deg=39.742476,
    longitude_deg=-105.1786,
    altitude_m=1830.14,
    timezone="America/Denver",
)


def test_the_published_example_of_the_algorithm_is_met():
    """Reda and Andreas (2008), NREL/TP-560-34302, table A5.1: zenith 50.11162, azimuth 194.34024 deg.

    Their pressure and temperature (820 mbar, 11 C) differ a little from the site's standard air.
    """
    sun = sun_position(np.datetime64("2003-10-17T19:30:30"), NREL)
    assert sun.azimuth_deg == pytest.approx(194.34024, abs=1e-4)
    assert 90.0 - sun.apparent_elevation_deg == pytest.approx(50.11162, abs=5e-4)


def test_light_comes_from_the_apparent_sun():
    sun = sun_position(np.datetime64("2025-03-20T22:40"), SHENZHEN)  # low in the east
    assert 0.1 < sun.apparent_elevation_deg - sun.elevation_deg < 0.5
    np.testing.assert_allclose(sun.direction_enu, enu_from_azel(sun.azimuth_deg, sun.apparent_elevation_deg))


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_any_unit_and_shape_of_time_gives_the_same_sun(unit):
    utc = np.array(["2025-06-21T00:00", "2025-06-21T04:20", "2025-12-21T09:00"], dtype="datetime64[s]")
    whole = sun_position(utc.astype(f"datetime64[{unit}]").reshape(3, 1), SHENZHEN)
    one = sun_position(utc[1], SHENZHEN)
    assert whole.direction_enu.shape == (3, 1, 3)
    np.testing.assert_array_equal(whole.direction_enu[1, 0], one.direction_enu)


@pytest.mark.parametrize(
    ("utc", "says"),
    [
        (np.array(["2025-01-01", "NaT"], dtype="datetime64[s]"), "NaT"),
        (np.array(["2025-01-01"]), "datetime64"),
        (np.array([1.7e9]), "datetime64"),
        (pd.DatetimeIndex(["2025-01-01T00:00+08:00"]), "datetime64"),
        (np.array(["1700-01-01"], dtype="datetime64[s]"), "1900"),
    ],
)
def test_a_time_that_could_be_misread_is_refused(utc, says):
    with pytest.raises(ValueError, match=says):
        sun_position(utc, SHENZHEN)


def test_the_loops_sun_is_the_same_sun(rng):
    track = SunTrack(SHENZHEN)
    start = np.datetime64("2025-06-20T20:00", "ms")  # passes 0.8 deg from the zenith that noon
    utc = np.sort(start + rng.integers(0, 16 * 3600 * 1000, 200).astype("timedelta64[ms]"))
    followed = np.array([track.direction_enu(t) for t in utc])
    exact = sun_position(utc, SHENZHEN)
    error_deg = angle_between_deg(followed, exact.direction_enu)
    assert error_deg[exact.elevation_deg > 1.0].max() < SUN_RADIUS_DEG / 5e3
    assert error_deg[exact.elevation_deg > -1.0].max() < SUN_RADIUS_DEG / 100  # refraction ends abruptly
