import numpy as np
import pytest

from tracker.errors import InvalidInput
from tracker.plant import Carbon
from tracker.pv import Models
from tracker.study.gain.carbon import avoided, kind_of
from tracker.study.gain.claims import judged
from tracker.study.gain.day_classes import Days, days_of
from tracker.study.gain.gains import Gain
from tracker.study.gain.uncertainty import Effect, spread_of
from tracker.study.setting import setting_of

TEN_DAYS = Days(of_interval=np.arange(10), sky=np.array([0] * 5 + [1] * 3 + [2] * 2))
DULL_TO_CLEAR = np.array([1.0] * 5 + [1.2] * 3 + [1.5, 1.3])  # tracked over baseline, day by day


def gain(of="sunflower", over="best_fixed", net=15.0, sigma=2.0):
    reach = 1.2815515655446004 * sigma
    return Gain(
        of=of,
        over=over,
        poa_percent=16.0,
        net_percent=net,
        p90_percent=net - reach,
        p50_percent=net,
        p10_percent=net + reach,
        spread=spread_of(Effect(cause="light", low_points=-sigma, high_points=sigma)),
    )


def claim(percent, gains, over="best_fixed"):
    names = {name for found in gains for name in (found.of, found.over)}
    net_wh = {name: 1000.0 * (DULL_TO_CLEAR if name == "sunflower" else np.ones(10)) for name in names}
    return judged(percent, over, gains, "perez", TEN_DAYS, net_wh)


@pytest.mark.parametrize(
    ("percent", "verdict"),
    [(40.0, "not supported"), (17.6, "not supported"), (17.5, "within uncertainty"),
     (15.0, "within uncertainty"), (12.5, "within uncertainty"), (12.4, "supported"), (0.0, "supported")],
)  # fmt: skip
def test_a_claim_is_judged_by_the_interval_of_the_gain(percent, verdict):
    assert claim(percent, [gain()]).verdict == verdict


def test_the_sentence_names_baseline_model_and_what_is_reached():
    says = claim(40.0, [gain()]).says
    for part in ("best fixed", "sunflower", "+15.0 %", "perez", "+40.0 % is not supported", "+12.4", "+17.6"):
        assert part in says


def test_the_real_array_is_judged_before_the_ideal_ones():
    gains = [gain("single_axis", net=9.0), gain("two_axis_sun_facing", net=17.0), gain("sunflower", net=15.0)]
    assert claim(40.0, gains).of == "sunflower"
    assert claim(40.0, gains[:2]).of == "two_axis_sun_facing"
    assert claim(40.0, gains[:1]).reached_percent == 9.0


def test_a_claim_over_something_that_is_not_compared_is_refused():
    with pytest.raises(InvalidInput, match=r"claim_over = 'flat'.*comparison\.mountings"):
        claim(40.0, [gain()], over="flat")


def test_phoenix_may_claim_forty_percent_and_shenzhen_may_not(comparison_of):
    assert comparison_of("shenzhen").claim.verdict == "not supported"
    assert comparison_of("phoenix").claim.verdict == "within uncertainty"
    assert comparison_of("phoenix", claim_percent=37.0).claim.verdict == "supported"


def test_a_claim_over_all_is_judged_where_the_least_is_gained():
    gains = [gain(over="flat", net=45.0), gain(net=15.0), gain(over="single_axis", net=6.0)]
    found = claim(10.0, gains, over="all")
    assert (found.over, found.verdict) == ("single_axis", "not supported")
    assert [(judged.over, judged.verdict) for judged in found.judgements] == [
        ("single_axis", "not supported"),
        ("best_fixed", "supported"),
        ("flat", "supported"),
    ]
    assert claim(3.0, gains, over="all").verdict == "supported"


def test_a_claim_that_fails_says_which_baseline_and_sky_and_days_make_it_true():
    found = claim(39.0, [gain(over="flat", net=45.0), gain(net=15.0)])
    assert [(day.sky, day.days, day.share_percent) for day in found.sky] == [
        ("overcast", 5, 50.0), ("mixed", 3, 30.0), ("clear", 2, 20.0)
    ]  # fmt: skip
    assert [day.gain_percent for day in found.sky] == pytest.approx([0.0, 20.0, 40.0])
    assert found.days_percent == 10.0
    assert found.only_if == (
        "it is supported if the baseline is flat",
        "it is reached if every day is clear (as 20 % of them are: +40.0 %)",
        "on 10 % of the days it is reached",
    )


