"""Cells on heads and cells in rows: models of their own, and what they are worth to the gain."""

from dataclasses import replace

import numpy as np
import pytest

from tracker.mounting_names import NAMES
from tracker.pv import Models
from tracker.pv.temperature import CELL_MODELS
from tracker.study import compare
from tracker.study.comparison_json import to_json_dict
from tracker.study.gain.causes import cell_temperature
from tracker.study.metering.production_sums import correction_for_heat
from tracker.study.mountings.by_name import mounting
from tracker.study.mountings.recorded import Recording, Track, recorded_orientation
from tracker.study.result import result_of
from tracker.study.setting import ROW_HEIGHT_M, setting_of
from tracker.weather.gusts import power_law

ROOF, FREE = "noct-sam, 49 C roof mount", "pvsyst, free-standing"
RACK, HIGH_RACK = "noct-sam, 45 C open rack", "noct-sam, 45 C open rack above 22 ft"
FAIMAN, AT_HEIGHT = "faiman, open rack", "faiman, open rack, wind at its height"
SAPM_RACK = "sapm, open rack glass-glass"
STANDS = {  # as those who published them say; semi-integrated modules lie on a roof with air behind
    "rack": (
        RACK,
        HIGH_RACK,
        SAPM_RACK,
        "sapm, open rack glass-polymer",
        FAIMAN,
        AT_HEIGHT,
        "pvgis, free-standing",
        "pvgis, free-standing, wind at its height",
        FREE,
    ),
    "roof": (ROOF, "sapm, close roof mount glass-glass", "pvsyst, semi-integrated"),
    "insulated": ("sapm, insulated back glass-polymer", "pvsyst, insulated"),
}
HEADS = {"azimuth_only", "two_axis_sun_facing", "two_axis_optimal", "sunflower"}
OF, OVER = "two_axis_sun_facing", "latitude_tilt"
ARRAYS = ("utc", "ghi_w_m2", "dni_w_m2", "dhi_w_m2", "temp_air_c", "wind_speed_m_s", "pressure_pa")


@pytest.fixture
def week(weather_of):
    weather = weather_of("phoenix")
    return replace(weather, **{name: getattr(weather, name)[2400:2568] for name in ARRAYS})


@pytest.fixture
def two(plant_of, week):
    return plant_of(week, mountings=(OVER, OF), claim_over=OVER), week


def ends(comparison, cause):
    effects = {effect.cause: effect for effect in comparison.gain(OF, OVER).spread.effects}
    return (effects[cause].low_points, effects[cause].high_points) if cause in effects else None


def gain(plant, weather, **models):
    return compare(plant, weather, Models(**models)).gain(OF, OVER).net_percent


def test_what_stands_on_a_head_is_told_from_what_stands_in_rows(plant_of, week):
    setting = setting_of(plant_of(week), week, Models())
    on_heads = {name for name in NAMES if mounting(name).orient(setting).on_heads}
    assert on_heads == HEADS
    assert not mounting("fixed:30:180").orient(setting).on_heads
    track = Track(utc=week.utc, normal_enu=np.tile([0.0, 0.0, 1.0], (week.utc.size, 1)))
    recording = Recording(name="recorded", source="test", tracks=(track,))
    assert recorded_orientation(recording, setting).on_heads


@pytest.mark.parametrize("name", ["flat", "single_axis", "two_axis_sun_facing", "sunflower"])
def test_each_row_has_the_model_of_where_it_stands(plant_of, week, name):
    plant = plant_of(week)
    apart = setting_of(plant, week, Models(temperature=ROOF, head_temperature=FREE))
    alone = setting_of(plant, week, Models(temperature=FREE if name in HEADS else ROOF))
    assert result_of(name, apart).net_kwh == result_of(name, alone).net_kwh


