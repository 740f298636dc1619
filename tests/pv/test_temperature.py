from dataclasses import replace
from typing import get_args

import numpy as np
import pvlib
import pytest

from tracker.model_names import TemperatureModel
from tracker.pv import Models, daylight_of, on_heads
from tracker.pv.temperature import CELL_MODELS, WIND_AT_PANEL

AGREEMENT = 1e-6
EFFICIENCY = 0.14
HIGH_UP = 0.8  # of the wind at 10 m
SAPM = pvlib.temperature.TEMPERATURE_MODEL_PARAMETERS["sapm"]
PVSYST = pvlib.temperature.TEMPERATURE_MODEL_PARAMETERS["pvsyst"]


def _noct(noct_c, storeys=1):
    return lambda poa, air, wind: pvlib.temperature.noct_sam(
        poa, air, wind, noct_c, EFFICIENCY, array_height=storeys
    )


def _sapm(kind):
    return lambda poa, air, wind: pvlib.temperature.sapm_cell(poa, air, wind, **SAPM[kind])


def _faiman(share=WIND_AT_PANEL, **coefficients):
    return lambda poa, air, wind: pvlib.temperature.faiman(poa, air, share * wind, **coefficients)


def _pvsyst(kind):
    return lambda poa, air, wind: pvlib.temperature.pvsyst_cell(
        poa, air, wind, **PVSYST[kind], module_efficiency=EFFICIENCY
    )


ORACLES = {
    "noct-sam, 45 C open rack": _noct(45.0),
    "noct-sam, 45 C open rack above 22 ft": _noct(45.0, storeys=2),
    "noct-sam, 49 C roof mount": _noct(49.0),
    "sapm, open rack glass-glass": _sapm("open_rack_glass_glass"),
    "sapm, open rack glass-polymer": _sapm("open_rack_glass_polymer"),
    "sapm, close roof mount glass-glass": _sapm("close_mount_glass_glass"),
    "sapm, insulated back glass-polymer": _sapm("insulated_back_glass_polymer"),
    "faiman, open rack": _faiman(),
    "faiman, open rack, wind at its height": _faiman(HIGH_UP),
    "pvgis, free-standing": _faiman(u0=26.9, u1=6.2),
    "pvgis, free-standing, wind at its height": _faiman(HIGH_UP, u0=26.9, u1=6.2),
    "pvsyst, free-standing": _pvsyst("freestanding"),
    "pvsyst, semi-integrated": _pvsyst("semi_integrated"),
    "pvsyst, insulated": _pvsyst("insulated"),
}


def _ours(name, poa, air, wind):
    model = CELL_MODELS[name]
    return air + poa * model.warming_at(wind, HIGH_UP) * model.heat_share(EFFICIENCY)


def test_every_model_has_its_oracle_and_a_name_in_the_site_file():
    assert set(ORACLES) == set(CELL_MODELS) == set(get_args(TemperatureModel))


@pytest.mark.parametrize("name", ORACLES)
def test_cell_temperature_is_pvlibs_at_random_inputs(rng, name):
    poa, air, wind = (rng.uniform(low, high, 2000) for low, high in ((1, 1300), (-30, 45), (0, 20)))
    oracle = ORACLES[name](poa, air, wind)
    np.testing.assert_allclose(_ours(name, poa, air, wind), oracle, rtol=AGREEMENT, atol=1e-9)


@pytest.mark.parametrize("name", ORACLES)
def test_cell_temperature_is_pvlibs_over_a_real_year(real_year, name):
    inputs = (real_year.ghi_w_m2, real_year.temp_air_c, real_year.wind_speed_m_s)
    np.testing.assert_allclose(_ours(name, *inputs), ORACLES[name](*inputs), rtol=AGREEMENT, atol=1e-9)


@pytest.mark.parametrize("name", ["noct-sam, 45 C open rack", "noct-sam, 45 C open rack above 22 ft"])
def test_unknown_wind_cools_like_the_noct_test_does(name):
    unknown = np.array([np.nan])
    rise_c = 800.0 * CELL_MODELS[name].warming_at(unknown, HIGH_UP)
    assert 20.0 + rise_c[0] == pytest.approx(45.0)  # NOCT: 800 W/m2, 20 C, 1 m/s at the module, no load


