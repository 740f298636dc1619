import pytest

from tracker.errors import InvalidInput
from tracker.plant import Carbon
from tracker.study.carbon import avoided, kind_of
from tracker.study.claims import judged
from tracker.study.gains import Gain
from tracker.study.uncertainty import Spread


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
        spread=Spread(transposition=sigma, weather=0.0, shared=0.0),
    )


@pytest.mark.parametrize(
    ("percent", "verdict"),
    [(40.0, "not supported"), (17.6, "not supported"), (17.5, "within uncertainty"),
     (15.0, "within uncertainty"), (12.5, "within uncertainty"), (12.4, "supported"), (0.0, "supported")],
)  # fmt: skip
def test_a_claim_is_judged_by_the_interval_of_the_gain(percent, verdict):
    assert judged(percent, "best_fixed", [gain()], "perez").verdict == verdict


def test_the_sentence_names_baseline_model_and_what_is_reached():
    says = judged(40.0, "best_fixed", [gain()], "perez").says
    for part in ("best fixed", "sunflower", "+15.0 %", "perez", "+40.0 % is not supported", "+12.4", "+17.6"):
        assert part in says


def test_the_real_array_is_judged_before_the_ideal_ones():
    gains = [gain("single_axis", net=9.0), gain("two_axis_sun_facing", net=17.0), gain("sunflower", net=15.0)]
    assert judged(40.0, "best_fixed", gains, "perez").of == "sunflower"
    assert judged(40.0, "best_fixed", gains[:2], "perez").of == "two_axis_sun_facing"
    assert judged(40.0, "best_fixed", gains[:1], "perez").reached_percent == 9.0


def test_a_claim_over_something_that_is_not_compared_is_refused():
    with pytest.raises(InvalidInput, match=r"claim_over = 'flat'.*comparison\.mountings"):
        judged(40.0, "flat", [gain()], "perez")


def test_phoenix_may_claim_forty_percent_and_shenzhen_may_not(comparison_of):
    assert comparison_of("shenzhen").claim.verdict == "not supported"
    assert comparison_of("phoenix").claim.verdict == "within uncertainty"
    assert comparison_of("phoenix", claim_percent=37.0).claim.verdict == "supported"


def test_avoided_carbon_is_energy_times_the_factor_with_its_origin():
    carbon = Carbon(factor_kg_per_kwh=0.5, factor_source="Combined margin 2023, CDM TOOL07")
    result = avoided(carbon, 1200.0, 1000.0)
    assert (result.avoided_kg, result.extra_avoided_kg) == (600.0, 100.0)
    assert result.kind == "combined margin"
    assert result.factor_source == carbon.factor_source


def test_a_factor_that_does_not_say_its_kind_is_called_unstated():
    assert kind_of("South region average, 2023") == "average"
    assert kind_of("a brochure") == "unstated"
