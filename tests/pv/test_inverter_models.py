from dataclasses import replace

import numpy as np
import pvlib
import pytest

from tracker.pv import Models, daylight_of, yield_of
from tracker.pv.electric import alternating
from tracker.pv.inverter import INVERTER_MODELS

AGREEMENT = 1e-6
RATED_W, EFFICIENCY, RATIO = 2000.0, 0.96, 1.2
V8 = {"Paco": RATED_W, "Pdco": RATED_W / EFFICIENCY, "Vdco": 400.0, "Pso": 0.004931 * RATED_W, "Pnt": 0.0}
STRAIGHT = dict.fromkeys(("C0", "C1", "C2", "C3"), 0.0)


def after(name, dc_w):
    model = INVERTER_MODELS[name]
    return model(dc_w, dc_capacity_w=RATED_W * RATIO, dc_ac_ratio=RATIO, efficiency=EFFICIENCY)


@pytest.fixture
def dc_w(rng):
    return np.concatenate([[0.0], rng.uniform(0.0, 1.4 * RATED_W, 3000)])


def test_version_8_is_pvlibs_sandia_model_with_its_coefficients(dc_w):
    oracle = pvlib.inverter.sandia(np.full(dc_w.size, 400.0), dc_w, V8 | STRAIGHT)
    np.testing.assert_allclose(after("pvwatts v8", dc_w), oracle, rtol=AGREEMENT, atol=1e-9)
    assert np.max(after("pvwatts v8", dc_w)) == RATED_W
    assert after("pvwatts v8", dc_w)[0] == 0.0


def test_the_other_is_pvlibs_pvwatts(dc_w):
    oracle = pvlib.inverter.pvwatts(dc_w, RATED_W / EFFICIENCY, EFFICIENCY)
    np.testing.assert_allclose(after("pvwatts", dc_w), oracle, rtol=AGREEMENT, atol=1e-9)


def test_the_panels_choose_between_them(dc_w, panels):
    chosen = replace(panels, dc_capacity_w=RATED_W * RATIO, dc_ac_ratio=RATIO, inverter_efficiency=EFFICIENCY)
    for name in INVERTER_MODELS:
        ac_w = alternating(dc_w, np.ones(()), replace(chosen, inverter_model=name))
        np.testing.assert_array_equal(ac_w, after(name, dc_w))


def test_version_8_draws_nothing_at_night(weather, sun, site, head, panels, planes):
    daylight = daylight_of(weather, sun, site, Models())
    v8 = replace(panels, inverter_model="pvwatts v8")
    assert np.all(yield_of(planes.normal_enu, daylight, head, v8).ac_w[~daylight.up] == 0.0)
