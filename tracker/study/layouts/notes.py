"""What a layout study takes for granted, and how far off that is."""

from typing import Final

from tracker.study.layouts.fields import LayoutPlan

SHADE_PERCENT: Final = 0.7  # by which net energy may differ from that under exact shadows in every interval
AVOIDING_PERCENT: Final = 1.3  # the same where heads seek the edges of shadows: see decision 0020

LAND: Final = (
    "Land is what a fence one disk radius off the outer heads encloses; spacing is that of the closest pair. "
    "The best is the best of those that were tried: --spacings tries others."
)
LOST: Final = "Lost light is by area; what shaded petals cost their strings besides is in the net energy."
SHADE: Final = (
    "Shade comes from a table of shadows and a sample of the sun's places. Against exact shadows in every "
    "interval, net energy came out within {:g} %: too high rather than too low, most in the densest fields."
)
FACING: Final = (
    "Heads face the sun. To look past it, out of each other's shade, brought up to 7 % more in grids 5 m "
    "apart, 1 % at 7 m and nothing in sparser fields of 4.9 m disks; --avoid-shade works it out, in minutes."
)
AVOIDING: Final = "Heads look past the sun to stay out of each other's shade, as they do in the field."


def notes_on(plan: LayoutPlan) -> tuple[str, ...]:
    """Sentences for people who read the study's figures."""
    if plan.avoid_shade:
        return LAND, LOST, SHADE.format(AVOIDING_PERCENT), AVOIDING
    return LAND, LOST, SHADE.format(SHADE_PERCENT), FACING
