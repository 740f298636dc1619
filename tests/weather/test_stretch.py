"""Measured series shorter than a year, for those who ask for no year."""

from dataclasses import fields, replace

import numpy as np
import pytest

from tracker.errors import InvalidWeather
from tracker.weather import read_weather
from tracker.weather.reading import Reading
from tracker.weather.whole.coverage import covers_whole_years
from tracker.weather.whole.quality import check_noon

GOLDEN, HEAD = "golden_srrl_2020_measured_sam.csv", 3
ANY_SPAN = Reading(whole_years=False)
DAY = 24


@pytest.fixture(scope="module")
def golden(weather_folder):
    return read_weather(weather_folder / GOLDEN)


def part(weather, rows):
    arrays = {
        each.name: getattr(weather, each.name)[rows]
        for each in fields(weather)
        if isinstance(getattr(weather, each.name), np.ndarray)
    }
    return replace(weather, **arrays)


def days_of(first, count, *, without=slice(0)):
    """Lines of the file from one day on; `without` are rows of them that are lost."""

    def cut(lines):
        rows = lines[HEAD:][DAY * first : DAY * (first + count)]
        del rows[without]
        return lines[:HEAD] + rows

    return cut


def test_a_month_is_as_long_as_its_rows(damaged, golden):
    june = slice(DAY * 152, DAY * 182)
    weather = read_weather(damaged(GOLDEN, days_of(152, 30)), reading=ANY_SPAN)
    assert np.array_equal(weather.utc, golden.utc[june])
    assert np.array_equal(weather.dni_w_m2, golden.dni_w_m2[june])
    assert (weather.kind, weather.counts.left_out) == ("measured", 0)
    assert not covers_whole_years(weather)


def test_a_year_is_the_same_whether_or_not_it_had_to_be_one(weather_folder, golden):
    asked = read_weather(weather_folder / GOLDEN, reading=ANY_SPAN)
    assert np.array_equal(asked.utc, golden.utc)
    assert np.array_equal(asked.ghi_w_m2, golden.ghi_w_m2)
    assert asked.counts == golden.counts
    assert covers_whole_years(golden)


def test_a_year_that_ends_early_is_still_laid_on_the_whole_year(damaged):
    weather = read_weather(damaged(GOLDEN, lambda lines: lines[: -3 * DAY]), reading=ANY_SPAN)
    assert weather.counts.left_out == 4 * DAY  # and 29 February
    assert covers_whole_years(weather)


def test_less_than_a_day_is_refused_and_a_day_is_not(damaged):
    path = damaged(GOLDEN, lambda lines: lines[: HEAD + 23])
    with pytest.raises(InvalidWeather, match="its 23 rows span 23 h; a measured series has 24 h or more"):
        read_weather(path, reading=ANY_SPAN)
    assert read_weather(damaged(GOLDEN, days_of(171, 1)), reading=ANY_SPAN).utc.size == DAY


def test_a_third_of_the_stretch_may_lack_whichever_month_it_is(damaged):
    """Three days of the four that it has of June, and of July none."""
    lost = slice(DAY, 4 * DAY)
    weather = read_weather(damaged(GOLDEN, days_of(178, 12, without=lost)), reading=ANY_SPAN)
    assert weather.counts.left_out == 3 * DAY
    with pytest.raises(InvalidWeather, match="50 % of the whole among them; at most 33 % of it"):
        read_weather(damaged(GOLDEN, days_of(178, 12, without=slice(DAY, 7 * DAY))), reading=ANY_SPAN)


def test_a_typical_year_must_still_be_whole(damaged):
    path = damaged("shenzhen_swera.epw", lambda lines: lines[: 8 + DAY * 31])
    with pytest.raises(InvalidWeather, match="744 rows, a typical year has 8,760"):
        read_weather(path, reading=ANY_SPAN)


@pytest.mark.parametrize("length", [1, 3, 7, 30])
def test_clouds_of_few_days_are_no_wrong_clock(golden, own_site, length):
    site = own_site(golden)
    for first in range(0, 365 - length, 7 if length > 1 else 1):
        check_noon("x", part(golden, slice(DAY * first, DAY * (first + length))), site)


@pytest.mark.parametrize(("length", "hours"), [(1, 6), (7, 3), (30, 2)])
def test_a_wrong_clock_shows_in_few_days_too(golden, own_site, length, hours):
    late = replace(golden, utc=golden.utc + np.timedelta64(hours, "h"))
    with pytest.raises(InvalidWeather, match="after solar noon"):
        check_noon("x", part(late, slice(DAY * 180, DAY * (180 + length))), own_site(golden))


def test_twelve_months_from_july_are_a_year_and_eighteen_are_not(golden):
    next_year = replace(golden, utc=golden.utc + np.timedelta64(366, "D"))
    both = {
        each.name: np.concatenate([getattr(golden, each.name), getattr(next_year, each.name)])
        for each in fields(golden)
        if isinstance(getattr(golden, each.name), np.ndarray)
    }
    two_years = replace(golden, **both)
    july = DAY * 182
    assert covers_whole_years(two_years)
    assert covers_whole_years(part(two_years, slice(july, july + DAY * 366)))
    assert not covers_whole_years(part(two_years, slice(july, july + DAY * 335)))
    assert not covers_whole_years(part(two_years, slice(0, DAY * 548)))
