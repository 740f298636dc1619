"""A motion as a value: where every head is at any time, without asking it."""

from dataclasses import dataclass

import numpy as np

from tracker.frames import AxisPose
from tracker.plant import Limits
from tracker.units import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trajectory:
    """H heads moving from `start` at `start_s` to `end`, each axis on its own at its full rate.

    Acceleration is left out: a drive that needs a second to its rate of 0.5 deg/s lags by 0.25 deg, for
    as long as it moves.
    """

    start_s: float
    start: AxisPose
    end: AxisPose
    limits: Limits

    def at(self, now_s: float) -> AxisPose:
        """The poses at a time; before the start the start, after the arrival the end."""
        elapsed_s = max(now_s - self.start_s, 0.0)
        return AxisPose(
            azimuth_deg=_moved(
                self.start.azimuth_deg, self.end.azimuth_deg, elapsed_s * self.limits.azimuth_rate_deg_s
            ),
            elevation_deg=_moved(
                self.start.elevation_deg, self.end.elevation_deg, elapsed_s * self.limits.elevation_rate_deg_s
            ),
        )

    @property
    def motor_s(self) -> FloatArray:
        """Seconds that the motors of each head run, both axes added; drive energy follows from it."""
        return self._azimuth_s + self._elevation_s

    @property
    def arrives_s(self) -> FloatArray:
        """When each head has arrived on both axes."""
        return self.start_s + np.maximum(self._azimuth_s, self._elevation_s)

    @property
    def _azimuth_s(self) -> FloatArray:
        return np.abs(self.end.azimuth_deg - self.start.azimuth_deg) / self.limits.azimuth_rate_deg_s

    @property
    def _elevation_s(self) -> FloatArray:
        return np.abs(self.end.elevation_deg - self.start.elevation_deg) / self.limits.elevation_rate_deg_s


def _moved(start_deg: FloatArray, end_deg: FloatArray, step_deg: float) -> FloatArray:
    return start_deg + np.clip(end_deg - start_deg, -step_deg, step_deg)
