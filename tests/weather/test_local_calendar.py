"""Months and years of intervals by the clock of the file, against pandas."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tracker.weather.series import Weather

STEPS = 40_000


@pytest.fixture(params=[5.75, -3.5, 0.0, 14.0])
def weather(request, rng):
    """Times in no order within seventy years around 1970, leap days among them."""
    seconds = rng.integers(-30 * 31_557_600, 40 * 31_557_600, STEPS)
    nothing = np.zeros(STEPS)
    return Weather(
        utc=seconds.astype("datetime64[s]"),
        step_s=60.0,
        ghi_w_m2=nothing,
        dni_w_m2=nothing,
        dhi_w_m2=nothing,
        temp_air_c=nothing,
        wind_speed_m_s=nothing,
        pressure_pa=nothing,
        source="made",
        kind="measured",
        latitude_deg=0.0,
        longitude_deg=0.0,
        altitude_m=0.0,
        utc_offset_h=request.param,
        filled_steps=0,
    )


def test_months_and_years_are_those_of_the_local_clock(weather):
    local = pd.DatetimeIndex(weather.utc) + pd.Timedelta(hours=weather.utc_offset_h)
    assert set(local[local.month == 2].day) >= {28, 29}
    np.testing.assert_array_equal(weather.local_month, local.month)
    np.testing.assert_array_equal(weather.local_year, local.year)
    np.testing.assert_array_equal(weather.local_hour, local.hour)


def test_a_series_without_intervals_has_no_months(weather):
    assert replace(weather, utc=weather.utc[:0]).local_month.size == 0
