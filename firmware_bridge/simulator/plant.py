"""Motors, gears and switches of a simulated head, moved in closed form: any time step costs the same.

Counts here are true ones. The motor turns the shaft through a gear with play: the shaft follows only when
the motor has crossed the dead zone, so it is off by up to half of it (the play operator, Brokate and
Sprekels, "Hysteresis and Phase Transitions", 1996, section 2.1). The home switch senses the shaft.
"""

from typing import Final

STALL_AFTER_S: Final = 1.0  # chosen: long against a start, short against harm


class Axis:
    """One motor with its shaft, between two hard end stops."""

    __slots__ = (
        "end_counts", "half_play_counts", "home_counts", "home_dead", "jammed",
        "jammed_s", "motor", "rate_counts_s", "shaft", "target",
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
        self.rate_counts_s = 0.0
        self.jammed = self.home_dead = False
        self.jammed_s = 0.0

    @property
    def moving(self) -> bool:
        """Whether the motor is on its way."""
        return self.motor != self.target

    @property
    def at_end_stop(self) -> bool:
        """Whether the motor stands at a hard end."""
        return self.motor in self.end_counts

    @property
    def home_switch(self) -> bool:
        """Closed while the shaft is at its home or below; never when the switch is dead."""
        return self.shaft <= self.home_counts and not self.home_dead

    def go(self, target: float, rate_counts_s: float) -> None:
        """Start toward a motor position; the end stops hold it."""
        low, high = self.end_counts
        self.target = min(max(target, low), high)
        self.rate_counts_s = rate_counts_s

    def seek_home_switch(self, rate_counts_s: float) -> None:
        """Start downward until the home switch closes, or to the end stop when it never does."""
        edge = self.end_counts[0] if self.home_dead else self.home_counts - self.half_play_counts
        self.go(edge, rate_counts_s)

    def leave_home_switch(self, clearance_counts: float, rate_counts_s: float) -> None:
        """Start upward until the home switch has opened, and a little further."""
        self.go(self.home_counts + self.half_play_counts + clearance_counts, rate_counts_s)

    def halt(self) -> None:
        """Stand still."""
        self.target = self.motor

    def time_to_arrive_s(self) -> float:
        """How long until it stands."""
        return abs(self.target - self.motor) / self.rate_counts_s if self.moving else 0.0

    def advance(self, dt_s: float) -> None:
        """Move on by a time step of any length."""
        way = self.target - self.motor
        if way == 0.0:
            return
        if self.jammed:
            self.jammed_s += dt_s
            return
        self.jammed_s = 0.0
        step = self.rate_counts_s * dt_s
        motor = self.target if -step <= way <= step else self.motor + (step if way > 0.0 else -step)
        self.motor = motor
        play = self.half_play_counts
        if self.shaft < motor - play:
            self.shaft = motor - play
        elif self.shaft > motor + play:
            self.shaft = motor + play
