"""A sweep of 1,000 sites x 5 mountings, hourly from Parquet, against a plain pvlib loop on the same files.

Run: python benchmarks/sweep_speed.py [SITES]. Prints ratios, asked and measured; writes
benchmarks/results/sweep_speed.json. Every site has a Parquet file of its own (a synthetic Shenzhen year,
scaled and moved about South China). The loop does a site with one solar position and one tracker, then for
each mounting Perez, coated glass, NOCT cell temperature, PVWatts DC and AC; it is told the best fixed plane,
which the sweep must find. Both read files that the system has in memory. Contenders take turns; per core the
process's own CPU time counts, so that a busy machine slows both. The whole command counts by the wall clock,
start-up and files included, on all cores; the loop beside it is what it took on one core for some of the
sites, right before and after, times the number of sites. What the command takes for two sites is its
start-up. Dask workers have a thread each; one and two take turns over the same chunks, the best of each
counts.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import distributed
import numba
import numpy as np
import pandas as pd
import pvlib
import pyarrow as pa
import pyarrow.parquet as pq
from distributed import LocalCluster

from tracker.app.sweep_plan import Asked, plan_from
from tracker.study.sweeps.chunk import computed
from tracker.study.sweeps.cluster import on_cluster
from tracker.study.sweeps.plan import chunk_of
from tracker.weather import climate_named, synthetic_year

ROOT = Path(__file__).resolve().parents[1]
ROUNDS, THEIR_SITES, OUR_SITES, COMMANDS = 5, 4, 40, 3
WORKER_ROUNDS, WORKER_SWEEPS = 3, 3  # sweeps a round: to connect takes longer than a chunk
ALBEDO, CAPACITY_W, AREA_M2, GAMMA, LOSSES = 0.2, 2500.0, 18.0, -0.0037, 0.14
DC_AC, EFFICIENCY, COATING = 1.15, 0.96, 1.3
PLAN = """
[array]
heads = 1
[comparison]
mountings = ["flat", "latitude_tilt", "best_fixed", "single_axis", "two_axis_sun_facing"]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing asked for, and what came out."""

    what: str
    asked: float
    measured: float

    @property
    def met(self):
        return self.measured >= self.asked


def write_inputs(folder, count):
    """A site file, a table of sites and their weather."""
    rng, year = np.random.default_rng(20261121), synthetic_year(climate_named("shenzhen"))
    lines = ["name,latitude_deg,longitude_deg,altitude_m,weather"]
    for i in range(count):
        scale = rng.uniform(0.8, 1.1)
        light = {name: getattr(year, name) * scale for name in ("ghi_w_m2", "dni_w_m2", "dhi_w_m2")}
        air = {"temp_air_c": year.temp_air_c + rng.normal(), "wind_speed_m_s": year.wind_speed_m_s}
        table = pa.table({"utc": year.utc.astype("datetime64[us]"), **light, **air})
        pq.write_table(table, folder / f"w{i}.parquet")
        place = f"{rng.uniform(18, 27):.4f},{rng.uniform(110, 118):.4f},{rng.uniform(0, 500):.0f}"
        lines.append(f"s{i},{place},w{i}.parquet")
    (folder / "sites.csv").write_text("\n".join(lines) + "\n")
    (folder / "few.csv").write_text("\n".join(lines[:3]) + "\n")
    (folder / "plan.toml").write_text(PLAN)


def by_pvlib(place, folder, best):
    """Net energy of the five mountings at one site, kWh, the plain way."""
    weather = pd.read_parquet(folder / place.weather).set_index("utc").tz_localize("UTC")
    times = weather.index
    sun = pvlib.solarposition.get_solarposition(
        times, place.latitude_deg, place.longitude_deg, place.altitude_m
    )
    zenith, azimuth = sun["apparent_zenith"], sun["azimuth"]
    extra = pvlib.irradiance.get_extra_radiation(times)
    air_mass = pvlib.atmosphere.get_relative_airmass(zenith)
    tracker = pvlib.tracking.singleaxis(zenith, azimuth, max_angle=60.0, backtrack=False)  # a lone row
    planes = (
        (0.0, 180.0),
        (place.latitude_deg, 180.0),
        best,
        (tracker["surface_tilt"].fillna(0.0), tracker["surface_azimuth"].fillna(180.0)),
        (zenith.clip(0.0, 90.0), azimuth),
    )
    return [_plane_kwh(*plane, weather, zenith, azimuth, extra, air_mass) for plane in planes]


def _plane_kwh(tilt, toward, weather, zenith, azimuth, extra, air_mass):
    light = pvlib.irradiance.get_total_irradiance(
        tilt, toward, zenith, azimuth, weather["dni_w_m2"], weather["ghi_w_m2"], weather["dhi_w_m2"],
        dni_extra=extra, airmass=air_mass, albedo=ALBEDO, model="perez",
    )  # fmt: skip
    incidence = pvlib.irradiance.aoi(tilt, toward, zenith, azimuth)
    effective = light["poa_direct"] * pvlib.iam.physical(incidence, n_ar=COATING) + light["poa_diffuse"]
    cell_c = pvlib.temperature.noct_sam(
        light["poa_global"], weather["temp_air_c"], weather["wind_speed_m_s"], 45.0,
        CAPACITY_W / (1000.0 * AREA_M2),
    )  # fmt: skip
    dc_w = pvlib.pvsystem.pvwatts_dc(effective.fillna(0.0), cell_c.fillna(25.0), CAPACITY_W, GAMMA)
    dc_limit_w = CAPACITY_W / DC_AC / EFFICIENCY
    return float(pvlib.inverter.pvwatts(dc_w * (1.0 - LOSSES), dc_limit_w, EFFICIENCY).sum()) / 1000.0


def cpu_s(work):
    started = time.process_time()
    result = work()
    return time.process_time() - started, result


def per_core(plan):
    """Seconds of CPU a site, theirs and ours, and the largest relative difference of energies in percent."""
    seconds, apart = {"pvlib": [], "sweep": []}, 0.0
    computed(chunk_of(plan, 0))  # loads the compiled loops
    for number in range(ROUNDS):
        chunk = chunk_of(plan, number)
        taken, part = cpu_s(lambda chunk=chunk: computed(chunk))
        seconds["sweep"].append(taken / len(chunk.places))
        rows = pq.read_table(pa.BufferReader(part.parquet)).to_pylist()
        for i, place in enumerate(chunk.places[:THEIR_SITES]):
            ours = rows[5 * i : 5 * i + 5]
            best = ours[2]["tilt_deg"], ours[2]["azimuth_deg"]
            taken, theirs = cpu_s(lambda place=place, best=best: by_pvlib(place, plan.folder, best))
            seconds["pvlib"].append(taken)
            pairs = zip(ours, theirs, strict=True)
            apart = max(apart, *(abs(row["net_kwh"] / kwh - 1.0) * 100.0 for row, kwh in pairs))
    return {who: float(np.median(each)) for who, each in seconds.items()}, apart


def whole_command_s(folder, name, sites="sites.csv"):
    """The command as people give it, in a process of its own."""
    code = "from tracker.app.cli.main import run; run()"
    given = [sys.executable, "-c", code, "sweep", str(folder / "plan.toml"), "--sites"]
    given += [str(folder / sites), "--out", str(folder / name)]
    started = time.perf_counter()
    subprocess.run(given, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def loop_s(plan):
    """A site by pvlib on the wall clock."""
    started = time.perf_counter()
    for place in plan.places[: ROUNDS * THEIR_SITES]:
        by_pvlib(place, plan.folder, (20.0, 180.0))
    return (time.perf_counter() - started) / (ROUNDS * THEIR_SITES)


def command_beside_loop(plan, name):
    """Seconds of the loop a site, before and after, and of the whole command between."""
    before, command = loop_s(plan), whole_command_s(plan.folder, name)
    return (before + loop_s(plan)) / 2.0, command


def workers_s(plan):
    """Best wall-clock seconds of one and of two Dask workers over all chunks."""
    best = {}
    options = {"threads_per_worker": 1, "host": "127.0.0.1", "dashboard_address": "127.0.0.1:0"}
    with (
        LocalCluster(n_workers=1, **options) as one,
        LocalCluster(n_workers=2, **options) as two,
    ):
        for number in range(WORKER_ROUNDS + 1):
            for workers, cluster in ((1, one), (2, two)):
                started = time.perf_counter()
                numbers = list(range(plan.chunks)) * WORKER_SWEEPS
                chunks = (chunk_of(plan, chunk) for chunk in numbers)
                assert len(list(on_cluster(chunks, cluster.scheduler_address))) == len(numbers)
                if number:  # the first time workers load the code
                    taken = time.perf_counter() - started
                    best[workers] = min(best.get(workers, taken), taken)
    return best


def main():
    sites = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_inputs(folder, sites)
        asked = Asked(
            sites=folder / "sites.csv", grid=None, weather=None, mountings=None, settings=(), chunk=None
        )
        as_it_is = plan_from(folder / "plan.toml", asked)
        plan = plan_from(folder / "plan.toml", replace(asked, chunk=OUR_SITES))
        seconds, apart = per_core(plan)
        whole_command_s(folder, "warm")
        by_wall = [command_beside_loop(plan, f"out{number}") for number in range(COMMANDS)]
        start_s = min(whole_command_s(folder, f"few{number}", "few.csv") for number in range(COMMANDS))
        workers = workers_s(as_it_is)
    loop, command = (float(np.median(each)) for each in zip(*by_wall, strict=True))
    faster = float(np.median([sites * one / other for one, other in by_wall]))
    lines = [
        Line(what="a core, times as fast as pvlib", asked=50, measured=seconds["pvlib"] / seconds["sweep"]),
        Line(what="the whole command, times as fast as the loop", asked=50, measured=faster),
        Line(what="two Dask workers against one", asked=1.5, measured=workers[1] / workers[2]),
    ]
    print(f"{sites} sites x 5 mountings{'':28}{'asked':>10}{'measured':>10}")
    for line in lines:
        asked = f">= {line.asked:g}"
        print(f"{line.what:50}{asked:>10}{line.measured:10.3g}  {'met' if line.met else 'MISSED'}")
    facts = {
        "cpu_ms_a_site": {who: 1e3 * each for who, each in seconds.items()},
        "wall_s": {
            "command": command,
            "of it start": start_s,
            "loop": sites * loop,
            "one worker": workers[1],
            "two": workers[2],
        },
        "largest_difference_percent": apart,
        "load_average": os.getloadavg(),
        "cores": os.cpu_count(),
    }
    for title, fact in facts.items():
        print(f"{title}: {fact}")
    versions = {
        "pvlib": pvlib.__version__, "numpy": np.__version__, "numba": numba.__version__,
        "pyarrow": pa.__version__, "distributed": distributed.__version__,
    }  # fmt: skip
    results = ROOT / "benchmarks" / "results" / "sweep_speed.json"
    document = {"versions": versions, "lines": [{**asdict(line), "met": line.met} for line in lines], **facts}
    results.parent.mkdir(parents=True, exist_ok=True)
    results.write_text(json.dumps(document, indent=2) + "\n")
    print(f"written: {results.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