def test_what_nothing_makes_true_is_said_to_be_so():
    found = claim(60.0, [gain(over="flat", net=45.0), gain(net=15.0)])
    assert found.only_if == (
        "no baseline compared makes it true",
        "no kind of sky makes it true",
        "on 0 % of the days it is reached",
    )


def test_a_claim_that_holds_needs_no_conditions():
    assert claim(10.0, [gain()]).only_if == ()


def test_a_claim_carries_how_probable_it_is():
    assert claim(15.0, [gain()]).probability_percent == pytest.approx(50.0)
    assert claim(12.4369, [gain()]).probability_percent == pytest.approx(90.0, abs=0.01)


def test_shenzhen_has_as_many_clear_and_overcast_days_as_were_counted(weather_of, plant_of):
    """Clear: diffuse fraction below 0.3 and clearness above 0.6; overcast: diffuse fraction above 0.8."""
    weather = weather_of("shenzhen")
    days = days_of(setting_of(plant_of(weather), weather, Models()))
    assert np.bincount(days.sky).tolist() == [128, 219, 18]


def test_forty_percent_at_phoenix_is_true_over_flat_and_on_clear_days(comparison_of):
    found = comparison_of("phoenix", ground_cover_ratio=0.05).claim
    assert found.only_if[0] == "it is supported if the baseline is flat"
    assert found.only_if[1].startswith("it is reached if every day is clear (as 75 % of them are")


def carbon(**stated):
    return Carbon(**{"factor_kg_per_kwh": 0.5, "factor_source": "the grid's average of 2023", **stated})


def test_avoided_carbon_is_energy_times_the_factor_month_by_month():
    tracked, fixed = np.arange(12.0) * 100.0, np.arange(12.0) * 80.0
    result = avoided(carbon(), tracked, fixed)
    assert result.avoided_kg == pytest.approx(0.5 * 6600.0)
    assert result.extra_avoided_kg == pytest.approx(0.5 * 1320.0)
    assert result.monthly_avoided_kg == pytest.approx((0.5 * tracked).tolist())
    assert sum(result.monthly_extra_avoided_kg) == pytest.approx(result.extra_avoided_kg)
    assert result.kind == "average"


def test_a_factor_is_printed_with_all_that_it_depends_on_or_that_nobody_said():
    silent = avoided(carbon(), np.ones(12), np.zeros(12))
    assert (silent.year, silent.region, silent.scope) == ("unstated", "unstated", "unstated")
    told = carbon(
        factor_year=2023, factor_region="South China", factor_scope="scope 2", factor_kind="marginal"
    )
    result = avoided(told, np.ones(12), np.zeros(12))
    assert (result.year, result.region, result.scope, result.kind) == (
        "2023", "South China", "scope 2", "marginal"
    )  # fmt: skip


def test_a_published_factor_brings_its_year_region_and_scope_unless_the_number_is_another():
    source = "South region average, 2023"
    known = avoided(carbon(factor_source=source, factor_kg_per_kwh=0.4042), np.ones(12), np.zeros(12))
    assert (known.year, known.region, known.scope) == ("2023", "South China's grid", "CO2 of generation")
    other = avoided(carbon(factor_source=source, factor_kg_per_kwh=0.5), np.ones(12), np.zeros(12))
    assert (other.year, other.region, other.scope) == ("unstated", "unstated", "unstated")
    assert (known.factor_source, other.factor_source) == (source, "unstated")


def test_two_margins_make_a_combined_one_with_its_weights():
    margins = carbon(operating_margin_kg_per_kwh=0.8, build_margin_kg_per_kwh=0.4, build_margin_weight=0.25)
    result = avoided(margins, np.ones(12), np.zeros(12))
    assert result.factor_kg_per_kwh == pytest.approx(0.7)  # CDM TOOL07: w BM + (1 - w) OM
    assert result.kind == "combined margin, 0.25 build and 0.75 operating"


def test_a_factor_that_does_not_say_its_kind_is_called_unstated():
    assert kind_of("South region average, 2023") == "average"
    assert kind_of("a brochure") == "unstated"
