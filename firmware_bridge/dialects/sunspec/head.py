"""One tracker behind a SunSpec controller, as a mount.

Model 601 has no stop, no stow, no lease, no rates and no drive switch. Where our block is there, it serves;
where not, a stop is a move to where the tracker is, a stow is a move to the stow elevation, and the rest is
refused; the bus's `concerns` say so beforehand.
"""

import math
from dataclasses import dataclass, replace
from typing import Final

from firmware_bridge.dialects.sunspec.controller import Controller, Map, Values
from firmware_bridge.dialects.sunspec.layout import ALL
from firmware_bridge.dialects.sunspec.models import TRACKERS, VENDOR, Control, Switch
from firmware_bridge.dialects.sunspec.status import full_status, number, plain_status
from firmware_bridge.dialects.turns import equivalent_deg
from firmware_bridge.errors import CommandRefused, RemoteProtocolError
from firmware_bridge.reports import AxisLimits, AxisStatus
from firmware_bridge.wire.schema import Refusal

NO_FLATTEN: Final = "it cannot move elevation alone; bring it flat at its controller"
NO_CLEAR: Final = "its faults are not cleared from here; look for the cause at its controller"
NO_DRIVE_SWITCH: Final = "its drive cannot be switched off from here; stop it, then use its own switch"
NO_STOW: Final = "it knows no stow elevation; configure limits first"
NO_POSITION: Final = "it does not say where it is; use its own panel or switch"
STILL_DEG: Final = 0.02  # chosen: above the noise of an inclinometer, below a second of any drive


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """Where set points are written: to the tracker, or to all where it has none of its own."""

    azimuth: str
    elevation: str
    control: str


_OWN: Final = _Names(azimuth="AzCtl", elevation="ElCtl", control="Ctl")
_COMMON: Final = _Names(azimuth="GlblAzCtl", elevation="GlblElCtl", control="GlblCtl")


