"""Annual AC energies against NREL's PVWatts v8 (PySAM), side by side on the same real years.

Run: python benchmarks/annual_vs_pysam.py [WEATHER_FOLDER]. Prints asked and measured, writes
benchmarks/results/annual_vs_pysam.json. What the differences are: docs/validation.md.
"""

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import PySAM
from yield_vs_pysam import (
    FILES,
    HEAD,
    PANELS,
    ROOT,
    normals_of,
    pvwatts_run,
    pvwatts_settings,
    pvwatts_weather,
    site_of,
    sun_of,
)

from tracker.pv import Models, daylight_of, yield_of
from tracker.pv.sky import relative_air_mass
from tracker.weather import read_weather

ASKED_PERCENT = 1.0
# What polycrystalline silicon makes of the light by air mass, highest power first: De Soto et al. (2006,
# doi:10.1016/j.solener.2005.06.010). PVWatts's hours with two axes follow it within 0.3 % up to air mass 2.4.
SPECTRUM = (-0.000126, 0.002816, -0.024459, 0.086257, 0.918093)
AIR_THINS_PER_M = 0.0001184  # King et al. (1998): air mass at a height over that at the sea


@dataclass(frozen=True, slots=True, kw_only=True)
class Annual:
    """AC energy of one mounting, kWh/kWp, from both; matched: ours with PVWatts's spectrum and inverter."""

    place: str
    mounting: str
    ours: float
    pvwatts: float
    matched: float

    @property
    def percent(self):
        return 100.0 * (self.ours / self.pvwatts - 1.0)

    @property
    def matched_percent(self):
        return 100.0 * (self.matched / self.pvwatts - 1.0)


def annuals_of(place, weather):
    """Annual AC energy of every mounting at one place."""
    data, sun = pvwatts_weather(weather), sun_of(weather)
    daylight = daylight_of(weather, sun, site_of(weather), Models())
    normals = normals_of(weather, sun)
    spectrum = pvwatts_spectrum(sun, weather.altitude_m)
    settings = pvwatts_settings(weather)
    return [
        annual(place, name, normals[name], daylight, spectrum, pvwatts_run(data, *settings[name]))
        for name in normals
    ]


def annual(place, name, normal_enu, daylight, spectrum, run):
    ours = yield_of(normal_enu, daylight, HEAD, PANELS)
    filtered = yield_of(normal_enu, daylight, HEAD, PANELS, clean=spectrum)
    matched_w = np.interp(filtered.after_system_w, *pvwatts_inverter(run))
    return Annual(
        place=place,
        mounting=name,
        ours=float(np.sum(ours.ac_w)) / PANELS.dc_capacity_w,
        pvwatts=run.Outputs.ac_annual / (PANELS.dc_capacity_w / 1000.0),
        matched=float(np.sum(matched_w)) / PANELS.dc_capacity_w,
    )


def pvwatts_spectrum(sun, altitude_m):
    """The share of the light that silicon makes use of, by air mass; PVWatts has it in its DC power."""
    zenith_rad = np.radians(90.0 - np.maximum(sun.apparent_elevation_deg, 0.0))
    air_mass = relative_air_mass(zenith_rad) * np.exp(-AIR_THINS_PER_M * altitude_m)
    return np.maximum(np.polyval(SPECTRUM, air_mass), 0.0)


def pvwatts_inverter(run):
    """DC and AC power of its hours in order of DC: v8's inverter is not the curve of its 2014 report."""
    dc_w, ac_w = np.array(run.Outputs.dc), np.array(run.Outputs.ac)
    order = np.argsort(dc_w)
    return dc_w[order], np.maximum(ac_w[order], 0.0)


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "weather"
    years = {place: read_weather(folder / name) for place, name in FILES.items()}
    rows = [row for place, weather in years.items() for row in annuals_of(place, weather)]
    print(f"Annual AC, kWh/kWp; asked: within {ASKED_PERCENT:.0f} % of PVWatts v8, one axis explained")
    print(f"{'place':10}{'mounting':21}{'ours':>9}{'PVWatts':>9}{'%':>7}{'its spectrum and inverter, %':>30}")
    for row in rows:
        print(
            f"{row.place:10}{row.mounting:21}{row.ours:9.1f}{row.pvwatts:9.1f}{row.percent:+7.2f}"
            f"{row.matched_percent:+30.2f}"
        )
    results = ROOT / "benchmarks" / "results" / "annual_vs_pysam.json"
    results.parent.mkdir(parents=True, exist_ok=True)
    annual = [{**asdict(row), "percent": row.percent, "matched_percent": row.matched_percent} for row in rows]
    document = {"asked_percent": ASKED_PERCENT, "pysam": PySAM.__version__, "annual": annual}
    results.write_text(json.dumps(document, indent=2) + "\n")
    print(f"written: {results.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
