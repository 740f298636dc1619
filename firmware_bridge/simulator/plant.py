"""Motors, gears and switches of a simulated head, moved in closed form: any time step costs the same.

Counts here are true ones. The motor turns the shaft through a gear with play: the shaft follows only when
the motor has crossed the dead zone, so it is off by up to half of it (the play operator, Brokate and
Sprekels, "Hysteresis and Phase Transitions", 1996, section 2.1). The home switch senses the shaft.
"""

import math
from typing import Final

from firmware_bridge.simulator.motion import Motion, braked

STALL_AFTER_S: Final = 1.0  # chosen: long against a start, short against harm


class Axis:
    """One motor with its shaft, between two hard end stops; its ramps have `acceleration_counts_s2`.

    `jammed`, `home_dead` and `end_switch_stuck` are faults to be set; so is `reversed`: the motor then turns
    away from where it is sent, until it is `away_limit_counts` off and `ran_away`.
    """

    __slots__ = (
        "_away_counts", "_elapsed_s", "_motion", "_rate_counts_s", "acceleration_counts_s2",
        "away_limit_counts", "end_counts", "end_switch_stuck", "half_play_counts", "home_counts", "home_dead",
        "jammed", "jammed_s", "motor", "ran_away", "reversed", "shaft", "speed_counts_s", "target",
    )  # fmt: skip

    def __init__(
        self,
        *,
        start_counts: float,
        end_counts: tuple[float, float],
        home_counts: float,
        play_counts: float,
    ) -> None:
        self.motor = self.shaft = self.target = start_counts
        self.end_counts = end_counts
        self.home_counts = home_counts
        self.half_play_counts = play_counts / 2.0
        self.acceleration_counts_s2 = self.away_limit_counts = math.inf
        self.speed_counts_s = self.jammed_s = self._rate_counts_s = 0.0
        self.jammed = self.home_dead = self.end_switch_stuck = self.reversed = False
        self._motion: Motion | None = None
        self.forget_trouble()

    @property
    def moving(self) -> bool:
        """Whether the motor is on its way, or told to be."""
        return self._motion is not None

    @property
    def at_end_stop(self) -> bool:
        """Whether an end switch says that the motor stands at a hard end."""
        return self.end_switch_stuck or self.motor in self.end_counts

    @property
    def home_switch(self) -> bool:
        """Closed while the shaft is at its home or below; never when the switch is dead."""
        return self.shaft <= self.home_counts and not self.home_dead

    def go(self, target: float, rate_counts_s: float) -> None:
        """Start toward a motor position; the end stops hold it."""
        low, high = self.end_counts
        self.target = min(max(target, low), high)
        self._rate_counts_s = rate_counts_s
        self._plan()

    def seek_home_switch(self, rate_counts_s: float) -> None:
        """Start downward until the home switch closes, or to the end stop when it never does."""
        edge = self.end_counts[0] if self.home_dead else self.home_counts - self.half_play_counts
        self.go(edge, rate_counts_s)

    def leave_home_switch(self, clearance_counts: float, rate_counts_s: float) -> None:
        """Start upward until the home switch has opened, and a little further."""
        self.go(self.home_counts + self.half_play_counts + clearance_counts, rate_counts_s)

    def brake(self) -> None:
        """Come to a stand at the ramp."""
        if self._motion is not None:
            stands_at = braked(self.motor, self.speed_counts_s, self.acceleration_counts_s2)
            self.go(stands_at, abs(self.speed_counts_s))

    def halt(self) -> None:
        """Stand still at once: the drive is switched off, and its gear locks itself."""
        self.target, self.speed_counts_s, self._motion = self.motor, 0.0, None

    def forget_trouble(self) -> None:
        """Begin anew to count how long it is jammed and how far it ran away."""
        self.jammed_s = self._away_counts = 0.0
        self.ran_away = False

    def time_to_arrive_s(self) -> float:
        """How long until it stands."""
        return 0.0 if self._motion is None else self._motion.duration_s - self._elapsed_s

    def advance(self, dt_s: float) -> None:
        """Move on by a time step of any length."""
        motion = self._motion
        if motion is None:
            return
        if self.jammed:
            self.jammed_s += dt_s
            self.speed_counts_s = 0.0
            self._plan()
            return
        self.jammed_s = 0.0
        self._elapsed_s += dt_s
        before = self.motor
        self.motor, self.speed_counts_s = motion.at(self._elapsed_s)
        self._drag_shaft()
        if self.reversed:
            self._away_counts += abs(self.motor - before)
        if self._elapsed_s >= motion.duration_s:
            self.ran_away = self.reversed
            self.halt()

    def _plan(self) -> None:
        self._elapsed_s = 0.0
        if self.target == self.motor and self.speed_counts_s == 0.0:
            self._motion = None
            return
        goal = self._wrong_goal() if self.reversed else self.target
        self._motion = Motion.between(
            self.motor, self.speed_counts_s, goal, self._rate_counts_s, self.acceleration_counts_s2
        )

    def _wrong_goal(self) -> float:
        left = max(0.0, self.away_limit_counts - self._away_counts)
        return self.motor - math.copysign(left, self.target - self.motor)

    def _drag_shaft(self) -> None:
        motor, play = self.motor, self.half_play_counts
        if self.shaft < motor - play:
            self.shaft = motor - play
        elif self.shaft > motor + play:
            self.shaft = motor + play
