"""A realistic comparison of Shenzhen North, scaled from the figures measured for it, and a tracked day."""

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tracker.report.tables import (
    DayEvent,
    DayTables,
    Duration,
    HourByMonth,
    Omission,
    PointingErrors,
    ReportTables,
)

KWP = 47.5
LAND_M2 = 855.0
POA = {
    "flat": 1510.0,
    "latitude_tilt": 1574.0,
    "best_fixed": 1575.2,
    "single_axis": 1712.6,
    "two_axis_sun_facing": 1841.3,
    "sunflower": 1838.7,
}
STEPS = {  # what each effect leaves, as a factor
    "facing": 1.0,
    "limits": 0.9994,
    "stow": 0.9971,
    "pointing": 0.9998,
    "horizon": 0.9972,
    "shading": 0.9763,
    "incidence": 0.9702,
    "soiling": 0.98,
    "temperature": 0.9241,
    "system": 0.86,
    "inverter": 0.9581,
    "drive": 0.9904,
}
GHI_SHARE = np.array([98.9, 91.5, 116.1, 129.0, 147.7, 146.4, 153.9, 149.5, 131.9, 131.9, 110.7, 102.1])
TRACKED = ("single_axis", "two_axis_sun_facing", "sunflower")


def _mounting(name: str) -> dict[str, Any]:
    factors = dict(STEPS) if name == "sunflower" else {**STEPS, "limits": 1.0, "stow": 1.0, "pointing": 1.0}
    factors["drive"] = factors["drive"] if name in TRACKED else 1.0
    left = POA[name] * KWP * np.cumprod(list(factors.values()))
    steps = [{"name": step, "kwh": float(kwh)} for step, kwh in zip(factors, left, strict=True)]
    extra = {"tilt_deg": 20.0, "azimuth_deg": 180.0} if name == "best_fixed" else {}
    return {
        "name": name,
        "poa_kwh_m2": POA[name],
        "ac_kwh": float(left[-2]),
        "ac_kwh_per_kwp": float(left[-2] / KWP),
        "drive_kwh": float(left[-2] - left[-1]),
        "net_kwh": float(left[-1]),
        "net_kwh_per_m2_land": float(left[-1] / LAND_M2),
        "steps": steps,
        "monthly_kwh": (left[-1] * GHI_SHARE / GHI_SHARE.sum()).tolist(),
        **extra,
    }


