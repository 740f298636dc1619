"""What the firmware of one head does, sans-IO: commands in, conditions out, time as an argument.

It alone keeps the head safe: travel limits, trust in the position, fault latch, emergency stop, wind contact,
and the host's lease (silent too long: stow when the position is trusted, else stop).
"""

import math
import struct
from enum import Enum, auto
from typing import Final

from firmware_bridge.reports import parameters_of
from firmware_bridge.simulator.config import SimulatedDevice, azimuth_axis, elevation_axis
from firmware_bridge.simulator.homing import AxisHoming, HomingPhase
from firmware_bridge.simulator.lease import Lease
from firmware_bridge.simulator.plant import STALL_AFTER_S, Axis
from firmware_bridge.wire.checksum import crc32c
from firmware_bridge.wire.schema import AxisName, Fault, Option, ParameterBlock, ResetCause

HOMING_CLEARANCE_DEG: Final = 1.0  # chosen: well beyond any backlash
AWAY_PART_OF_NUDGE: Final = 0.25  # so that a nudge is enough to notice a reversed axis
AZIMUTH_FAULTS: Final = (Fault.AZIMUTH_STALL, Fault.AZIMUTH_REVERSED, Fault.AZIMUTH_END_STOP)
ELEVATION_FAULTS: Final = (Fault.ELEVATION_STALL, Fault.ELEVATION_REVERSED, Fault.ELEVATION_END_STOP)
KEEPS_POSITION: Final = frozenset({ResetCause.POWER_ON, ResetCause.EXTERNAL})


class Activity(Enum):
    """What the motors are on their way for."""

    NONE = auto()
    MOVING = auto()
    STOWING = auto()
    HOMING = auto()
    FLATTENING = auto()


