"""Between this host's axis angles, unwrapped and limited, and those that a foreign head counts."""

from dataclasses import dataclass, replace
from typing import Final, Self

from firmware_bridge.dialects.capabilities import Capabilities
from firmware_bridge.dialects.turns import TURN_DEG, apart_deg, as_said_deg, named_deg, rounded_deg
from firmware_bridge.reports import AxisLimits

Ends = tuple[float, float]
NAMES: Final = ("azimuth", "elevation")


@dataclass(frozen=True, slots=True)
class Place:
    """Both angles of a head, in either counting."""

    azimuth_deg: float
    elevation_deg: float

    def apart_deg(self, other: "Place") -> float:
        """The larger of both differences; whole turns do not count."""
        upward_deg = abs(self.elevation_deg - other.elevation_deg)
        return max(apart_deg(self.azimuth_deg, other.azimuth_deg), upward_deg)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignAxes:
    """Travel of the site, range of the head's own counting, and its resolution."""

    azimuth_travel_deg: Ends
    elevation_travel_deg: Ends
    azimuth_counted_deg: Ends
    step_deg: float

    @classmethod
    def of(cls, capabilities: Capabilities, limits: AxisLimits | None) -> Self:
        """What a protocol can say, within the site's limits once they are known.

        A head counts past a whole turn only where the site's travel says that it goes there: others that
        speak the same protocol count from 0 to 360 deg, and refuse more.
        """
        low_deg, high_deg = capabilities.azimuth_range_deg
        azimuth_deg = capabilities.azimuth_range_deg if limits is None else limits.azimuth_range_deg
        elevation_deg = capabilities.elevation_range_deg if limits is None else limits.elevation_range_deg
        if azimuth_deg[1] <= low_deg + TURN_DEG:
            high_deg = min(high_deg, low_deg + TURN_DEG)
        return cls(
            azimuth_travel_deg=azimuth_deg,
            elevation_travel_deg=_common(elevation_deg, capabilities.elevation_range_deg),
            azimuth_counted_deg=(low_deg, high_deg),
            step_deg=capabilities.resolution_deg,
        )

    def told(self, azimuth_deg: Ends, elevation_deg: Ends) -> Self:
        """With the ranges that the head itself has told."""
        elevation_deg = _common(self.elevation_travel_deg, elevation_deg)
        return replace(self, azimuth_counted_deg=azimuth_deg, elevation_travel_deg=elevation_deg)

    def outside(self, place: Place) -> str | None:
        """Which limit a place is past, and by which number; None when it can be reached."""
        angles_deg = place.azimuth_deg, place.elevation_deg
        travels_deg = self.azimuth_travel_deg, self.elevation_travel_deg
        for name, angle_deg, (low_deg, high_deg) in zip(NAMES, angles_deg, travels_deg, strict=True):
            if not low_deg <= angle_deg <= high_deg:
                return f"{name} {angle_deg:g} deg is past its travel, {low_deg:g} to {high_deg:g} deg"
        if self.counted(place, place) is None:
            low_deg, high_deg = self.azimuth_counted_deg
            return f"azimuth {place.azimuth_deg:g} deg is past the head's {low_deg:g} to {high_deg:g} deg"
        return None

    def rounded(self, place: Place) -> Place:
        """The nearest place that the head can be told, never past the travel."""
        return Place(
            rounded_deg(place.azimuth_deg, self.step_deg, self.azimuth_travel_deg),
            rounded_deg(place.elevation_deg, self.step_deg, self.elevation_travel_deg),
        )

    def counted(self, place: Place, near: Place) -> Place | None:
        """A place as the head counts it, of several azimuths the one nearest to another counted place."""
        azimuth_deg = as_said_deg(place.azimuth_deg, self.azimuth_counted_deg, near.azimuth_deg)
        return None if azimuth_deg is None else Place(azimuth_deg, place.elevation_deg)

    def named(self, reported: Place, shift_deg: float, near: Place | None) -> Place:
        """A place that the head reports, as this host counts; see `turns.named_deg`."""
        low_deg, high_deg = self.azimuth_counted_deg
        turns_deg = shift_deg if high_deg - low_deg > TURN_DEG else None
        middle_deg = sum(self.azimuth_travel_deg) / 2.0
        near_deg = middle_deg if near is None else near.azimuth_deg
        azimuth_deg = named_deg(reported.azimuth_deg, turns_deg, self.azimuth_travel_deg, near_deg)
        return Place(azimuth_deg, reported.elevation_deg)


def _common(one: Ends, other: Ends) -> Ends:
    return max(one[0], other[0]), min(one[1], other[1])
