"""How long SCADA stays in charge without a sign of life."""

import math
from typing import Final

from firmware_bridge.dialects.sunspec.models import LeaseState

LEASE_S: Final = (
    60.0  # chosen: six times the slowest usual polling, short against the sun's 0.25 deg a minute
)


class ControlLease:
    """Told the time; runs only while SCADA is in charge. Raises ValueError for a length that is no time."""

    def __init__(self, length_s: float = LEASE_S) -> None:
        if not 0.0 < length_s < math.inf:
            raise ValueError(f"lease is {length_s} s; it must be positive and finite")
        self.length_s: Final = length_s
        self.state = LeaseState.FREE
        self._ends_s = math.inf

    def take(self, now_s: float) -> None:
        """SCADA has taken charge, or shown that it is still there."""
        self.state, self._ends_s = LeaseState.HELD, now_s + self.length_s

    def beat(self, now_s: float) -> None:
        """A sign of life: renews, but takes no charge."""
        if self.state is LeaseState.HELD and now_s < self._ends_s:
            self.take(now_s)

    def give_back(self) -> None:
        """SCADA asks for nothing any more."""
        if self.state is LeaseState.HELD:
            self.state, self._ends_s = LeaseState.FREE, math.inf

    def runs_out(self, now_s: float) -> bool:
        """Whether it ends now; told once."""
        if now_s < self._ends_s:
            return False
        self.state, self._ends_s = LeaseState.ENDED, math.inf
        return True

    def left_s(self, now_s: float) -> float:
        """What is left, 0 when SCADA is not in charge."""
        return max(self._ends_s - now_s, 0.0) if self.state is LeaseState.HELD else 0.0