class Head:
    """One head's firmware around its two axes. Counts are the firmware's own: true counts less an offset.

    Stored through power loss: address, parameters, hold, drive enable, fold, and the position with its trust
    when the head stood still. `storage_damaged` loses all of it but the address at the next start. `alarms`
    counts what a host should hear of. Raises nothing: whatever is asked wrongly is refused.
    """

    def __init__(self, config: SimulatedDevice) -> None:
        gearing = config.gearing
        self.address, self.serial, self.foldable = config.address, config.serial_number, config.foldable
        self.azimuth = azimuth_axis(config)
        self.elevation = elevation_axis(config)
        self._defaults: ParameterBlock = parameters_of(config.limits, gearing)
        self._take(self._defaults)
        self._flat_counts = gearing.elevation.counts(config.flat_deg)
        self._clearance_counts = (
            HOMING_CLEARANCE_DEG * gearing.azimuth.counts_per_deg,
            HOMING_CLEARANCE_DEG * gearing.elevation.counts_per_deg,
        )
        # Untrusted at power-up: the counters start at zero wherever the motors happen to stand.
        self._offset = (0.0, 0.0) if config.position_trusted else (self.azimuth.motor, self.elevation.motor)
        self.trusted = config.position_trusted
        self.drive_enabled = True
        self.held = self.folded = False
        self.emergency_stop = self.wind_contact = self.storage_damaged = False
        self.powered = True
        self.alarms = self._boots = 0
        self._stood_still = True
        self.boot(ResetCause.POWER_ON)

    @property
    def moving(self) -> bool:
        """Whether a motor is on its way."""
        return self.azimuth.moving or self.elevation.moving

    @property
    def wind(self) -> bool:
        """Whether a wind contact is fitted and asks for a stow."""
        return self.wind_contact and bool(self.parameters.options & Option.WIND_CONTACT)

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

    # Life: power, resets, time.

    def boot(self, cause: ResetCause) -> None:
        """Start the firmware; motors stand. A crash, or power loss in motion, costs the trust."""
        self.halt()
        self.trusted = self.trusted and self._stood_still and cause in KEEPS_POSITION
        self.powered = True
        self.reset_cause = cause
        self._boots += 1
        self.boot_nonce = crc32c(struct.pack("<BI", self.address, self._boots))
        self.fault = Fault.NONE
        self.azimuth.forget_trouble()
        self.elevation.forget_trouble()
        if self.storage_damaged:
            self._lose_storage()
        self.uptime_ms = 0
        self.lease = Lease()
        self.hear_host()

    def lose_power(self) -> None:
        """Everything stands still and is silent until `boot`."""
        self._stood_still = not self.moving
        self.halt()
        self.powered = False

    def reset(self, cause: ResetCause) -> None:
        """Start again at once."""
        self.lose_power()
        self.boot(cause)

    def hear_host(self) -> None:
        """Somebody in charge has spoken: the lease runs anew."""
        self.lease.renew(self.uptime_ms, self.parameters.lease_ms)

    def advance(self, dt_ms: int) -> None:
        """Let time pass."""
        if not self.powered:
            return
        end_ms = self.uptime_ms + dt_ms
        while self.uptime_ms < end_ms:
            self._run_to(min(end_ms, self._next_event_ms()))

    def press_emergency_stop(self, pressed: bool) -> None:
        """The button at the head; released, the head stays where it is until it is told to move."""
        self.alarms += pressed and not self.emergency_stop
        self.emergency_stop = pressed
        if pressed:
            self.halt()
            self.held = True

    def _next_event_ms(self) -> float:
        if self.activity is not Activity.HOMING:
            return self.lease.ends_ms
        legs_s = (each.axis.time_to_arrive_s() for each in self._homing if not each.over)
        return min(self.lease.ends_ms, self.uptime_ms + max(1, math.ceil(1000.0 * min(legs_s))))

    def _run_to(self, now_ms: float) -> None:
        dt_s = (now_ms - self.uptime_ms) / 1000.0
        self.uptime_ms = int(now_ms)
        self.azimuth.advance(dt_s)
        self.elevation.advance(dt_s)
        self._look_for_trouble(self.azimuth, AZIMUTH_FAULTS)
        self._look_for_trouble(self.elevation, ELEVATION_FAULTS)
        if self.activity is Activity.HOMING:
            self._continue_homing()
        elif self.activity is Activity.STOWING and not self.moving:
            self._arrive_stowed()
        if now_ms >= self.lease.ends_ms:
            self._lose_host()
        if self.wind:
            self._yield_to_wind()

    # What starts and ends motion.

    def _look_for_trouble(self, axis: Axis, faults: tuple[Fault, Fault, Fault]) -> None:
        stalled, turned_away, at_the_end = faults
        if axis.jammed_s >= STALL_AFTER_S:
            self._latch(stalled)
        elif axis.ran_away:
            self._latch(turned_away)
        elif self.trusted and axis.at_end_stop:
            self._latch(at_the_end)

    def _arrive_stowed(self) -> None:
        self.activity = Activity.NONE
        self.folded |= bool(self.parameters.options & Option.FOLD_WHEN_STOWED)

    def _lose_host(self) -> None:
        self.lease.run_out()
        if not self.held:
            self.stow_or_stop()

    def _yield_to_wind(self) -> None:
        goes_where_it_should = self.moving and self.activity in (Activity.STOWING, Activity.FLATTENING)
        stowed = not self.moving and self.elevation_counts == self.parameters.stow_elevation_counts
        if not (self.held or goes_where_it_should or (stowed and self.trusted)):
            self.stow_or_stop()

    def stow_or_stop(self) -> None:
        """Go to the stow position when that is possible, else stand still."""
        if self.trusted and self.drive_enabled and not self.emergency_stop and self.fault is Fault.NONE:
            self.stow()
        else:
            self._brake()

    def halt(self) -> None:
        """Stand still at once, without power."""
        self.azimuth.halt()
        self.elevation.halt()
        self._end_activity()

    def _brake(self) -> None:
        self.azimuth.brake()
        self.elevation.brake()
        self._end_activity()

    def _end_activity(self) -> None:
        self.activity = Activity.NONE
        self._homing: tuple[AxisHoming, ...] = ()

    def _latch(self, fault: Fault) -> None:
        self.halt()
        self.alarms += fault is not self.fault
        self.fault = fault
        self.trusted = False

    def _lose_storage(self) -> None:
        self.storage_damaged = False
        self._take(self._defaults)
        self.held, self.folded = True, False
        self._latch(Fault.STORAGE)

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

    def hold(self) -> None:
        """Stop, and stand still even when the host goes silent."""
        self._brake()
        self.held = True

    def enable(self) -> None:
        """Switch the drive on."""
        self.drive_enabled = True

    def disable(self) -> None:
        """Switch the drive off and hold."""
        self.halt()
        self.drive_enabled, self.held = False, True

    def clear_fault(self) -> None:
        """Release the latch; trust in the position does not come back with it."""
        self.fault = Fault.NONE
        self.azimuth.forget_trouble()
        self.elevation.forget_trouble()

    def store(self, parameters: ParameterBlock) -> None:
        """Take parameters; the position is worth nothing when home is elsewhere than before."""
        before = (self.parameters.azimuth_home_counts, self.parameters.elevation_home_counts)
        self._take(parameters)
        self.trusted &= before == (parameters.azimuth_home_counts, parameters.elevation_home_counts)
        self.hear_host()

    def _take(self, parameters: ParameterBlock) -> None:
        self.parameters = parameters
        self.azimuth.acceleration_counts_s2 = parameters.azimuth_acceleration_counts_s2
        self.elevation.acceleration_counts_s2 = parameters.elevation_acceleration_counts_s2
        away_counts = AWAY_PART_OF_NUDGE * parameters.nudge_max_counts
        self.azimuth.away_limit_counts = self.elevation.away_limit_counts = away_counts

    def _begin(self, activity: Activity) -> None:
        self._end_activity()
        self.activity = activity
        self.held = False

    def _continue_homing(self) -> None:
        for each in self._homing:
            each.continue_search()
        azimuth, elevation = self._homing
        if azimuth.phase is HomingPhase.MISSING:
            self._latch(Fault.AZIMUTH_HOME_NOT_FOUND)
        elif elevation.phase is HomingPhase.MISSING:
            self._latch(Fault.ELEVATION_HOME_NOT_FOUND)
        elif azimuth.over and elevation.over:
            self.halt()
            home = self.parameters
            self._offset = (
                self.azimuth.motor - home.azimuth_home_counts,
                self.elevation.motor - home.elevation_home_counts,
            )
            self.trusted = True
