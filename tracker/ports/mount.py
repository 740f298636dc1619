"""The drives of an array, seen as arrays over heads; who answers, and how, is not our business here."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tracker.frames import AxisPose
from tracker.units import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeadReadings:
    """What H heads last reported, each array (H,). Angles are NaN before the first answer.

    held: it was stopped on purpose and has not been told to move since. wind_contact: a contact of its own
    feels wind; then it stows by itself. folded is what its petals are told, not what they do. silent_s is the
    time since the head last answered, but counts from no more than a second before the first question that
    stayed unanswered; 0 for an answer in this very tick.
    """

    azimuth_deg: FloatArray
    elevation_deg: FloatArray
    trusted: BoolArray
    moving: BoolArray
    homing: BoolArray
    emergency: BoolArray
    enabled: BoolArray
    held: BoolArray
    wind_contact: BoolArray
    folded: BoolArray
    fault: IntArray
    silent_s: FloatArray

    @property
    def pose(self) -> AxisPose:
        """Both axis angles, unwrapped."""
        return AxisPose(azimuth_deg=self.azimuth_deg, elevation_deg=self.elevation_deg)

    @property
    def heard(self) -> BoolArray:
        """Who answered in this very tick."""
        return np.equal(self.silent_s, 0.0)


class Mounts(Protocol):
    """All drives of a site. No call raises for a silent or refusing head: that is data, in the readings."""

    def read(self, now_s: float) -> HeadReadings:
        """Ask every head how it is."""
        ...

    def order(self, orders: NDArray[np.int8], target: AxisPose) -> None:
        """Pass on one order a head (`tracker.decision.values.Order`); the target is for MOVE alone."""
        ...

    def keep_alive(self) -> None:
        """Renew the lease of every head; on a line that is away, see whether it is back."""
        ...

    @property
    def lines_there(self) -> bool:
        """Whether every line could be written to when it was last tried."""
        ...
