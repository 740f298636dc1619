"""Rows in each other's shade: the same rows without end on level ground, as everybody models them.

A row is a plane of unit slant height, level along its length; the next ones stand 1 / g away, where g is the
ground cover ratio. Mikofski et al. (2019, doi:10.1109/PVSC40753.2019.8980572) as pvlib's `infinite_sheds`
has it; the views, averaged over the slant height, by Hottel's crossed strings in closed form.
"""

import numpy as np

from tracker.pv import Shade
from tracker.pv.sky import Sky
from tracker.study.setting import Setting
from tracker.units import FloatArray


def rows_shade(setting: Setting, normal_enu: FloatArray, *, ground_cover_ratio: float) -> Shade | None:
    """What rows that look along (3,), (T, 3) or (G, T, 3) take from each other; None for a lone head's worth.

    Rows have no ends here, so that this is the most a field of them can lose. The modules of one head are
    one row, as one head is a field: neither has neighbours.
    """
    if setting.plant.array.size == 1:
        return None
    by_day = normal_enu if normal_enu.ndim == 1 else normal_enu[..., setting.daylight.rows, :]
    return shade_of_rows(by_day, setting.daylight.sky, ground_cover_ratio)


def shade_of_rows(normal_enu: FloatArray, sky: Sky, ground_cover_ratio: float) -> Shade:
    """The same under a sky of D intervals, normals (3,), (D, 3) or (G, D, 3); the backs of rows are dark.

    Power lost is area lost: modules lie lengthwise along their row, every line of cells along it on bypass
    diodes and a string of its own, and the shadow takes line after line. Real strings lose more, at most
    the beam of the whole row, so that this favours rows.
    """
    up, shadow = normal_enu[..., 2], shadow_pitches(normal_enu, sky.sun_enu, ground_cover_ratio)
    ground_light = ground_light_left(up, shadow, sky.from_sun, ground_cover_ratio)
    return Shade(
        petals=np.atleast_2d(beam_shaded(shadow)).T[:, :, np.newaxis],
        sky=np.broadcast_to(sky_view_left(up, ground_cover_ratio), shadow.shape),
        ground=ground_view_left(up, ground_cover_ratio) * ground_light,
        by_area=True,
    )


def shadow_pitches(normal_enu: FloatArray, sun_enu: FloatArray, ground_cover_ratio: float) -> FloatArray:
    """How many ways between rows a row's shadow is long; below 0 where the sun is behind it.

    Normals and risen suns (..., 3) broadcast: g cos(incidence) / cos(zenith).
    """
    east, north, up = (normal_enu[..., axis] * sun_enu[..., axis] for axis in range(3))
    return np.asarray((east + north + up) * ground_cover_ratio / sun_enu[..., 2])


def beam_shaded(shadow: FloatArray) -> FloatArray:
    """Share of rows that the beam does not reach, any shape; 1 from behind.

    What a shadow has beyond one pitch lies on the next row: Mikofski et al., eq. 14.
    """
    return np.where(shadow > 0.0, 1.0 - 1.0 / np.maximum(shadow, 1.0), 1.0)


def sky_view_left(up: FloatArray, ground_cover_ratio: float) -> FloatArray:
    """What the row in front leaves of the open sky's view (1 + up) / 2, any shape; up = cos(tilt)."""
    return np.asarray(2.0 / (1.0 + ground_cover_ratio + _to_next_top(up, ground_cover_ratio)))


def ground_view_left(up: FloatArray, ground_cover_ratio: float) -> FloatArray:
    """What the row in front leaves of the open ground's view (1 - up) / 2, any shape."""
    return sky_view_left(-up, ground_cover_ratio)


def ground_light_left(
    up: FloatArray, shadow: FloatArray, from_sun: FloatArray, ground_cover_ratio: float
) -> FloatArray:
    """Light that the ground between rows gets, over that of open ground; inputs broadcast.

    Of the light from the sun's place, whose share is from_sun, what passes between the shadows; of the dome
    what rows do not see themselves, front and back: a pitch of sky shines on one pitch of rows and ground,
    and on nothing else.
    """
    lit = 1.0 - np.minimum(np.abs(shadow), 1.0)
    diagonals = _to_next_top(up, ground_cover_ratio) + _to_next_top(-up, ground_cover_ratio)
    open_sky = diagonals / 2.0 - ground_cover_ratio
    return np.asarray(from_sun * lit + (1.0 - from_sun) * open_sky)


def _to_next_top(up: FloatArray, ground_cover_ratio: float) -> FloatArray:
    """The way from a row's foot to the top of the row in front, over the way between rows."""
    return np.asarray(np.sqrt(1.0 - 2.0 * ground_cover_ratio * up + ground_cover_ratio**2))
