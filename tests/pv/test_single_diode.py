import csv

import numpy as np
import pvlib
import pytest

from tracker.pv import products, single_diode
from tracker.pv.products import CecModule, module_named
from tracker.pv.single_diode import diode_at, max_power

AGREEMENT = 1e-6
NAMES = ("Canadian_Solar_Inc__CS6X_305M", "First_Solar__Inc__FS_4110_2", "SunPower_SPR_X20_327")
FITTED = ("I_L_ref", "I_o_ref", "R_s", "R_sh_ref", "a_ref", "V_mp_ref", "STC")
PARAMETERS = ["alpha_sc", "a_ref", "I_L_ref", "I_o_ref", "R_sh_ref", "R_s", "Adjust"]


@pytest.fixture(scope="module")
def table():
    return pvlib.pvsystem.retrieve_sam("CECMod")


def _pvlibs(row, light_w_m2, cell_c):
    return pvlib.pvsystem.calcparams_cec(light_w_m2, cell_c, *row[PARAMETERS].astype(float))


@pytest.mark.parametrize("name", NAMES)
def test_the_five_parameters_are_pvlibs(table, rng, name):
    light, cell_c = rng.uniform(0.001, 1400.0, 2000), rng.uniform(-40.0, 95.0, 2000)
    photocurrent, saturation, series, shunt, scale = _pvlibs(table[name], light, cell_c)
    ours = diode_at(module_named(name), light, cell_c)
    np.testing.assert_allclose(ours.photocurrent_a, photocurrent, rtol=AGREEMENT)
    np.testing.assert_allclose(ours.saturation_a, saturation, rtol=AGREEMENT)
    np.testing.assert_allclose(ours.shunt_siemens, 1.0 / shunt, rtol=AGREEMENT)
    np.testing.assert_allclose(ours.scale_v, scale, rtol=AGREEMENT)
    assert np.all(series == ours.series_ohm)


@pytest.mark.parametrize("name", NAMES)
def test_the_maximum_power_point_is_pvlibs_at_random_inputs(table, rng, name):
    light = np.concatenate([rng.uniform(0.0, 1400.0, 2000), 10.0 ** rng.uniform(-1.0, 2.0, 1000)])
    cell_c = rng.uniform(-40.0, 95.0, light.size)
    _agrees(table[name], module_named(name), light, cell_c)


def test_the_maximum_power_point_is_pvlibs_over_a_real_year(table, real_year):
    light = real_year.ghi_w_m2[real_year.ghi_w_m2 > 0.0]
    cell_c = real_year.temp_air_c[real_year.ghi_w_m2 > 0.0] + 0.03 * light
    _agrees(table[NAMES[0]], module_named(NAMES[0]), light, cell_c)


def _agrees(row, module, light_w_m2, cell_c):
    oracle = pvlib.pvsystem.singlediode(*_pvlibs(row, light_w_m2, cell_c))
    ours = max_power(diode_at(module, light_w_m2, cell_c))
    np.testing.assert_allclose(ours.power_w, oracle["p_mp"], rtol=AGREEMENT, atol=1e-9)
    np.testing.assert_allclose(ours.voltage_v, oracle["v_mp"], rtol=AGREEMENT)


def test_in_the_dark_there_is_no_power_and_unknown_stays_unknown():
    light, cell_c = np.array([0.0, np.nan, 500.0]), np.array([10.0, 10.0, np.nan])
    power = max_power(diode_at(module_named(NAMES[0]), light, cell_c)).power_w
    assert power[0] == 0.0
    assert np.all(np.isnan(power[1:]))


def test_a_light_alone_is_a_light_among_others():
    light, cell_c = np.array([3.0, 300.0, 1000.0]), np.array([-10.0, 60.0, 25.0])
    module = module_named(NAMES[0])
    together = max_power(diode_at(module, light, cell_c)).power_w
    alone = [max_power(diode_at(module, light[[k]], cell_c[[k]])).power_w[0] for k in range(3)]
    np.testing.assert_allclose(together, alone, rtol=1e-12)


def test_every_module_of_the_table_gives_its_rated_power():
    path = products._table(products.MODULES)
    with path.open(newline="", encoding="utf-8") as file:
        header, _, _, *rows = csv.reader(file)
    column = {name: np.array([row[header.index(name)] for row in rows], dtype=float) for name in FITTED}
    everything = CecModule(
        name="all of them",
        photocurrent_a=column["I_L_ref"],
        saturation_a=column["I_o_ref"],
        series_ohm=column["R_s"],
        shunt_ohm=column["R_sh_ref"],
        scale_v=column["a_ref"],
        current_a_per_c=0.0,
        max_power_v=column["V_mp_ref"],
    )
    power = max_power(diode_at(everything, np.array(1000.0), np.array(25.0))).power_w
    assert power.size > 20_000
    np.testing.assert_allclose(power, column["STC"], rtol=0.005)  # the table's STC is a rounded product


def test_a_point_not_found_is_an_error_and_no_number(monkeypatch):
    monkeypatch.setattr(single_diode, "STEPS", 2)
    with pytest.raises(ArithmeticError, match="no maximum power point after 2 steps"):
        max_power(diode_at(module_named(NAMES[0]), np.array([1000.0]), np.array([25.0])))
