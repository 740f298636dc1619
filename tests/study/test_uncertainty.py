from dataclasses import replace

import numpy as np
import pytest

from tracker.pv import Models
from tracker.study import compare
from tracker.study.gain.causes import ALBEDO, LIGHT_RATIO, MODELLED_BEAM_RATIO
from tracker.study.gain.drawn_years import YEARLY_RATIO, drawn_kwh, yearly_kwh
from tracker.study.gain.uncertainty import (
    Effect,
    exceedance,
    gain_percent,
    models_effect,
    spread_of,
    years_effect,
)
from tracker.weather.splitting.redivided import redivided

ARRAYS = ("utc", "ghi_w_m2", "dni_w_m2", "dhi_w_m2", "temp_air_c", "wind_speed_m_s", "pressure_pa")


@pytest.fixture
def fortnight(weather_of):
    """The last week of January and the first of February, by local time."""
    weather = weather_of("shenzhen")
    cut = slice(24 * 24, 38 * 24)
    return replace(weather, **{name: getattr(weather, name)[cut] for name in ARRAYS})


def effect(sigma, cause="light"):
    return Effect(cause=cause, low_points=-sigma, high_points=sigma)


def test_what_all_years_share_has_no_spread(fortnight):
    one = fortnight.ghi_w_m2
    drawn = drawn_kwh({"one": one, "twice": 2.0 * one}, fortnight)
    assert np.std(drawn["one"]) > 0.0
    assert years_effect(drawn["twice"], drawn["one"]).sigma_points == pytest.approx(0.0, abs=1e-9)


def test_days_are_drawn_whole_and_within_their_month(fortnight):
    january = (fortnight.local_month == 1).astype(float)
    drawn = drawn_kwh({"hours": np.ones(14 * 24), "january": january}, fortnight)
    np.testing.assert_allclose(drawn["hours"], 14 * 24 / 1000.0)
    np.testing.assert_allclose(drawn["january"], np.sum(january) / 1000.0)
    noon = (fortnight.local_hour == 12).astype(float)
    np.testing.assert_allclose(drawn_kwh({"noon": noon}, fortnight)["noon"], 14 / 1000.0)


@pytest.mark.parametrize("place", ["shenzhen", "phoenix", "denver"])
def test_a_year_s_light_varies_as_years_do_and_not_as_days_drawn_one_by_one(weather_of, place):
    weather = weather_of(place)
    drawn = drawn_kwh({"light": weather.ghi_w_m2}, weather)["light"]
    assert np.std(drawn) / np.mean(drawn) == pytest.approx(YEARLY_RATIO, rel=0.1)  # of 1000 draws
    assert np.mean(drawn) == pytest.approx(np.sum(weather.ghi_w_m2) / 1000.0, rel=0.01)


def test_where_every_day_is_alike_years_are_too(fortnight):
    alike = replace(fortnight, ghi_w_m2=np.tile(fortnight.ghi_w_m2[:24], 14))
    drawn = drawn_kwh({"light": alike.ghi_w_m2}, alike)["light"]
    np.testing.assert_allclose(drawn, np.sum(alike.ghi_w_m2) / 1000.0)


def test_causes_add_as_independent_ones_do_and_the_strongest_comes_first():
    spread = spread_of(effect(2.0, "a"), effect(6.0, "b"), effect(3.0, "c"))
    assert spread.total_points == pytest.approx(7.0)
    assert [found.cause for found in spread.effects] == ["b", "c", "a"]


def test_an_effect_spans_half_of_what_lies_between_its_ends_and_the_answer():
    assert Effect(cause="model", low_points=0.0, high_points=-5.0).sigma_points == 2.5
    assert Effect(cause="model", low_points=-3.0, high_points=-5.0).sigma_points == 2.5
    assert Effect(cause="model", low_points=-3.0, high_points=5.0).sigma_points == 4.0


def test_what_all_models_share_weighs_on_the_ratio_of_the_energies():
    assert models_effect(40.0).sigma_points == pytest.approx(0.7)


def test_exceedance_is_one_half_at_the_answer_and_nine_tenths_at_p90():
    assert exceedance(15.0, 15.0, 2.0) == pytest.approx(0.5)
    assert exceedance(15.0 - 1.2815515655446004 * 2.0, 15.0, 2.0) == pytest.approx(0.9)
    assert (exceedance(14.9, 15.0, 0.0), exceedance(15.1, 15.0, 0.0)) == (1.0, 0.0)


def ends(comparison, cause):
    (found,) = [e for e in comparison.gain("two_axis_sun_facing", "flat").spread.effects if e.cause == cause]
    return found


