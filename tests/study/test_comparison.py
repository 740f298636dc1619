import json
from dataclasses import replace

import numpy as np
import pytest

from tracker.errors import InvalidInput, InvalidWeather
from tracker.frames import enu_from_azel
from tracker.pv import Models
from tracker.study import compare, to_json_dict
from tracker.study.mountings.orientation import Orientation
from tracker.study.result import summed
from tracker.study.setting import setting_of
from tracker.study.steps import NOT_MODELLED, ORDER

SUM_KWH = 1e-9
KWP = 4 * 2.5


def test_months_add_up_to_the_year(comparison_of):
    for row in comparison_of("shenzhen").mountings:
        assert len(row.monthly_kwh) == 12
        assert sum(row.monthly_kwh) == pytest.approx(row.net_kwh, abs=SUM_KWH)
        assert min(row.monthly_kwh) > 0.0


def test_steps_lead_from_nominal_to_net(comparison_of):
    for row in comparison_of("shenzhen").mountings:
        assert row.steps[0].kwh == pytest.approx(row.poa_kwh_m2 * KWP, abs=1e-6)
        changes = [after.kwh - before.kwh for before, after in zip(row.steps, row.steps[1:], strict=False)]
        assert row.steps[0].kwh + sum(changes) == pytest.approx(row.net_kwh, abs=SUM_KWH)
        left = {step.name: step.kwh for step in row.steps}
        assert list(left) == [name for name in ORDER if name in left]
        assert left["inverter"] == pytest.approx(row.ac_kwh, abs=SUM_KWH)
        assert not set(left) & set(NOT_MODELLED)


def test_a_year_does_not_depend_on_how_many_heads_share_it(weather_of, plant_of):
    weather = weather_of("shenzhen")
    four = plant_of(weather, mountings=("flat", "two_axis_sun_facing"), claim_over="flat")
    one = replace(
        four, array=replace(four.array, names=("H01",), positions_enu_m=four.array.positions_enu_m[:1])
    )
    many, single = compare(four, weather), compare(one, weather)
    for a, b in zip(many.mountings, single.mountings, strict=True):
        assert a.net_kwh == pytest.approx(4.0 * b.net_kwh, rel=1e-5)
        assert a.ac_kwh_per_kwp == pytest.approx(b.ac_kwh_per_kwp, rel=1e-5)


def test_the_same_inputs_give_the_same_document_to_the_letter(weather_of, plant_of):
    weather = weather_of("shenzhen")
    documents = [json.dumps(to_json_dict(compare(plant_of(weather), weather))) for _ in range(2)]
    assert documents[0] == documents[1]


def test_the_hash_follows_numbers_and_not_names(weather_of, plant_of):
    weather = weather_of("shenzhen")
    plant = plant_of(weather, mountings=("flat", "two_axis_sun_facing"), claim_over="flat")
    first = compare(plant, weather).inputs_sha256
    assert len(first) == 64
    moved = compare(replace(plant, bridges=(), weather_source="elsewhere"), replace(weather, source="other"))
    assert moved.inputs_sha256 == first
    warmer = replace(weather, temp_air_c=weather.temp_air_c + 1e-9)
    assert compare(plant, warmer).inputs_sha256 != first
    darker = replace(plant, site=replace(plant.site, albedo=0.19))
    assert compare(darker, weather).inputs_sha256 != first
    assert compare(plant, weather, Models(transposition="hay-davies")).inputs_sha256 != first


def test_gains_are_ratios_of_the_rows(comparison_of):
    comparison = comparison_of("shenzhen")
    assert {(gain.of, gain.over) for gain in comparison.gains} == {
        *(("single_axis", over) for over in ("flat", "latitude_tilt", "best_fixed")),
        *(
            (of, over)
            for of in ("two_axis_sun_facing", "two_axis_optimal")
            for over in ("flat", "latitude_tilt", "best_fixed", "single_axis")
        ),
    }
    for gain in comparison.gains:
        of, over = comparison.result(gain.of), comparison.result(gain.over)
        assert gain.net_percent == pytest.approx(100.0 * (of.net_kwh / over.net_kwh - 1.0))
        assert gain.poa_percent == pytest.approx(100.0 * (of.poa_kwh_m2 / over.poa_kwh_m2 - 1.0))
        assert gain.p90_percent < gain.p50_percent == gain.net_percent < gain.p10_percent


def test_the_interval_holds_both_transposition_models(comparison_of, hay_davies_of):
    perez = comparison_of("shenzhen").gain("two_axis_sun_facing", "latitude_tilt")
    other = hay_davies_of("shenzhen").gain("two_axis_sun_facing", "latitude_tilt")
    effects = {effect.cause: effect for effect in perez.spread.effects}
    # the light between rows is left as the main model has it, hence not to the last digit
    moved = other.net_percent - perez.net_percent
    assert effects["transposition"].high_points == pytest.approx(moved, rel=1e-3)
    assert effects["year to year"].sigma_points > 0.1


def test_hours_and_months_of_a_difference_add_up_to_it(comparison_of):
    comparison = comparison_of("shenzhen")
    table = comparison.net_difference_by_hour_and_month_kwh("two_axis_sun_facing", "best_fixed")
    assert table.shape == (24, 12)
    difference = comparison.result("two_axis_sun_facing").net_kwh - comparison.result("best_fixed").net_kwh
    assert np.sum(table) == pytest.approx(difference, abs=SUM_KWH)
    assert np.all(table[:4] == 0.0)  # local night
    assert table[8].sum() > table[12].sum()  # tracking earns in the morning


