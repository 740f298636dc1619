from dataclasses import replace

import numpy as np
import pytest

from tracker.study.uncertainty import Spread, resampled_kwh, shared_spread, weather_spread


@pytest.fixture
def fortnight(weather_of):
    """The last week of January and the first of February, by local time."""
    weather = weather_of("shenzhen")
    cut = slice(24 * 24, 38 * 24)
    arrays = ("utc", "ghi_w_m2", "dni_w_m2", "dhi_w_m2", "temp_air_c", "wind_speed_m_s", "pressure_pa")
    return replace(weather, **{name: getattr(weather, name)[cut] for name in arrays})


def test_what_all_days_share_has_no_spread(fortnight):
    one = fortnight.ghi_w_m2
    drawn = resampled_kwh({"one": one, "twice": 2.0 * one}, fortnight)
    assert np.std(drawn["one"]) > 0.0
    assert weather_spread(drawn["twice"], drawn["one"]) == pytest.approx(0.0, abs=1e-9)


def test_days_are_drawn_whole_and_within_their_month(fortnight):
    january = (fortnight.local_month == 1).astype(float)
    drawn = resampled_kwh({"hours": np.ones(14 * 24), "january": january}, fortnight)
    np.testing.assert_allclose(drawn["hours"], 14 * 24 / 1000.0)
    np.testing.assert_allclose(drawn["january"], np.sum(january) / 1000.0)
    noon = (fortnight.local_hour == 12).astype(float)
    np.testing.assert_allclose(resampled_kwh({"noon": noon}, fortnight)["noon"], 14 / 1000.0)


def test_the_spread_of_a_total_is_that_of_a_sum_of_drawn_days(fortnight):
    daily_kwh = fortnight.ghi_w_m2.reshape(14, 24).sum(axis=1) / 1000.0
    january = fortnight.local_month.reshape(14, 24)[:, 0] == 1
    expected = np.sqrt(sum(np.sum(part) * np.var(daily_kwh[part]) for part in (january, ~january)))
    drawn = resampled_kwh({"one": fortnight.ghi_w_m2}, fortnight)["one"]
    assert np.std(drawn) == pytest.approx(expected, rel=0.1)  # of 1000 draws


def test_causes_add_as_independent_ones_do():
    assert Spread(transposition=2.0, weather=3.0, shared=6.0).total == pytest.approx(7.0)


def test_a_shared_error_weighs_on_the_ratio_of_the_energies():
    assert shared_spread(40.0) == pytest.approx(1.4)
