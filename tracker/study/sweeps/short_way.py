"""The five plain mountings of plain modules, a hundred times as fast as one by one through the chain."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Final, TypeAlias

import numpy as np

from tracker import frames
from tracker.plant import Panels, Plant
from tracker.pv import Models
from tracker.pv.incidence import TABLE_ROWS, dome_angle_deg, ground_angle_deg, incidence_modifier
from tracker.pv.inverter import REFERENCE_EFFICIENCY
from tracker.pv.tabulated import tabulated
from tracker.pv.temperature import CELL_MODELS
from tracker.study.mountings.climb import normals
from tracker.study.mountings.planes import MAX_ROTATION_DEG
from tracker.study.sweeps import compiled
from tracker.study.sweeps.loops import blocks, year
from tracker.study.sweeps.times import times_of
from tracker.units import FloatArray
from tracker.weather.series import Weather

RAW: Final = year.ROW
LEVEL_SHARE: Final = 1.0  # of the wind; no model that asks how high cells stand has a short way
Way: TypeAlias = tuple[float, float, float, float, float, float]  # in the order of the columns of `year`
RATED: Final = (
    frozenset(  # what the loops read of panels, what `Models` tells of them, what acts in shade only
        {
            *("dc_capacity_w", "gamma_per_c", "dc_ac_ratio", "inverter_efficiency", "system_losses_percent"),
            *("module", "inverter", "inverter_model", "spectral_model"),
            *("temperature_model", "head_temperature_model"),
            *("strings", "bypass_per_petal", "cells_per_petal"),
        }
    )
)


def _through_glass(angle_deg: Callable[[FloatArray], FloatArray]) -> FloatArray:
    def through(tilt_deg: FloatArray) -> FloatArray:
        return incidence_modifier(np.cos(np.radians(angle_deg(tilt_deg))))

    return tabulated(through, 180.0, TABLE_ROWS).values


GLASS: Final = np.stack(  # for the sun by the cosine of incidence; for dome and ground by the plane's tilt
    [
        tabulated(incidence_modifier, 1.0, TABLE_ROWS).values,
        _through_glass(dome_angle_deg),
        _through_glass(ground_angle_deg),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sums:
    """Of mountings, any shape S: light on the plane S and AC power of a head by month S + (12,), all summed.

    tilt and azimuth S are those of planes that stay, NaN of others.
    """

    poa_w_m2: FloatArray
    monthly_ac_w: FloatArray
    tilt_deg: FloatArray
    azimuth_deg: FloatArray


class ShortWay:
    """The compiled loops with room to work in, for one thread at a time. Raises ImportError without numba."""

    def __init__(self) -> None:
        self._fill = compiled.load()
        self._room = np.empty(blocks.ROOM)
        self._make_room(0)

    def raw_sums(
        self, names: Sequence[str], plant: Plant, weather: Weather, spot: FloatArray, models: Models
    ) -> FloatArray:
        """Of M mountings that `is_short` says yes to: (M, ROW) as `year.fill` leaves them, for `sums_of`.

        spot is the plant's row of `tracker.sun.Places`.
        """
        times, out = times_of(weather), np.empty((len(names), year.ROW))
        if blocks.blocks_for(weather.utc.size) > len(self._hours):
            self._make_room(blocks.blocks_for(weather.utc.size))
        self._fill(
            times.fixed,
            times.extra_w_m2,
            times.month,
            *_columns(weather),
            _warming(weather, plant, models.with_panels(plant.array.panels)),
            spot,
            plant.site.albedo,
            np.array([WAYS[name](plant) for name in names]),
            _modules(plant.array.panels),
            GLASS,
            *(self._hours, self._months, self._some, self._room),
            out,
        )
        return out

    def _make_room(self, count: int) -> None:
        self._hours, self._some = np.empty((2, count, blocks.BOARD))
        self._months = np.empty((count, blocks.BLOCK), dtype=np.int64)


def sums_of(raw: FloatArray) -> Sums:
    """Sums of any shape S out of raw ones, S + (ROW,)."""
    stays, tilts = raw[..., year.STAYS] > 0.0, raw[..., year.PLANE : year.PLANE + 2]
    normal_enu = normals(tilts)
    return Sums(
        poa_w_m2=raw[..., year.LIGHT_SUM],
        monthly_ac_w=raw[..., year.FIRST_MONTH : year.PLANE],
        tilt_deg=np.where(stays, 90.0 - frames.elevation_deg(normal_enu), np.nan),
        azimuth_deg=np.where(stays, frames.azimuth_deg(normal_enu), np.nan),
    )


def is_short(name: str, plant: Plant, models: Models) -> bool:
    """Whether this mounting has a short way, to 1e-12 what the chain gives; never without numba."""
    if name not in WAYS or not compiled.available() or (name in SHADED and plant.array.size > 1):
        return False
    named, panels = models.with_panels(plant.array.panels), plant.array.panels
    cells = {name: getattr(named, name) for name in ("temperature", "head_temperature", "decomposition")}
    special = any(
        getattr(panels, part.name) != part.default for part in fields(panels) if part.name not in RATED
    )
    open_sky = plant.horizon is None and not plant.array.obstacles
    return named == replace(Models(), **cells) and named.one_for_all and not special and open_sky


def _flat(plant: Plant) -> Way:
    return (year.HELD, 0.0, 0.0, 0.0, 0.0, 0.0)


def _latitude_tilt(plant: Plant) -> Way:
    return (year.HELD, 0.0, -plant.site.latitude_deg, _cover(plant), 0.0, 0.0)


def _best_fixed(plant: Plant) -> Way:
    return (year.BEST, 0.0, 0.0, _cover(plant), 0.0, 0.0)


def _single_axis(plant: Plant) -> Way:
    cover = _cover(plant)
    back = cover if plant.comparison.single_axis_backtrack else 0.0
    return (year.ONE_AXIS, 0.0, 0.0, cover, back, float(np.sin(np.radians(MAX_ROTATION_DEG))))


def _two_axis(plant: Plant) -> Way:
    return (year.TWO_AXES, 0.0, 0.0, 0.0, 0.0, 0.0)


WAYS: Final[Mapping[str, Callable[[Plant], Way]]] = MappingProxyType(
    {
        "flat": _flat,
        "latitude_tilt": _latitude_tilt,
        "best_fixed": _best_fixed,
        "single_axis": _single_axis,
        "two_axis_sun_facing": _two_axis,
    }
)
SHADED: Final = frozenset({"two_axis_sun_facing"})  # where heads stand, and shade each other


def _cover(plant: Plant) -> float:
    """Share of the ground that rows cover; 0 for a lone head's worth, which has no neighbours."""
    return plant.comparison.ground_cover_ratio if plant.array.size > 1 else 0.0