def net_gain(plant, weather, orientation_of=None, **models):
    comparison = compare(plant, weather, Models(**models))
    return comparison.gain("two_axis_sun_facing", "flat").net_percent


@pytest.fixture
def two(plant_of, weather_of):
    """Sun-facing over flat, whose orientations no model changes."""
    weather = weather_of("shenzhen")
    return plant_of(weather, mountings=("flat", "two_axis_sun_facing"), claim_over="flat"), weather


def test_each_end_is_the_gain_of_a_comparison_made_there(two):
    """What the tornado shows is what anybody gets who turns that input himself."""
    plant, weather = two
    comparison = compare(plant, weather)
    base = comparison.gain("two_axis_sun_facing", "flat").net_percent

    darker = replace(plant, site=replace(plant.site, albedo=plant.site.albedo - ALBEDO))
    assert ends(comparison, "albedo").low_points == pytest.approx(net_gain(darker, weather) - base, abs=1e-9)

    bright = {name: getattr(weather, name) * (1.0 + LIGHT_RATIO) for name in ARRAYS if name.endswith("w_m2")}
    brighter = net_gain(plant, replace(weather, **bright))
    assert ends(comparison, "measurement").high_points == pytest.approx(brighter - base, abs=1e-9)

    other = net_gain(plant, weather, transposition="hay-davies")
    assert ends(comparison, "transposition").high_points == pytest.approx(other - base, abs=1e-9)


def test_light_divided_by_a_model_is_divided_by_the_others_too(two):
    plant, weather = two
    erbs = redivided(weather, plant.site, "erbs")
    comparison = compare(plant, erbs)
    assert comparison.models.decomposition == "erbs"
    base = comparison.gain("two_axis_sun_facing", "flat").net_percent
    others = [net_gain(plant, redivided(weather, plant.site, model)) for model in ("dirint", "engerer2")]
    found = ends(comparison, "decomposition")
    assert (found.low_points, found.high_points) == pytest.approx([other - base for other in others])
    assert found.sigma_points > 0.5
    names = {effect.cause for effect in compare(*two).gain("two_axis_sun_facing", "flat").spread.effects}
    assert "decomposition" not in names  # beam and diffuse as given


def test_a_series_of_many_years_speaks_for_itself(weather_of):
    """Five years, each brighter than the one before: their own spread, not a drawn one."""
    year = weather_of("shenzhen")
    many = {name: np.tile(getattr(year, name), 5) for name in ARRAYS}
    many["utc"] = np.concatenate([year.utc + np.timedelta64(365 * 24 * n, "h") for n in range(5)])
    series = replace(year, **many)
    brightness = np.repeat([1.0, 1.1, 1.2, 1.3, 1.4], 8760)
    kwh = yearly_kwh({"one": np.ones(5 * 8760), "more": brightness}, series)
    np.testing.assert_allclose(kwh["more"] / kwh["one"], [1.0, 1.1, 1.2, 1.3, 1.4], rtol=5e-4)  # a leap day
    assert yearly_kwh({"one": np.ones(8760)}, year)["one"].size > 5
    assert years_effect(kwh["more"], kwh["one"]).sigma_points == pytest.approx(15.81, abs=0.02)


def test_more_beam_at_the_same_global_light_favours_tracking(two):
    plant, weather = two
    found = ends(compare(plant, weather), "beam and diffuse")
    assert found.low_points < 0.0 < found.high_points
    shared = 100.0 * (np.sum(weather.dni_w_m2) / np.sum(weather.ghi_w_m2)) * MODELLED_BEAM_RATIO
    assert found.high_points < shared  # light that is moved, not added


def test_beam_is_known_better_where_it_was_measured(two):
    plant, weather = two
    modelled = ends(compare(plant, weather), "beam and diffuse")
    measured = ends(compare(plant, replace(weather, kind="measured")), "beam and diffuse")
    assert measured.sigma_points == pytest.approx(0.4 * modelled.sigma_points, rel=0.05)


def test_the_interval_is_that_of_the_gain_and_far_narrower_than_that_of_either_yield(two):
    """Light measured 3 % wrong moves both yields by 3 %, and the gain between them by a tenth of that."""
    comparison = compare(*two)
    assert ends(comparison, "measurement").sigma_points < 0.1 * 100.0 * LIGHT_RATIO
    gain = comparison.gain("two_axis_sun_facing", "flat")
    total = np.sqrt(sum(found.sigma_points**2 for found in gain.spread.effects))
    assert gain.p10_percent - gain.p90_percent == pytest.approx(2 * 1.2815515655446004 * total)
    assert gain_percent(*(comparison.result(n).net_kwh for n in (gain.of, gain.over))) == gain.p50_percent
