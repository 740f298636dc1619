"""The head's frame turned into east-north-up."""

import numpy as np
from numpy.typing import ArrayLike

from tracker.units import FloatArray


def enu_from_normal(normal_enu: ArrayLike) -> FloatArray:
    """Rotations S + (3, 3) of heads on azimuth-over-elevation mounts whose panels face normals S + (3,).

    Columns are the head's axes as in `tracker.array.head`: x level, along the elevation axis, y up the disk,
    z the normal. A vertical normal leaves the azimuth open: the head is drawn facing south. NaN stays NaN.
    """
    z = np.asarray(normal_enu, dtype=np.float64)
    z = z / np.linalg.norm(z, axis=-1, keepdims=True)
    level = np.hypot(z[..., 0], z[..., 1])
    vertical = level == 0.0
    span = np.where(vertical, 1.0, level)
    x = np.stack([np.where(vertical, 1.0, -z[..., 1] / span), z[..., 0] / span, 0.0 * span], axis=-1)
    return np.stack([x, np.cross(z, x), z], axis=-1)