@pytest.mark.parametrize(
    ("name", "still", "windy"),
    [
        ("faiman, open rack", 25.0, 6.84),
        ("faiman, open rack, wind at its height", 25.0, 6.84),
        ("pvgis, free-standing", 26.9, 6.2),
        ("pvgis, free-standing, wind at its height", 26.9, 6.2),
    ],
)
@pytest.mark.parametrize("height_share", [0.5, HIGH_UP])
def test_unknown_wind_is_1_m_s_at_the_panel_however_high_it_stands(name, still, windy, height_share):
    known_and_not = CELL_MODELS[name].warming_at(np.array([2.0, np.nan]), height_share)
    share = height_share if name.endswith("its height") else WIND_AT_PANEL
    np.testing.assert_allclose(1.0 / known_and_not, [still + windy * share * 2.0, still + windy * 1.0])


def daylights(weather, sun, site, **models):
    """That of rows, at whose height half the wind blows, and that of heads, where 0.8 of it does."""
    rows = daylight_of(weather, sun, site, Models(**models), 0.5)
    return rows, on_heads(rows, HIGH_UP)


@pytest.mark.parametrize("name", [None, "sapm, open rack glass-glass", "pvsyst, free-standing"])
def test_without_a_model_of_their_own_heads_are_as_warm_as_rows(weather, sun, site, name):
    rows, heads = daylights(weather, sun, site, **({"temperature": name} if name else {}))
    assert heads is rows


def test_heads_take_the_model_that_is_named_for_them(weather, sun, site):
    rows, heads = daylights(
        weather,
        sun,
        site,
        temperature="noct-sam, 49 C roof mount",
        head_temperature="pvgis, free-standing",
    )
    wind = weather.wind_speed_m_s[rows.up]
    for daylight, name in ((rows, "noct-sam, 49 C roof mount"), (heads, "pvgis, free-standing")):
        assert daylight.cells is CELL_MODELS[name]
        np.testing.assert_array_equal(daylight.warming_c_m2_w, CELL_MODELS[name].warming_at(wind, 1.0))
    assert heads.sky is rows.sky


def test_where_the_wind_is_that_at_their_height_heads_are_cooler_than_rows(weather, sun, site):
    rows, heads = daylights(weather, sun, site, temperature="faiman, open rack, wind at its height")
    wind = weather.wind_speed_m_s[rows.up]
    np.testing.assert_allclose(1.0 / rows.warming_c_m2_w, 25.0 + 6.84 * 0.5 * wind)
    np.testing.assert_allclose(1.0 / heads.warming_c_m2_w, 25.0 + 6.84 * HIGH_UP * wind)


def test_more_wind_on_heads_cools_them_alone_and_only_where_the_model_knows_wind(weather, sun, site):
    for name, cooler in (("noct-sam, 45 C open rack", True), ("pvsyst, free-standing", False)):
        rows = daylight_of(weather, sun, site, Models(temperature=name))
        heads = on_heads(rows, HIGH_UP, windier=1.2)
        blows = weather.wind_speed_m_s[rows.up] > 0.0
        assert np.all((heads.warming_c_m2_w < rows.warming_c_m2_w)[blows] == cooler)


def test_what_the_panels_name_counts_and_heads_follow_the_rows_unless_named(panels):
    roof, free = "noct-sam, 49 C roof mount", "pvsyst, free-standing"
    both = Models(temperature=free).with_panels(replace(panels, temperature_model=roof))
    assert (both.temperature, both.head_temperature) == (roof, roof)
    apart = Models().with_panels(replace(panels, temperature_model=roof, head_temperature_model=free))
    assert (apart.temperature, apart.head_temperature) == (roof, free)


def test_an_unknown_model_for_heads_is_refused(weather, sun, site):
    with pytest.raises(ValueError, match="head temperature 'cool' is unknown"):
        daylight_of(weather, sun, site, Models(head_temperature="cool"))


def test_a_free_standing_panel_is_cooler_than_one_on_a_roof():
    light, air, wind = np.array([900.0]), np.array([25.0]), np.array([3.0])
    free = _ours("pvsyst, free-standing", light, air, wind)
    roof = _ours("pvsyst, semi-integrated", light, air, wind)
    assert 8.0 < roof[0] - free[0] < 14.0
