"""Every link of the chain against pvlib's function at the same inputs."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pvlib
import pytest

from tracker.frames import enu_from_azel
from tracker.pv.chain import yield_of
from tracker.pv.daylight import Models, daylight_of, extraterrestrial_on, extraterrestrial_w_m2
from tracker.pv.dc import nominal_power_w, temperature_factor
from tracker.pv.incidence import incidence_modifier
from tracker.pv.inverter import ac_power_w
from tracker.pv.irradiance import plane_irradiance
from tracker.pv.sky import relative_air_mass
from tracker.sun import sun_position

AGREEMENT = 1e-6


def _pvlib_inputs(weather, sun, planes, up):
    zenith_deg = 90.0 - sun.apparent_elevation_deg[up]
    day_of_year = pd.DatetimeIndex(weather.utc[up]).day_of_year.to_numpy()
    return {
        "surface_tilt": planes.tilt_deg[up],
        "surface_azimuth": planes.azimuth_deg[up],
        "solar_zenith": zenith_deg,
        "solar_azimuth": sun.azimuth_deg[up],
        "dni": weather.dni_w_m2[up],
        "ghi": weather.ghi_w_m2[up],
        "dhi": weather.dhi_w_m2[up],
        "dni_extra": pvlib.irradiance.get_extra_radiation(day_of_year),
        "airmass": pvlib.atmosphere.get_relative_airmass(zenith_deg),
        "albedo": 0.2,
    }


@pytest.mark.parametrize(
    ("ours", "pvlibs"), [("perez", "perez"), ("hay-davies", "haydavies"), ("isotropic", "isotropic")]
)
def test_light_on_any_plane_is_pvlibs(weather, sun, site, planes, ours, pvlibs):
    daylight = daylight_of(weather, sun, site, Models(transposition=ours))
    up = daylight.up
    plane = plane_irradiance(daylight.sky, planes.normal_enu[up])
    oracle = pvlib.irradiance.get_total_irradiance(**_pvlib_inputs(weather, sun, planes, up), model=pvlibs)
    lit = (weather.dhi_w_m2[up] > 0.0) | (weather.dni_w_m2[up] > 0.0)  # pvlib's Perez gives NaN for 0 / 0
    assert np.sum(lit) > 100
    np.testing.assert_allclose(plane.total_w_m2[lit], oracle["poa_global"][lit], rtol=AGREEMENT, atol=1e-9)
    np.testing.assert_allclose(plane.beam_w_m2[lit], oracle["poa_direct"][lit], rtol=AGREEMENT, atol=1e-9)
    np.testing.assert_allclose(plane.ground_w_m2, oracle["poa_ground_diffuse"], rtol=AGREEMENT, atol=1e-9)
    assert np.all(plane.total_w_m2[~lit] == plane.ground_w_m2[~lit])


@pytest.mark.parametrize(
    ("ours", "pvlibs"), [("perez", "perez"), ("hay-davies", "haydavies"), ("isotropic", "isotropic")]
)
def test_light_over_a_real_year_is_pvlibs(real_year, site, rng, ours, pvlibs):
    place = replace(site, latitude_deg=real_year.latitude_deg, longitude_deg=real_year.longitude_deg)
    sun = sun_position(real_year.utc, place)
    tilt_deg, azimuth_deg = rng.uniform(0.0, 90.0, sun.azimuth_deg.size), rng.uniform(0.0, 360.0, 8760)
    turning = SimpleNamespace(tilt_deg=tilt_deg, azimuth_deg=azimuth_deg)
    daylight = daylight_of(real_year, sun, place, Models(transposition=ours))
    up = daylight.up
    plane = plane_irradiance(daylight.sky, enu_from_azel(azimuth_deg, 90.0 - tilt_deg)[up])
    oracle = pvlib.irradiance.get_total_irradiance(**_pvlib_inputs(real_year, sun, turning, up), model=pvlibs)
    lit = (real_year.dhi_w_m2[up] > 0.0) | (real_year.dni_w_m2[up] > 0.0)
    assert np.sum(lit) > 4000
    np.testing.assert_allclose(plane.total_w_m2[lit], oracle["poa_global"][lit], rtol=AGREEMENT, atol=1e-9)


def test_air_mass_and_extraterrestrial_light_are_pvlibs():
    zenith_deg = np.linspace(0.0, 90.0, 181)
    np.testing.assert_allclose(
        relative_air_mass(np.radians(zenith_deg)), pvlib.atmosphere.get_relative_airmass(zenith_deg)
    )
    days = np.arange(1.0, 367.0)
    np.testing.assert_allclose(
        extraterrestrial_w_m2(days), pvlib.irradiance.get_extra_radiation(days), rtol=AGREEMENT
    )


def test_extraterrestrial_light_goes_by_the_day_of_common_and_leap_years():
    utc = np.arange("2023-12-30T23:59", "2025-01-02", 600, dtype="datetime64[m]")
    days = pd.DatetimeIndex(utc).day_of_year.to_numpy()
    assert days.max() == 366
    np.testing.assert_allclose(
        extraterrestrial_on(utc), pvlib.irradiance.get_extra_radiation(days), rtol=AGREEMENT
    )


def test_coated_glass_is_pvlibs():
    angle_deg = np.linspace(0.0, 120.0, 241)
    oracle = pvlib.iam.physical(angle_deg, n=1.526, K=4.0, L=0.002, n_ar=1.3)
    np.testing.assert_allclose(
        incidence_modifier(np.cos(np.radians(angle_deg))), oracle, rtol=AGREEMENT, atol=1e-12
    )


def test_module_power_is_pvlibs(rng):
    light, cell_c = rng.uniform(0, 1300, 500), rng.uniform(-20, 80, 500)
    ours = nominal_power_w(light, 2500.0) * temperature_factor(cell_c, -0.0037)
    np.testing.assert_allclose(
        ours, pvlib.pvsystem.pvwatts_dc(light, cell_c, 2500.0, -0.0037), rtol=AGREEMENT
    )


def test_inverter_is_pvlibs_from_standby_to_clipping():
    dc_w = np.linspace(0.0, 4000.0, 2001)
    ours = ac_power_w(dc_w, dc_capacity_w=2500.0, dc_ac_ratio=1.15, efficiency=0.96)
    oracle = pvlib.inverter.pvwatts(dc_w, 2500.0 / 1.15 / 0.96, eta_inv_nom=0.96)
    np.testing.assert_allclose(ours, oracle, rtol=AGREEMENT, atol=1e-9)
    assert ours[0] == 0.0
    assert ours[-1] == pytest.approx(2500.0 / 1.15)


def test_the_whole_chain_is_its_pvlib_links_in_a_row(weather, sun, site, head, panels, planes):
    daylight = daylight_of(weather, sun, site, Models())
    ours = yield_of(planes.normal_enu, daylight, head, panels)
    up = daylight.up
    inputs = _pvlib_inputs(weather, sun, planes, up)
    sky = {key: value for key, value in inputs.items() if key not in ("ghi", "albedo")}
    parts = pvlib.irradiance.perez(**sky, return_components=True)
    tilt_deg = planes.tilt_deg[up]
    aoi_deg = pvlib.irradiance.aoi(
        tilt_deg, planes.azimuth_deg[up], inputs["solar_zenith"], inputs["solar_azimuth"]
    )
    beam = inputs["dni"] * np.maximum(np.cos(np.radians(aoi_deg)), 0.0)
    ground = pvlib.irradiance.get_ground_diffuse(tilt_deg, inputs["ghi"], 0.2)
    poa = beam + parts["poa_sky_diffuse"] + ground

    def glass(angle_deg):
        return pvlib.iam.physical(angle_deg, n_ar=1.3)

    effective = (
        (beam + parts["poa_circumsolar"]) * glass(aoi_deg)
        + (parts["poa_isotropic"] + parts["poa_horizon"])
        * glass(59.7 - 0.1388 * tilt_deg + 0.001497 * tilt_deg**2)
        + ground * glass(90.0 - 0.5788 * tilt_deg + 0.002693 * tilt_deg**2)
    )
    lit = effective > 1.0
    cell_c = pvlib.temperature.noct_sam(
        poa[lit], weather.temp_air_c[up][lit], weather.wind_speed_m_s[up][lit], 45.0, 2500.0 / 18000.0
    )
    dc_w = pvlib.pvsystem.pvwatts_dc(effective[lit], cell_c, 2500.0, -0.0037) * 0.86
    ac_w = pvlib.inverter.pvwatts(dc_w, 2500.0 / 1.15 / 0.96)
    assert np.sum(lit) > 100
    np.testing.assert_allclose(ours.poa_w_m2[lit], poa[lit], rtol=AGREEMENT)
    np.testing.assert_allclose(ours.after_system_w[lit], dc_w, rtol=AGREEMENT)
    np.testing.assert_allclose(ours.ac_w[up][lit], ac_w, rtol=AGREEMENT, atol=1e-9)
