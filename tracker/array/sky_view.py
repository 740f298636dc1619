"""How much of the sky and of the ground a head still sees among its neighbours and below the skyline.

A dome of directions, each standing for a patch of equal solid angle, is taken through the same shading code
as the sun; weighted by the cosine on the panel that is the view of an even sky, exact for these directions.
Tabulated over the panel's tilt and azimuth and interpolated. Seen from below, the ground is a dome too: the
field mirrored at the horizontal.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from tracker.array.common_shade import CommonShade, common_shade
from tracker.array.land import land_area_m2
from tracker.array_file import Arrays
from tracker.frames import azimuth_deg, elevation_deg, enu_from_azel
from tracker.kept_arrays import kept_arrays, state_of
from tracker.plant import Array, Horizon
from tracker.units import BoolArray, FloatArray

FIELD_DOME = (6, 16)  # rings, sectors; chosen: the view of the sky is then within 0.005 of 16 times as many
SKYLINE_DOME = (90, 144)  # nothing has to be shaded here, so that fineness is free
TILT_STEP_DEG, AZIMUTH_STEP_DEG = 15.0, 45.0
MIRROR: Final = np.array([1.0, 1.0, -1.0])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SkyView:
    """What is left of an open field's view, 0 to 1, means over the heads.

    sky and ground (tilts, azimuths) at the table's nodes: tilt 0 to 90 deg, azimuth 0 to 360 deg.
    """

    sky: FloatArray
    ground: FloatArray

    def sky_at(self, normal_enu: FloatArray) -> FloatArray:
        """Share (...) of the even sky's light that is left on panels of normals (..., 3)."""
        return _interpolated(self.sky, normal_enu)

    def ground_at(self, normal_enu: FloatArray) -> FloatArray:
        """Share (...) of the even ground's light that is left on panels of normals (..., 3)."""
        return _interpolated(self.ground, normal_enu)


@lru_cache(maxsize=8)
def skyline_view(horizon: Horizon) -> SkyView:
    """Hills and houses alone: dark, and in front of the sky of every panel; the ground stays as it is."""
    normal, dome = _orientations(), _dome(*SKYLINE_DOME)
    open_sky = np.broadcast_to(~_hidden(dome, horizon), (len(normal), len(dome)))
    return SkyView(sky=_table(normal, dome, open_sky), ground=np.ones(_shape()))


@lru_cache(maxsize=8)
def field_view(array: Array, horizon: Horizon | None) -> SkyView:
    """Neighbours: of the sky, what they leave of what the skyline leaves; of the ground, what they leave.

    They are dark, and the ground has lost what they take: within the fence (`tracker.array.land`) it has the
    light that petals lying flat would leave, 1 - petals / land. Obstacles of the array are not in it.
    """
    skyline = () if horizon is None else (horizon.azimuth_deg, horizon.elevation_deg)
    source = (
        "view",
        array.positions_enu_m,
        array.head,
        state_of(Path(__file__).parent),
        *skyline,
    )

    def views() -> Arrays:
        view = _field_view(array, horizon)
        return {"sky": view.sky, "ground": view.ground}

    return SkyView(**kept_arrays("shade", source, views))


def _field_view(array: Array, horizon: Horizon | None) -> SkyView:
    shade, normal, dome = common_shade(array), _orientations(), _dome(*FIELD_DOME)
    open_sky = np.ones(len(dome)) if horizon is None else ~_hidden(dome, horizon) * 1.0
    upside_down = replace(shade, neighbours_m=shade.neighbours_m * MIRROR)
    ground = _ground_light(array, shade, dome) * (1.0 - _shaded(upside_down, normal * MIRROR, dome))
    return SkyView(
        sky=_table(normal, dome * open_sky[:, np.newaxis], 1.0 - _shaded(shade, normal, dome)),
        ground=_table(normal * MIRROR, dome, ground),
    )


