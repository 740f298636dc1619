"""What a layout study takes for granted, and how far off that is."""

from typing import Final

from tracker.study.layouts.fields import LayoutPlan

SHADE_PERCENT: Final = 0.7  # by which net energy may differ from that under exact shadows: decision 0020

LAND: Final = (
    "Land is what a fence one disk radius off the outer heads encloses; spacing is that of the closest pair. "
    "The best is the best of those that were tried: --spacings tries others."
)
LOST: Final = "Lost light is by area; what shaded petals cost their strings besides is in the net energy."
SHADE: Final = (
    "Shade comes from a table of shadows and a sample of the sun's places. Against exact shadows in every "
    f"interval, net energy came out within {SHADE_PERCENT:g} %: too high rather than too low, most in dense "
    "fields."
)
FACING: Final = (
    "Heads face the sun. To look past it, out of each other's shade, brought up to 11 % more in grids of "
    "4.9 m disks 5 m apart, 3 % at 7 m, and less in sparser fields; --avoid-shade works it out, in minutes."
)
AVOIDING: Final = "Heads look past the sun to stay out of each other's shade, as they do in the field."


def notes_on(plan: LayoutPlan) -> tuple[str, ...]:
    """Sentences for people who read the study's figures."""
    return LAND, LOST, SHADE, AVOIDING if plan.avoid_shade else FACING
