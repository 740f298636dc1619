"""What could be misread is refused, and the message says what to write instead."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from tracker.sun import Places, Sun, sun_position

DAY = np.datetime64("2025-06-21T04:00", "us")
NAIVE = r"no time zone; say which: times.tz_localize\('UTC'\)"


@pytest.mark.parametrize("size", [1, 40], ids=["few", "many"])
@pytest.mark.parametrize(
    ("utc", "says"),
    [
        (["2025-01-01", "NaT"], r"NaT; drop or fill the missing times first"),
        (["2025-01-01", "1899-12-31T23:59:59"], "year 1899; give years from 1900 to 2200"),
        (["2025-01-01", "2201-01-01"], "year 2201; give years from 1900 to 2200"),
        (["2025-01-01", "9999-01-01"], "year 9999; give years from 1900 to 2200"),
    ],
)
def test_times_that_mean_nothing_are_refused(shenzhen, utc, says, size):
    times = np.array(utc * size, dtype="datetime64[s]")
    for call in (Sun(shenzhen).angles, Sun(shenzhen).direction_enu, Sun(shenzhen).position):
        with pytest.raises(ValueError, match=says):
            call(times)
    with pytest.raises(ValueError, match=says):
        Sun(shenzhen).direction_at(times[1])


@pytest.mark.parametrize(
    ("utc", "says"),
    [
        (np.array(["2025-01-01"]), "give numpy datetime64 in UTC such as np.datetime64"),
        ("2025-01-01T00:00", "give numpy datetime64 in UTC"),
        (np.array([1.7e9]), "dtype float64; give numpy datetime64"),
        (1_700_000_000, "give numpy datetime64"),
        ([datetime(2025, 1, 1)], "dtype object; give numpy datetime64"),  # noqa: DTZ001
        (pd.DatetimeIndex(["2025-01-01"]), NAIVE),
        (pd.Series(pd.DatetimeIndex(["2025-01-01"])), NAIVE),
        (pd.Timestamp("2025-01-01"), NAIVE),
        (datetime(2025, 1, 1), NAIVE),  # noqa: DTZ001
        (pd.Series([1.0]), "dtype float64"),
        (pd.DatetimeIndex(["2025-01-01", None], tz="UTC"), "NaT"),
        (pd.NaT, "NaT"),
        (np.datetime64("NaT"), "NaT"),
        (None, "dtype object"),
    ],
)
def test_a_time_that_could_be_misread_is_refused(shenzhen, utc, says):
    with pytest.raises(ValueError, match=says):
        sun_position(utc, shenzhen)
    with pytest.raises(ValueError, match=says):
        Sun(shenzhen).direction_at(utc)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("latitude_deg", 91.0, "latitude_deg = 91.0 is outside -90 to 90; give degrees, north positive"),
        ("latitude_deg", [10.0, np.nan], "latitude_deg = nan is outside"),
        ("longitude_deg", 361.0, "longitude_deg = 361.0 is outside -180 to 360"),
        ("longitude_deg", "114E", "longitude_deg = '114E' is not a number; give degrees, east positive"),
        ("altitude_m", 80000.0, "altitude_m = 80000.0 is outside"),
        ("pressure_pa", -1.0, "pressure_pa = -1.0 is outside 0 to 120000; give pascals"),
        ("temperature_c", 285.0, "temperature_c = 285.0 is outside -100 to 70; give degrees Celsius"),
    ],
)
def test_a_place_that_is_none_is_refused(field, value, says):
    with pytest.raises(ValueError, match=says):
        Places(**{"latitude_deg": 0.0, "longitude_deg": 0.0, field: value})


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"delta_t_s": 1e5}, "delta_t_s = 100000.0: give TT - UT1 in seconds"),
        ({"delta_t_s": np.nan}, "delta_t_s = nan"),
        ({"ut1_minus_utc_s": 37.0}, "ut1_minus_utc_s = 37.0: give seconds from -1 to 1"),
        ({"how": "fast"}, "how = 'fast'; give 'auto', 'numpy' or 'numba'"),
    ],
)
def test_settings_out_of_bounds_are_refused(shenzhen, settings, says):
    with pytest.raises(ValueError, match=says):
        Sun(shenzhen, **settings)


def test_places_that_do_not_fit_are_refused(shenzhen):
    with pytest.raises(ValueError, match="broadcast"):
        Sun(Places(latitude_deg=[1.0, 2.0], longitude_deg=[1.0, 2.0, 3.0]))
    with pytest.raises(ValueError, match="flat arrays of one length"):
        Sun(Places(latitude_deg=[[1.0, 2.0]], longitude_deg=0.0))
    with pytest.raises(ValueError, match="no site given"):
        Sun([])
    many = Sun([shenzhen, shenzhen])
    with pytest.raises(ValueError, match="a row a place"):
        many.angles(np.array([DAY] * 3), each=True)
    with pytest.raises(ValueError, match="direction_at is for one place"):
        many.direction_at(DAY)
