"""What an orientation is worth to a field: the yield's own light under skies of no year, for the search."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from tracker.aiming.shade_avoidance import AimTable
from tracker.aiming.shade_search import Field, searched
from tracker.array.common_shade import common_shade
from tracker.array.shading import beam_shading, compiled, enu_from_normal, field_of
from tracker.array.sky_view import field_view
from tracker.array_file import Arrays
from tracker.kept_arrays import kept_arrays, state_of
from tracker.plant import Array, Panels
from tracker.pv.daylight import SOLAR_CONSTANT_W_M2
from tracker.pv.incidence import effective_irradiance
from tracker.pv.irradiance import plane_irradiance
from tracker.pv.shade import Shade, shaded_plane
from tracker.pv.sky import Light, Sky, perez, relative_air_mass
from tracker.units import FloatArray

ALBEDO: Final = 0.2
AIMS: Final = ("declination_deg", "hour_deg", "past_sun_deg")
ROOMS: Final = ("aiming", "array", "pv")
THREADS: Final = 2
OWN_WAYS: Final = 3  # heads, at most, that are turned one by one; chosen for the time it takes
OVERCAST_SHARE: Final = 0.3  # of the light above the clouds; chosen: thin ones are commoner than thick
DIFFUSE_SHARE: Final = 0.12  # of the clear sky's light that never was beam, per cosine of the zenith


def aim_table(
    array: Array, latitude_deg: float, advance: Callable[[float], None] = lambda _share: None
) -> AimTable | None:
    """Where the heads of an array look to stay out of each other's shade; None where that gains nothing.

    Up to three heads are turned one by one, more of them all alike. Obstacles do not enter: nobody can turn
    away from them. advance is told the share that is done, and nothing where the table is known already or
    a first look shows that it does not pay.
    """
    return _known(_Asked(array=array, latitude_deg=latitude_deg, advance=advance))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What a table is for. Whoever is told about the work makes no difference to it."""

    array: Array
    latitude_deg: float
    advance: Callable[[float], None] = field(compare=False)


@lru_cache(maxsize=8)
def _known(asked: _Asked) -> AimTable | None:
    if asked.array.size == 1:
        return None
    array, latitude_deg = _as_searched(asked.array), asked.latitude_deg
    source = (array.positions_enu_m, array.head, array.mount.limits, array.panels, latitude_deg, _code())

    def search() -> Arrays:
        return _plain(searched(latitude_deg, field_light(array), advance=asked.advance))

    kept = kept_arrays("aims", source, search)
    return AimTable(latitude_deg=latitude_deg, **kept) if kept else None


def _as_searched(array: Array) -> Array:
    """The field without what the search does not ask: obstacles, and all of its modules but their wiring."""
    panels = array.panels
    wiring = Panels(
        dc_capacity_w=1.0,
        gamma_per_c=0.0,
        dc_ac_ratio=1.0,
        inverter_efficiency=1.0,
        system_losses_percent=0.0,
        strings=panels.strings,
        bypass_per_petal=panels.bypass_per_petal,
        cells_per_petal=panels.cells_per_petal,
    )
    return replace(array, obstacles=(), panels=wiring)


def _plain(table: AimTable | None) -> Arrays:
    """The table's arrays, none for none."""
    return {} if table is None else {name: getattr(table, name) for name in AIMS}


def _code() -> tuple[object, ...]:
    """All that a table depends on besides the field: code, and whether shading is exact."""
    rooms = (Path(__file__).parents[2] / room for room in ROOMS)
    return state_of(Path(__file__), *rooms), compiled.available()


