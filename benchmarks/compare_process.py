"""`sunflower compare` as a whole process against a plain pvlib script of the five baselines, in turn.

Run: python benchmarks/compare_process.py [WEATHER_FOLDER]. Prints asked and measured as ratios of the same
run, by the clock and by processor time, writes benchmarks/results/compare_process.json. Caches are warm but
for the run named cold, which finds Python's byte code, as an installation leaves it, and nothing else.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROUNDS = 5
BASELINES = ("flat", "latitude_tilt", "best_fixed", "single_axis", "two_axis_sun_facing")
SITE = """\
[site]
latitude_deg = {latitude}
longitude_deg = {longitude}
[weather]
source = "{weather}"
[comparison]
mountings = {mountings}
claim_over = "best_fixed"
"""
PEER = """\
import sys

import numpy as np
import pandas as pd
import pvlib

data, meta = pvlib.iotools.read_epw(sys.argv[1])
place = pvlib.location.Location(meta["latitude"], meta["longitude"], altitude=meta["altitude"])
times = data.index + pd.Timedelta("30min")
data.index = times
sun = place.get_solarposition(times)
extra = pvlib.irradiance.get_extra_radiation(times)
airmass = pvlib.atmosphere.get_relative_airmass(sun["apparent_zenith"])


def annual_kwh(tilt, azimuth):
    light = pvlib.irradiance.get_total_irradiance(
        tilt, azimuth, sun["apparent_zenith"], sun["azimuth"], data["dni"], data["ghi"], data["dhi"],
        dni_extra=extra, airmass=airmass, model="perez",
    )
    angle = pvlib.irradiance.aoi(tilt, azimuth, sun["apparent_zenith"], sun["azimuth"])
    effective = light["poa_direct"] * pvlib.iam.physical(angle) + light["poa_diffuse"]
    cell = pvlib.temperature.noct_sam(
        light["poa_global"], data["temp_air"], data["wind_speed"], noct=45, module_efficiency=0.139
    )
    dc = pvlib.pvsystem.pvwatts_dc(effective.fillna(0.0), cell, 47500, -0.0037) * 0.86
    return pvlib.inverter.pvwatts(dc, 47500 / 1.15 / 0.96, eta_inv_nom=0.96).sum() / 1000


planes = [(tilt, azimuth) for tilt in range(0, 60, 5) for azimuth in (150, 180, 210)]
axis = pvlib.tracking.singleaxis(sun["apparent_zenith"], sun["azimuth"], max_angle=60, gcr=0.4)
print({
    "flat": annual_kwh(0, 180),
    "latitude_tilt": annual_kwh(abs(meta["latitude"]), 180),
    "best_fixed": max(annual_kwh(*plane) for plane in planes),
    "single_axis": annual_kwh(axis["surface_tilt"].fillna(0), axis["surface_azimuth"].fillna(180)),
    "two_axis_sun_facing": annual_kwh(sun["apparent_zenith"].clip(upper=90), sun["azimuth"]),
})
"""
ONE_LOOK = PEER.replace("range(0, 60, 5) for azimuth in (150, 180, 210)", "(20,) for azimuth in (180,)")


def seconds(command, **environment):
    """By the clock, and of processor time."""
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT, env={**plain, **environment})
    clock, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return clock, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def site_file(folder, weather, mountings):
    path = folder / f"{len(mountings)}.toml"
    names = json.dumps(list(mountings))
    text = SITE.format(latitude=22.5333, longitude=114.1, weather=weather, mountings=names)
    path.write_text(text, encoding="ascii")
    return path


def main(argv):
    weather = (Path(argv[1]) if len(argv) > 1 else ROOT.parent / "shared" / "weather") / "shenzhen_swera.epw"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours = [str(Path(sys.executable).with_name("sunflower")), "compare", "--json"]
        runs = {
            "with the sunflower": [*ours, str(site_file(folder, weather, (*BASELINES, "sunflower")))],
            "five baselines": [*ours, str(site_file(folder, weather, BASELINES))],
        }
        for label, text in (("peer", PEER), ("peer, tilt given", ONE_LOOK)):
            (folder / f"{label}.py").write_text(text, encoding="ascii")
            runs[label] = [sys.executable, str(folder / f"{label}.py"), str(weather)]
        cache = {"SUNFLOWER_CACHE": str(folder / "cache")}
        seconds(runs["with the sunflower"], SUNFLOWER_CACHE=str(folder / "other"))  # leaves the byte code
        cold = seconds(runs["with the sunflower"], **cache)
        taken = {label: [] for label in runs}
        for _ in range(ROUNDS):
            for label, command in runs.items():
                taken[label].append(seconds(command, **cache))
    result = {}
    for number, kind in enumerate(("clock", "processor")):
        medians = {label: statistics.median(each[number] for each in taken[label]) for label in taken}
        peer = medians["peer"]
        ours, baselines = medians["with the sunflower"], medians["five baselines"]
        result |= {
            f"{kind}: with the sunflower over peer (asked: at most 1.0)": ours / peer,
            f"{kind}: five baselines over peer (asked: at most 0.3)": baselines / peer,
            f"{kind}: cold over peer": cold[number] / peer,
            f"{kind}: peer whose best tilt is given over peer": medians["peer, tilt given"] / peer,
            f"{kind}: peer_s": peer,
        }
    for label, value in result.items():
        print(f"{label:64} {value:.2f}")
    results = ROOT / "benchmarks" / "results"
    results.mkdir(exist_ok=True)
    (results / "compare_process.json").write_text(json.dumps(result, indent=2) + "\n", encoding="ascii")


if __name__ == "__main__":
    main(sys.argv)
