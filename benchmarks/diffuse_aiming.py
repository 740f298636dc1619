"""What leaning for the light of clouds is worth, and what a day may lose by it: four years, two skies.

Run: python benchmarks/diffuse_aiming.py [WEATHER_FOLDER]. One head without neighbours, decided by the field's
own code with and without leaning, which knows the weather's GHI alone. Writes
benchmarks/results/diffuse_aiming.json. Asked: every year gains, no day loses 3 % of a mean day.
"""

import json
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from tracker.app.config import default_plant
from tracker.plant import Plant
from tracker.pv import Models
from tracker.study import Comparison, compare
from tracker.units import FloatArray
from tracker.weather import load
from tracker.weather.series import Weather

ROOT = Path(__file__).resolve().parents[1]
SOURCES = (
    "shenzhen_swera.epw",
    "phoenix_nsrdb_psm3_tmy.csv",
    "denver_tmy3.epw",
    "golden_srrl_2020_measured_sam.csv",
)
SKIES = ("perez", "hay-davies")
ROWS = ("best_fixed", "two_axis_sun_facing", "two_axis_optimal", "sunflower")
MOST_PERCENT = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """Gains over facing the sun; share is of the light that the brightest plane adds, days of a mean day."""

    source: str
    sky: str
    light_percent: float
    net_percent: float
    share: float
    worst_day_percent: float
    best_day_percent: float
    drive_kwh: tuple[float, float]


def main() -> int:
    """Measure, print and keep. 1 when a year does not gain, or a day loses too much."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "weather"
    years = [year(source, sky, folder) for source in SOURCES for sky in SKIES]
    for each in years:
        print(
            f"{each.source}, {each.sky}: light {each.light_percent:+.2f} %, net {each.net_percent:+.2f} %, "
            f"share {each.share:.2f}; days {each.worst_day_percent:+.1f} to {each.best_day_percent:+.1f} %"
        )
    text = json.dumps([asdict(each) for each in years], indent=2) + "\n"
    results = ROOT / "benchmarks" / "results"
    results.mkdir(exist_ok=True)
    (results / "diffuse_aiming.json").write_text(text)
    return int(any(each.net_percent <= 0.0 or each.worst_day_percent < -MOST_PERCENT for each in years))


def year(source: str, sky: str, folder: Path) -> Year:
    """One year under one sky."""
    weather = load(source, folder)
    plant = lone_head(weather)
    facing, leaning = (
        compare(replace(plant, diffuse=how), weather, Models(transposition=sky)) for how in ("off", "lean")
    )
    sun, brightest = (facing.result(name).poa_kwh_m2 for name in ROWS[1:3])
    one, other = (each.result("sunflower") for each in (facing, leaning))
    before_wh, after_wh = (daily_wh(each) for each in (facing, leaning))
    days = 100.0 * (after_wh - before_wh) / np.mean(before_wh)
    return Year(
        source=source,
        sky=sky,
        light_percent=100.0 * (other.poa_kwh_m2 / one.poa_kwh_m2 - 1.0),
        net_percent=100.0 * (other.net_kwh / one.net_kwh - 1.0),
        share=(other.poa_kwh_m2 - one.poa_kwh_m2) / (brightest - sun),
        worst_day_percent=float(np.min(days)),
        best_day_percent=float(np.max(days)),
        drive_kwh=(one.drive_kwh, other.drive_kwh),
    )


def lone_head(weather: Weather) -> Plant:
    """The default plant's head where the weather is."""
    plant = default_plant()
    site = replace(
        plant.site,
        latitude_deg=weather.latitude_deg,
        longitude_deg=weather.longitude_deg,
        altitude_m=weather.altitude_m,
    )
    array = replace(plant.array, names=plant.array.names[:1], positions_enu_m=plant.array.positions_enu_m[:1])
    return replace(plant, site=site, array=array, comparison=replace(plant.comparison, mountings=ROWS))


def daily_wh(comparison: Comparison) -> FloatArray:
    """Net energy of each day, Wh."""
    steps = round(86400.0 / comparison.weather.step_s)
    return np.asarray(comparison.result("sunflower").net_wh.reshape(-1, steps).sum(axis=1))


if __name__ == "__main__":
    sys.exit(main())
