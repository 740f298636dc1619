"""One chunk of a sweep: its rows, as one Parquet file in memory."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from tracker.errors import TrackerError
from tracker.plant import Plant
from tracker.pv import Models
from tracker.study.mountings import mounting
from tracker.study.result import MountingResult, capacity_kwp, result_of
from tracker.study.setting import Setting, setting_of
from tracker.study.sweeps.compiled import settle
from tracker.study.sweeps.places import Place
from tracker.study.sweeps.plan import Chunk, code_sha256
from tracker.study.sweeps.rows import parquet_of
from tracker.study.sweeps.short_way import Hours, Sums, hours_of, is_short, sums_of
from tracker.study.sweeps.site_weather import weather_at
from tracker.units import SECONDS_PER_HOUR, WATTS_PER_KILOWATT
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
            "a worker has another version of sunflower, numpy or numba than this command; install the same "
            "on all of them"
        )
    settle(shading_too=any(variant.plant.array.size > 1 for variant in chunk.variants))
    land_m2 = _Land()
    rows = [row for place in chunk.places for row in _rows_at(place, chunk, land_m2)]
    return Part(number=chunk.number, parquet=parquet_of(rows, chunk))


class _Land:
    """Land by variant and mounting, which no place changes."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], float] = {}

    def of(self, variant: int, plant: Plant, name: str) -> float:
        if (variant, name) not in self._known:
            self._known[variant, name] = mounting(name).land_m2(plant)
        return self._known[variant, name]


class _Light:
    """A setting, and its hours for the short way once they are asked for."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting

    @cached_property
    def hours(self) -> Hours:
        return hours_of(self.setting)


def _rows_at(place: Place, chunk: Chunk, land_m2: _Land) -> Iterator[Mapping[str, Any]]:
    weather = weather_at(place, chunk.folder)
    about = _said_of(place, weather)
    setting: Setting | None = None
    for number, variant in enumerate(chunk.variants):
        plant = _at(place, variant.plant)
        setting = _setting(plant, weather, chunk.models, setting)
        light = _Light(setting)
        for name in chunk.mountings:
            land = land_m2.of(number, plant, name)
            yield {**about, **dict(variant.values), "mounting": name, **_yield(name, light, land)}


def _setting(plant: Plant, weather: Weather, models: Models, before: Setting | None) -> Setting:
    """A setting; the one before with another plant where the sun and the sky are the same for it."""
    named = replace(models.with_panels(plant.array.panels), decomposition=weather.decomposition)
    if before is None or before.plant.site != plant.site or plant.horizon is not None:
        return setting_of(plant, weather, models)
    if not named.light_as(before.models):
        return setting_of(plant, weather, models)
    return replace(before, plant=plant, models=named)


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
        "hours": weather.utc.size * weather.step_s / SECONDS_PER_HOUR,
        "filled_steps": weather.filled_steps,
        "ghi_kwh_m2": weather.energy_kwh_m2(weather.ghi_w_m2),
        "dni_kwh_m2": weather.energy_kwh_m2(weather.dni_w_m2),
        "dhi_kwh_m2": weather.energy_kwh_m2(weather.dhi_w_m2),
    }


def _yield(name: str, light: _Light, land_m2: float) -> dict[str, Any]:
    setting = light.setting
    if is_short(name, setting.plant, setting.models):
        return _of_sums(sums_of(name, light.hours), setting, land_m2)
    return _of_result(result_of(name, setting), setting.plant)


def _of_sums(sums: Sums, setting: Setting, land_m2: float) -> dict[str, Any]:
    """Sums of one head as the yield of all; a plain mounting takes nothing for itself."""
    plant, hours = setting.plant, setting.weather.step_s / SECONDS_PER_HOUR
    kwh_a_w = hours * plant.array.size / WATTS_PER_KILOWATT
    monthly_kwh = [power_w * kwh_a_w for power_w in sums.monthly_ac_w]
    ac_kwh = sum(monthly_kwh)
    return {
        "tilt_deg": sums.tilt_deg,
        "azimuth_deg": sums.azimuth_deg,
        "poa_kwh_m2": sums.poa_w_m2 * hours / WATTS_PER_KILOWATT,
        "ac_kwh": ac_kwh,
        "ac_kwh_per_kwp": ac_kwh / capacity_kwp(plant),
        "drive_kwh": 0.0,
        "net_kwh": ac_kwh,
        "net_kwh_per_kwp": ac_kwh / capacity_kwp(plant),
        "net_kwh_per_m2_land": ac_kwh / land_m2,
        "monthly_kwh": monthly_kwh,
    }


def _of_result(row: MountingResult, plant: Plant) -> dict[str, Any]:
    return {
        "tilt_deg": row.tilt_deg,
        "azimuth_deg": row.azimuth_deg,
        "poa_kwh_m2": row.poa_kwh_m2,
        "ac_kwh": row.ac_kwh,
        "ac_kwh_per_kwp": row.ac_kwh_per_kwp,
        "drive_kwh": row.drive_kwh,
        "net_kwh": row.net_kwh,
        "net_kwh_per_kwp": row.net_kwh / capacity_kwp(plant),
        "net_kwh_per_m2_land": row.net_kwh_per_m2_land,
        "monthly_kwh": row.monthly_kwh,
    }
