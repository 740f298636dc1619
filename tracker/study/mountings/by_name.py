"""The mountings that can be compared, by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Final

import numpy as np

from tracker.array.land import land_area_m2
from tracker.mounting_names import Plane, demand_mounting, fixed_plane
from tracker.plant import Plant
from tracker.study.mountings.obstacle_shade import behind_obstacles
from tracker.study.mountings.orientation import Orientation, without_cost
from tracker.study.mountings.planes import (
    MAX_ROTATION_DEG,
    azimuth_only_normals,
    best_fixed_normal,
    brightest_normals,
    latitude_tilt_normal,
    plane_normal,
    single_axis_normals,
)
from tracker.study.mountings.row_shade import rows_shade
from tracker.study.setting import Setting
from tracker.units import FloatArray

LEVEL: Final = np.array([0.0, 0.0, 1.0])
EAST_WEST_TILT_DEG: Final = 10.0  # chosen: as such fields are built


@dataclass(frozen=True, slots=True, kw_only=True)
class Mounting:
    """One way to hold the same modules: how many axes move, where they look, what land they take."""

    axes: int
    orient: Callable[[Setting], Orientation]
    land_m2: Callable[[Plant], float]


def mounting(name: str) -> Mounting:
    """The mounting of that name. Raises InvalidInput naming the nearest known one, or all."""
    demand_mounting(name)
    plane = fixed_plane(name)
    if plane is None:
        return MOUNTINGS[name]
    return Mounting(axes=0, orient=partial(fixed, plane=plane), land_m2=rows_area_m2)


def flat(setting: Setting) -> Orientation:
    """Modules lying level, side by side: nothing but obstacles shades them."""
    return replace(without_cost(LEVEL, setting.intervals), shade=behind_obstacles(setting, LEVEL, None))


def latitude_tilt(setting: Setting) -> Orientation:
    """Tilted by the latitude toward the equator."""
    return _in_rows(latitude_tilt_normal(setting.plant.site.latitude_deg), setting)


def best_fixed(setting: Setting) -> Orientation:
    """Tilt and azimuth optimised on this weather's energy."""
    return _in_rows(best_fixed_normal(setting), setting)


def fixed(setting: Setting, *, plane: Plane) -> Orientation:
    """The plane that its name says."""
    return _in_rows(plane_normal(plane.tilt_deg, plane.azimuth_deg), setting)


def east_west(setting: Setting) -> Orientation:
    """Half the modules lean 10 deg east, half west, ridge to ridge; each half at its share of inverters.

    From a half's foot the next tent's ridge stands where in rows at twice the way the next top would, so
    half the ground cover ratio gives beam and sky exactly. Of the ground's light, 0.15 % of all at that
    tilt, it leaves too much.
    """
    halves = plane_normal(EAST_WEST_TILT_DEG, np.array([[90.0], [270.0]]))
    normal_enu = np.broadcast_to(halves, (2, setting.intervals, 3))
    return _in_rows(normal_enu, setting, rows_in_pitch=2)


def single_axis(setting: Setting) -> Orientation:
    """Horizontal north-south axis, +-60 deg; its drive costs nothing, and a lone row never turns back."""
    return _about_one_axis(setting, backtrack=setting.plant.comparison.single_axis_backtrack)


def single_axis_true(setting: Setting) -> Orientation:
    """The same that never turns back, however its rows shade each other."""
    return _about_one_axis(setting, backtrack=False)


def azimuth_only(setting: Setting) -> Orientation:
    """Heads that follow the sun's azimuth at the one best tilt, at no cost."""
    return _among_heads(azimuth_only_normals(setting), setting)


def two_axis_sun_facing(setting: Setting) -> Orientation:
    """Ideal: always facing the apparent sun, at no cost; level while it is down."""
    sun_enu = setting.sun.direction_enu
    return _among_heads(np.where(setting.daylight.up[:, None], sun_enu, LEVEL), setting)


def two_axis_optimal(setting: Setting) -> Orientation:
    """Ideal: always where the light is strongest, at no cost."""
    return _among_heads(brightest_normals(setting), setting)


def sunflower(setting: Setting) -> Orientation:
    """As the decision code really moves a head: limits, rates, stow, night and its own consumption."""
    from tracker.study.driven.sunflower import decided_orientation  # only this row needs the decision code

    orientation: Orientation = decided_orientation(setting.plant, setting.weather, setting.sun)
    return replace(orientation, shade=setting.shade_on(orientation.normal_enu))


def _among_heads(normal_enu: FloatArray, setting: Setting) -> Orientation:
    ideal = without_cost(normal_enu, setting.intervals)
    return replace(ideal, shade=setting.shade_on(normal_enu), on_heads=True)


def _about_one_axis(setting: Setting, *, backtrack: bool) -> Orientation:
    normals = single_axis_normals(
        setting.sun.direction_enu,
        ground_cover_ratio=setting.plant.comparison.ground_cover_ratio,
        backtrack=backtrack and setting.plant.array.size > 1,  # no neighbours to spare
        max_rotation_deg=MAX_ROTATION_DEG,
    )
    return _in_rows(normals, setting)


def _in_rows(normal_enu: FloatArray, setting: Setting, *, rows_in_pitch: int = 1) -> Orientation:
    ratio = setting.plant.comparison.ground_cover_ratio / rows_in_pitch
    shade = rows_shade(setting, normal_enu, ground_cover_ratio=ratio)
    seen = LEVEL if normal_enu.ndim == 3 else normal_enu  # tents lean both ways
    shade = behind_obstacles(setting, seen, shade)
    return replace(without_cost(normal_enu, setting.intervals), shade=shade)


def module_area_m2(plant: Plant) -> float:
    """Area of all modules: what they cover lying side by side."""
    return plant.array.head.area_m2 * plant.array.size


def rows_area_m2(plant: Plant) -> float:
    """Land under rows of the same modules at the plan's ground cover ratio."""
    return module_area_m2(plant) / plant.comparison.ground_cover_ratio


def field_area_m2(plant: Plant) -> float:
    """Land that the array of heads takes, as `tracker.array.land_area_m2` fences it."""
    return land_area_m2(plant.array)


MOUNTINGS: Final[Mapping[str, Mounting]] = MappingProxyType(
    {
        "flat": Mounting(axes=0, orient=flat, land_m2=module_area_m2),
        "latitude_tilt": Mounting(axes=0, orient=latitude_tilt, land_m2=rows_area_m2),
        "best_fixed": Mounting(axes=0, orient=best_fixed, land_m2=rows_area_m2),
        "east_west": Mounting(axes=0, orient=east_west, land_m2=rows_area_m2),
        "single_axis": Mounting(axes=1, orient=single_axis, land_m2=rows_area_m2),
        "single_axis_true": Mounting(axes=1, orient=single_axis_true, land_m2=rows_area_m2),
        "azimuth_only": Mounting(axes=1, orient=azimuth_only, land_m2=field_area_m2),
        "two_axis_sun_facing": Mounting(axes=2, orient=two_axis_sun_facing, land_m2=field_area_m2),
        "two_axis_optimal": Mounting(axes=2, orient=two_axis_optimal, land_m2=field_area_m2),
        "sunflower": Mounting(axes=2, orient=sunflower, land_m2=field_area_m2),
    }
)
