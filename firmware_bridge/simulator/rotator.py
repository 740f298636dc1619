"""A simulated head behind a foreign dialect: the same firmware, guards and travel, but no lease.

Foreign hosts renew no lease, so the head does not miss them: left alone, it goes on with what it was told.
"""

from typing import Final

from firmware_bridge.dialects.rotator import Direction, Seen, Travel, Trouble, Verdict
from firmware_bridge.gearing import Gearing
from firmware_bridge.simulator import commands
from firmware_bridge.simulator.device import Head
from firmware_bridge.wire import schema
from firmware_bridge.wire.schema import Fault, Refusal

VERDICTS: Final = {
    None: Verdict.DONE,
    Refusal.OUTSIDE_TRAVEL: Verdict.OUTSIDE,
    Refusal.RATE_NOT_ALLOWED: Verdict.OUTSIDE,
    Refusal.UNKNOWN_MESSAGE: Verdict.NOT_FITTED,
    Refusal.NOT_FITTED: Verdict.NOT_FITTED,
}
TROUBLES: Final = {
    Fault.AZIMUTH_STALL: Trouble.JAM,
    Fault.ELEVATION_STALL: Trouble.JAM,
    Fault.AZIMUTH_HOME_NOT_FOUND: Trouble.HOMING,
    Fault.ELEVATION_HOME_NOT_FOUND: Trouble.HOMING,
}


class HeadRotator:
    """Fits `dialects.rotator.Rotator`. Time passes through `advance`, so that the lease never ends."""

    def __init__(self, head: Head, gearing: Gearing) -> None:
        self._head, self._gearing = head, gearing

    @property
    def travel(self) -> Travel:
        """What the head has stored."""
        stored, azimuth, elevation = self._head.parameters, self._gearing.azimuth, self._gearing.elevation
        return Travel(
            azimuth_range_deg=(
                azimuth.angle_deg(stored.azimuth_min_counts),
                azimuth.angle_deg(stored.azimuth_max_counts),
            ),
            elevation_range_deg=(
                elevation.angle_deg(stored.elevation_min_counts),
                elevation.angle_deg(stored.elevation_max_counts),
            ),
            azimuth_rate_deg_s=stored.azimuth_rate_max_counts_s / azimuth.counts_per_deg,
            elevation_rate_deg_s=stored.elevation_rate_max_counts_s / elevation.counts_per_deg,
        )

    def advance(self, dt_ms: int) -> None:
        """Let time pass for the head, whose host is foreign and knows no lease."""
        longest_ms = max(1, self._head.parameters.lease_ms - 1)
        while dt_ms > 0:
            step_ms = min(dt_ms, longest_ms)
            self._head.hear_host()
            self._head.advance(step_ms)
            dt_ms -= step_ms

    def look(self) -> Seen | None:
        """Where the firmware believes to be; nothing without power."""
        head = self._head
        if not head.powered:
            return None
        trouble = TROUBLES.get(Fault(head.fault), Trouble.NONE) | (
            Trouble.NONE if head.trusted else Trouble.SENSOR
        )
        return Seen(
            azimuth_deg=self._gearing.azimuth.angle_deg(head.azimuth_counts),
            elevation_deg=self._gearing.elevation.angle_deg(head.elevation_counts),
            moving=head.moving,
            stuck=bool(trouble) or head.fault != Fault.NONE or head.emergency_stop or not head.drive_enabled,
            trouble=trouble,
        )

    def move_to(self, azimuth_deg: float | None, elevation_deg: float | None) -> Verdict:
        """At full rate; an axis without an angle keeps its target."""
        head, stored = self._head, self._head.parameters
        azimuth_counts, elevation_counts = head.target_counts
        if azimuth_deg is not None:
            azimuth_counts = self._gearing.azimuth.counts(azimuth_deg)
        if elevation_deg is not None:
            elevation_counts = self._gearing.elevation.counts(elevation_deg)
        rates = stored.azimuth_rate_max_counts_s, stored.elevation_rate_max_counts_s
        return self._go((azimuth_counts, elevation_counts), rates)

    def turn(self, direction: Direction, rate_deg_s: float) -> Verdict:
        """Toward the end of the travel; the other axis keeps its target."""
        travel, (toward_azimuth, toward_elevation) = self.travel, direction.value
        rate_deg_s = min(rate_deg_s, travel.rate_deg_s(direction))
        stored = self._head.parameters
        azimuth_counts, elevation_counts = self._head.target_counts
        azimuth_rate, elevation_rate = stored.azimuth_rate_max_counts_s, stored.elevation_rate_max_counts_s
        if toward_azimuth:
            azimuth_counts = _end(toward_azimuth, stored.azimuth_min_counts, stored.azimuth_max_counts)
            azimuth_rate = self._gearing.azimuth.rate_counts_s(rate_deg_s)
        else:
            elevation_counts = _end(
                toward_elevation, stored.elevation_min_counts, stored.elevation_max_counts
            )
            elevation_rate = self._gearing.elevation.rate_counts_s(rate_deg_s)
        return self._go((azimuth_counts, elevation_counts), (azimuth_rate, elevation_rate))

    def stop(self) -> Verdict:
        """Both axes."""
        return self._obey(schema.Stop())

    def park(self) -> Verdict:
        """The head's own stow."""
        return self._obey(schema.Stow())

    def home(self) -> Verdict:
        """The head's own homing."""
        return self._obey(schema.Home())

    def _go(self, counts: tuple[int, int], rates: tuple[int, int]) -> Verdict:
        return self._obey(
            schema.Move(
                azimuth_counts=counts[0],
                elevation_counts=counts[1],
                azimuth_rate_counts_s=rates[0],
                elevation_rate_counts_s=rates[1],
            )
        )

    def _obey(self, command: schema.Message) -> Verdict:
        if not self._head.powered:
            return Verdict.REFUSED
        return VERDICTS.get(commands.obey(self._head, command), Verdict.REFUSED)


def _end(sign: int, low: int, high: int) -> int:
    return high if sign > 0 else low