def _columns(weather: Weather) -> list[FloatArray]:
    given = (weather.ghi_w_m2, weather.dni_w_m2, weather.dhi_w_m2, weather.temp_air_c)
    return [np.ascontiguousarray(column, dtype=np.float64) for column in given]


def _warming(weather: Weather, plant: Plant, models: Models) -> FloatArray:
    """Degrees that the cells are warmer by a W/m2, (T,)."""
    head, cells = plant.array.head, CELL_MODELS[models.temperature]
    efficiency = plant.array.panels.dc_capacity_w / (1000.0 * head.area_m2)
    return cells.warming_at(weather.wind_speed_m_s, LEVEL_SHARE) * cells.heat_share(efficiency)


def _modules(panels: Panels) -> FloatArray:
    """The modules and the inverter in the order of `plane.MODULES`."""
    rated_ac_w = panels.dc_capacity_w / panels.dc_ac_ratio
    rated_dc_w = rated_ac_w / panels.inverter_efficiency
    kept = 1.0 - panels.system_losses_percent / 100.0
    load_a_light = panels.dc_capacity_w / 1000.0 * kept / rated_dc_w
    scale = panels.inverter_efficiency / REFERENCE_EFFICIENCY * rated_dc_w
    return np.array([panels.gamma_per_c, load_a_light, scale, rated_ac_w])
