"""Annual AC energies against NREL's PVWatts v8 (PySAM), side by side on the same real years.

Run: python benchmarks/annual_vs_pysam.py [WEATHER_FOLDER]. Prints asked and measured, writes
benchmarks/results/annual_vs_pysam.json. What the differences are: docs/validation.md.
"""

import json
import sys
from dataclasses import asdict, dataclass, replace
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
from tracker.weather import read_weather

ASKED_PERCENT = 1.0
MATCHED = replace(
    PANELS, spectral_model="de soto, polycrystalline silicon", inverter_model="pvwatts v8"
)  # the site file of docs/validation.md


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
    normals, settings = normals_of(weather, sun), pvwatts_settings(weather)
    ours, matched = (our_annuals(normals, weather, sun, panels) for panels in (PANELS, MATCHED))
    return [
        Annual(
            place=place,
            mounting=name,
            ours=ours[name],
            pvwatts=pvwatts_annual(data, *settings[name]),
            matched=matched[name],
        )
        for name in normals
    ]


def pvwatts_annual(data, array_type, tilt_deg):
    run = pvwatts_run(data, array_type, tilt_deg)
    return run.Outputs.ac_annual / (PANELS.dc_capacity_w / 1000.0)


def our_annuals(normals, weather, sun, panels):
    daylight = daylight_of(weather, sun, site_of(weather), Models().with_panels(panels))
    return {
        name: float(np.sum(yield_of(normal, daylight, HEAD, panels).ac_w)) / panels.dc_capacity_w
        for name, normal in normals.items()
    }


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
