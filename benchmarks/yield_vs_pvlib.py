"""One mounting-year of hours: ours, pvlib's ModelChain and NREL's PVWatts v8 (PySAM), side by side.

Run: python benchmarks/yield_vs_pvlib.py [WEATHER_FOLDER]. Prints asked and measured as ratios of the same
run, writes benchmarks/results/yield_vs_pvlib.json. All three hold the weather in memory, in their own form.
Asked is one more mounting under a sun and sky that all mountings of a comparison share; the peers share none.
"""

import json
import sys
import warnings
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pvlib
import PySAM
import PySAM.Pvwattsv8 as Pvwattsv8
from pvlib.location import Location
from pvlib.modelchain import ModelChain
from pvlib.pvsystem import AbstractMount, Array, FixedMount, PVSystem, retrieve_sam
from turns import IN_A_ROW, in_a_row_ms, single_turn, verdict
from yield_vs_pysam import FILES, HEAD, PANELS, ROOT, pvwatts_weather

from tracker.plant import Site
from tracker.pv import Models, daylight_of, yield_of
from tracker.study.mountings.planes import plane_normal
from tracker.sun import sun_position
from tracker.weather import read_weather

ASKED = 100.0
PEERS = ("pvlib ModelChain", "PySAM PVWatts v8")
TILT_DEG = 20.0
MODULE, INVERTER = "Canadian_Solar_Inc__CS6X_305M", "ABB__PVI_3_0_OUTD_S_US_A__240V_"
NAMED = replace(PANELS, module=MODULE, inverter=INVERTER)
MODELS = Models(incidence="coated glass, beam alone", temperature="sapm, open rack glass-glass")
OPEN_RACK = {"a": -3.47, "b": -0.0594, "deltaT": 3}
GLASS = {"K": 4.0, "L": 0.002, "n": 1.526, "n_ar": 1.3}
MOUNTINGS = {"fixed": 0, "two_axis": 4}  # with PVWatts's array types


@dataclass
class FacingTheSun(AbstractMount):
    def get_orientation(self, solar_zenith, solar_azimuth):
        return {"surface_tilt": np.minimum(solar_zenith, 90.0), "surface_azimuth": solar_azimuth}


def site_of(weather):
    return Site(
        name="file",
        latitude_deg=weather.latitude_deg,
        longitude_deg=weather.longitude_deg,
        altitude_m=weather.altitude_m,
        timezone="UTC",
    )


def our_runs(weather, mounting):
    """One more mounting under a sky that is there already; and a mounting alone, sun and sky with it."""
    site = site_of(weather)
    shared_sun = sun_position(weather.utc, site)
    shared = daylight_of(weather, shared_sun, site, MODELS)

    def normal(sun):
        return plane_normal(TILT_DEG, 180.0) if mounting == "fixed" else sun.direction_enu

    def alone():
        sun = sun_position(weather.utc, site)
        return yield_of(normal(sun), daylight_of(weather, sun, site, MODELS), HEAD, PANELS)

    one_more = normal(shared_sun)
    return {
        "ours": lambda: yield_of(one_more, shared, HEAD, PANELS),
        "ours, CEC and Sandia": lambda: yield_of(one_more, shared, HEAD, NAMED),
        "ours alone, with sun and sky": alone,
    }


def pvlib_runs(weather, mounting):
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
    rated_ac_w = PANELS.dc_capacity_w / PANELS.dc_ac_ratio
    pvwatts = chain_of(
        weather,
        mounting,
        {"pdc0": PANELS.dc_capacity_w, "gamma_pdc": PANELS.gamma_per_c},
        {"pdc0": rated_ac_w / PANELS.inverter_efficiency, "eta_inv_nom": PANELS.inverter_efficiency},
        dc_model="pvwatts",
        ac_model="pvwatts",
        losses_model="pvwatts",
    )
    named = chain_of(
        weather,
        mounting,
        retrieve_sam("CECMod")[MODULE].to_dict(),
        retrieve_sam("CECInverter")[INVERTER].to_dict(),
        dc_model="cec",
        ac_model="sandia",
        losses_model="no_loss",
    )
    return {
        "pvlib ModelChain": lambda: pvwatts.run_model(data),
        "pvlib ModelChain, CEC and Sandia": lambda: named.run_model(data),
    }


