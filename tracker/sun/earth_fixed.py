"""The sun over the turning Earth: worked out once for any number of places under the same times."""

import numpy as np

from tracker.sun.by_array import interpolated
from tracker.sun.instants import as_ticks
from tracker.sun.nodes import FIRST_DAY
from tracker.sun.sky import DELTA_T_S, SECONDS_PER_DAY, node_rows
from tracker.units import FloatArray, UtcArray


def earth_fixed(utc: UtcArray) -> FloatArray:
    """Vectors (3, T) from the Earth's centre to the sun at times (T,), in equatorial radii.

    Toward Greenwich on the equator, toward 90 deg east of it, toward the north pole; with the customary
    delta-T, UT1 taken as UTC, and without refraction. `formula.topocentric_enu` with the sine and cosine of a
    longitude turns them to that place. Raises ValueError for times that `Sun` refuses.
    """
    times, per_day = as_ticks(utc)
    ticks = times.view(np.int64)
    if not ticks.size:
        return np.empty((3, 0))
    (x, y, z), turn = interpolated(
        ticks, per_day, node_rows(ticks, per_day), FIRST_DAY, DELTA_T_S / SECONDS_PER_DAY, 0.0
    )
    angle_rad = 2.0 * np.pi * (turn - np.rint(turn))
    sine, cosine = np.sin(angle_rad), np.cos(angle_rad)
    return np.stack([x * cosine + y * sine, y * cosine - x * sine, z])
