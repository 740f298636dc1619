"""The shape of a head: petals in the plane of its disk, in metres.

The head's frame: z is the panel's normal, y points up the disk (toward its upper rim when the head faces the
horizon), x completes the right-handed set and lies along the elevation axis. Seen by somebody standing in
front, x points to the right; a head that faces south has x east and y up.
"""

from typing import Final

import numpy as np

from tracker.plant import Head
from tracker.units import FloatArray

FEWEST_PETALS: Final = 3  # a sector of half the disk or more makes no convex petal
MOST_PETALS: Final = 64
HUB_FRACTION: Final = 0.08  # inner edge over outer radius; chosen: room for the hub and the hinges
GAP_FRACTION: Final = 0.02  # of each petal's angle; chosen: a finger's width at the rim of an 18 m2 disk


def petal_polygons(head: Head) -> FloatArray:
    """Corners (P, 5, 2) of the P petals, metres in the head's frame, anticlockwise seen from the front.

    Each petal is a convex pentagon inside its sector of the disk: two corners on the hub, three on the rim
    (both ends and the middle). The first petal points along +y, the others follow clockwise seen from the
    front. The areas are equal and sum to head.area_m2.

    Raises ValueError for fewer than 3 or more than 64 petals, or an area that is not above 0.
    """
    radius_m = disk_radius_m(head)
    half_rad = _petal_rad(head.petals) / 2.0
    hub_m = HUB_FRACTION * radius_m
    corner_radius_m = np.array([hub_m, radius_m, radius_m, radius_m, hub_m])
    corner_rad = np.array([half_rad, half_rad, 0.0, -half_rad, -half_rad])  # clockwise from +y
    bearing_rad = 2.0 * np.pi * np.arange(head.petals)[:, np.newaxis] / head.petals + corner_rad
    corners_m: FloatArray = corner_radius_m[:, np.newaxis] * np.stack(
        [np.sin(bearing_rad), np.cos(bearing_rad)], axis=-1
    )
    return corners_m


def disk_radius_m(head: Head) -> float:
    """Distance of the petals' outermost corners from the disk's centre, m. Raises as petal_polygons.

    With petal angle a and hub radius h R, a pentagon's area is R^2 (sin(a/2) - h^2 sin(a) / 2).
    """
    if not FEWEST_PETALS <= head.petals <= MOST_PETALS:
        raise ValueError(f"petals is {head.petals}; give {FEWEST_PETALS} to {MOST_PETALS}")
    if not (np.isfinite(head.area_m2) and head.area_m2 > 0.0):
        raise ValueError(f"area_m2 is {head.area_m2}; give square metres above 0")
    petal_rad = _petal_rad(head.petals)
    unit_area = np.sin(petal_rad / 2.0) - 0.5 * HUB_FRACTION**2 * np.sin(petal_rad)
    return float(np.sqrt(head.area_m2 / (head.petals * unit_area)))


def _petal_rad(petals: int) -> float:
    return (1.0 - GAP_FRACTION) * 2.0 * np.pi / petals