class SunSpecHead:
    """Drives one tracker; fits `mounts.Mount`.

    `tracker` counts from 1. A controller without trackers of its own is driven by its global set points, and
    its position is not known then.
    """

    def __init__(self, controller: Controller, address: int, tracker: int) -> None:
        self.address: Final = address
        self._controller, self._tracker = controller, tracker - 1
        self._limits: AxisLimits | None = None
        self._held = False
        self._sent_deg: float | None = None
        self._seen_deg = (math.nan, math.nan)

    def status(self) -> AxisStatus:
        """Where the tracker is and what it is doing; angles are NaN where it has none."""
        return self._status(self._controller.read(TRACKERS, self._place(self._map())))

    def keep_alive(self) -> AxisStatus:
        """Renew the lease, where there is one."""
        self._controller.beat()
        return self.status()

    def move_to(
        self,
        azimuth_deg: float,
        elevation_deg: float,
        *,
        azimuth_rate_deg_s: float | None = None,
        elevation_rate_deg_s: float | None = None,
    ) -> AxisStatus:
        """Start toward axis angles. Rates cannot be said in model 601: the controller uses its own.

        Raises ValueError for an angle that is not finite, CommandRefused past the limits, for an unknown
        position, or when the controller keeps other set points; ModbusRefusal when it declines.
        """
        self._check(azimuth_deg, elevation_deg)
        self._held = False
        return self._go(azimuth_deg, elevation_deg)

    def stop(self) -> AxisStatus:
        """Stop, and hold; without our block by a move to where it is. Raises CommandRefused when that is not
        known.
        """
        if self._map().ours:
            status = self._ask("StpCtl")
        else:
            seen = self.status()
            status = self._go(*self._known(seen.azimuth_deg, seen.elevation_deg, "Stop"))
        self._held = True
        return replace(status, held=True)

    def stow(self) -> AxisStatus:
        """Start toward the stow elevation; azimuth holds. Raises CommandRefused when neither our block nor
        limits say where that is.
        """
        if self._map().ours:
            return self._ask("StwCtl")
        if self._limits is None:
            raise self._refused("Stow", Refusal.NOT_FITTED, NO_STOW)
        self._held = False
        return self._go(*self._known(self.status().azimuth_deg, self._limits.stow_elevation_deg, "Stow"))

    def home(self) -> AxisStatus:
        """Start calibrating; the controller goes back to automatic operation afterwards by itself."""
        names, place = self._names()
        self._controller.write(TRACKERS, place, {names.control: Control.CALIBRATE})
        return self.status()

    def flatten(self) -> AxisStatus:
        """Refused: elevation alone, with an unknown position, cannot be said."""
        raise self._refused("Flatten", Refusal.NOT_FITTED, NO_FLATTEN)

    def clear_fault(self) -> AxisStatus:
        """Refused."""
        raise self._refused("Clear", Refusal.NOT_FITTED, NO_CLEAR)

    def enable(self) -> AxisStatus:
        """It has no drive switch: what our block says of the drive is told."""
        return self.status()

    def disable(self) -> AxisStatus:
        """Refused: nobody may believe it locked."""
        raise self._refused("Disable", Refusal.NOT_FITTED, NO_DRIVE_SWITCH)

    def configure(self, limits: AxisLimits) -> AxisStatus:
        """Keep limits here: nothing outside is asked for. The controller has its own and hears of none."""
        self._limits = limits
        return self.status()

    def close(self) -> None:
        """Let go of the line, for all heads on it; twice is once."""
        self._controller.close()

    def _map(self) -> Map:
        found = self._controller.map()
        if not 0 <= self._tracker < max(found.trackers, 1):
            raise RemoteProtocolError(
                f"unit {self._controller.unit} has {found.trackers} trackers and no number "
                f"{self._tracker + 1}; correct the address of the head"
            )
        return found

    def _place(self, found: Map) -> int:
        return self._tracker if found.trackers else ALL

    def _names(self) -> tuple[_Names, int]:
        place = self._place(self._map())
        return (_COMMON if place == ALL else _OWN), place

    def _ask(self, switch: str) -> AxisStatus:
        self._controller.write(VENDOR, self._place(self._map()), {switch: Switch.ON})
        return self.status()

    def _go(self, azimuth_deg: float, elevation_deg: float) -> AxisStatus:
        """Write both set points and the mode at once, and see that they stand there."""
        names, place = self._names()
        resolution_deg = 10.0 ** self._map().angle_scale
        wanted = {
            names.azimuth: _north(azimuth_deg, resolution_deg),
            names.elevation: elevation_deg,
            names.control: Control.MANUAL,
        }
        self._controller.write(TRACKERS, place, wanted)
        kept = self._controller.read(TRACKERS, place)
        if any(not abs(number(kept[name]) - value) <= resolution_deg for name, value in wanted.items()):
            raise self._refused("Move", Refusal.NOT_FITTED, "it keeps other set points; look at its panel")
        self._sent_deg = azimuth_deg
        return self._status(kept)

    def _status(self, tracker: Values) -> AxisStatus:
        """A status from the points of model 601, and of our block where it is there."""
        found = self._map()
        ours = self._controller.read(VENDOR, self._tracker) if found.ours and found.trackers else None
        was_deg = self._seen_deg
        self._seen_deg = self._unwrapped(number(tracker.get("AzPos"))), number(tracker.get("ElPos"))
        if ours is not None:
            return full_status(tracker, ours, *self._seen_deg)
        moved = any(abs(now - was) > STILL_DEG for now, was in zip(self._seen_deg, was_deg, strict=True))
        return plain_status(tracker, *self._seen_deg, moving=moved, held=self._held)

    def _known(self, azimuth_deg: float, elevation_deg: float, what: str) -> tuple[float, float]:
        if math.isfinite(azimuth_deg) and math.isfinite(elevation_deg):
            return azimuth_deg, elevation_deg
        raise self._refused(what, Refusal.POSITION_NOT_TRUSTED, NO_POSITION)

    def _check(self, azimuth_deg: float, elevation_deg: float) -> None:
        if not (math.isfinite(azimuth_deg) and math.isfinite(elevation_deg)):
            raise ValueError(f"target is {azimuth_deg}, {elevation_deg} deg; both angles must be finite")
        if self._limits is not None:
            self._check_inside(azimuth_deg, self._limits.azimuth_range_deg)
            self._check_inside(elevation_deg, self._limits.elevation_range_deg)
        if self._map().trackers and not self.status().position_trusted:
            raise self._refused(
                "Move", Refusal.POSITION_NOT_TRUSTED, "its position is not trusted; home it first, in calm"
            )

    def _check_inside(self, angle_deg: float, range_deg: tuple[float, float]) -> None:
        if not range_deg[0] <= angle_deg <= range_deg[1]:
            raise self._refused(
                "Move",
                Refusal.OUTSIDE_TRAVEL,
                f"{angle_deg:.2f} deg is outside {range_deg[0]} to {range_deg[1]} deg; ask for one inside",
            )

    def _unwrapped(self, azimuth_deg: float) -> float:
        """The azimuth within the limits, nearest to where it was sent: 601 knows no turns, so the controller
        may come there either way round.
        """
        if self._limits is None or not math.isfinite(azimuth_deg):
            return azimuth_deg
        range_deg = self._limits.azimuth_range_deg
        near_deg = sum(range_deg) / 2.0 if self._sent_deg is None else self._sent_deg
        inside_deg = equivalent_deg(azimuth_deg, range_deg, near_deg)
        return azimuth_deg if inside_deg is None else inside_deg

    def _refused(self, command: str, reason: Refusal, explanation: str) -> CommandRefused:
        return CommandRefused(self.address, command, reason, explanation)


def _north(azimuth_deg: float, resolution_deg: float) -> float:
    """From true north, below a full turn also after rounding."""
    turned_deg = azimuth_deg % 360.0
    return 0.0 if 360.0 - turned_deg <= resolution_deg / 2.0 else turned_deg
