import numpy as np
import pvlib
import pytest

from tracker.pv.temperature import CELL_MODELS, WIND_AT_PANEL, cell_temperature_c

AGREEMENT = 1e-6
EFFICIENCY = 0.14
SAPM = pvlib.temperature.TEMPERATURE_MODEL_PARAMETERS["sapm"]
PVSYST = pvlib.temperature.TEMPERATURE_MODEL_PARAMETERS["pvsyst"]


def _noct(poa, air, wind):
    return pvlib.temperature.noct_sam(poa, air, wind, 45.0, EFFICIENCY)


def _sapm(kind):
    return lambda poa, air, wind: pvlib.temperature.sapm_cell(poa, air, wind, **SAPM[kind])


def _faiman(**coefficients):
    return lambda poa, air, wind: pvlib.temperature.faiman(poa, air, WIND_AT_PANEL * wind, **coefficients)


def _pvsyst(kind):
    return lambda poa, air, wind: pvlib.temperature.pvsyst_cell(
        poa, air, wind, **PVSYST[kind], module_efficiency=EFFICIENCY
    )


ORACLES = {
    "noct-sam, 45 C open rack": _noct,
    "sapm, open rack glass-glass": _sapm("open_rack_glass_glass"),
    "sapm, open rack glass-polymer": _sapm("open_rack_glass_polymer"),
    "sapm, close roof mount glass-glass": _sapm("close_mount_glass_glass"),
    "sapm, insulated back glass-polymer": _sapm("insulated_back_glass_polymer"),
    "faiman, open rack": _faiman(),
    "pvgis, free-standing": _faiman(u0=26.9, u1=6.2),
    "pvsyst, free-standing": _pvsyst("freestanding"),
    "pvsyst, semi-integrated": _pvsyst("semi_integrated"),
    "pvsyst, insulated": _pvsyst("insulated"),
}


def _ours(name, poa, air, wind):
    return cell_temperature_c(
        CELL_MODELS[name],
        poa_w_m2=poa,
        temp_air_c=air,
        wind_speed_m_s=wind,
        module_efficiency=EFFICIENCY,
    )


def test_every_model_has_its_oracle():
    assert set(ORACLES) == set(CELL_MODELS)


@pytest.mark.parametrize("name", ORACLES)
def test_cell_temperature_is_pvlibs_at_random_inputs(rng, name):
    poa, air, wind = (rng.uniform(low, high, 2000) for low, high in ((1, 1300), (-30, 45), (0, 20)))
    oracle = ORACLES[name](poa, air, wind)
    np.testing.assert_allclose(_ours(name, poa, air, wind), oracle, rtol=AGREEMENT, atol=1e-9)


@pytest.mark.parametrize("name", ORACLES)
def test_cell_temperature_is_pvlibs_over_a_real_year(real_year, name):
    inputs = (real_year.ghi_w_m2, real_year.temp_air_c, real_year.wind_speed_m_s)
    np.testing.assert_allclose(_ours(name, *inputs), ORACLES[name](*inputs), rtol=AGREEMENT, atol=1e-9)


def test_unknown_wind_cools_like_the_noct_test_does():
    cell_c = cell_temperature_c(
        CELL_MODELS["noct-sam, 45 C open rack"],
        poa_w_m2=np.array([800.0]),
        temp_air_c=np.array([20.0]),
        wind_speed_m_s=np.array([np.nan]),
        module_efficiency=0.0,
    )
    assert cell_c[0] == pytest.approx(45.0)  # NOCT: 800 W/m2, 20 C, 1 m/s at the module, no load


def test_a_free_standing_panel_is_cooler_than_one_on_a_roof():
    light, air, wind = np.array([900.0]), np.array([25.0]), np.array([3.0])
    free = _ours("pvsyst, free-standing", light, air, wind)
    roof = _ours("pvsyst, semi-integrated", light, air, wind)
    assert 8.0 < roof[0] - free[0] < 14.0