def test_a_turning_tilt_is_chosen_among_heads_as_warm_as_heads_are(plant_of, week):
    plant = plant_of(week)
    apart, alone = (
        setting_of(plant, week, models)
        for models in (Models(temperature=ROOF, head_temperature=FREE), Models(temperature=FREE))
    )
    rows = [result_of("azimuth_only", setting) for setting in (apart, alone)]
    assert rows[0].tilt_deg == rows[1].tilt_deg
    assert rows[0].net_kwh == rows[1].net_kwh


def test_the_temperature_of_a_metered_row_is_that_of_where_it_stands(plant_of, week):
    rack = "noct-sam, 45 C open rack"
    setting = setting_of(plant_of(week), week, Models(temperature=ROOF, head_temperature=rack))
    light = np.full(week.utc.size, 800.0) * setting.daylight.up
    flat, head = (
        correction_for_heat(light, setting, result_of(name, setting)) for name in ("flat", "sunflower")
    )
    assert np.all(head[setting.daylight.up] > flat[setting.daylight.up])


def test_the_document_names_the_coefficients_of_both(two):
    plant, week = two
    models = to_json_dict(compare(plant, week))["models"]
    assert (models["temperature"], models["head_temperature"]) == ("noct-sam, 45 C open rack",) * 2
    panels = replace(plant.array.panels, temperature_model=ROOF, head_temperature_model=FREE)
    named = replace(plant, array=replace(plant.array, panels=panels))
    models = to_json_dict(compare(named, week))["models"]
    assert (models["temperature"], models["head_temperature"]) == (ROOF, FREE)


def test_other_coefficients_for_all_cells_are_a_cause(two):
    plant, week = two
    low, high = ends(compare(plant, week), "cell temperature")
    other = gain(plant, week, temperature="sapm, open rack glass-glass")
    assert (low, high) == (0.0, pytest.approx(other - gain(plant, week)))
    assert abs(high) > 0.1


def test_other_coefficients_are_those_of_the_same_mounting(two):
    plant, week = two
    comparison = compare(plant, week, Models(temperature=ROOF, head_temperature=FREE))
    sapm_roof = "sapm, close roof mount glass-glass"
    other = gain(plant, week, temperature=sapm_roof, head_temperature="noct-sam, 45 C open rack")
    assert ends(comparison, "cell temperature")[1] == pytest.approx(
        other - comparison.gain(OF, OVER).net_percent
    )


@pytest.mark.parametrize("name", CELL_MODELS)
@pytest.mark.parametrize("place", ["temperature", "head_temperature"])
def test_the_other_coefficients_are_anothers_of_where_those_stand(plant_of, week, place, name):
    _, other = cell_temperature(setting_of(plant_of(week), week, Models(**{place: name})))
    other_name = getattr(other.models, place)
    stands = {model: where for where, models in STANDS.items() for model in models}
    assert stands[other_name] == stands[name]
    assert other_name.split(",")[0] != name.split(",")[0]
    assert not CELL_MODELS[other_name].at_height


def test_other_coefficients_leave_heads_the_wind_of_their_height(two):
    """The height is the cause wind on heads, so the cells alone are another's at this one's end."""
    plant, week = two
    more = power_law(plant.array.head.pivot_height_m, ROW_HEIGHT_M, plant.wind.shear_exponent)
    windier = replace(week, wind_speed_m_s=week.wind_speed_m_s * more)
    kwh = compare(plant, windier).result(OF).net_kwh, compare(plant, week).result(OVER).net_kwh
    held = 100.0 * (kwh[0] / kwh[1] - 1.0) - gain(plant, week, temperature=AT_HEIGHT)
    comparison = compare(plant, week, Models(temperature=AT_HEIGHT))
    assert ends(comparison, "cell temperature") == (0.0, pytest.approx(held))
    assert held - (gain(plant, week) - gain(plant, week, temperature=AT_HEIGHT)) > 0.1


