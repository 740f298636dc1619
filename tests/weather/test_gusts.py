"""Hourly means become gusts at the sensor's height; unknown wind stays unknown and is said."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from tracker.weather.gusts import exponent_of, gusts_m_s, log_law, power_law
from tracker.weather.remarks import notes
from tracker.weather.series import Counts
from tracker.weather.synthetic.ideal import cloudless_year


@pytest.fixture
def year(site_at):
    return cloudless_year(site_at(22.6, 114.0))


def with_wind(weather, *wind_m_s):
    steps = len(wind_m_s)
    arrays = {
        name: getattr(weather, name)[:steps]
        for name in ("utc", "ghi_w_m2", "dni_w_m2", "dhi_w_m2", "temp_air_c", "pressure_pa")
    }
    return replace(weather, **arrays, wind_speed_m_s=np.array(wind_m_s))


def gusts(weather, **given):
    usual = {"gust_factor": 1.5, "height_m": 10.0, "weather_height_m": 10.0, "exponent": 0.143}
    return gusts_m_s(weather, **(usual | given))


def test_means_become_gusts_at_the_sensors_height(year):
    windy = with_wind(year, 0.0, 4.0, 10.0)
    assert gusts(windy).tolist() == [0.0, 6.0, 15.0]
    higher = gusts(windy, height_m=20.0, exponent=0.2)
    assert higher == pytest.approx([0.0, 6.0 * 2.0**0.2, 15.0 * 2.0**0.2])
    low_mast = gusts(windy, gust_factor=1.0, weather_height_m=2.0, exponent=1.0 / 7.0)
    assert low_mast[1] == pytest.approx(4.0 * 5.0 ** (1.0 / 7.0))


def test_unknown_wind_stays_unknown(year):
    assert np.isnan(gusts(with_wind(year, np.nan, 2.0))).tolist() == [True, False]


def test_a_measured_gust_counts_and_the_mean_serves_where_there_is_none(year):
    windy = replace(with_wind(year, 4.0, 4.0, np.nan, np.nan), gust_m_s=np.array([9.0, np.nan, 7.0, np.nan]))
    assert gusts(windy)[:3].tolist() == [9.0, 6.0, 7.0]
    assert windy.unknown_wind_steps == 1


def test_the_two_laws_agree_where_the_exponent_is_the_roughnesss():
    exponent = exponent_of(0.03, 20.0)
    assert power_law(20.0, 10.0, exponent) == pytest.approx(log_law(20.0, 10.0, 0.03))
    assert log_law(20.0, 10.0, 0.03) == pytest.approx(np.log(20.0 / 0.03) / np.log(10.0 / 0.03))
    assert exponent_of(0.03, 20.0) == pytest.approx(0.16, abs=0.01)  # near the seventh of open ground


def test_both_laws_are_one_at_the_same_height_and_turn_round():
    assert (power_law(10.0, 10.0, 0.143), log_law(10.0, 10.0)) == (1.0, 1.0)
    assert power_law(3.0, 10.0, 0.143) * power_law(10.0, 3.0, 0.143) == pytest.approx(1.0)
    assert log_law(3.0, 10.0) * log_law(10.0, 3.0) == pytest.approx(1.0)


@pytest.mark.parametrize("law", [partial(power_law, exponent=0.143), log_law])
def test_a_height_in_the_ground_is_refused(law):
    with pytest.raises(ValueError, match="give heights above"):
        law(0.0, 10.0)


def test_a_whole_synthetic_year_needs_no_note(year):
    assert notes(year) == ()


def test_every_assumption_has_its_sentence_with_its_count(year):
    counts = Counts(
        closed=1, decomposed=2, left_out=24, beyond_limits=3, negative=4, unclosed=5, temp_assumed=6
    )
    mended = replace(
        year,
        counts=counts,
        filled_steps=7,
        decomposition="engerer2",
        wind_speed_m_s=np.full(8760, np.nan),
    )
    said = notes(mended)
    assert said[0] == (
        "in 8,760 of 8,784 steps the wind is unknown: nothing stows for wind in them, which favours tracking"
    )
    assert len(said) == 9
    for count in (1, 2, 3, 4, 5, 6, 7, 24):
        assert sum(f" {count} of 8,784 steps" in f" {sentence}" for sentence in said) == 1
    assert any("by engerer2" in sentence for sentence in said)
