"""One head of a running site as rotctld's clients know it."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from firmware_bridge.dialects.rotator import Direction, Seen, Travel, Verdict
from tracker.app.field.serving_calls import Desk
from tracker.app.field.serving_owners import HELD_ON_SITE
from tracker.decision.values import Rules

VERDICTS: Final[Mapping[str | None, Verdict]] = {None: Verdict.DONE, "usage": Verdict.OUTSIDE}


class SiteRotator:
    """Fits `firmware_bridge.dialects.rotator.Rotator`; all who ask here are one, `who`."""

    def __init__(self, desk: Desk, rules: Rules, head: int, who: str) -> None:
        self._desk, self._rules, self._head, self._who = desk, rules, head, who

    @property
    def travel(self) -> Travel:
        """As in the site file."""
        limits = self._rules.limits
        return Travel(
            azimuth_range_deg=limits.azimuth_range_deg,
            elevation_range_deg=limits.elevation_range_deg,
            azimuth_rate_deg_s=limits.azimuth_rate_deg_s,
            elevation_rate_deg_s=limits.elevation_rate_deg_s,
        )

    def look(self) -> Seen | None:
        """Axis angles as last measured; None for a head that is silent or does not know its position."""
        view, head = self._desk.view, self._head
        if view is None or view.is_silent(head, self._desk.clock(), self._rules.safety.link_lease_s):
            return None
        seen = view.snapshot.inputs.heads
        if not seen.trusted[head] or not np.isfinite(seen.azimuth_deg[head] + seen.elevation_deg[head]):
            return None
        return Seen(
            azimuth_deg=float(seen.azimuth_deg[head]),
            elevation_deg=float(seen.elevation_deg[head]),
            moving=bool(seen.moving[head]),
            stuck=int(view.snapshot.decision.states[head]) in HELD_ON_SITE,
        )

    def move_to(self, azimuth_deg: float | None, elevation_deg: float | None) -> Verdict:
        """A jog, unless somebody else jogs the head; it lasts until a person releases it."""
        view = self._desk.view
        if view is None:
            return Verdict.REFUSED
        target, head = view.snapshot.decision.target, self._head
        return self._ask(
            "jog",
            azimuth_deg=float(target.azimuth_deg[head]) if azimuth_deg is None else azimuth_deg,
            elevation_deg=float(target.elevation_deg[head]) if elevation_deg is None else elevation_deg,
        )

    def turn(self, direction: Direction, rate_deg_s: float) -> Verdict:
        """Not offered: nobody would end it when the client falls silent."""
        return Verdict.NOT_FITTED

    def stop(self) -> Verdict:
        """A STOP, which holds until a person releases it; DONE when the head has confirmed it."""
        wish = self._desk.wish(self._who, "stop", (self._head,))
        self._desk.ask(wish)
        return Verdict.DONE if self._desk.names[self._head] in wish.confirmed_by else Verdict.REFUSED

    def park(self) -> Verdict:
        """A stow, which holds until a person releases it."""
        return self._ask("stow")

    def home(self) -> Verdict:
        """Look for the switches, in calm wind."""
        return self._ask("home")

    def _ask(self, verb: str, **angles_deg: float) -> Verdict:
        wish = self._desk.wish(self._who, verb, (self._head,), **angles_deg)
        self._desk.ask(wish)
        return VERDICTS.get(wish.refused, Verdict.REFUSED)
