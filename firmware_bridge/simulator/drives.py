"""Both motors of a head: what they are on their way for, and the position their firmware believes in."""

from collections.abc import Iterator
from enum import Enum, auto
from typing import Final

from firmware_bridge.reports import parameters_of
from firmware_bridge.simulator.config import SimulatedDevice, azimuth_axis, elevation_axis
from firmware_bridge.simulator.homing import AxisHoming, HomingPhase
from firmware_bridge.simulator.plant import STALL_AFTER_S, Axis
from firmware_bridge.wire.schema import AxisName, Fault, ParameterBlock

HOMING_CLEARANCE_DEG: Final = 1.0  # chosen: well beyond any backlash
AWAY_PART_OF_NUDGE: Final = 0.25  # so that a nudge is enough to notice a reversed axis
AZIMUTH_FAULTS: Final = (Fault.AZIMUTH_STALL, Fault.AZIMUTH_REVERSED, Fault.AZIMUTH_END_STOP)
ELEVATION_FAULTS: Final = (Fault.ELEVATION_STALL, Fault.ELEVATION_REVERSED, Fault.ELEVATION_END_STOP)


class Activity(Enum):
    """What the motors are on their way for."""

    NONE = auto()
    MOVING = auto()
    STOWING = auto()
    HOMING = auto()
    FLATTENING = auto()


