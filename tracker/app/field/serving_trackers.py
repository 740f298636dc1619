"""A running site as SCADA leads it."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from firmware_bridge.dialects.sunspec.array import ArrayReport, Order, Target
from tracker.aiming.limits import reach
from tracker.aiming.poses import same_direction
from tracker.app.field.serving_calls import Desk, Wish
from tracker.app.field.serving_report import Reader
from tracker.frames import enu_from_azel

ONE_BY_ONE: Final[Mapping[Order, str]] = {
    Order.RESUME: "resume",
    Order.UNSTOW: "unstow",
    Order.CALIBRATE: "home",
}
REACHED_DEG: Final = 1e-6  # what rounding may cost


class SiteTrackers:
    """Fits `firmware_bridge.dialects.sunspec.array.TrackerArray`, for the one master whom `reader` names."""

    def __init__(self, desk: Desk, reader: Reader) -> None:
        self._desk, self._reader = desk, reader

    def report(self) -> ArrayReport:
        """How the last tick found the site."""
        return self._reader.report(self._desk.view, self._desk.clock())

    def obey(self, order: Order, trackers: tuple[int, ...], target: Target | None) -> tuple[int, ...]:
        """Put an order to the loop, all that moves or lets go head by head; who took it.

        A STOP was taken by those who confirmed it in the tick that told them; all were told.
        """
        wishes = self._wishes(order, trackers, target) if trackers else []
        self._desk.ask(*wishes)
        if order is Order.STOP:
            confirmed = frozenset[str]().union(*(wish.confirmed_by for wish in wishes))
            return tuple(head for head in trackers if self._desk.names[head] in confirmed)
        return tuple(head for wish in wishes if not wish.refused for head in wish.heads)

    def _wishes(self, order: Order, trackers: tuple[int, ...], target: Target | None) -> list[Wish]:
        if order is Order.POINT:
            return [] if target is None else self._jogs(trackers, target)
        if order in ONE_BY_ONE:
            verb = ONE_BY_ONE[order]
            return [self._desk.wish(self._reader.who, verb, (head,)) for head in trackers]
        return [self._desk.wish(self._reader.who, order.name.lower(), trackers)]

    def _jogs(self, trackers: tuple[int, ...], target: Target) -> list[Wish]:
        """A jog of each tracker that reaches the target, on the turn of its cable that is nearest."""
        if (view := self._desk.view) is None:
            return []
        normal_enu, rules = enu_from_azel(target.azimuth_deg, target.elevation_deg), self._reader.rules
        wanted = rules.pointing.to_axis(np.broadcast_to(normal_enu, (len(self._desk.names), 3)))
        pose = reach(wanted, view.snapshot.inputs.heads.pose, rules.limits)
        reached = same_direction(pose, wanted, REACHED_DEG)
        azimuths_deg, elevations_deg = pose.azimuth_deg.tolist(), pose.elevation_deg.tolist()
        return [
            self._desk.wish(
                self._reader.who,
                "jog",
                (head,),
                azimuth_deg=azimuths_deg[head],
                elevation_deg=elevations_deg[head],
            )
            for head in trackers
            if reached[head]
        ]