def _shaded(shade: CommonShade, normal_enu: FloatArray, dome_enu: FloatArray) -> FloatArray:
    """Mean share (N, M) of the heads that is shaded from each direction; 1 from behind."""
    shape = (len(normal_enu), len(dome_enu))
    normal = np.repeat(normal_enu, shape[1], axis=0)
    share = np.ones(len(normal))
    dome = np.tile(dome_enu, (shape[0], 1))
    front = np.einsum("ti,ti->t", normal, dome) > 0.0
    share[front] = np.mean(shade.shaded(normal[front], dome[front]), axis=(1, 2))
    return share.reshape(shape)


def _table(normal_enu: FloatArray, dome_enu: FloatArray, seen: FloatArray | BoolArray) -> FloatArray:
    """What is seen (N, M) of the light from the directions (M, 3), which do not count where they are 0."""
    weight = np.maximum(normal_enu @ dome_enu.T, 0.0)
    whole = np.sum(weight, axis=1)
    share = np.divide(np.sum(weight * seen, axis=1), whole, out=np.ones(len(whole)), where=whole > 1e-9)
    return np.asarray(share.reshape(_shape()))


def _ground_light(array: Array, shade: CommonShade, dome_enu: FloatArray) -> FloatArray:
    """Light (M,) of the ground over that of open ground, seen along (east, north, -up), mean of the heads.

    The fence encloses what lies nearer to a foot than the radius of a head's part of the land.
    """
    land_m2, petals_m2 = land_area_m2(array), array.head.area_m2 * array.size
    away_m = array.head.pivot_height_m * dome_enu[:, :2] / dome_enu[:, 2:]
    feet_m = np.insert(shade.neighbours_m[..., :2], 0, 0.0, axis=1)
    apart_m = np.linalg.norm(away_m[:, np.newaxis] - feet_m[:, np.newaxis], axis=-1)  # (G, M, K + 1)
    fenced = np.min(apart_m, axis=-1) < np.sqrt(land_m2 / (np.pi * array.size))
    return np.asarray(1.0 - np.mean(fenced, axis=0) * min(petals_m2 / land_m2, 1.0))


def _hidden(dome_enu: FloatArray, horizon: Horizon) -> BoolArray:
    return horizon.hides(azimuth_deg(dome_enu), elevation_deg(dome_enu))


def _shape() -> tuple[int, int]:
    return round(90.0 / TILT_STEP_DEG) + 1, round(360.0 / AZIMUTH_STEP_DEG) + 1


def _orientations() -> FloatArray:
    """The table's normals, (tilts * azimuths, 3)."""
    tilts, azimuths = _shape()
    tilt = np.repeat(TILT_STEP_DEG * np.arange(tilts), azimuths)
    return enu_from_azel(np.tile(AZIMUTH_STEP_DEG * np.arange(azimuths), tilts), 90.0 - tilt)


def _dome(rings: int, sectors: int) -> FloatArray:
    """Directions (rings * sectors, 3) in the middle of patches of equal solid angle, rings set off."""
    ring, sector = np.divmod(np.arange(rings * sectors), sectors)
    up = (ring + 0.5) / rings
    azimuth = 360.0 / sectors * (sector + 0.5 * (ring % 2))
    return enu_from_azel(azimuth, np.degrees(np.arcsin(up)))


def _interpolated(table: FloatArray, normal_enu: FloatArray) -> FloatArray:
    """Bilinear in tilt and azimuth; panels that look below the horizontal count as upright."""
    tilt = np.clip((90.0 - elevation_deg(normal_enu)) / TILT_STEP_DEG, 0.0, table.shape[0] - 1.0)
    turn = azimuth_deg(normal_enu) / AZIMUTH_STEP_DEG
    i = np.minimum(tilt.astype(np.int64), table.shape[0] - 2)
    j = np.minimum(turn.astype(np.int64), table.shape[1] - 2)
    a, b = tilt - i, turn - j
    low = (1.0 - b) * table[i, j] + b * table[i, j + 1]
    high = (1.0 - b) * table[i + 1, j] + b * table[i + 1, j + 1]
    return np.asarray((1.0 - a) * low + a * high)
