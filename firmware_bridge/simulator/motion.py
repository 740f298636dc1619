"""A motion at limited speed and acceleration, a value to be asked for any time: closed form, no steps.

Three legs of constant acceleration: to the highest speed, on at it, and down to a stand at the target. From
speed v0 over way d at acceleration a the highest speed is sqrt(a d + v0^2 / 2), if that is allowed: the
ways v^2 / (2 a) of the ramps add up to d.
"""

import math
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Motion:
    """From `start` at speed `v0` to a stand at `target`; `ramp_up`, `cruise` and `ramp_down` in seconds."""

    start: float
    target: float
    v0: float
    v_highest: float
    ramp_up_s: float
    cruise_s: float
    ramp_down_s: float

    @property
    def duration_s(self) -> float:
        """How long until it stands."""
        return self.ramp_up_s + self.cruise_s + self.ramp_down_s

    @classmethod
    def between(cls, start: float, v0: float, target: float, rate: float, acceleration: float) -> Self:
        """To a target, at most at `rate`; from too high a speed, back to it."""
        beyond_braking = target - braked(start, v0, acceleration)
        toward = math.copysign(1.0, beyond_braking) if beyond_braking else math.copysign(1.0, v0)
        highest = math.sqrt(max(0.0, toward * acceleration * (target - start) + v0 * v0 / 2.0))
        v_highest = toward * min(rate, highest)
        ramp_up_s, ramp_down_s = abs(v_highest - v0) / acceleration, abs(v_highest) / acceleration
        way = target - start - (v0 + v_highest) / 2.0 * ramp_up_s - v_highest / 2.0 * ramp_down_s
        cruise_s = max(0.0, way / v_highest) if highest > rate else 0.0
        return cls(start, target, v0, v_highest, ramp_up_s, cruise_s, ramp_down_s)

    def at(self, elapsed_s: float) -> tuple[float, float]:
        """Where it is and how fast."""
        if elapsed_s >= self.duration_s:
            return self.target, 0.0
        if elapsed_s < self.ramp_up_s:
            v = self.v0 + (self.v_highest - self.v0) * elapsed_s / self.ramp_up_s
            return self.start + (self.v0 + v) / 2.0 * elapsed_s, v
        cruised_s = elapsed_s - self.ramp_up_s
        if cruised_s < self.cruise_s:
            ramped_up = self.start + (self.v0 + self.v_highest) / 2.0 * self.ramp_up_s
            return ramped_up + self.v_highest * cruised_s, self.v_highest
        left_s = self.duration_s - elapsed_s
        v = self.v_highest * left_s / self.ramp_down_s
        return self.target - v / 2.0 * left_s, v


def braked(start: float, v0: float, acceleration: float) -> float:
    """Where it stands when it brakes at once."""
    return start + v0 * abs(v0) / (2.0 * acceleration)
