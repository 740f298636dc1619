"""Net gains of two axes against NREL's PVWatts v8 (PySAM), side by side on the same real years.

Run: python benchmarks/yield_vs_pysam.py [WEATHER_FOLDER]. Prints asked and measured, writes
benchmarks/results/yield_vs_pysam.json. Why each setting of PVWatts is what it is: docs/decisions/0005.
"""

import json
import sys
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import PySAM
import PySAM.Pvwattsv8 as Pvwattsv8
from turns import IN_A_ROW, in_a_row_ms, single_turn, verdict

from tracker.plant import Head, Panels, Site
from tracker.pv import Models, daylight_of, yield_of
from tracker.study.mountings.planes import latitude_tilt_normal, single_axis_normals
from tracker.sun import sun_position
from tracker.weather import read_weather

ASKED_POINTS, ASKED_TIMES = 1.0, 100.0
ROOT = Path(__file__).resolve().parents[1]
FILES = {
    "shenzhen": "shenzhen_swera.epw",
    "phoenix": "phoenix_nsrdb_psm3_tmy.csv",
    "denver": "denver_tmy3.epw",
}
OPEN_RACK, ONE_AXIS, TWO_AXES = 0, 2, 4  # PVWatts array types
NO_ROW_SHADING = 0.01  # ground cover ratio; PVWatts shades the rows of open racks and of one axis
PVWATTS_ROTATION_DEG = 45.0  # its one-axis limit cannot be set
STANDARD_EFFICIENCY = 0.19  # of PVWatts's standard module
PANELS = Panels(
    dc_capacity_w=2500.0,
    gamma_per_c=-0.0037,
    dc_ac_ratio=1.15,
    inverter_efficiency=0.96,
    system_losses_percent=14.0,
)
HEAD = Head(petals=12, area_m2=2.5 / STANDARD_EFFICIENCY, pivot_height_m=3.0, foldable=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """One mounting-year: insolation, the share of power that cover and spectrum leave, and AC energy."""

    poa_kwh_m2: float
    optics: float
    ac_kwh_per_kwp: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A net gain of two axes, percent, from both programs; bare: with cover and spectrum taken out."""

    place: str
    over: str
    ours_percent: float
    pvwatts_percent: float
    ours_bare_percent: float
    pvwatts_bare_percent: float

    @property
    def points(self):
        return self.ours_percent - self.pvwatts_percent

    @property
    def bare_points(self):
        return self.ours_bare_percent - self.pvwatts_bare_percent


def lines_of(place, weather):
    """The gains of two axes over each other mounting at one place."""
    ours, theirs = our_years(weather), pvwatts_years(weather)
    return [line_of(place, over, ours, theirs) for over in ours if over != "two_axis_sun_facing"]


def line_of(place, over, ours, theirs):
    def gain(years, bare):
        energy = {
            name: years[name].ac_kwh_per_kwp / (years[name].optics if bare else 1.0)
            for name in (over, "two_axis_sun_facing")
        }
        return 100.0 * (energy["two_axis_sun_facing"] / energy[over] - 1.0)

    return Line(
        place=place,
        over=over,
        ours_percent=gain(ours, bare=False),
        pvwatts_percent=gain(theirs, bare=False),
        ours_bare_percent=gain(ours, bare=True),
        pvwatts_bare_percent=gain(theirs, bare=True),
    )


def site_of(weather):
    return Site(
        name="file",
        latitude_deg=weather.latitude_deg,
        longitude_deg=weather.longitude_deg,
        altitude_m=weather.altitude_m,
        timezone="UTC",
    )


def sun_of(weather):
    return sun_position(weather.utc, site_of(weather))


def normals_of(weather, sun):
    rotated = single_axis_normals(
        sun.direction_enu, ground_cover_ratio=0.4, backtrack=False, max_rotation_deg=PVWATTS_ROTATION_DEG
    )
    return {
        "flat": np.array([0.0, 0.0, 1.0]),
        "latitude_tilt": latitude_tilt_normal(weather.latitude_deg),
        "single_axis_45": rotated,
        "two_axis_sun_facing": sun.direction_enu,
    }


def our_years(weather):
    sun = sun_of(weather)
    daylight = daylight_of(weather, sun, site_of(weather), Models())
    return {name: our_year(normal, daylight) for name, normal in normals_of(weather, sun).items()}


def our_year(normal_enu, daylight):
    result = yield_of(normal_enu, daylight, HEAD, PANELS)
    lit = result.after_incidence_w > 0.0
    warm = result.after_temperature_w[lit] / result.after_incidence_w[lit]
    clear_w = result.poa_w_m2[lit] / 1000.0 * PANELS.dc_capacity_w * warm
    return Year(
        poa_kwh_m2=float(np.sum(result.poa_w_m2)) / 1000.0,
        optics=float(np.sum(result.after_temperature_w) / np.sum(clear_w)),
        ac_kwh_per_kwp=float(np.sum(result.ac_w)) / PANELS.dc_capacity_w,
    )


def pvwatts_settings(weather):
    """Array type and tilt of each mounting."""
    return {
        "flat": (OPEN_RACK, 0.0),
        "latitude_tilt": (OPEN_RACK, weather.latitude_deg),
        "single_axis_45": (ONE_AXIS, 0.0),
        "two_axis_sun_facing": (TWO_AXES, 0.0),
    }


def pvwatts_years(weather):
    data = pvwatts_weather(weather)
    return {name: pvwatts_year(data, *setting) for name, setting in pvwatts_settings(weather).items()}


def pvwatts_run(data, array_type, tilt_deg):
    """The model after its year; its outputs do not outlive it."""
    model = pvwatts_model(data, array_type, tilt_deg)
    model.execute(0)
    return model


def pvwatts_model(data, array_type, tilt_deg):
    model = Pvwattsv8.default("PVWattsNone")
    model.SolarResource.solar_resource_data = data
    model.SolarResource.use_wf_albedo = 0
    model.SolarResource.albedo = [0.2] * 12
    design = model.SystemDesign
    design.system_capacity, design.module_type, design.losses = PANELS.dc_capacity_w / 1000.0, 0, 14.0
    design.inv_eff, design.dc_ac_ratio = 96.0, PANELS.dc_ac_ratio
    design.array_type, design.tilt, design.azimuth, design.gcr = array_type, tilt_deg, 180.0, NO_ROW_SHADING
    return model


def pvwatts_year(data, array_type, tilt_deg):
    model = pvwatts_model(data, array_type, tilt_deg)
    model.execute(0)
    poa, dc_w = np.array(model.Outputs.poa), np.array(model.Outputs.dc)
    warm = 1.0 + PANELS.gamma_per_c * (np.array(model.Outputs.tcell) - 25.0)
    clear_w = poa / 1000.0 * PANELS.dc_capacity_w * warm * (1.0 - PANELS.system_losses_percent / 100.0)
    return Year(
        poa_kwh_m2=float(np.sum(poa)) / 1000.0,
        optics=float(np.sum(dc_w) / np.sum(clear_w)),
        ac_kwh_per_kwp=model.Outputs.ac_annual / (PANELS.dc_capacity_w / 1000.0),
    )


def pvwatts_weather(weather):
    """The weather as PVWatts takes it from memory, stamped at interval centres.

    Not by its own file reader: that takes the minute column of an EPW file, 0, for the instant of the sun.
    """
    local = pd.DatetimeIndex(weather.utc) + pd.Timedelta(hours=weather.utc_offset_h)
    stamps = {part: getattr(local, part).tolist() for part in ("year", "month", "day", "hour", "minute")}
    return {
        "lat": weather.latitude_deg,
        "lon": weather.longitude_deg,
        "tz": weather.utc_offset_h,
        "elev": weather.altitude_m,
        **stamps,
        "gh": weather.ghi_w_m2.tolist(),
        "dn": weather.dni_w_m2.tolist(),
        "df": weather.dhi_w_m2.tolist(),
        "tdry": weather.temp_air_c.tolist(),
        "wspd": weather.wind_speed_m_s.tolist(),
    }


def speed_at(weather):
    """Of each mounting, how many times as fast as PVWatts: some runs in a row, and single turns."""
    sun, data = sun_of(weather), pvwatts_weather(weather)
    daylight = daylight_of(weather, sun, site_of(weather), Models())
    settings = pvwatts_settings(weather)

    def of_mounting(normal, setting):
        model = pvwatts_model(data, *setting)
        ours, peer = partial(yield_of, normal, daylight, HEAD, PANELS), partial(model.execute, 0)
        took_ms = in_a_row_ms({"ours": ours, "PVWatts": peer})
        return took_ms["PVWatts"] / took_ms["ours"], single_turn(ours, peer)

    return {name: of_mounting(normal, settings[name]) for name, normal in normals_of(weather, sun).items()}


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "weather"
    years = {place: read_weather(folder / name) for place, name in FILES.items()}
    lines = [line for place, weather in years.items() for line in lines_of(place, weather)]
    print(f"Net gain of two axes, percent; asked: within {ASKED_POINTS:.1f} point of PVWatts v8")
    print(f"{'place':10}{'over':16}{'ours':>8}{'PVWatts':>9}{'points':>8}{'without optics':>16}")
    for line in lines:
        print(
            f"{line.place:10}{line.over:16}{line.ours_percent:8.2f}{line.pvwatts_percent:9.2f}"
            f"{line.points:+8.2f}{line.bare_points:+16.2f}"
        )
    speed = speed_at(years["shenzhen"])
    print(f"One mounting-year, sun and sky not counted in ours; asked: {ASKED_TIMES:.0f} times as fast")
    for name, (in_a_row, turn) in speed.items():
        print(f"  {name:21}{IN_A_ROW} in a row{verdict(in_a_row, ASKED_TIMES)}")
        print(f"  {'':21}one by one{verdict(turn.times_as_fast, ASKED_TIMES)} (at worst {turn.at_worst:.0f})")
    rows = [{**asdict(line), "points": line.points, "bare_points": line.bare_points} for line in lines]
    results = ROOT / "benchmarks" / "results" / "yield_vs_pysam.json"
    results.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "asked_points": ASKED_POINTS,
        "pysam": PySAM.__version__,
        "gains": rows,
        "asked_times_as_fast": ASKED_TIMES,
        "speed": {
            name: {
                "in_a_row_times_as_fast": in_a_row,
                "single_turns": asdict(turn),
                "met_in_a_row": in_a_row >= ASKED_TIMES,
                "met_in_single_turns": turn.times_as_fast >= ASKED_TIMES,
            }
            for name, (in_a_row, turn) in speed.items()
        },
    }
    results.write_text(json.dumps(document, indent=2) + "\n")
    print(f"written: {results.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
