import numpy as np
import pvlib
import pytest

from tracker.pv.products import inverter_named
from tracker.pv.sandia import sandia_ac_w

AGREEMENT = 1e-6
NAMES = (
    "ABB__PVI_3_0_OUTD_S_US_A__240V_",
    "SMA_America__SB3000TL_US_22__240V_",
    "ABB__MICRO_0_25_I_OUTD_US_208__208V_",
)


@pytest.fixture(scope="module")
def table():
    return pvlib.pvsystem.retrieve_sam("CECInverter")


@pytest.mark.parametrize("name", NAMES)
def test_power_is_pvlibs_from_night_to_clipping(table, rng, name):
    inverter = inverter_named(name)
    dc_w = np.concatenate([[0.0], rng.uniform(0.0, 1.4 * inverter.rated_dc_w, 3000)])
    dc_v = rng.uniform(0.5, 1.5, dc_w.size) * inverter.rated_v
    ours = sandia_ac_w(inverter, dc_w, dc_v)
    oracle = pvlib.inverter.sandia(dc_v, dc_w, table[name])
    np.testing.assert_allclose(ours, oracle, rtol=AGREEMENT, atol=1e-9)
    assert ours[0] == -inverter.night_w
    assert np.max(ours) == inverter.rated_ac_w


@pytest.mark.parametrize("name", NAMES)
def test_power_is_pvlibs_over_a_real_year(table, real_year, name):
    inverter = inverter_named(name)
    dc_w = real_year.ghi_w_m2 / 1000.0 * 1.15 * inverter.rated_dc_w
    dc_v = inverter.rated_v * (1.0 - 0.003 * (real_year.temp_air_c + 0.03 * real_year.ghi_w_m2 - 25.0))
    oracle = pvlib.inverter.sandia(dc_v, dc_w, table[name])
    np.testing.assert_allclose(sandia_ac_w(inverter, dc_w, dc_v), oracle, rtol=AGREEMENT, atol=1e-9)


def test_at_its_rating_it_gives_its_rating():
    inverter = inverter_named(NAMES[0])
    ac_w = sandia_ac_w(inverter, np.array(inverter.rated_dc_w), np.array(inverter.rated_v))
    assert ac_w == pytest.approx(inverter.rated_ac_w)