def test_limits_stow_and_drive_are_steps_of_their_own(weather_of, plant_of):
    weather = weather_of("shenzhen")
    setting = setting_of(plant_of(weather), weather, Models())
    ideal = setting.sun.direction_enu
    limited = enu_from_azel(setting.sun.azimuth_deg, np.maximum(setting.sun.apparent_elevation_deg, 30.0))
    stowed = np.where((weather.wind_speed_m_s > 6.0)[:, None], [0.0, 0.0, 1.0], limited)
    orientation = Orientation(
        normal_enu=stowed,
        ideal_normal_enu=ideal,
        limited_normal_enu=limited,
        drive_wh=np.full(weather.utc.size, 0.5),
        standby_w=np.full(weather.utc.size, 4.0),
    )
    row = summed("made", 2, 100.0, orientation, setting)
    left = {step.name: step.kwh for step in row.steps}
    assert list(left)[:3] == ["facing", "limits", "stow"]
    assert left["facing"] == pytest.approx(
        KWP * weather.energy_kwh_m2(setting.yield_of(ideal).poa_w_m2), rel=1e-12
    )
    assert left["limits"] != left["facing"]
    assert left["stow"] == pytest.approx(row.poa_kwh_m2 * KWP)
    consumed_kwh = 4 * 8760 * (0.5 + 4.0) / 1000.0
    assert row.drive_kwh == pytest.approx(consumed_kwh)
    assert row.net_kwh == pytest.approx(row.ac_kwh - consumed_kwh)
    assert left["drive"] == pytest.approx(row.net_kwh, abs=SUM_KWH)


def test_the_document_has_the_keys_that_scripts_rely_on(comparison_of):
    document = to_json_dict(comparison_of("shenzhen"))
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    promised = {
        "schema", "inputs_sha256", "versions", "site", "weather", "models", "mountings", "gains", "claim",
        "carbon",
    }  # fmt: skip
    assert set(document) == promised | {"not_modelled", "break_even"}
    assert set(document["weather"]) == {
        "source", "kind", "ghi_kwh_m2", "dni_kwh_m2", "dhi_kwh_m2", "steps", "filled_steps", "years",
        "unknown_wind_steps", "counts", "notes",
    }  # fmt: skip
    assert document["weather"]["ghi_kwh_m2"] == pytest.approx(1509.56, abs=0.01)
    assert set(document["models"]) == {
        "transposition", "decomposition", "incidence", "spectrum", "temperature", "head_temperature",
        "modules", "inverter",
    }  # fmt: skip
    row = {
        "name", "poa_kwh_m2", "ac_kwh", "ac_kwh_per_kwp", "drive_kwh", "net_kwh", "net_kwh_per_m2_land",
        "steps", "monthly_kwh",
    }  # fmt: skip
    for mounting in document["mountings"]:
        assert set(mounting) - {"tilt_deg", "azimuth_deg"} == row
    for gain in document["gains"]:
        assert set(gain) == {
            "of", "over", "poa_percent", "net_percent", "p90_percent", "p50_percent", "p10_percent", "causes",
        }  # fmt: skip
        for cause in gain["causes"]:
            assert set(cause) == {"cause", "low_points", "high_points"}
    assert set(document["claim"]) == {
        "percent", "of", "over", "verdict", "reached_percent", "says", "probability_percent", "judgements",
        "sky", "days_percent", "only_if",
    }  # fmt: skip
    assert set(document["carbon"]) == {
        "factor_kg_per_kwh", "factor_source", "kind", "year", "region", "scope", "avoided_kg",
        "extra_avoided_kg", "monthly_avoided_kg", "monthly_extra_avoided_kg",
    }  # fmt: skip


def test_wind_that_nobody_knows_stows_nothing_and_is_said(weather_of, plant_of):
    weather = weather_of("shenzhen")
    windless = replace(weather, wind_speed_m_s=np.full(weather.utc.size, np.nan))
    calm = replace(weather, wind_speed_m_s=np.zeros(weather.utc.size))
    plant = plant_of(weather, mountings=("flat", "sunflower"), claim_over="flat")
    unknown, known = compare(plant, windless), compare(plant, calm)
    assert unknown.result("sunflower").orientation.stowed_h == 0.0
    assert compare(plant, weather).result("sunflower").orientation.stowed_h > 0.0
    document = to_json_dict(unknown)
    assert document["weather"]["unknown_wind_steps"] == 8760
    assert "the wind is unknown: nothing stows for wind" in document["weather"]["notes"][0]
    assert to_json_dict(known)["weather"]["notes"] == []


def test_a_mounting_named_twice_is_refused(weather_of, plant_of):
    weather = weather_of("shenzhen")
    with pytest.raises(InvalidInput, match="names one twice"):
        compare(plant_of(weather, mountings=("flat", "flat")), weather)


def test_a_dark_series_is_refused(weather_of, plant_of):
    weather = weather_of("shenzhen")
    zeros = np.zeros(weather.utc.size)
    dark = replace(weather, ghi_w_m2=zeros, dni_w_m2=zeros, dhi_w_m2=zeros)
    with pytest.raises(InvalidWeather, match=r"flat has 0\.000 kWh net in 8760 intervals"):
        compare(plant_of(weather), dark)
