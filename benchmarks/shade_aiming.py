"""What keeping out of each other's shade gains in a dense field: a year at Shenzhen and at Phoenix.

Run: python benchmarks/shade_aiming.py [WEATHER_FOLDER]. 25 heads on a square grid of 6 m, petals over land
0.5, decided by the field's own code with and without looking past the sun, both shaded exactly. Writes
benchmarks/results/shade_aiming.json. Asked: no day of the year is worse.
"""

import json
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from tracker.app.config import default_plant
from tracker.array import grid, head_names
from tracker.array.shading import beam_shading, enu_from_normal, field_of
from tracker.pv import Models
from tracker.study.driven.shade_aim import aim_table
from tracker.study.driven.sunflower import decided_orientation, facing_orientation
from tracker.study.mountings.orientation import Orientation
from tracker.study.result import net_wh_under
from tracker.study.setting import Setting, setting_of
from tracker.units import FloatArray
from tracker.weather import load

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("climate:shenzhen", "shenzhen_swera.epw", "phoenix_nsrdb_psm3_tmy.csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """Net energies of the field, kWh; the worst day is the aware day's surplus over the facing one's."""

    source: str
    facing_kwh: float
    aware_kwh: float
    gain_kwh: float
    gain_percent: float
    worst_day_kwh: float
    days_worse: int
    searched_cpu_s: float


def main() -> int:
    """Measure, print and keep. 1 when a day is worse than facing the sun."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "weather"
    years = [year(source, folder) for source in SOURCES]
    for each in years:
        print(
            f"{each.source}: {each.gain_kwh:.0f} kWh, {each.gain_percent:.2f} % over "
            f"{each.facing_kwh:.0f} kWh; worst day {each.worst_day_kwh:+.2f}, {each.days_worse} days worse"
        )
    text = json.dumps([asdict(each) for each in years], indent=2) + "\n"
    (ROOT / "benchmarks" / "results" / "shade_aiming.json").write_text(text)
    return int(any(each.days_worse for each in years))


def year(source: str, folder: Path) -> Year:
    """One field under one year."""
    weather, plant = load(source, folder), default_plant()
    site = replace(plant.site, latitude_deg=weather.latitude_deg, longitude_deg=weather.longitude_deg)
    array = replace(plant.array, positions_enu_m=grid(25, 6.0), names=head_names(25))
    setting = setting_of(replace(plant, site=site, array=array), weather, Models())
    begin_s = time.process_time()
    aim_table(array, site.latitude_deg)
    searched_s = time.process_time() - begin_s
    aware, facing = (
        net_wh(setting, orient(setting.plant, weather, setting.sun))
        for orient in (decided_orientation, facing_orientation)
    )
    by_day = (aware - facing).reshape(-1, 24).sum(axis=1) / 1000.0
    aware_kwh, facing_kwh = float(np.sum(aware)) / 1000.0, float(np.sum(facing)) / 1000.0
    return Year(
        source=source,
        facing_kwh=facing_kwh,
        aware_kwh=aware_kwh,
        gain_kwh=aware_kwh - facing_kwh,
        gain_percent=100.0 * (aware_kwh / facing_kwh - 1.0),
        worst_day_kwh=float(np.min(by_day)),
        days_worse=int(np.sum(by_day < -1e-6)),
        searched_cpu_s=searched_s,
    )


def net_wh(setting: Setting, orientation: Orientation) -> FloatArray:
    """Net energy (T,) of the field, shaded exactly."""
    array, up = setting.plant.array, setting.daylight.up
    shade = setting.shade_on(orientation.normal_enu)
    if shade is None:
        raise ValueError("a lone head has no shade to avoid; give a field")
    normal = orientation.normal_enu[up]
    turn = np.broadcast_to(enu_from_normal(normal)[:, np.newaxis], (len(normal), array.size, 3, 3))
    petals = beam_shading(field_of(array), turn, setting.daylight.sky.sun_enu)
    return net_wh_under(setting, replace(orientation, shade=replace(shade, petals=petals)))


if __name__ == "__main__":
    sys.exit(main())