def test_heads_above_22_ft_are_held_against_heads_no_higher_than_rows(two):
    plant, week = two
    comparison = compare(plant, week, Models(temperature=RACK, head_temperature=HIGH_RACK))
    base, low_down = comparison.gain(OF, OVER).net_percent, gain(plant, week, temperature=RACK)
    assert ends(comparison, "wind on heads") == (pytest.approx(low_down - base), 0.0)
    assert low_down < base - 0.1
    windier = replace(week, wind_speed_m_s=week.wind_speed_m_s * 0.61 / 0.51)  # SAM's two storeys over one
    sapm = Models(temperature=SAPM_RACK)
    kwh = compare(plant, windier, sapm).result(OF).net_kwh, compare(plant, week, sapm).result(OVER).net_kwh
    held = 100.0 * (kwh[0] / kwh[1] - 1.0) - base
    assert ends(comparison, "cell temperature") == (0.0, pytest.approx(held))


def test_where_rows_stand_as_high_as_heads_their_height_is_no_credit(two):
    plant, week = two
    comparison = compare(plant, week, Models(temperature=HIGH_RACK))
    low, high = ends(comparison, "wind on heads")
    assert (low, high > 0.1) == (0.0, True)
    sapm = gain(plant, week, temperature=SAPM_RACK)
    held = sapm - comparison.gain(OF, OVER).net_percent
    assert ends(comparison, "cell temperature") == (0.0, pytest.approx(held))


@pytest.mark.parametrize(("high", "plain"), [(AT_HEIGHT, FAIMAN), (HIGH_RACK, RACK)])
def test_wind_that_nobody_measured_is_worth_nothing_to_high_heads(two, high, plain):
    plant, week = two
    unknown = replace(week, wind_speed_m_s=np.full_like(week.wind_speed_m_s, np.nan))
    apart = gain(plant, unknown, temperature=plain, head_temperature=high)
    assert apart == pytest.approx(gain(plant, unknown, temperature=plain))


def test_wind_that_is_stronger_at_the_pivot_is_a_cause(two):
    plant, week = two
    comparison = compare(plant, week)
    more = power_law(plant.array.head.pivot_height_m, ROW_HEIGHT_M, plant.wind.shear_exponent)
    windier = compare(plant, replace(week, wind_speed_m_s=week.wind_speed_m_s * more))
    cooler = 100.0 * (windier.result(OF).net_kwh / comparison.result(OVER).net_kwh - 1.0)
    base = comparison.gain(OF, OVER).net_percent
    assert ends(comparison, "wind on heads") == (0.0, pytest.approx(cooler - base))
    assert cooler > base + 0.1


def test_a_model_that_knows_the_height_is_held_against_heads_no_higher_than_rows(two):
    plant, week = two
    name = "faiman, open rack, wind at its height"
    head = replace(plant.array.head, pivot_height_m=ROW_HEIGHT_M)
    low_down = replace(plant, array=replace(plant.array, head=head))
    low, high = ends(compare(plant, week, Models(temperature=name)), "wind on heads")
    base = gain(plant, week, temperature=name)
    assert low == pytest.approx(gain(low_down, week, temperature=name) - base)
    assert (low < -0.1, high) == (True, 0.0)
    assert ends(compare(low_down, week, Models(temperature=name)), "wind on heads") is None


def test_a_model_without_wind_leaves_that_cause_out(two):
    assert ends(compare(*two, Models(temperature=FREE)), "wind on heads") is None


@pytest.mark.parametrize("chosen", ["none", "de soto, polycrystalline silicon"])
def test_the_spectrum_of_either_silicon_is_a_cause(two, chosen):
    plant, week = two
    base = gain(plant, week, spectrum=chosen)
    single, poly = (
        gain(plant, week, spectrum=f"de soto, {kind} silicon") - base
        for kind in ("single-crystal", "polycrystalline")
    )
    expected = (single, poly) if chosen == "none" else (0.0, single)
    assert ends(compare(plant, week, Models(spectrum=chosen)), "spectrum") == pytest.approx(expected)
    assert single - poly > 0.1
