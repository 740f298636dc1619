"""Where a foreign head is and whether it is on its way: it says positions, all else follows from these."""

import math
from typing import Final

from firmware_bridge.dialects.capabilities import Capabilities
from firmware_bridge.dialects.requests import Pose
from firmware_bridge.foreign_axes import ForeignAxes, Place

STILL_AFTER_S: Final = 3.0  # chosen: longer than any drive hesitates, short against a tick that waits for it
JUMP_DEG: Final = 5.0  # chosen: far more than wind and play move a head that stands


class ForeignWay:
    """Places are as this host counts them. `target` is where it was sent, `seen` where it was last, if known.

    `moving` is a position that changes, or a head that was sent somewhere a moment ago.
    """

    def __init__(self, capabilities: Capabilities) -> None:
        self.axes = ForeignAxes.of(capabilities, None)
        self.target: Place | None = None
        self.seen: Place | None = None
        self.moving = False
        self._step_deg = capabilities.resolution_deg
        self._shift_deg = 0.0
        self._stirred_s = -math.inf

    def place(self, pose: Pose) -> Place:
        """What it reports, as this host counts."""
        reported = Place(pose.azimuth_deg, pose.elevation_deg)
        return self.axes.named(reported, self._shift_deg, self.target or self.seen)

    def jumped(self, pose: Pose) -> bool:
        """Whether it is far from where it stood."""
        if self.seen is None or self.moving:
            return False
        return self.place(pose).apart_deg(self.seen) > JUMP_DEG

    def start(self, target: Place, now_s: float) -> Place:
        """It is sent somewhere now; the target as the head counts, by the shortest way."""
        near = target if self.seen is None else self._counted_before(self.seen)
        counted = self.axes.counted(target, near) or target
        self.target, self._shift_deg = target, target.azimuth_deg - counted.azimuth_deg
        self._stirred_s = now_s
        return counted

    def not_begun(self) -> None:
        """It has not set out after all."""
        self._stirred_s = -math.inf

    def see(self, pose: Pose, now_s: float) -> Place:
        """A reading; gives its place."""
        place = self.place(pose)
        if self.seen is not None and place.apart_deg(self.seen) >= self._step_deg / 2.0:
            self._stirred_s = now_s
        arrived = self.target is not None and place.apart_deg(self.target) <= self._step_deg
        self.moving = pose.moving or (not arrived and now_s - self._stirred_s < STILL_AFTER_S)
        self.seen = place
        return place

    def _counted_before(self, place: Place) -> Place:
        return Place(place.azimuth_deg - self._shift_deg, place.elevation_deg)
