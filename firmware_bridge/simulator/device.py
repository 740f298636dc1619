"""What the firmware of one head does, sans-IO: commands in, conditions out, time as an argument.

It alone keeps the head safe: travel limits, trust in the position, fault latch, emergency stop, and the
host's lease (silent too long: stow when the position is trusted, else stop).
"""

import math
import struct
from enum import Enum, auto
from typing import Final

from firmware_bridge.reports import parameters_of
from firmware_bridge.simulator.config import SimulatedDevice, azimuth_axis, elevation_axis
from firmware_bridge.simulator.homing import AxisHoming, HomingPhase
from firmware_bridge.simulator.lease import Lease
from firmware_bridge.simulator.plant import STALL_AFTER_S
from firmware_bridge.wire.checksum import crc32c
from firmware_bridge.wire.schema import Fault, ParameterBlock, ResetCause

HOMING_CLEARANCE_DEG: Final = 1.0  # chosen: well beyond any backlash
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

    Stored through power loss: parameters, hold, drive enable, and the position with its trust when the
    head stood still. Raises nothing: whatever is asked wrongly is refused.
    """

    def __init__(self, config: SimulatedDevice) -> None:
        gearing = config.gearing
        self.address, self.serial = config.address, config.serial_number
        self.parameters: ParameterBlock = parameters_of(config.limits, gearing)
        self.azimuth = azimuth_axis(config)
        self.elevation = elevation_axis(config)
        self._flat_counts = gearing.elevation.counts(config.flat_deg)
        self._clearance_counts = (
            HOMING_CLEARANCE_DEG * gearing.azimuth.counts_per_deg,
            HOMING_CLEARANCE_DEG * gearing.elevation.counts_per_deg,
        )
        # Untrusted at power-up: the counters start at zero wherever the motors happen to stand.
        self._offset = (0.0, 0.0) if config.position_trusted else (self.azimuth.motor, self.elevation.motor)
        self.trusted = config.position_trusted
        self.drive_enabled = True
        self.held = False
        self.emergency_stop = False
        self.powered = True
        self._boots = 0
        self._stood_still = True
        self.boot(ResetCause.POWER_ON)

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
        self.emergency_stop = pressed
        if pressed:
            self.hold()

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
        if self.azimuth.jammed_s >= STALL_AFTER_S:
            self._latch(Fault.AZIMUTH_STALL)
        if self.elevation.jammed_s >= STALL_AFTER_S:
            self._latch(Fault.ELEVATION_STALL)
        if self.activity is Activity.HOMING:
            self._continue_homing()
        if now_ms >= self.lease.ends_ms:
            self._lose_host()

    # What starts and ends motion.

    def _lose_host(self) -> None:
        self.lease.run_out()
        if not self.held:
            self.stow_or_stop()

    def stow_or_stop(self) -> None:
        """Go to the stow position when that is possible, else stand still."""
        if self.trusted and self.drive_enabled and not self.emergency_stop and self.fault is Fault.NONE:
            self.stow()
        else:
            self.halt()

    def halt(self) -> None:
        """Stand still."""
        self.azimuth.halt()
        self.elevation.halt()
        self.activity = Activity.NONE
        self._homing: tuple[AxisHoming, ...] = ()

    def _latch(self, fault: Fault) -> None:
        self.halt()
        self.fault = fault
        self.trusted = False

    def move(self, azimuth: int, elevation: int, rates: tuple[int, int]) -> None:
        """Both axes to positions (counts) at rates (counts/s)."""
        self._begin(Activity.MOVING)
        self.azimuth.go(azimuth + self._offset[0], rates[0])
        self.elevation.go(elevation + self._offset[1], rates[1])

    def stow(self) -> None:
        """Elevation to the stow position, azimuth holds."""
        self._begin(Activity.STOWING)
        stored = self.parameters
        self.elevation.go(stored.stow_elevation_counts + self._offset[1], stored.elevation_rate_max_counts_s)

    def flatten(self) -> None:
        """Elevation up until the flat switch closes, azimuth holds."""
        self._begin(Activity.FLATTENING)
        if not self.flat_switch:
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
        """Stand still, and stay so even when the host goes silent."""
        self.halt()
        self.held = True

    def enable(self) -> None:
        """Switch the drive on."""
        self.drive_enabled = True

    def disable(self) -> None:
        """Stand still and switch the drive off."""
        self.halt()
        self.drive_enabled = False

    def clear_fault(self) -> None:
        """Release the latch; trust in the position does not come back with it."""
        self.fault = Fault.NONE
        self.azimuth.jammed_s = self.elevation.jammed_s = 0.0

    def store(self, parameters: ParameterBlock) -> None:
        """Take parameters; the position is worth nothing when home is elsewhere than before."""
        before = (self.parameters.azimuth_home_counts, self.parameters.elevation_home_counts)
        self.parameters = parameters
        self.trusted &= before == (parameters.azimuth_home_counts, parameters.elevation_home_counts)
        self.hear_host()

    def _begin(self, activity: Activity) -> None:
        self.halt()
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
