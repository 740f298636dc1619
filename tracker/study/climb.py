"""The fixed plane of most energy, from few looks at all hours: coarse on a thinned year, then uphill."""

from collections.abc import Callable, Sequence
from itertools import chain, repeat
from typing import Final

import numpy as np

from tracker.frames import enu_from_azel
from tracker.units import FloatArray

Energy = Callable[[FloatArray, int], FloatArray]  # of planes (N, 3), from every so many hours: (N,)
THIN: Final = 19  # every so many hours of daylight: no divisor of a day, so that all times of day are seen
COARSE_TILTS_DEG: Final = (0.0, 15.0, 30.0, 45.0, 60.0, 90.0)
COARSE_AZIMUTHS_DEG: Final = tuple(np.arange(0.0, 360.0, 45.0).tolist())
ROUNDS: Final = ((5, 8.0), (3, 3.0), (1, 1.0))  # hours thinned by, and reach of the looks, deg
STENCIL: Final = np.array([[0.0, 0.0], [1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0], [1.0, 1.0]])
MOST_LOOKS: Final = 40  # in the last round, which goes on while the top lies beyond its reach
LARGEST_LEAP: Final = 3.0  # reaches: beyond, a parabola through the looks says nothing


def highest(energy: Energy) -> FloatArray:
    """Unit normal (3,) of the plane of most energy, its energy within 1e-6 of the best.

    Tilt components east and north, where level is no special point. Each round
    leaps to the top of the paraboloid through six looks, or to the best look where that is no top.
    """
    coarse = np.array(
        [[0.0, 0.0]]
        + [
            [tilt * np.sin(azimuth), tilt * np.cos(azimuth)]
            for tilt in COARSE_TILTS_DEG[1:]
            for azimuth in np.radians(COARSE_AZIMUTHS_DEG)
        ]
    )
    place = coarse[int(np.argmax(energy(_normals(coarse), THIN)))]
    for stride, reach_deg in chain(ROUNDS, repeat(ROUNDS[-1], MOST_LOOKS)):
        looks = place + reach_deg * STENCIL
        seen = energy(_normals(looks), stride)
        leap = _leap(seen.tolist())
        place = place + reach_deg * leap
        if stride == 1 and float(np.hypot(*leap)) < 1.0:
            break  # the top lies among these looks
    ends = np.stack([place, looks[int(np.argmax(seen))]])  # the last looks were at all hours
    return np.asarray(_normals(ends)[int(energy(_normals(ends[:1]), 1)[0] < seen.max())])


def _leap(seen: Sequence[float]) -> FloatArray:
    """From the middle look to the top, in reaches."""
    middle, east, west, north, south, corner = seen
    slope = np.array([east - west, north - south]) / 2.0
    bend_east, bend_north = east + west - 2.0 * middle, north + south - 2.0 * middle
    twist = corner - east - north + middle
    turn = bend_east * bend_north - twist * twist
    best = np.asarray(STENCIL[int(np.argmax(seen))])
    if not (bend_east < 0.0 and turn > 0.0):
        return best
    leap = (
        -np.array([bend_north * slope[0] - twist * slope[1], bend_east * slope[1] - twist * slope[0]]) / turn
    )
    return leap if float(np.hypot(*leap)) <= LARGEST_LEAP else best


def _normals(tilts_east_north_deg: FloatArray) -> FloatArray:
    east, north = tilts_east_north_deg.T
    return enu_from_azel(np.degrees(np.arctan2(east, north)), 90.0 - np.hypot(east, north))