def chain_of(weather, mounting, module, inverter, **models):
    mount = FixedMount(TILT_DEG, 180.0) if mounting == "fixed" else FacingTheSun()
    array = Array(
        mount,
        albedo=0.2,
        module_parameters={**module, **GLASS},
        temperature_model_parameters=OPEN_RACK,
        modules_per_string=8,
    )
    location = Location(weather.latitude_deg, weather.longitude_deg, altitude=weather.altitude_m)
    return ModelChain(
        PVSystem([array], inverter_parameters=inverter),
        location,
        transposition_model="perez",
        aoi_model="physical",
        spectral_model="no_loss",
        temperature_model="sapm",
        **models,
    )


def pysam_run(weather, mounting):
    model = Pvwattsv8.default("PVWattsNone")
    model.SolarResource.solar_resource_data = pvwatts_weather(weather)
    design = model.SystemDesign
    design.system_capacity, design.losses = PANELS.dc_capacity_w / 1000.0, PANELS.system_losses_percent
    design.array_type, design.tilt, design.azimuth = MOUNTINGS[mounting], TILT_DEG, 180.0
    return {"PySAM PVWatts v8": lambda: model.execute(0)}


def ratios_of(took_ms):
    pairs = [
        *((ours, peer) for ours in ("ours", "ours alone, with sun and sky") for peer in PEERS),
        ("ours, CEC and Sandia", "pvlib ModelChain, CEC and Sandia"),
    ]
    return {f"{ours} over {peer}": took_ms[peer] / took_ms[ours] for ours, peer in pairs}


def main():
    warnings.filterwarnings("ignore")  # pvlib's, about pandas and about night
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "weather"
    weather = read_weather(folder / FILES["shenzhen"])
    print(
        f"One more mounting-year of {weather.utc.size} hours; asked: {ASKED:.0f} times as fast as both peers"
    )
    print("Ours finds sun and sky worked out already, the peers do not; ours alone does not either.")
    results = {}
    for mounting in MOUNTINGS:
        runs = our_runs(weather, mounting) | pvlib_runs(weather, mounting) | pysam_run(weather, mounting)
        took_ms = in_a_row_ms(runs)
        ratios = ratios_of(took_ms)
        turns = {peer: single_turn(runs["ours"], runs[peer]) for peer in PEERS}
        results[mounting] = {
            "in_a_row_ms": took_ms,
            "in_a_row_times_as_fast": ratios,
            "single_turns": {peer: asdict(turn) for peer, turn in turns.items()},
            "met_with_shared_sky_in_a_row": all(ratios[f"ours over {peer}"] >= ASKED for peer in PEERS),
            "met_alone_in_a_row": all(
                ratios[f"ours alone, with sun and sky over {peer}"] >= ASKED for peer in PEERS
            ),
            "met_with_shared_sky_in_single_turns": all(
                turn.times_as_fast >= ASKED for turn in turns.values()
            ),
        }
        print(f"{mounting}, {IN_A_ROW} in a row")
        for name, ms in took_ms.items():
            print(f"  {name:66}{ms:12.3f} ms")
        for name, ratio in ratios.items():
            print(f"  {name:66}{verdict(ratio, ASKED)}")
        print(f"{mounting}, one at a time after the peer")
        for peer, turn in turns.items():
            print(
                f"  {f'{turn.ours_ms:.3f} ms after {turn.peer_ms:.1f} ms of {peer}':66}"
                f"{verdict(turn.times_as_fast, ASKED)} (at worst {turn.at_worst:.0f})"
            )
    path = ROOT / "benchmarks" / "results" / "yield_vs_pvlib.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    versions = {"pvlib": pvlib.__version__, "pysam": PySAM.__version__, "numpy": np.__version__}
    path.write_text(json.dumps({"asked": ASKED, "versions": versions, "mountings": results}, indent=2) + "\n")
    print(f"written: {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
