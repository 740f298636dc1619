from dataclasses import replace

import numpy as np
import pytest

from tracker.errors import InvalidInput
from tracker.pv import Models, daylight_of, yield_of
from tracker.pv.electric import alternating, design_voltage_v, direct
from tracker.pv.products import inverter_named, module_named

MODULE, INVERTER = "Canadian_Solar_Inc__CS6X_305M", "ABB__PVI_3_0_OUTD_S_US_A__240V_"


@pytest.fixture
def named(panels):
    return replace(panels, module=MODULE, inverter=INVERTER)


def test_a_named_module_gives_the_heads_capacity_at_standard_conditions(named):
    dc = direct(np.array([1000.0]), np.array([25.0]), named)
    assert dc.power_w[0] == pytest.approx(named.dc_capacity_w)
    assert dc.voltage[0] == pytest.approx(1.0)


def test_a_named_module_has_its_own_low_light_and_warmth(named, panels):
    light, cell_c = np.array([100.0, 1000.0]), np.array([25.0, 65.0])
    diode, rated = direct(light, cell_c, named), direct(light, cell_c, panels)
    assert diode.power_w[0] < 0.99 * rated.power_w[0]
    assert diode.power_w[1] == pytest.approx(rated.power_w[1], rel=0.04)
    assert diode.voltage[1] < 0.9


def test_a_named_inverter_is_scaled_to_the_dc_ac_ratio(named):
    plenty_w = np.array([10.0 * named.dc_capacity_w])
    clipped = alternating(plenty_w, np.ones(1), named)
    assert clipped[0] == pytest.approx(named.dc_capacity_w / named.dc_ac_ratio)


def test_strings_are_as_long_as_the_inverter_likes(named, panels):
    rated_v = inverter_named(INVERTER).rated_v
    module_v = module_named(MODULE).max_power_v
    assert abs(design_voltage_v(named) - rated_v) <= 0.51 * module_v
    assert design_voltage_v(replace(panels, inverter=INVERTER)) == rated_v


def test_at_night_a_named_inverter_draws_and_a_nameless_one_does_not(
    weather, sun, site, head, panels, named, planes
):
    daylight = daylight_of(weather, sun, site, Models())
    drawn, none = (yield_of(planes.normal_enu, daylight, head, each).ac_w for each in (named, panels))
    inverter = inverter_named(INVERTER)
    scale = named.dc_capacity_w / named.dc_ac_ratio / inverter.rated_ac_w
    assert np.all(none[~daylight.up] == 0.0)
    np.testing.assert_allclose(drawn[~daylight.up], -inverter.night_w * scale)


def test_a_name_that_is_in_no_table_is_refused(panels):
    with pytest.raises(InvalidInput, match="nearest"):
        direct(np.ones(1), np.ones(1), replace(panels, module="Acme 9000"))
    with pytest.raises(InvalidInput, match="nearest"):
        alternating(np.ones(1), np.ones(1), replace(panels, inverter="Acme 9000"))


def test_models_say_what_the_panels_are(panels, named):
    assert Models().with_panels(panels) == Models(head_temperature=Models().temperature)
    assert (Models().with_panels(named).modules, Models().with_panels(named).inverter) == (MODULE, INVERTER)


def test_dirt_and_snow_take_their_months_share_of_the_light(weather, sun, site, head, panels, planes):
    daylight = daylight_of(weather, sun, site, Models())
    march = tuple(10.0 if month == 3 else 90.0 for month in range(1, 13))
    dirty = replace(panels, soiling_percent=march, snow_percent=(0.0,) * 2 + (50.0,) + (0.0,) * 9)
    clean, left = (yield_of(planes.normal_enu, daylight, head, each) for each in (panels, dirty))
    np.testing.assert_array_equal(left.after_incidence_w, clean.after_incidence_w)
    np.testing.assert_allclose(left.after_soiling_w, 0.45 * clean.after_incidence_w)
    np.testing.assert_array_equal(clean.after_soiling_w, clean.after_incidence_w)


def test_a_share_an_interval_takes_its_part_too(weather, sun, site, head, panels, planes, rng):
    daylight = daylight_of(weather, sun, site, Models())
    clean = rng.uniform(0.5, 1.0, weather.utc.size)
    result = yield_of(planes.normal_enu, daylight, head, panels, clean=clean)
    np.testing.assert_allclose(result.after_soiling_w, clean[daylight.up] * result.after_incidence_w)
