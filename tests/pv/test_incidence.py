import numpy as np
import pytest

from tracker.frames import enu_from_azel
from tracker.pv import Models, daylight_of, yield_of
from tracker.pv.incidence import (
    COATED,
    COATED_FOR_BEAM,
    NO_COVER,
    dome_angle_deg,
    effective_irradiance,
    ground_angle_deg,
    incidence_modifier,
)
from tracker.pv.irradiance import PlaneIrradiance, plane_irradiance
from tracker.pv.tabulated import tabulated

TABLE_ERROR = 4e-7


def _only(source, light, cos_incidence):
    """A plane that sees light from one place alone."""
    parts = dict.fromkeys(("beam_w_m2", "circumsolar_w_m2", "dome_w_m2", "ground_w_m2"), np.zeros_like(light))
    return PlaneIrradiance(cos_incidence=cos_incidence, **(parts | {source: light}))


def test_light_through_glass_keeps_to_the_formula_at_every_angle(rng):
    cosine, up = rng.random(100_000), rng.uniform(-1.0, 1.0, 100_000)
    tilt_deg, ones = np.degrees(np.arccos(up)), np.ones(100_000)
    formula = {
        "beam_w_m2": incidence_modifier(cosine),
        "circumsolar_w_m2": incidence_modifier(cosine),
        "dome_w_m2": incidence_modifier(np.cos(np.radians(dome_angle_deg(tilt_deg)))),
        "ground_w_m2": incidence_modifier(np.cos(np.radians(ground_angle_deg(tilt_deg)))),
    }
    for source, through in formula.items():
        ours = effective_irradiance(_only(source, ones, cosine), up)
        np.testing.assert_allclose(ours, through, rtol=0.0, atol=TABLE_ERROR, err_msg=source)


@pytest.mark.parametrize("cover", [COATED_FOR_BEAM, NO_COVER])
def test_other_covers_spare_the_diffuse_light(weather, sun, site, planes, cover):
    daylight = daylight_of(weather, sun, site, Models(incidence=cover))
    normal = planes.normal_enu[daylight.up]
    plane = plane_irradiance(daylight.sky, normal)
    spared = plane.total_w_m2 - effective_irradiance(plane, normal[:, 2], cover)
    taken = (1.0 - incidence_modifier(plane.cos_incidence)) * plane.beam_w_m2
    np.testing.assert_allclose(spared, taken if cover == COATED_FOR_BEAM else 0.0, atol=1e-3)
    assert np.all(effective_irradiance(plane, normal[:, 2], COATED) <= plane.total_w_m2 + 1e-9)


def test_a_table_meets_its_function_between_its_rows():
    table = tabulated(np.sin, 3.0, 3000)
    x = np.linspace(0.0, 3.0, 7919)
    np.testing.assert_allclose(table.at(x), np.sin(x), atol=(3.0 / 3000) ** 2 / 8.0 * 1.001)


def test_an_unknown_orientation_yields_an_unknown_power(weather, sun, site, head, panels):
    normal = np.broadcast_to(enu_from_azel(180.0, 60.0), (weather.utc.size, 3)).copy()
    daylight = daylight_of(weather, sun, site, Models())
    lost = daylight.rows[5]
    normal[lost] = np.nan
    result = yield_of(normal, daylight, head, panels)
    assert np.isnan(result.poa_w_m2[5])
    assert np.isnan(result.ac_w[lost])
    assert np.sum(np.isnan(result.ac_w)) == 1
