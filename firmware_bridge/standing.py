"""Whether a head stands although it was told to go: foreign heads do not say so, their positions show it."""

from typing import Final

from firmware_bridge.foreign_axes import Place
from firmware_bridge.reports import AxisLimits

BESIDE_DEG: Final = 2.0  # chosen: rotators with a dead band rest that far beside their target
PATIENCE_S: Final = 15.0  # chosen: longer than any drive needs to start or to turn round
SLOWER: Final = 10.0  # chosen: foreign heads have rates of their own, below those of the site file
PAUSE_S: Final = 10.0  # of a run at night; what happens in a longer pause between readings, nobody has seen


class Standing:
    """Adds up how long a head has been seen standing beside its target.

    It stands while its position has not changed by more than the resolution: a last digit may flicker.
    """

    def __init__(self, step_deg: float) -> None:
        self._step_deg = step_deg
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self._at: Place | None = None
        self._read_s: float | None = None
        self._stood_s = 0.0

    def see(self, place: Place, target: Place | None, now_s: float) -> None:
        """A reading: where it is, and where it shall go, if anywhere."""
        passed_s = 0.0 if self._read_s is None else min(now_s - self._read_s, PAUSE_S)
        self._read_s = now_s
        goes = target is not None and place.apart_deg(target) > BESIDE_DEG
        # Compared with where it stood, not with the last reading: a slow head moves little between two.
        stands = self._at is not None and place.apart_deg(self._at) < 1.5 * self._step_deg
        if goes and stands:
            self._stood_s += passed_s
        else:
            self._at, self._stood_s = place, 0.0

    def too_long(self, limits: AxisLimits) -> bool:
        """Whether even a slow head would have moved by now."""
        slowest_deg_s = min(limits.azimuth_rate_deg_s, limits.elevation_rate_deg_s) / SLOWER
        return self._stood_s > PATIENCE_S + 2.0 * self._step_deg / slowest_deg_s
