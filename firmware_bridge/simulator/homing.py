"""Finding a home switch, one axis: leave it upward when it is closed, then come down until it closes.

Always from above, so that the play in the gear lies on the same side every time.
"""

from enum import Enum, auto

from firmware_bridge.simulator.plant import Axis


class HomingPhase(Enum):
    """How far the search has come."""

    LEAVING = auto()
    SEEKING = auto()
    FOUND = auto()
    MISSING = auto()


class AxisHoming:
    """The search on one axis; `continue_search` once the motor stands."""

    __slots__ = ("axis", "phase", "rate_counts_s")

    def __init__(self, axis: Axis, rate_counts_s: float, clearance_counts: float) -> None:
        self.axis, self.rate_counts_s = axis, rate_counts_s
        if axis.home_switch:
            self.phase = HomingPhase.LEAVING
            axis.leave_home_switch(clearance_counts, rate_counts_s)
        else:
            self.phase = HomingPhase.SEEKING
            axis.seek_home_switch(rate_counts_s)

    @property
    def over(self) -> bool:
        """Whether the search has ended, one way or the other."""
        return self.phase in (HomingPhase.FOUND, HomingPhase.MISSING)

    def continue_search(self) -> None:
        """Take the next leg if the motor stands."""
        if self.over or self.axis.moving:
            return
        if self.phase is HomingPhase.LEAVING:
            self.phase = HomingPhase.SEEKING
            self.axis.seek_home_switch(self.rate_counts_s)
        else:
            self.phase = HomingPhase.FOUND if self.axis.home_switch else HomingPhase.MISSING
