"""Counts to axis angle and back for slew drives: a straight line; calibration estimates it."""

import math
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class SlewDrive:
    """One axis: counts = counts_per_deg * angle + zero_counts. Negative when the motor turns backward."""

    counts_per_deg: float
    zero_counts: float = 0.0

    def __post_init__(self) -> None:
        if not math.isfinite(self.counts_per_deg) or self.counts_per_deg == 0.0:
            raise ValueError(f"counts_per_deg is {self.counts_per_deg}; it must be finite and not zero")

    def counts(self, angle_deg: float) -> int:
        """The nearest count to an axis angle. Raises ValueError for an angle that is not finite."""
        if not math.isfinite(angle_deg):
            raise ValueError(f"angle is {angle_deg} deg; a motor can only go to a finite angle")
        return round(self.counts_per_deg * angle_deg + self.zero_counts)

    def angle_deg(self, counts: float) -> float:
        """The axis angle at a count."""
        return (counts - self.zero_counts) / self.counts_per_deg

    def rate_counts_s(self, rate_deg_s: float) -> int:
        """The nearest whole rate, at least one count a second: a rate of zero would never arrive."""
        return max(1, round(abs(self.counts_per_deg * rate_deg_s)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gearing:
    """The two axes of one head."""

    azimuth: SlewDrive
    elevation: SlewDrive


# Chosen: a thousandth of a degree is well below the backlash of any slew drive.
_MILLIDEGREES: Final = SlewDrive(counts_per_deg=1000.0)
DEFAULT_GEARING: Final = Gearing(azimuth=_MILLIDEGREES, elevation=_MILLIDEGREES)
