"""A comparison as the document of `sunflower compare --json` (docs/reference.md)."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final, TypeAlias

from tracker.study.comparison import Comparison
from tracker.study.gain.gains import Gain
from tracker.study.result import MountingResult
from tracker.units import SECONDS_PER_YEAR
from tracker.weather.remarks import notes
from tracker.weather.series import Weather

JsonValue: TypeAlias = "dict[str, JsonValue] | list[JsonValue] | str | int | float | bool | None"
SCHEMA: Final = "sunflower.compare/1"


def to_json_dict(comparison: Comparison) -> dict[str, JsonValue]:
    """The whole document from plain values, ready for json.dumps; energies of the whole array in kWh."""
    return {
        "schema": SCHEMA,
        "inputs_sha256": comparison.inputs_sha256,
        "versions": dict(comparison.versions),
        "site": asdict(comparison.site),
        "weather": _weather(comparison.weather, comparison.series),
        **({"part_year": _plain(asdict(comparison.part_year))} if comparison.part_year else {}),
        "models": _models(comparison),
        "not_modelled": list(comparison.not_modelled),
        "mountings": [_mounting(row) for row in comparison.mountings],
        "gains": [_gain(gain) for gain in comparison.gains],
        "claim": _plain(asdict(comparison.claim)),
        "carbon": _plain(asdict(comparison.carbon)),
        "break_even": None if comparison.break_even is None else _plain(asdict(comparison.break_even)),
        **({"stow": asdict(comparison.stow)} if comparison.stow else {}),
        **({"recordings": _recordings(comparison)} if comparison.records else {}),
        **({"production": _plain(asdict(comparison.production))} if comparison.production else {}),
    }


def _recordings(comparison: Comparison) -> dict[str, JsonValue]:
    return {
        "compared_steps": int(comparison.weather.utc.size),
        "left_out_steps": comparison.left_out_steps,
        "records": [_plain(asdict(record)) for record in comparison.records],
    }


def _models(comparison: Comparison) -> dict[str, JsonValue]:
    backs: dict[str, JsonValue] = {"bifaciality": comparison.bifaciality} if comparison.bifaciality else {}
    return {**asdict(comparison.models), **backs}


def _weather(weather: Weather, series: Weather) -> dict[str, JsonValue]:
    """Of the intervals compared; what was mended, and the notes on it, are of the whole series."""
    return {
        "source": weather.source,
        "kind": weather.kind,
        "ghi_kwh_m2": weather.energy_kwh_m2(weather.ghi_w_m2),
        "dni_kwh_m2": weather.energy_kwh_m2(weather.dni_w_m2),
        "dhi_kwh_m2": weather.energy_kwh_m2(weather.dhi_w_m2),
        "steps": int(weather.utc.size),
        "filled_steps": series.filled_steps,
        "years": weather.utc.size * weather.step_s / SECONDS_PER_YEAR,
        "unknown_wind_steps": weather.unknown_wind_steps,
        "counts": asdict(series.counts),
        "notes": list(notes(series)),
    }


def _mounting(row: MountingResult) -> dict[str, JsonValue]:
    held: dict[str, float | None] = {"tilt_deg": row.tilt_deg, "azimuth_deg": row.azimuth_deg}
    plane = {name: angle for name, angle in held.items() if angle is not None}
    return {
        "name": row.name,
        "poa_kwh_m2": row.poa_kwh_m2,
        "ac_kwh": row.ac_kwh,
        "ac_kwh_per_kwp": row.ac_kwh_per_kwp,
        "drive_kwh": row.drive_kwh,
        "net_kwh": row.net_kwh,
        "net_kwh_per_m2_land": row.net_kwh_per_m2_land,
        "steps": [{"name": step.name, "kwh": step.kwh} for step in row.steps],
        "monthly_kwh": list(row.monthly_kwh),
        **plane,
    }


def _gain(gain: Gain) -> dict[str, JsonValue]:
    return {
        "of": gain.of,
        "over": gain.over,
        "poa_percent": gain.poa_percent,
        "net_percent": gain.net_percent,
        "p90_percent": gain.p90_percent,
        "p50_percent": gain.p50_percent,
        "p10_percent": gain.p10_percent,
        "causes": [_plain(asdict(effect)) for effect in gain.spread.effects],
    }


def _plain(values: Mapping[str, Any]) -> dict[str, JsonValue]:
    """The same with lists for tuples, as JSON has them."""
    return {
        key: [_plain(part) if isinstance(part, Mapping) else part for part in value]
        if isinstance(value, tuple)
        else value
        for key, value in values.items()
    }
