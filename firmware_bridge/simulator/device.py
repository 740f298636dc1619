"""What the firmware of one head does, sans-IO: commands in, conditions out, time as an argument.

It alone keeps the head safe: travel limits, trust in the position, fault latch, emergency stop, wind contact,
and the host's lease (silent too long: stow when the position is trusted, else stop).
"""

import math
import struct
from typing import Final

from firmware_bridge.reports import parameters_of
from firmware_bridge.simulator.config import SimulatedDevice
from firmware_bridge.simulator.drives import Activity, Drives
from firmware_bridge.simulator.lease import Lease
from firmware_bridge.wire.checksum import crc32c
from firmware_bridge.wire.schema import Fault, Option, ParameterBlock, ResetCause

KEEPS_POSITION: Final = frozenset({ResetCause.POWER_ON, ResetCause.EXTERNAL})


class Head(Drives):
    """One head's firmware around its drives.

    Stored through power loss: address, parameters, hold, drive enable, fold, and the position with its trust
    when the head stood still. `storage_damaged` loses all of it but the address at the next start. `alarms`
    counts what a host should hear of. Raises nothing: whatever is asked wrongly is refused.
    """

    def __init__(self, config: SimulatedDevice) -> None:
        super().__init__(config)
        self.address, self.serial, self.foldable = config.address, config.serial_number, config.foldable
        self._defaults: ParameterBlock = parameters_of(config.limits, config.gearing)
        self.drive_enabled = True
        self.folded = self.emergency_stop = self.wind_contact = self.storage_damaged = False
        self.powered = True
        self.fault = Fault.NONE
        self.alarms = self._boots = 0
        self._stood_still = True
        self.boot(ResetCause.POWER_ON)

    @property
    def wind(self) -> bool:
        """Whether a wind contact is fitted and asks for a stow."""
        return self.wind_contact and bool(self.parameters.options & Option.WIND_CONTACT)

    # Life: power, resets, time.

    def boot(self, cause: ResetCause) -> None:
        """Start the firmware; motors stand. A crash, or power loss in motion, costs the trust."""
        self.halt()
        self.trusted = self.trusted and self._stood_still and cause in KEEPS_POSITION
        self.powered = True
        self.reset_cause = cause
        self._boots += 1
        self.boot_nonce = crc32c(struct.pack("<BI", self.address, self._boots))
        self.clear_fault()
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
        return min(self.lease.ends_ms, self.uptime_ms + max(1, math.ceil(1000.0 * self.leg_ends_s())))

    def _run_to(self, now_ms: float) -> None:
        dt_s = (now_ms - self.uptime_ms) / 1000.0
        self.uptime_ms = int(now_ms)
        self.turn(dt_s)
        for trouble in self.troubles():
            self._latch(trouble)
        if self.activity is Activity.HOMING:
            self._search_on()
        elif self.activity is Activity.STOWING and not self.moving:
            self._arrive_stowed()
        if now_ms >= self.lease.ends_ms:
            self._lose_host()
        if self.wind:
            self._yield_to_wind()

    # What the firmware does by itself.

    def _search_on(self) -> None:
        missing = self.continue_homing()
        if missing is not Fault.NONE:
            self._latch(missing)

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
            self.brake()

    def _latch(self, fault: Fault) -> None:
        self.halt()
        self.alarms += fault is not self.fault
        self.fault = fault
        self.trusted = False

    def _lose_storage(self) -> None:
        self.storage_damaged = False
        self.take(self._defaults)
        self.held, self.folded = True, False
        self._latch(Fault.STORAGE)

    # What a host may ask besides motion.

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
        self.forget_trouble()

    def store(self, parameters: ParameterBlock) -> None:
        """Take parameters; the position is worth nothing when home is elsewhere than before."""
        before = (self.parameters.azimuth_home_counts, self.parameters.elevation_home_counts)
        self.take(parameters)
        self.trusted &= before == (parameters.azimuth_home_counts, parameters.elevation_home_counts)
        self.hear_host()
