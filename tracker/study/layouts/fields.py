"""The fields that a layout study looks at: patterns and spacings, for so many heads or so much land."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Final

import numpy as np

from tracker.array import LAYOUTS, disk_radius_m, head_names, land_area_m2
from tracker.array.layout import MOST_HEADS
from tracker.errors import InvalidInput
from tracker.plant import Array, Head, Plant
from tracker.units import FloatArray

DEFAULT_SPREAD: Final = (1.05, 1.2, 1.4, 1.65, 2.0, 2.5, 3.0)  # of the disk's diameter; chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutPlan:
    """What to look at: every pattern at every spacing.

    heads is how many; area_m2 the land that they fill, as `tracker.array.land_area_m2` fences it. With both
    the area is filled with at most so many heads, with neither the field has as many as the site's.
    avoid_shade: whether heads look past the sun where they would stand in each other's shade.
    """

    patterns: tuple[str, ...]
    spacings_m: tuple[float, ...]
    heads: int | None = None
    area_m2: float | None = None
    avoid_shade: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Field:
    """Heads in one pattern at one spacing, and the land inside their fence."""

    pattern: str
    spacing_m: float
    array: Array
    land_m2: float


def plan_for(
    plant: Plant,
    *,
    patterns: tuple[str, ...] = (),
    spacings_m: tuple[float, ...] = (),
    heads: int | None = None,
    area_m2: float | None = None,
    avoid_shade: bool = False,
) -> LayoutPlan:
    """A plan with what was left out filled in: all patterns, and spacings of 1.05 to 3 disks' diameters.

    Raises InvalidInput for patterns that are unknown, spacings at which heads would touch, and numbers of
    heads or areas out of range.
    """
    if heads is not None and not 1 <= heads <= MOST_HEADS:
        raise InvalidInput(f"heads is {heads}; give 1 to {MOST_HEADS}")
    if area_m2 is not None and not (np.isfinite(area_m2) and area_m2 > 0.0):
        raise InvalidInput(f"area is {area_m2:g} m2; give square metres above 0")
    spacings_m = spacings_m or default_spacings_m(plant.array.head)
    for pattern in patterns:
        _demand_known(pattern)
    for spacing_m in spacings_m:
        _demand_apart(spacing_m, plant.array.head)
    return LayoutPlan(
        patterns=tuple(dict.fromkeys(patterns or LAYOUTS)),
        spacings_m=tuple(sorted(set(spacings_m))),
        heads=heads,
        area_m2=area_m2,
        avoid_shade=avoid_shade,
    )


def default_spacings_m(head: Head) -> tuple[float, ...]:
    """Spacings from where heads nearly touch to where they hardly shade each other, to 0.1 m."""
    tenths = np.ceil(20.0 * disk_radius_m(head) * np.array(DEFAULT_SPREAD))
    return tuple((tenths / 10.0).tolist())


def fields_of(plant: Plant, plan: LayoutPlan) -> tuple[Field, ...]:
    """The plan's fields, pattern by pattern, on the plane that fits the site's feet best.

    Heads, mounts, panels and obstacles are the site's. Raises InvalidInput for an area that holds no head, or
    more than can be studied.
    """
    slope = ground_slope(plant.array.positions_enu_m)
    return tuple(
        _field(plant.array, slope, pattern, spacing_m, plan)
        for pattern in plan.patterns
        for spacing_m in plan.spacings_m
    )


def ground_slope(positions_enu_m: FloatArray) -> FloatArray:
    """Metres upward for a metre east and a metre north (2,), by least squares; 0 where feet do not tell."""
    feet_m = positions_enu_m - np.mean(positions_enu_m, axis=0)
    return np.asarray(np.linalg.lstsq(feet_m[:, :2], feet_m[:, 2], rcond=None)[0])


def _field(array: Array, slope: FloatArray, pattern: str, spacing_m: float, plan: LayoutPlan) -> Field:
    def placed(heads: int) -> Array:
        feet_m = LAYOUTS[pattern](heads, spacing_m)
        feet_m[:, 2] = feet_m[:, :2] @ slope
        return replace(array, names=head_names(heads), positions_enu_m=feet_m)

    heads = plan.heads or array.size
    if plan.area_m2 is not None:
        heads = _most_inside(plan.area_m2, plan.heads or MOST_HEADS, lambda h: land_area_m2(placed(h)))
        if heads == MOST_HEADS and plan.heads is None:
            raise InvalidInput(
                f"area is {plan.area_m2:g} m2: holds {MOST_HEADS} heads or more {spacing_m:g} m apart; give "
                "less, or more spacing"
            )
    field = placed(heads)
    return Field(pattern=pattern, spacing_m=spacing_m, array=field, land_m2=land_area_m2(field))


def _most_inside(area_m2: float, most: int, land_m2: Callable[[int], float]) -> int:
    """How many heads fit, by bisection: land grows with every head."""
    if land_m2(1) > area_m2:
        raise InvalidInput(
            f"area is {area_m2:g} m2, but one head takes {land_m2(1):.1f} m2; give that or more"
        )
    fits, too_many = 1, most + 1
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        fits, too_many = (middle, too_many) if land_m2(middle) <= area_m2 else (fits, middle)
    return fits


def _demand_known(pattern: str) -> None:
    if pattern not in LAYOUTS:
        near = get_close_matches(pattern, LAYOUTS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"choose from {', '.join(LAYOUTS)}"
        raise InvalidInput(f"pattern {pattern!r} is unknown; {hint}")


def _demand_apart(spacing_m: float, head: Head) -> None:
    diameter_m = 2.0 * disk_radius_m(head)
    if not (np.isfinite(spacing_m) and spacing_m >= diameter_m):
        raise InvalidInput(
            f"spacing {spacing_m:g} m is less than the disks' diameter of {diameter_m:.3f} m: heads would "
            "touch; give more, or less head.area_m2"
        )
