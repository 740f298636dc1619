from dataclasses import replace

import pytest

from tracker.plant import Economics
from tracker.study import compare
from tracker.study.gain.economics import annuity_years, break_even
from tracker.study.gain.gains import Gain
from tracker.study.gain.uncertainty import spread_of

PRICE = Economics(
    energy_price_per_kwh=0.5,
    currency="CNY",
    lifetime_years=25.0,
    discount_rate_percent=5.0,
    extra_upkeep_per_kwp_year=0.0,
)
GAIN = Gain(
    of="sunflower",
    over="flat",
    poa_percent=20.0,
    net_percent=20.0,
    p90_percent=15.0,
    p50_percent=20.0,
    p10_percent=25.0,
    spread=spread_of(),
)


def test_what_one_a_year_is_worth_today_is_the_sum_of_the_discounted_years():
    assert annuity_years(5.0, 25.0) == pytest.approx(sum(1.05**-year for year in range(1, 26)))
    assert annuity_years(0.0, 25.0) == 25.0


def test_the_extra_cost_that_breaks_even_is_the_extra_energy_s_worth():
    found = break_even(PRICE, GAIN, 1000.0)
    assert found.extra_kwh_per_kwp_year == pytest.approx(200.0)
    assert found.per_kwp == pytest.approx(200.0 * 0.5 * annuity_years(5.0, 25.0))
    assert (found.p90_per_kwp, found.p10_per_kwp) == pytest.approx(
        (0.75 * found.per_kwp, 1.25 * found.per_kwp)
    )
    assert "CNY per kWp" in found.says
    assert "over flat" not in found.says


def test_upkeep_may_eat_all_of_it():
    dear = replace(PRICE, extra_upkeep_per_kwp_year=150.0)
    found = break_even(dear, GAIN, 1000.0)
    assert found.per_kwp == pytest.approx(-50.0 * annuity_years(5.0, 25.0))
    assert "never pays" in found.says


def test_nothing_is_said_about_money_where_nobody_stated_a_price(comparison_of):
    assert comparison_of("shenzhen").break_even is None


def test_a_comparison_states_it_for_the_claim_s_pair(plant_of, weather_of):
    weather = weather_of("shenzhen")
    plant = replace(plant_of(weather, mountings=("flat", "single_axis"), claim_over="flat"), economics=PRICE)
    comparison = compare(plant, weather)
    found, rows = comparison.break_even, comparison
    extra = (rows.result("single_axis").net_kwh - rows.result("flat").net_kwh) / 10.0  # 4 heads of 2.5 kWp
    assert found.extra_kwh_per_kwp_year == pytest.approx(extra * 365.25 / 365.0)
