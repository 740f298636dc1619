"""The plane normal to the sun: a shadow there is the outline of what throws it; areas keep their ratios."""

import numpy as np

from tracker.units import FloatArray


def sun_axes(sun_enu: FloatArray) -> FloatArray:
    """Rows u (level), v and s (toward the sun), right-handed, (T, 3, 3), for unit directions (T, 3).

    Seen from the sun with u to the right v points up, so outlines of panels that face it run anticlockwise.
    """
    east, north, up = np.moveaxis(sun_enu, -1, 0)
    level = np.hypot(east, north)
    vertical = level == 0.0
    span = np.where(vertical, 1.0, level)
    u = np.stack([np.where(vertical, 1.0, -north / span), east / span, np.zeros_like(span)], axis=-1)
    v = np.stack([-up * u[:, 1], up * u[:, 0], east * u[:, 1] - north * u[:, 0]], axis=-1)
    return np.stack([u, v, sun_enu], axis=1)