class Drives:
    """Both axes, told what to do and let go on. Counts are the firmware's own: true counts less an offset.

    `trusted`: whether these counts are where the head is. `held`: it shall stand still even when its host
    goes silent, until it is told to go somewhere. Nothing is refused here: whoever tells them asks first.
    """

    def __init__(self, config: SimulatedDevice) -> None:
        gearing = config.gearing
        self.azimuth = azimuth_axis(config)
        self.elevation = elevation_axis(config)
        self.take(parameters_of(config.limits, gearing))
        self._flat_counts = gearing.elevation.counts(config.flat_deg)
        self._clearance_counts = (
            HOMING_CLEARANCE_DEG * gearing.azimuth.counts_per_deg,
            HOMING_CLEARANCE_DEG * gearing.elevation.counts_per_deg,
        )
        # Untrusted at power-up: the counters start at zero wherever the motors happen to stand.
        self._offset = (0.0, 0.0) if config.position_trusted else (self.azimuth.motor, self.elevation.motor)
        self.trusted = config.position_trusted
        self.held = False
        self.activity = Activity.NONE
        self._homing: tuple[AxisHoming, ...] = ()

    @property
    def moving(self) -> bool:
        """Whether a motor is on its way."""
        return self.azimuth.moving or self.elevation.moving

    @property
    def flat_switch(self) -> bool:
        """Closed while the panel is flat or beyond."""
        return self.elevation.shaft >= self._flat_counts

    @property
    def azimuth_counts(self) -> int:
        """Where the firmware believes azimuth to be."""
        return round(self.azimuth.motor - self._offset[0])

    @property
    def elevation_counts(self) -> int:
        """Where the firmware believes elevation to be."""
        return round(self.elevation.motor - self._offset[1])

    @property
    def target_counts(self) -> tuple[int, int]:
        """Where the axes are going, azimuth and elevation."""
        return round(self.azimuth.target - self._offset[0]), round(self.elevation.target - self._offset[1])

    def take(self, parameters: ParameterBlock) -> None:
        """Go by these parameters from now on."""
        self.parameters = parameters
        self.azimuth.acceleration_counts_s2 = parameters.azimuth_acceleration_counts_s2
        self.elevation.acceleration_counts_s2 = parameters.elevation_acceleration_counts_s2
        away_counts = AWAY_PART_OF_NUDGE * parameters.nudge_max_counts
        self.azimuth.away_limit_counts = self.elevation.away_limit_counts = away_counts

    # What they can be told.

    def move(self, azimuth: int, elevation: int, rates: tuple[int, int]) -> None:
        """Both axes to positions (counts) at rates (counts/s)."""
        self._begin(Activity.MOVING)
        self.azimuth.go(azimuth + self._offset[0], rates[0])
        self.elevation.go(elevation + self._offset[1], rates[1])

    def nudge(self, name: AxisName, target: int) -> None:
        """One axis to a position (counts), the other stops."""
        self._begin(Activity.MOVING)
        stored = self.parameters
        if name is AxisName.AZIMUTH:
            self.elevation.brake()
            self.azimuth.go(target + self._offset[0], stored.azimuth_rate_max_counts_s)
        else:
            self.azimuth.brake()
            self.elevation.go(target + self._offset[1], stored.elevation_rate_max_counts_s)

    def stow(self) -> None:
        """Elevation to the stow position, azimuth holds."""
        self._begin(Activity.STOWING)
        self.azimuth.brake()
        stored = self.parameters
        self.elevation.go(stored.stow_elevation_counts + self._offset[1], stored.elevation_rate_max_counts_s)

    def flatten(self) -> None:
        """Elevation up until the flat switch closes, azimuth holds."""
        self._begin(Activity.FLATTENING)
        self.azimuth.brake()
        if self.flat_switch:
            self.elevation.brake()
        else:
            closes_at = self._flat_counts + self.elevation.half_play_counts
            self.elevation.go(closes_at, self.parameters.elevation_rate_max_counts_s)

    def home(self) -> None:
        """Both axes look for their home switches."""
        self._begin(Activity.HOMING)
        stored, clearance = self.parameters, self._clearance_counts
        self._homing = (
            AxisHoming(self.azimuth, stored.azimuth_rate_max_counts_s, clearance[0]),
            AxisHoming(self.elevation, stored.elevation_rate_max_counts_s, clearance[1]),
        )

    def brake(self) -> None:
        """Come to a stand at the ramp."""
        self.azimuth.brake()
        self.elevation.brake()
        self._end_activity()

    def halt(self) -> None:
        """Stand still at once, without power."""
        self.azimuth.halt()
        self.elevation.halt()
        self._end_activity()

    def hold(self) -> None:
        """Stop, and stand still even when the host goes silent."""
        self.brake()
        self.held = True

    # How they go on.

    def turn(self, dt_s: float) -> None:
        """Let the motors run for a while; a leg of homing must not end within it, see `leg_ends_s`."""
        self.azimuth.advance(dt_s)
        self.elevation.advance(dt_s)

    def leg_ends_s(self) -> float:
        """How long until a leg of homing ends; while homing only."""
        return min(each.axis.time_to_arrive_s() for each in self._homing if not each.over)

    def continue_homing(self) -> Fault:
        """Take the next leg; at the end the position is trusted again. The fault is a switch not found."""
        for each in self._homing:
            each.continue_search()
        azimuth, elevation = self._homing
        if azimuth.phase is HomingPhase.MISSING:
            return Fault.AZIMUTH_HOME_NOT_FOUND
        if elevation.phase is HomingPhase.MISSING:
            return Fault.ELEVATION_HOME_NOT_FOUND
        if azimuth.over and elevation.over:
            self._be_home()
        return Fault.NONE

    def troubles(self) -> Iterator[Fault]:
        """What is wrong, azimuth first: a latch for the first costs the trust that the second may need."""
        for axis, faults in ((self.azimuth, AZIMUTH_FAULTS), (self.elevation, ELEVATION_FAULTS)):
            trouble = self._trouble(axis, faults)
            if trouble is not Fault.NONE:
                yield trouble

    def forget_trouble(self) -> None:
        """Begin anew to look for it."""
        self.azimuth.forget_trouble()
        self.elevation.forget_trouble()

    def _trouble(self, axis: Axis, faults: tuple[Fault, Fault, Fault]) -> Fault:
        stalled, turned_away, at_the_end = faults
        if axis.jammed_s >= STALL_AFTER_S:
            return stalled
        if axis.ran_away:
            return turned_away
        return at_the_end if self.trusted and axis.at_end_stop else Fault.NONE

    def _be_home(self) -> None:
        self.halt()
        home = self.parameters
        self._offset = (
            self.azimuth.motor - home.azimuth_home_counts,
            self.elevation.motor - home.elevation_home_counts,
        )
        self.trusted = True

    def _begin(self, activity: Activity) -> None:
        self._end_activity()
        self.activity = activity
        self.held = False

    def _end_activity(self) -> None:
        self.activity, self._homing = Activity.NONE, ()
