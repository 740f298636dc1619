from dataclasses import replace
from typing import get_args

import numpy as np
import pvlib
import pytest

from tracker.model_names import InverterModel, SpectralModel
from tracker.plant import Site
from tracker.pv import Models, daylight_of, yield_of
from tracker.pv.inverter import INVERTER_MODELS
from tracker.pv.spectrum import SPECTRA, spectral_factor
from tracker.sun import sun_position

AGREEMENT = 1e-6
MONO, POLY = "de soto, single-crystal silicon", "de soto, polycrystalline silicon"
COEFFICIENTS = {  # constant first, as in the paper
    MONO: (0.935823, 0.054289, -0.008677, 0.000527, -0.000011),
    POLY: (0.918093, 0.086257, -0.024459, 0.002816, -0.000126),
}


def oracle(model, zenith_deg, altitude_m):
    relative = pvlib.atmosphere.get_relative_airmass(zenith_deg, model="kastenyoung1989")
    absolute = pvlib.atmosphere.get_absolute_airmass(relative, pvlib.atmosphere.alt2pres(altitude_m))
    named = {f"A{power}": value for power, value in enumerate(COEFFICIENTS[model])}
    return pvlib.spectrum.spectral_factor_sapm(absolute, named)


def test_names_are_those_of_the_site_file():
    assert set(get_args(SpectralModel)) == set(SPECTRA)
    assert set(get_args(InverterModel)) == set(INVERTER_MODELS)


@pytest.mark.parametrize("model", COEFFICIENTS)
@pytest.mark.parametrize("altitude_m", [0.0, 1600.0, 4000.0])
def test_factor_is_pvlibs_at_random_suns(rng, model, altitude_m):
    zenith_deg = rng.uniform(0.0, 90.0, 3000)
    ours = spectral_factor(model, np.radians(zenith_deg), altitude_m)
    np.testing.assert_allclose(ours, oracle(model, zenith_deg, altitude_m), rtol=AGREEMENT, atol=1e-9)
    assert np.all(ours >= 0.0)


@pytest.mark.parametrize("model", COEFFICIENTS)
def test_factor_is_pvlibs_over_a_real_year(real_year, model):
    site = Site(name="file", latitude_deg=22.55, longitude_deg=114.1, altitude_m=18.0, timezone="UTC")
    sun = sun_position(real_year.utc, site)
    daylight = daylight_of(real_year, sun, site, Models(spectrum=model))
    zenith_deg = 90.0 - sun.apparent_elevation_deg[daylight.up]
    expected = oracle(model, zenith_deg, 18.0)
    np.testing.assert_allclose(daylight.spectrum, expected, rtol=AGREEMENT, atol=1e-9)


@pytest.mark.parametrize("model", COEFFICIENTS)
def test_reference_air_mass_is_worth_what_the_modules_rating_says(model):
    zenith_rad = np.array([np.arccos(1.0 / 1.5)])
    assert spectral_factor(model, zenith_rad, 0.0)[0] == pytest.approx(1.0, abs=0.002)


def test_colours_are_part_of_incidence_and_warm_nothing(weather, sun, site, head, panels, planes):
    plain, coloured = (
        yield_of(planes.normal_enu, daylight_of(weather, sun, site, Models(spectrum=model)), head, panels)
        for model in ("none", POLY)
    )
    daylight = daylight_of(weather, sun, site, Models(spectrum=POLY))
    factor = daylight.spectrum
    np.testing.assert_array_equal(coloured.poa_w_m2, plain.poa_w_m2)
    np.testing.assert_array_equal(coloured.after_shading_w, plain.after_shading_w)
    np.testing.assert_allclose(coloured.after_incidence_w, plain.after_incidence_w * factor)
    warm = plain.after_incidence_w * factor > 0.0  # power follows the light, the cells stay as warm
    ratio = [each.after_temperature_w[warm] / each.after_incidence_w[warm] for each in (plain, coloured)]
    np.testing.assert_allclose(ratio[1], ratio[0])


def test_the_back_sees_the_same_colours(weather, sun, site, head, panels, planes):
    two_faced = replace(panels, bifaciality=0.7)
    daylight = daylight_of(weather, sun, site, Models(spectrum=MONO))
    plain = yield_of(
        planes.normal_enu, daylight_of(weather, sun, site, Models()), head, two_faced
    ).after_incidence_w
    coloured = yield_of(planes.normal_enu, daylight, head, two_faced).after_incidence_w
    np.testing.assert_allclose(coloured, plain * daylight.spectrum)


def test_every_so_many_hours_keep_their_own_colours(weather, sun, site):
    daylight = daylight_of(weather, sun, site, Models(spectrum=MONO))
    np.testing.assert_array_equal(daylight.every(7).spectrum, daylight.spectrum[3::7])


def test_what_the_panels_name_counts_before_what_is_chosen(panels):
    named = Models(spectrum=MONO).with_panels(replace(panels, spectral_model="none"))
    assert named.spectrum == "none"
    assert Models(spectrum=MONO).with_panels(panels).spectrum == MONO


def test_an_unknown_spectrum_is_refused(weather, sun, site):
    with pytest.raises(ValueError, match="spectrum 'blue' is unknown"):
        daylight_of(weather, sun, site, Models(spectrum="blue"))
