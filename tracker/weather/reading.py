"""What a reader may choose: the decomposition, and what a plain file's stamps mean."""

from dataclasses import dataclass
from typing import Final

from tracker.plant import Decomposition, IntervalLabel

__all__ = ["LABELS", "Decomposition", "IntervalLabel", "Reading"]

LABELS: Final = {"start": 0.5, "centre": 0.0, "end": -0.5}  # steps from the label to the interval's centre


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How weather is read.

    decomposition splits global light where beam and diffuse are missing. interval_label says where in its
    interval a row's stamp lies; "auto" leaves it to the format, or to the head of a plain file. With
    whole_years a measured series must cover whole calendar years, which is what annual sums need; without, a
    stretch of a day or more will do where the rows do not hold whole years.
    """

    decomposition: Decomposition = "erbs"
    interval_label: IntervalLabel = "auto"
    whole_years: bool = True