def field_light(array: Array) -> Field:
    """The light of an array for the search: exactly shaded where numba is installed, else by the raster."""

    def quick(normal_enu: FloatArray, sun_enu: FloatArray) -> FloatArray:
        return light_w_m2(array, common_shade(array).shaded(normal_enu, sun_enu), normal_enu, sun_enu)

    def alone(normal_enu: FloatArray, sun_enu: FloatArray) -> FloatArray:
        unshaded = np.zeros((len(sun_enu), 1, array.head.petals))
        return light_w_m2(array, unshaded, normal_enu, sun_enu)

    limits = array.mount.limits
    if not compiled.available():
        return Field(limits=limits, alone=alone, quick=quick, exact=quick)
    outlines = field_of(array)

    def exact(normal_enu: FloatArray, sun_enu: FloatArray) -> FloatArray:
        turn = np.broadcast_to(enu_from_normal(normal_enu)[:, np.newaxis], (len(sun_enu), array.size, 3, 3))
        petals = beam_shading(outlines, turn, sun_enu, how="numba", threads=THREADS)
        return light_w_m2(array, petals, normal_enu, sun_enu)

    def each(normal_enu: FloatArray, sun_enu: FloatArray) -> FloatArray:
        petals = beam_shading(outlines, enu_from_normal(normal_enu), sun_enu, how="numba", threads=THREADS)
        light = [
            light_w_m2(array, petals[:, [head]], normal_enu[:, head], sun_enu) for head in range(array.size)
        ]
        return np.asarray(np.mean(light, axis=0))

    if array.size > OWN_WAYS:
        return Field(limits=limits, alone=alone, quick=quick, exact=exact)
    return Field(limits=limits, alone=alone, quick=quick, exact=exact, each=each, heads=array.size)


def light_w_m2(array: Array, petals: FloatArray, normal_enu: FloatArray, sun_enu: FloatArray) -> FloatArray:
    """Even light (N,) that normals (N, 3) are worth under suns (N, 3) with petals (N, G, P) shaded.

    The mean of a clear and an overcast sky: what is won from the beam may not be lost from the clouds, and
    nobody tells the heads which it is. 0 for a sun below the horizontal.
    """
    view = field_view(array, None)
    shade = Shade(petals=petals, sky=view.sky_at(normal_enu), ground=view.ground_at(normal_enu))
    light = [
        effective_irradiance(
            shaded_plane(plane_irradiance(sky, normal_enu), shade, array.panels), normal_enu[:, 2]
        )
        for sky in (clear_sky(sun_enu), overcast_sky(sun_enu))
    ]
    return np.where(sun_enu[:, 2] > 0.0, np.mean(light, axis=0), 0.0)


def overcast_sky(sun_enu: FloatArray) -> Sky:
    """A sky (N,) of even clouds: nothing but light from the dome, and its like from the ground."""
    nothing = np.zeros(len(sun_enu))
    dome = OVERCAST_SHARE * SOLAR_CONSTANT_W_M2 * np.maximum(sun_enu[:, 2], 0.0)
    return Sky(
        sun_enu=sun_enu,
        beam_w_m2=nothing,
        circumsolar_w_m2=nothing,
        dome_w_m2=dome,
        horizon_w_m2=nothing,
        ground_w_m2=ALBEDO * dome,
    )


def clear_sky(sun_enu: FloatArray) -> Sky:
    """A clear sky (N,) by the sun's height alone.

    Beam after Meinel and Meinel (1976), 0.7^(m^0.678); the diffuse light, chosen, is divided by Perez.
    """
    up = np.maximum(sun_enu[:, 2], 0.01)
    zenith_rad = np.arccos(np.minimum(up, 1.0))
    beam = SOLAR_CONSTANT_W_M2 * 0.7 ** relative_air_mass(zenith_rad) ** 0.678
    diffuse = DIFFUSE_SHARE * SOLAR_CONSTANT_W_M2 * up
    extra = np.full_like(up, SOLAR_CONSTANT_W_M2)
    light = perez(
        Light(zenith_rad=zenith_rad, cos_zenith=up, dni_w_m2=beam, dhi_w_m2=diffuse, extra_w_m2=extra)
    )
    return Sky(
        sun_enu=sun_enu,
        beam_w_m2=beam,
        circumsolar_w_m2=light.circumsolar_w_m2,
        dome_w_m2=light.dome_w_m2,
        horizon_w_m2=light.horizon_w_m2,
        ground_w_m2=ALBEDO * (beam * up + diffuse),
    )
