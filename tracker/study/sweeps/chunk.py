"""One chunk of a sweep: its rows, as one Parquet file in memory."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from tracker.errors import TrackerError
from tracker.plant import Plant
from tracker.pv import Models
from tracker.study.mountings.by_name import mounting
from tracker.study.result import MountingResult, capacity_kwp, result_of
from tracker.study.setting import Setting, heads_wind, rows_wind, setting_of
from tracker.study.sweeps.compiled import settle
from tracker.study.sweeps.places import Place
from tracker.study.sweeps.plan import Chunk, Variant, code_sha256
from tracker.study.sweeps.rows import Rows, parquet_of
from tracker.study.sweeps.short_way import RAW, ShortWay, Sums, is_short, sums_of
from tracker.study.sweeps.site_weather import weather_at
from tracker.study.sweeps.table_weather import TableReader
from tracker.sun import Places
from tracker.units import SECONDS_PER_HOUR, WATTS_PER_KILOWATT, FloatArray
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
    ways = [_ways(variant, chunk) for variant in chunk.variants]
    if any(each.long for each in ways):
        settle(shading_too=any(each.plant.array.size > 1 for each in ways))
    rows, tables = Rows(chunk), TableReader()
    short = _Short(ways, chunk)
    for number, place in enumerate(chunk.places):
        weather = weather_at(place, chunk.folder, tables)
        rows.tell(_said_of(place, weather))
        short.compute(number, weather)
        _compute_long(number, ways, weather, chunk, rows)
    short.put_into(rows)
    return Part(number=chunk.number, parquet=parquet_of(rows, chunk))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Ways:
    """A variant's plant, the numbers of its mountings that go each way, and what land (M,) each takes.

    No place changes any of that.
    """

    plant: Plant
    short: list[int]
    long: list[int]
    land_m2: FloatArray

    def plant_at(self, place: Place) -> Plant:
        """The plant at one of the places."""
        return replace(self.plant, site=place.site(self.plant.site.albedo))


def _ways(variant: Variant, chunk: Chunk) -> _Ways:
    plant, names = variant.plant, chunk.mountings
    short = [number for number, name in enumerate(names) if is_short(name, plant, chunk.models)]
    return _Ways(
        plant=plant,
        short=short,
        long=[number for number in range(len(names)) if number not in short],
        land_m2=np.array([mounting(name).land_m2(plant) for name in names]),
    )


class _Short:
    """The rows that go the short way: computed place by place, put among the others all at once."""

    def __init__(self, ways: list[_Ways], chunk: Chunk) -> None:
        self._ways, self._chunk = ways, chunk
        self._way = ShortWay() if any(each.short for each in ways) else None
        self._spots = Places.of([place.site(0.0) for place in chunk.places]).rows()
        self._raw = [np.empty((len(chunk.places), len(each.short), RAW)) for each in ways]
        self._step_h = np.empty((len(chunk.places), 1))

    def compute(self, number: int, weather: Weather) -> None:
        """Sums at the place of that number."""
        place, spot = self._chunk.places[number], self._spots[number]
        self._step_h[number] = weather.step_s / SECONDS_PER_HOUR
        for each, raw in zip(self._ways, self._raw, strict=True):
            if self._way is not None and each.short:
                names = [self._chunk.mountings[mount] for mount in each.short]
                plant, models = each.plant_at(place), self._chunk.models
                raw[number] = self._way.raw_sums(names, plant, weather, spot, models)

    def put_into(self, rows: Rows) -> None:
        """Turn all sums into yields."""
        for variant, (each, raw) in enumerate(zip(self._ways, self._raw, strict=True)):
            yields = _of_sums(sums_of(raw), each.plant, self._step_h, each.land_m2[each.short])
            rows.put((slice(None), variant, each.short), yields)


def _compute_long(number: int, ways: list[_Ways], weather: Weather, chunk: Chunk, rows: Rows) -> None:
    setting: Setting | None = None
    for variant, each in enumerate(ways):
        for mount in each.long:
            plant = each.plant_at(chunk.places[number])
            setting = _setting(plant, weather, chunk.models, setting)
            result = result_of(chunk.mountings[mount], setting)
            rows.put((number, variant, mount), _of_result(result, plant))


def _setting(plant: Plant, weather: Weather, models: Models, before: Setting | None) -> Setting:
    """A setting; the one before with another plant where the sun and the sky are the same for it."""
    named = replace(models.with_panels(plant.array.panels), decomposition=weather.decomposition)
    if before is None or not _under_one_sky(before, plant, named):
        return setting_of(plant, weather, models)
    return replace(before, plant=plant, models=named)


def _under_one_sky(before: Setting, plant: Plant, named: Models) -> bool:
    """Whether nothing that the plant changes is in the setting's light or in what warms cells there."""
    same_place = before.plant.site == plant.site
    open_sky = before.plant.horizon is None and plant.horizon is None
    heights = [(rows_wind(each), heads_wind(each)) for each in (before.plant, plant)]
    same_wind = not named.knows_heights or heights[0] == heights[1]
    return same_place and open_sky and same_wind and named.light_as(before.models)


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


def _of_sums(sums: Sums, plant: Plant, step_h: FloatArray, land_m2: FloatArray) -> dict[str, ArrayLike]:
    """Sums (P, M) of one head as the yield of all; a plain mounting takes nothing for itself."""
    kwh_a_w = step_h[..., np.newaxis] * plant.array.size / WATTS_PER_KILOWATT
    monthly_kwh = sums.monthly_ac_w * kwh_a_w
    ac_kwh = np.sum(monthly_kwh, axis=-1)
    return {
        "tilt_deg": sums.tilt_deg,
        "azimuth_deg": sums.azimuth_deg,
        "poa_kwh_m2": sums.poa_w_m2 * step_h / WATTS_PER_KILOWATT,
        "ac_kwh": ac_kwh,
        "ac_kwh_per_kwp": ac_kwh / capacity_kwp(plant),
        "drive_kwh": 0.0,
        "net_kwh": ac_kwh,
        "net_kwh_per_kwp": ac_kwh / capacity_kwp(plant),
        "net_kwh_per_m2_land": ac_kwh / land_m2,
        "monthly_kwh": monthly_kwh,
    }


def _of_result(row: MountingResult, plant: Plant) -> dict[str, ArrayLike]:
    return {
        "tilt_deg": np.nan if row.tilt_deg is None else row.tilt_deg,
        "azimuth_deg": np.nan if row.azimuth_deg is None else row.azimuth_deg,
        "poa_kwh_m2": row.poa_kwh_m2,
        "ac_kwh": row.ac_kwh,
        "ac_kwh_per_kwp": row.ac_kwh_per_kwp,
        "drive_kwh": row.drive_kwh,
        "net_kwh": row.net_kwh,
        "net_kwh_per_kwp": row.net_kwh / capacity_kwp(plant),
        "net_kwh_per_m2_land": row.net_kwh_per_m2_land,
        "monthly_kwh": row.monthly_kwh,
    }
