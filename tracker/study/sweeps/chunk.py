"""One chunk of a sweep: its rows, as one Parquet file in memory."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tracker.errors import TrackerError
from tracker.plant import Plant
from tracker.study.result import MountingResult, result_of
from tracker.study.setting import Setting, setting_of
from tracker.study.sweeps.places import Place
from tracker.study.sweeps.plan import Chunk, code_sha256
from tracker.study.sweeps.rows import parquet_of
from tracker.study.sweeps.site_weather import weather_at
from tracker.weather.series import Weather


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """A finished chunk: the bytes of its Parquet file."""

    number: int
    parquet: bytes


def computed(chunk: Chunk) -> Part:
    """All rows of a chunk: by place, then variant, then mounting; the same bytes wherever it runs.

    Raises what weather and mountings raise, with the place's name, and TrackerError where the code is not
    that of whoever cut the chunk.
    """
    if chunk.code_sha256 != code_sha256():
        raise TrackerError(
            "a worker has another version of sunflower than this command; install the same on all of them"
        )
    rows = [row for place in chunk.places for row in _rows_at(place, chunk)]
    return Part(number=chunk.number, parquet=parquet_of(rows, chunk))


def _rows_at(place: Place, chunk: Chunk) -> Iterator[Mapping[str, Any]]:
    weather = weather_at(place, chunk.folder)
    setting: Setting | None = None
    for variant in chunk.variants:
        plant = _at(place, variant.plant)
        if setting is not None and setting.plant.site == plant.site:  # sun and sky depend on nothing else
            setting = replace(setting, plant=plant)
        else:
            setting = setting_of(plant, weather, chunk.models)
        for name in chunk.mountings:
            yield {**_said_of(place, weather), **dict(variant.values), **_yield(result_of(name, setting))}


def _at(place: Place, plant: Plant) -> Plant:
    return replace(plant, site=place.site(plant.site.albedo))


def _said_of(place: Place, weather: Weather) -> dict[str, Any]:
    return {
        "site": place.name,
        "latitude_deg": place.latitude_deg,
        "longitude_deg": place.longitude_deg,
        "altitude_m": place.altitude_m,
        "weather": weather.source,
        "weather_kind": weather.kind,
        "filled_steps": weather.filled_steps,
        "ghi_kwh_m2": weather.energy_kwh_m2(weather.ghi_w_m2),
        "dni_kwh_m2": weather.energy_kwh_m2(weather.dni_w_m2),
        "dhi_kwh_m2": weather.energy_kwh_m2(weather.dhi_w_m2),
    }


def _yield(row: MountingResult) -> dict[str, Any]:
    return {
        "mounting": row.name,
        "tilt_deg": row.tilt_deg,
        "azimuth_deg": row.azimuth_deg,
        "poa_kwh_m2": row.poa_kwh_m2,
        "ac_kwh": row.ac_kwh,
        "ac_kwh_per_kwp": row.ac_kwh_per_kwp,
        "drive_kwh": row.drive_kwh,
        "net_kwh": row.net_kwh,
        "net_kwh_per_m2_land": row.net_kwh_per_m2_land,
        "monthly_kwh": row.monthly_kwh,
    }
