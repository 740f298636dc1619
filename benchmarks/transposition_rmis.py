"""Transposition models against measured planes: NREL's RMIS in Golden, from PyPI's pvanalytics.

Run: python benchmarks/transposition_rmis.py. Prints bias and RMSE of each model, writes
benchmarks/results/transposition_rmis.json. What the data are and what this proves: docs/validation.md.
"""

import importlib.util
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from tracker.frames import enu_from_azel
from tracker.plant import Site
from tracker.pv import Models, daylight_of
from tracker.pv.irradiance import plane_irradiance
from tracker.pv.sky import TRANSPOSITIONS
from tracker.sun import sun_position
from tracker.weather.series import Weather

ROOT = Path(__file__).resolve().parents[1]
# The place at which SPA gives the file's own column of zenith angles, to 1e-4 deg; the height is Golden's.
LATITUDE_DEG, LONGITUDE_DEG, ALTITUDE_M = 39.7407, -105.1773, 1829.0
UTC_OFFSET_H = -7.0
STEP_S = 300.0
QUANTITIES = ("ghi", "dni", "dhi", "gni", "poa")
FILES = {
    "2019": (
        "irradiance_RMIS_NREL.csv",
        ("ghi__7981", "dni__7982", "dhi__7983", "gni__7994", "poa__7984"),
        "irradiance_",
    ),
    "2022": (
        "rmis_weather_data.csv",
        ("Global Horizontal", "Direct Normal", "Diffuse Horizontal", "Global Normal", "Plane of array"),
        "",
    ),
}
PLANES = {"facing the sun": "gni", "tilted 40 deg south": "poa"}
TILTED = enu_from_azel(180.0, 90.0 - 40.0)
GRASS, SNOW = 0.2, 0.6
HALF_A_STEP_EARLIER_S = -150.0
LOWEST_SUN_DEG = 5.0
# Global against beam and diffuse: Long and Dutton (2002), BSRN recommended tests, V2.0, comparison tests.
CLOSES_ABOVE_W_M2, LOW_SUN_DEG, CLOSES_WITHIN, CLOSES_WITHIN_AT_LOW_SUN = 50.0, 15.0, 0.08, 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One model on one plane in one year's days: W/m2 over the steps whose instruments agree."""

    year: str
    plane: str
    model: str
    albedo: float
    steps: int
    measured: float
    measured_diffuse: float  # what the plane gets beside the beam, where it faces the sun
    bias: float
    rmse: float


def measured_days(year):
    """GHI, DNI, DHI, GNI and POA by local standard time, NaN where missing."""
    name, columns, prefix = FILES[year]
    folder = Path(importlib.util.find_spec("pvanalytics").submodule_search_locations[0])
    table = pd.read_csv(folder / "data" / name, index_col=0)
    table.index = pd.to_datetime(table.index, format="%m/%d/%Y %H:%M")
    named = {prefix + column: quantity for column, quantity in zip(columns, QUANTITIES, strict=True)}
    return table[list(named)].rename(columns=named).dropna()


def scores_of(year, *, albedo=GRASS, shift_s=0.0):
    """Every model on both planes; shift_s moves the sun against the file's stamps."""
    days = measured_days(year)
    return [_score(year, days, plane, model, albedo, shift_s) for plane in PLANES for model in TRANSPOSITIONS]


def _score(year, days, plane, model, albedo, shift_s):
    site = Site(
        name="RMIS",
        latitude_deg=LATITUDE_DEG,
        longitude_deg=LONGITUDE_DEG,
        altitude_m=ALTITUDE_M,
        timezone="UTC",
        albedo=albedo,
    )
    weather = _weather(days, shift_s)
    sun = sun_position(weather.utc, site)
    daylight = daylight_of(weather, sun, site, Models(transposition=model))
    facing = daylight.sky.sun_enu
    normal = facing if PLANES[plane] == "gni" else np.broadcast_to(TILTED, facing.shape)
    lit = days.iloc[daylight.rows]
    counted = _agreeing(lit, sun.apparent_elevation_deg[daylight.up])
    modelled = plane_irradiance(daylight.sky, normal).total_w_m2[counted]
    measured = lit[PLANES[plane]].to_numpy()[counted]
    return Score(
        year=year,
        plane=plane,
        model=model,
        albedo=albedo,
        steps=int(counted.sum()),
        measured=float(measured.mean()),
        measured_diffuse=float((lit["gni"] - lit["dni"]).to_numpy()[counted].mean()),
        bias=float(np.mean(modelled - measured)),
        rmse=float(np.sqrt(np.mean((modelled - measured) ** 2))),
    )


def _weather(days, shift_s):
    """As it was measured, nothing mended; negative offsets of the night are darkness."""
    to_utc_s = round(shift_s - UTC_OFFSET_H * 3600.0)
    utc = days.index.to_numpy().astype("datetime64[s]") + np.timedelta64(to_utc_s, "s")
    light = {name: np.maximum(days[name].to_numpy(), 0.0) for name in ("ghi", "dni", "dhi")}
    unknown = np.full(utc.size, np.nan)
    return Weather(
        utc=utc,
        step_s=STEP_S,
        **{f"{name}_w_m2": values for name, values in light.items()},
        temp_air_c=np.zeros(utc.size),
        wind_speed_m_s=unknown,
        pressure_pa=unknown,
        source="RMIS",
        kind="measured",
        latitude_deg=LATITUDE_DEG,
        longitude_deg=LONGITUDE_DEG,
        altitude_m=ALTITUDE_M,
        utc_offset_h=UTC_OFFSET_H,
        filled_steps=0,
    )


def _agreeing(lit, elevation_deg):
    """Steps where the three horizontal instruments say the same: else frost, snow or a lost shading disk."""
    together = (lit["dni"] * np.sin(np.radians(elevation_deg)) + lit["dhi"]).to_numpy()
    within = np.where(elevation_deg > LOW_SUN_DEG, CLOSES_WITHIN, CLOSES_WITHIN_AT_LOW_SUN)
    bright = (together > CLOSES_ABOVE_W_M2) & (elevation_deg > LOWEST_SUN_DEG)
    return bright & (np.abs(lit["ghi"].to_numpy() - together) < within * together)


def main():
    lines = [score for year in FILES for score in scores_of(year)]
    snowy = [score for year in FILES for score in scores_of(year, albedo=SNOW)]
    earlier = [score for year in FILES for score in scores_of(year, shift_s=HALF_A_STEP_EARLIER_S)]
    print("modelled - measured, W/m2, albedo 0.2; then the bias with snow, and with ends as stamps")
    for line, white, late in zip(lines, snowy, earlier, strict=True):
        print(
            f"{line.year} {line.plane:20}{line.model:11}{line.steps:5}{line.measured:8.1f}"
            f"{line.bias:+8.1f}{line.rmse:8.1f}{white.bias:+10.1f}{late.bias:+8.1f}"
        )
    results = ROOT / "benchmarks" / "results" / "transposition_rmis.json"
    results.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "scores": [asdict(line) for line in lines],
        "albedo_0.6": [asdict(line) for line in snowy],
        "stamps_are_ends": [asdict(line) for line in earlier],
    }
    results.write_text(json.dumps(document, indent=2) + "\n")
    print(f"written: {results.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
