"""Years of a long series, and new years made of their months."""

from dataclasses import replace

import numpy as np
import pytest

from tracker.weather.calendar_years import month_draws, resampled_months, years
from tracker.weather.synthetic.ideal import cloudless_year

YEARS = (2019, 2020, 2021)


@pytest.fixture
def site(site_at):
    return site_at(22.6, 114.0)


@pytest.fixture
def long(site):
    """Three cloudless years; the air says which year and month it is: 19.01 is January 2019."""
    parts = [cloudless_year(site, year=year) for year in YEARS]
    named = [replace(part, temp_air_c=part.local_year - 2000 + part.local_month / 100.0) for part in parts]
    names = ("utc", "ghi_w_m2", "dni_w_m2", "dhi_w_m2", "temp_air_c", "wind_speed_m_s", "pressure_pa")
    arrays = {name: np.concatenate([getattr(part, name) for part in named]) for name in names}
    return replace(named[0], **arrays, kind="measured", filled_steps=5)


def test_a_long_series_falls_into_its_local_years(long):
    parts = years(long)
    assert [part.utc.size for part in parts] == [8760, 8784, 8760]
    assert [set(part.local_year) for part in parts] == [{2019}, {2020}, {2021}]
    assert np.array_equal(np.concatenate([part.ghi_w_m2 for part in parts]), long.ghi_w_m2)


def test_one_year_is_itself_with_its_counts(site):
    year = replace(cloudless_year(site), filled_steps=3)
    assert years(year) == (year,)


def test_a_year_that_lacks_most_of_a_month_is_none(long):
    lost = (long.local_year == 2020) & (long.local_month == 6) & (np.arange(long.utc.size) % 720 < 400)
    kept = {name: getattr(long, name)[~lost] for name in ("utc", "temp_air_c", "wind_speed_m_s")}
    light = {name: getattr(long, name)[~lost] for name in ("ghi_w_m2", "dni_w_m2", "dhi_w_m2", "pressure_pa")}
    assert [int(part.local_year[0]) for part in years(replace(long, **kept, **light))] == [2019, 2021]


def test_resampled_months_are_the_drawn_ones_under_one_calendar_year(long):
    draws = month_draws(3, 7, 4)
    made = list(resampled_months(long, 7, 4))
    assert len(made) == 4
    for year, draw in zip(made, draws, strict=True):
        assert (year.kind, year.utc.size) == ("resampled year", 8760)
        assert np.all(np.diff(year.utc) == np.timedelta64(3600, "s"))
        assert set(year.local_year) == {2022}
        for month in range(1, 13):
            here = year.local_month == month
            assert set(year.temp_air_c[here]) == {19 + draw[month - 1] + month / 100.0}


def test_the_light_of_a_resampled_month_stays_at_its_time_of_day(long):
    year = next(resampled_months(long, 1, 1))
    same = cloudless_year_of(year)
    assert year.ghi_w_m2 == pytest.approx(same.ghi_w_m2, abs=8.0)  # a day of declination, 0.4 deg at most


def cloudless_year_of(weather):
    from tracker.plant import Site

    site = Site(
        name="x",
        latitude_deg=weather.latitude_deg,
        longitude_deg=weather.longitude_deg,
        altitude_m=weather.altitude_m,
        timezone="UTC",
    )
    return cloudless_year(site, year=2022)


def test_draws_are_a_seeds_own_and_even():
    assert np.array_equal(month_draws(5, 3, 10), month_draws(5, 3, 10))
    assert not np.array_equal(month_draws(5, 3, 10), month_draws(5, 4, 10))
    shares = np.bincount(month_draws(4, 1, 5000).ravel()) / 60000
    assert shares == pytest.approx(np.full(4, 0.25), abs=0.01)


def test_monthly_sums_of_the_draws_are_those_of_the_resampled_years(long):
    """What the uncertainty may do instead of computing each resampled year."""
    parts = years(long)
    table = np.array([np.bincount(p.local_month - 1, weights=p.temp_air_c) for p in parts])
    leap_day = 24 * (20 + 0.02)
    table[1, 1] -= leap_day
    sums = table[month_draws(3, 11, 20), np.arange(12)].sum(axis=1)
    assert sums == pytest.approx([year.temp_air_c.sum() for year in resampled_months(long, 11, 20)])


def test_too_little_is_refused(long):
    with pytest.raises(ValueError, match="at least one of both"):
        month_draws(0, 1, 1)
    half = long.utc < np.datetime64("2019-06-01")
    names = ("utc", "ghi_w_m2", "dni_w_m2", "dhi_w_m2", "temp_air_c", "wind_speed_m_s", "pressure_pa")
    part = replace(long, **{name: getattr(long, name)[half] for name in names})
    assert years(part) == ()
    with pytest.raises(ValueError, match="no whole calendar year"):
        next(resampled_months(part, 1, 1))