def _gain(of: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    net = 100.0 * (of["net_kwh"] / over["net_kwh"] - 1.0)
    return {
        "of": of["name"],
        "over": over["name"],
        "poa_percent": 100.0 * (of["poa_kwh_m2"] / over["poa_kwh_m2"] - 1.0),
        "net_percent": net,
        "p90_percent": net - 2.6,
        "p50_percent": net - 0.1,
        "p10_percent": net + 2.4,
        "causes": [
            {"cause": "transposition", "low_points": 0.0, "high_points": -4.8},
            {"cause": "year to year", "low_points": -1.3, "high_points": 1.3},
            {"cause": "albedo", "low_points": -0.4, "high_points": 0.5},
        ],
    }


def _judgement(gain: dict[str, Any]) -> dict[str, Any]:
    reached = gain["net_percent"]
    return {
        "over": gain["over"],
        "reached_percent": reached,
        "probability_percent": 0.3,
        "verdict": "not supported",
    }


def _sky(name: str, days: int, gain: float | None) -> dict[str, Any]:
    share = 100.0 * days / 365
    kwh = {"of_kwh": 900.0, "over_kwh": 800.0}
    return {"sky": name, "days": days, "share_percent": share, "gain_percent": gain, **kwh}


def _document() -> dict[str, Any]:
    rows = {name: _mounting(name) for name in POA}
    gains = [_gain(rows["sunflower"], rows[name]) for name in POA if name != "sunflower"]
    gains += [_gain(rows["two_axis_sun_facing"], rows[name]) for name in ("flat", "best_fixed")]
    reached = gains[2]["net_percent"]
    extra = rows["sunflower"]["net_kwh"] - rows["best_fixed"]["net_kwh"]
    return {
        "schema": "sunflower.compare/1",
        "inputs_sha256": "9f2c1d7ab05e4c83b6f1e0d3a7582c94d06be1f37a2c5948e1b07d6f3c8a9542",
        "versions": {"sunflower": "0.1.0", "python": "3.11.2", "numpy": "2.4.1", "pvlib": "0.16.1"},
        "site": {
            "name": "Shenzhen North, west square",
            "latitude_deg": 22.6097,
            "longitude_deg": 114.0296,
            "altitude_m": 80.0,
            "timezone": "Asia/Shanghai",
            "albedo": 0.2,
        },
        "weather": {
            "source": "climate:shenzhen",
            "kind": "synthetic year",
            "ghi_kwh_m2": 1509.6,
            "dni_kwh_m2": 794.1,
            "dhi_kwh_m2": 968.7,
            "steps": 8760,
            "filled_steps": 0,
        },
        "models": {
            "transposition": "Perez 1990",
            "decomposition": None,
            "temperature": "Faiman",
            "inverter": "PVWatts v5",
        },
        "not_modelled": ["self_shading", "snow", "spectrum"],
        "mountings": list(rows.values()),
        "gains": gains,
        "claim": {
            "percent": 40.0,
            "over": "best_fixed",
            "verdict": "not supported",
            "reached_percent": reached,
            "says": f"Reached {reached:+.1f} % over best fixed; +40 % needs a poorer baseline.",
            "judgements": [_judgement(gain) for gain in gains[:5]],
            "sky": [_sky("overcast", 128, 1.3), _sky("mixed", 219, 19.1), _sky("clear", 18, None)],
            "only_if": ["no baseline compared makes it true", "on 1 % of the days it is reached"],
        },
        "carbon": {
            "factor_kg_per_kwh": 0.4042,
            "factor_source": "South region average, 2023",
            "kind": "average",
            "year": "2023",
            "region": "South China",
            "scope": "generation",
            "avoided_kg": rows["sunflower"]["net_kwh"] * 0.4042,
            "extra_avoided_kg": extra * 0.4042,
        },
        "break_even": {"says": "Sunflower breaks even with best fixed at 1,150 CNY per kWp."},
    }


def _hour_by_month() -> HourByMonth:
    hour, month = np.meshgrid(np.arange(24) + 0.5, np.arange(12), indexing="ij")
    half_day = 6.0 - 0.9 * np.cos(2 * np.pi * (month + 0.5) / 12)
    inside = np.clip(1.0 - np.abs(hour - 12.2) / half_day, 0.0, None)
    shoulders = 90.0 * np.sin(np.pi * inside) ** 2 * (1.1 + 0.35 * np.cos(2 * np.pi * (month - 6) / 12))
    noon = 22.0 * np.exp(-(((hour - 12.2) / 1.4) ** 2))
    difference = np.where(inside > 0.0, shoulders - noon, 0.0)
    return HourByMonth(tracked="sunflower", baseline="best_fixed", difference_kwh=difference)


def _state(hour: np.ndarray, head: int) -> np.ndarray:
    state = np.where((hour > 6.2 + 0.004 * head) & (hour < 18.1), "TRACKING", "NIGHT").astype("U16")
    state[(hour > 4.0) & (hour < 5.2 + 0.01 * head)] = "CALIBRATING"
    state[(hour > 13.2) & (hour < 13.3 + 0.003 * head)] = "STOWING"
    state[(hour >= 13.3 + 0.003 * head) & (hour < 14.0)] = "STOWED"
    return state


def _day(heads: int = 19) -> DayTables:
    rng = np.random.default_rng(7)
    time = np.datetime64("2026-03-20T00:00:00") + np.arange(0, 86400, 30).astype("timedelta64[s]")
    hour = np.arange(len(time)) * 30 / 3600
    names = tuple(f"H{index + 1:02d}" for index in range(heads))
    gust = (
        4.0 + 1.5 * rng.standard_normal(len(time)).clip(-2, 3) + 8.0 * np.exp(-(((hour - 13.3) / 0.12) ** 2))
    )
    before = rng.uniform(0.8, 3.5, heads)
    after = rng.uniform(0.02, 0.07, heads)
    return DayTables(
        about="A simulation of a day.",
        local_time=time,
        sun_apparent_elevation_deg=67.0 * np.sin(np.pi * (hour - 6.4) / 12.1),
        sun_azimuth_deg=np.interp(hour, [0, 6.4, 11, 12.4, 13.8, 18.5, 24], [0, 90, 130, 180, 230, 270, 359]),
        gust_m_s=gust,
        heads=names,
        state=np.stack([_state(hour, head) for head in range(heads)], axis=1),
        events=(
            DayEvent(time=np.datetime64("2026-03-20T06:12:10"), head="all", what="TRACKING", why="sun up"),
            DayEvent(
                time=np.datetime64("2026-03-20T13:12:00"),
                head="all",
                what="STOWING",
                why="gust 12.4 m/s above the stow limit of 12.0 m/s",
            ),
            DayEvent(
                time=np.datetime64("2026-03-20T14:00:00"), head="all", what="TRACKING", why="calm for 1800 s"
            ),
            DayEvent(time=np.datetime64("2026-03-20T18:06:00"), head="all", what="NIGHT", why="sun down"),
        ),
        pointing=PointingErrors(
            heads=names,
            median_before_deg=before,
            max_before_deg=before * 1.6,
            median_after_deg=after,
            max_after_deg=after * 2.4,
        ),
        stow_gust_m_s=12.0,
    )


@pytest.fixture(scope="session")
def whole_document() -> dict[str, Any]:
    """For tests that only look."""
    return _document()


@pytest.fixture
def document(whole_document: dict[str, Any]) -> dict[str, Any]:
    """A fresh copy, for tests that bend it."""
    return copy.deepcopy(whole_document)


@pytest.fixture(scope="session")
def tables() -> ReportTables:
    return ReportTables(
        hour_by_month=_hour_by_month(),
        duration=Duration(
            tracked="sunflower",
            baseline="best_fixed",
            hours=np.array([1.0, 2000.0, 4000.0, 8760.0]),
            tracked_kw=np.array([40.0, 18.0, 0.5, -0.1]),
            baseline_kw=np.array([35.0, 14.0, 0.6, 0.0]),
        ),
        day=_day(),
        omissions=(
            Omission(name="self_shading", favours="tracking", why="tall heads shade each other at low sun"),
            Omission(name="snow", favours="fixed", why="steep heads shed it"),
        ),
        commands=("sunflower compare shenzhen.toml --json",),
    )


@pytest.fixture(scope="session")
def gain_row() -> Callable[..., dict[str, Any]]:
    def build(
        net: float, p90: float | None, p10: float | None, of: str = "sunflower", over: str = "best_fixed"
    ):
        return {
            "of": of,
            "over": over,
            "poa_percent": net + 1.0,
            "net_percent": net,
            "p90_percent": p90,
            "p50_percent": net,
            "p10_percent": p10,
        }

    return build
