"""The fixed plane of most energy, from few looks at all hours: coarse on a thinned year, then uphill."""

import math
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from tracker.frames import enu_from_azel
from tracker.units import FloatArray

Energy = Callable[[FloatArray, int], FloatArray]  # of planes (N, 3), from every so many hours: (N,)
FEWEST_HOURS: Final = 200  # chosen: fewer hours of daylight do not stand for all of them
THIN: Final = 19  # every so many hours of daylight: no divisor of a day, so that all times of day are seen
COARSE_TILTS_DEG: Final = (0.0, 15.0, 30.0, 45.0, 60.0, 90.0)
COARSE_AZIMUTHS_DEG: Final = tuple(np.arange(0.0, 360.0, 45.0).tolist())
ROUNDS: Final = ((5, 8.0), (3, 3.0))  # hours thinned by, and reach of the looks, deg; then all hours
LOOKS: Final = ((0.0, 0.0), (1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0), (1.0, 1.0))  # in reaches
REACH_DEG: Final = 1.0  # chosen: of the looks at all hours; shorter where the best of them is the middle one
LEAST_REACH_DEG: Final = 0.25  # chosen: a plane as near yields within 1e-5
MOST_LOOKS: Final = 41  # at all hours: they go on while the top lies beyond their reach
LARGEST_LEAP: Final = 3.0  # reaches: beyond, a parabola through the looks says nothing
FAR_DEG: Final = 40.0  # chosen: from there on a coarse plane stands on another slope
NEARLY: Final = 0.98  # chosen: at the poles thinning by THIN puts planes 2 % out of their order
COARSE_DEG: Final = np.array(  # level, and every tilt toward every azimuth: tilt components east and north
    [[0.0, 0.0]]
    + [
        [tilt * np.sin(azimuth), tilt * np.cos(azimuth)]
        for tilt in COARSE_TILTS_DEG[1:]
        for azimuth in np.radians(COARSE_AZIMUTHS_DEG)
    ]
)


def highest(energy: Energy) -> FloatArray:
    """Unit normal (3,) of the plane of most energy.

    Tilt components east and north, where level is no special point. Each round leaps to the top of the
    paraboloid through six looks, or to the best look where that is no top. Where planes far apart yield
    nearly the same, as at the poles, a thinned year cannot tell which slope is higher: there none is thinned.
    """
    seen = energy(normals(COARSE_DEG), THIN)
    even = rivalled(seen)
    if even:
        seen = energy(normals(COARSE_DEG), 1)
    place = COARSE_DEG[int(np.argmax(seen))]
    for stride, reach_deg in ROUNDS:
        seen = energy(normals(place + reach_deg * np.array(LOOKS)), 1 if even else stride)
        place = place + reach_deg * np.array(leap(seen.tolist()))
    return _finished(energy, place)


def _finished(energy: Energy, place: FloatArray) -> FloatArray:
    """From near the top, through all hours, up to it, or to the best look where that is better."""
    reach_deg = REACH_DEG
    for _ in range(MOST_LOOKS):
        looks = place + reach_deg * np.array(LOOKS)
        seen = energy(normals(looks), 1)
        step = leap(seen.tolist())
        place = place + reach_deg * np.array(step)
        if 0.0 < math.hypot(*step) < 1.0 or reach_deg <= LEAST_REACH_DEG:
            break  # the top lies among these looks
        reach_deg = reach_deg if any(step) else reach_deg / 2.0
    ends = np.stack([place, looks[int(np.argmax(seen))]])
    return np.asarray(normals(ends)[int(energy(normals(ends[:1]), 1)[0] < seen.max())])


def thinned_by(stride: int, hours: int) -> int:
    """The stride, or less where fewer than FEWEST_HOURS of the hours would be left; for numba too."""
    return min(stride, max(1, hours // FEWEST_HOURS))


def rivalled(seen: FloatArray) -> bool:
    """Whether a coarse plane far from the best yields nearly as much; in plain numbers, for numba too."""
    best, rivals = 0, 0
    for k in range(len(COARSE_DEG)):
        best = k if seen[k] > seen[best] else best
    for k in range(len(COARSE_DEG)):
        east, north = COARSE_DEG[k, 0] - COARSE_DEG[best, 0], COARSE_DEG[k, 1] - COARSE_DEG[best, 1]
        rivals += math.hypot(east, north) > FAR_DEG and seen[k] > NEARLY * seen[best]
    return rivals > 0


def leap(seen: Sequence[float] | FloatArray) -> tuple[float, float]:
    """From the middle look to the top, east and north, in reaches; in plain numbers, for numba too."""
    middle, east, west, north, south, corner = seen[0], seen[1], seen[2], seen[3], seen[4], seen[5]
    slope_east, slope_north = (east - west) / 2.0, (north - south) / 2.0
    bend_east, bend_north = east + west - 2.0 * middle, north + south - 2.0 * middle
    twist = corner - east - north + middle
    turn = bend_east * bend_north - twist * twist
    if bend_east < 0.0 and turn > 0.0:
        to_east = -(bend_north * slope_east - twist * slope_north) / turn
        to_north = -(bend_east * slope_north - twist * slope_east) / turn
        if math.hypot(to_east, to_north) <= LARGEST_LEAP:
            return to_east, to_north
    best = 0
    for k in range(len(LOOKS)):
        best = k if seen[k] > seen[best] else best
    return LOOKS[best]


def normals(tilts_east_north_deg: FloatArray) -> FloatArray:
    """Unit normals S + (3,) of planes tilted so far toward east and north, S + (2,)."""
    east, north = tilts_east_north_deg[..., 0], tilts_east_north_deg[..., 1]
    return enu_from_azel(np.degrees(np.arctan2(east, north)), 90.0 - np.hypot(east, north))
