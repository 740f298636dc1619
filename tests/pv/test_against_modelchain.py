"""A year's AC energy against pvlib's whole ModelChain with the same models, at three places."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from pvlib.location import Location
from pvlib.modelchain import ModelChain
from pvlib.pvsystem import AbstractMount, Array, FixedMount, PVSystem, retrieve_sam

from tracker.plant import Head, Panels, Site
from tracker.pv import Models, daylight_of, yield_of
from tracker.pv.electric import design_voltage_v
from tracker.pv.products import inverter_named, module_named
from tracker.study.mountings.planes import plane_normal
from tracker.sun import sun_position
from tracker.weather import read_weather

pytestmark = [
    pytest.mark.filterwarnings("ignore:DatetimeIndex.dayofyear"),  # pvlib asks pandas for it
    pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning:scipy"),  # its single diode at night
]
AGREED = 1e-3  # of the year's AC energy
FILES = ("shenzhen_swera.epw", "phoenix_nsrdb_psm3_tmy.csv", "denver_tmy3.epw")
MODULE, INVERTER = "Canadian_Solar_Inc__CS6X_305M", "ABB__PVI_3_0_OUTD_S_US_A__240V_"
PLANES = {"flat": (0.0, 180.0), "south": (35.0, 180.0), "west": (60.0, 270.0)}
MOUNTINGS = (*PLANES, "two_axis")
CAPACITY_W = 3500.0
HEAD = Head(petals=12, area_m2=CAPACITY_W / 190.0, pivot_height_m=3.0, foldable=True)
GLASS = {"K": 4.0, "L": 0.002, "n": 1.526, "n_ar": 1.3}
OPEN_RACK = {"a": -3.47, "b": -0.0594, "deltaT": 3}
MODELS = Models(incidence="coated glass, beam alone", temperature="sapm, open rack glass-glass")


@dataclass
class FacingTheSun(AbstractMount):
    """No orientation while the sun is down, as pvlib's own tracker has it."""

    def get_orientation(self, solar_zenith, solar_azimuth):
        return {
            "surface_tilt": np.where(solar_zenith < 90.0, solar_zenith, np.nan),
            "surface_azimuth": solar_azimuth,
        }


@pytest.fixture(scope="module", params=FILES)
def year(request, weather_folder):
    return read_weather(weather_folder / request.param)


def _panels(*, losses_percent, **names):
    return Panels(
        dc_capacity_w=CAPACITY_W,
        gamma_per_c=-0.0037,
        dc_ac_ratio=1.15,
        inverter_efficiency=0.96,
        system_losses_percent=losses_percent,
        **names,
    )


def _our_wh(weather, mounting, panels):
    site = Site(
        name="file",
        latitude_deg=weather.latitude_deg,
        longitude_deg=weather.longitude_deg,
        altitude_m=weather.altitude_m,
        timezone="UTC",
    )
    sun = sun_position(weather.utc, site)
    normal = sun.direction_enu if mounting == "two_axis" else plane_normal(*PLANES[mounting])
    return yield_of(normal, daylight_of(weather, sun, site, MODELS), HEAD, panels).ac_w


def _chain_wh(weather, mounting, *, losses, arrays_kwargs, system_kwargs, chain_kwargs):
    mount = FacingTheSun() if mounting == "two_axis" else FixedMount(*PLANES[mounting])
    array = Array(
        mount, albedo=0.2, temperature_model_parameters=OPEN_RACK, surface_type=None, **arrays_kwargs
    )
    system = PVSystem([array], **system_kwargs)
    location = Location(weather.latitude_deg, weather.longitude_deg, altitude=weather.altitude_m)
    chain = ModelChain(
        system,
        location,
        transposition_model="perez",
        aoi_model="physical",
        spectral_model="no_loss",
        temperature_model="sapm",
        **losses,
        **chain_kwargs,
    )
    data = pd.DataFrame(
        {
            "ghi": weather.ghi_w_m2,
            "dni": weather.dni_w_m2,
            "dhi": weather.dhi_w_m2,
            "temp_air": weather.temp_air_c,
            "wind_speed": weather.wind_speed_m_s,
        },
        index=pd.DatetimeIndex(weather.utc, tz="UTC"),
    )
    return chain.run_model(data).results.ac.fillna(0.0).to_numpy()


@pytest.mark.parametrize("mounting", MOUNTINGS)
def test_a_year_of_the_pvwatts_chain_is_modelchains(year, mounting):
    ours = _our_wh(year, mounting, _panels(losses_percent=14.0))
    nothing = dict.fromkeys(
        (
            "shading",
            "snow",
            "mismatch",
            "wiring",
            "connections",
            "lid",
            "nameplate_rating",
            "age",
            "availability",
        ),
        0,
    )
    theirs = _chain_wh(
        year,
        mounting,
        losses={"losses_model": "pvwatts"},
        arrays_kwargs={"module_parameters": {"pdc0": CAPACITY_W, "gamma_pdc": -0.0037, **GLASS}},
        system_kwargs={
            "inverter_parameters": {"pdc0": CAPACITY_W / 1.15 / 0.96, "eta_inv_nom": 0.96},
            "losses_parameters": {"soiling": 14.0, **nothing},
        },
        chain_kwargs={"dc_model": "pvwatts", "ac_model": "pvwatts"},
    )
    assert np.sum(theirs) > 1000.0 * CAPACITY_W * 0.8
    assert np.sum(ours) == pytest.approx(np.sum(theirs), rel=AGREED)


@pytest.mark.parametrize("mounting", MOUNTINGS)
def test_a_year_of_named_module_and_inverter_is_modelchains(year, mounting):
    module, inverter = retrieve_sam("CECMod")[MODULE], retrieve_sam("CECInverter")[INVERTER]
    panels = _panels(losses_percent=0.0, module=MODULE, inverter=INVERTER)
    in_series = round(design_voltage_v(panels) / module_named(MODULE).max_power_v)
    stc_w = float(module["I_mp_ref"] * module["V_mp_ref"])
    strings = CAPACITY_W / (in_series * stc_w)
    scale = CAPACITY_W / 1.15 / inverter_named(INVERTER).rated_ac_w
    theirs = _chain_wh(
        year,
        mounting,
        losses={"losses_model": "no_loss"},
        arrays_kwargs={
            "module_parameters": {**module.to_dict(), **GLASS},
            "modules_per_string": in_series,
            "strings": strings / scale,
        },
        system_kwargs={"inverter_parameters": inverter.to_dict()},
        chain_kwargs={"dc_model": "cec", "ac_model": "sandia"},
    )
    ours = _our_wh(year, mounting, panels)
    assert np.sum(ours) == pytest.approx(np.sum(theirs) * scale, rel=AGREED)
