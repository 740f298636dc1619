"""The shadows of walls, posts and buildings on modules that do not stand as heads: rows, and level ones."""

from dataclasses import replace

import numpy as np

from tracker.array.shading import beam_shading, enu_from_normal, field_of
from tracker.plant import Array
from tracker.pv import Shade
from tracker.study.setting import Setting
from tracker.units import FloatArray


def behind_obstacles(setting: Setting, normal_enu: FloatArray, shade: Shade | None) -> Shade | None:
    """The shade on rows or level modules that look along (3,) or (T, 3), with that of obstacles added.

    So that an obstacle takes from every mounting alike, they are taken to stand where the heads do, as high
    and as wide. What obstacles and rows shade is taken as independent; power lost is area lost, as for rows.
    """
    array, daylight = setting.plant.array, setting.daylight
    if not array.obstacles:
        return shade
    by_day = normal_enu if normal_enu.ndim == 1 else normal_enu[daylight.up]
    hidden = obstacles_share(array, by_day, daylight.sky.sun_enu)[:, np.newaxis, np.newaxis]
    if shade is None:
        open_sky = np.ones(len(hidden))
        return Shade(petals=hidden, sky=open_sky, ground=open_sky, by_area=True)
    return replace(shade, petals=1.0 - (1.0 - shade.petals) * (1.0 - hidden))


def obstacles_share(array: Array, normal_enu: FloatArray, sun_enu: FloatArray) -> FloatArray:
    """Share (D,) of the heads' area that obstacles alone hide from suns (D, 3), at normals (3,) or (D, 3)."""
    turns = np.broadcast_to(enu_from_normal(normal_enu), (len(sun_enu), 3, 3))[:, np.newaxis]
    alone = (
        replace(array, names=(name,), positions_enu_m=foot[np.newaxis])
        for name, foot in zip(array.names, array.positions_enu_m, strict=True)
    )
    shares = [np.mean(beam_shading(field_of(one), turns, sun_enu), axis=(1, 2)) for one in alone]
    return np.asarray(np.mean(shares, axis=0))
