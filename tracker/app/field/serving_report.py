"""The last tick of a site as SCADA reads it: heads as trackers, their angles as directions of the sky."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from operator import or_
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from firmware_bridge.dialects.sunspec.array import ArrayReport, TrackerReport
from firmware_bridge.dialects.sunspec.models import Flag, StowReason, TrackerState
from firmware_bridge.dialects.sunspec.over_mounts import AZIMUTH_FAULTS, ELEVATION_FAULTS
from tracker.aiming.postures import FLAT_ELEVATION_DEG
from tracker.app.field.serving_calls import View
from tracker.app.field.serving_owners import HELD_ON_SITE, PERSON
from tracker.decision.states import Event, State
from tracker.decision.values import Rules
from tracker.frames import AxisPose, azimuth_deg, elevation_deg
from tracker.plant import Site

STATES: Final[Mapping[State, TrackerState]] = {
    State.STARTING: TrackerState.UNKNOWN,
    State.UNTRUSTED: TrackerState.UNTRUSTED,
    State.HOMING: TrackerState.CALIBRATING,
    State.FLATTENING: TrackerState.UNTRUSTED,
    State.READY: TrackerState.AUTOMATIC,
    State.TRACKING: TrackerState.AUTOMATIC,
    State.NIGHT: TrackerState.AUTOMATIC,
    State.JOGGING: TrackerState.MANUAL,
    State.STOWING: TrackerState.STOWING,
    State.STOWED: TrackerState.STOWED,
    State.FAULT: TrackerState.FAULT,
    State.LOCKING: TrackerState.LOCKED,
    State.LOCKED: TrackerState.LOCKED,
    State.STOPPED: TrackerState.STOPPED,
    State.EMERGENCY: TrackerState.EMERGENCY_STOP,
}
STOWING: Final = (State.STOWING, State.STOWED, State.FLATTENING)
ZENITH_DEG: Final = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """For whom a report is made: the site, its heads and rules, and who it is that reads."""

    site: Site
    names: Sequence[str]
    rules: Rules
    who: str

    def report(self, view: View | None, now_s: float) -> ArrayReport:
        """How the last tick found the site; ages go on. Before the first tick nothing is known."""
        low_deg, high_deg = self.rules.limits.elevation_range_deg
        elevation_range_deg = (low_deg, min(high_deg, ZENITH_DEG))
        if view is None:
            unknown = tuple(TrackerReport(name=name, state=TrackerState.UNKNOWN) for name in self.names)
            return ArrayReport(name=self.site.name, trackers=unknown, elevation_range_deg=elevation_range_deg)
        inputs = view.snapshot.inputs
        return ArrayReport(
            name=self.site.name,
            trackers=self._trackers(view, now_s),
            local_time=_local_time(view, self.site.timezone),
            gust_m_s=float(inputs.gust_m_s) if np.isfinite(inputs.gust_m_s) else np.nan,
            gust_age_s=float(inputs.wind_age_s) + now_s - view.at_s,
            elevation_range_deg=elevation_range_deg,
        )

    def _trackers(self, view: View, now_s: float) -> tuple[TrackerReport, ...]:
        seen = view.snapshot.inputs.heads
        here_deg, target_deg = self._sky_deg(seen.pose), self._sky_deg(view.snapshot.decision.target)
        return tuple(
            self._tracker(view, head, now_s, here if seen.trusted[head] else (np.nan, np.nan), target)
            for head, (here, target) in enumerate(zip(here_deg, target_deg, strict=True))
        )

    def _sky_deg(self, pose: AxisPose) -> list[tuple[float, float]]:
        normals_enu = self.rules.pointing.to_sky(pose)
        return list(zip(azimuth_deg(normals_enu).tolist(), elevation_deg(normals_enu).tolist(), strict=True))

    def _tracker(
        self, view: View, head: int, now_s: float, here: tuple[float, float], target: tuple[float, float]
    ) -> TrackerReport:
        fault = int(view.snapshot.inputs.heads.fault[head])
        return TrackerReport(
            name=self.names[head],
            state=self._state(view, head, now_s),
            azimuth_deg=here[0],
            elevation_deg=here[1],
            azimuth_target_deg=target[0],
            elevation_target_deg=target[1],
            flags=self._flags(view, head),
            stow_reasons=self._stow_reasons(view, head),
            fault_code=fault,
            azimuth_obstructed=fault in AZIMUTH_FAULTS,
            elevation_obstructed=fault in ELEVATION_FAULTS,
            silent_s=view.silent_s(head, now_s),
        )

    def _state(self, view: View, head: int, now_s: float) -> TrackerState:
        """What somebody on site holds is said of a silent head too."""
        state = State(view.snapshot.decision.states[head])
        silent = view.is_silent(head, now_s, self.rules.safety.link_lease_s)
        return TrackerState.SILENT if silent and state not in HELD_ON_SITE else STATES[state]

    def _flags(self, view: View, head: int) -> Flag:
        seen = view.snapshot.inputs.heads
        flat = abs(seen.elevation_deg[head] - FLAT_ELEVATION_DEG) <= self.rules.settled_deg
        said = {
            Flag.POSITION_TRUSTED: seen.trusted[head],
            Flag.MOVING: seen.moving[head],
            Flag.DRIVE_ENABLED: seen.enabled[head],
            Flag.HELD: seen.held[head],
            Flag.FLAT: flat,
        }
        return reduce(or_, (flag for flag, holds in said.items() if holds), Flag(0))

    def _stow_reasons(self, view: View, head: int) -> StowReason:
        """Who has asked, and what the wind and the link do; another reason where none of these is known."""
        snapshot, askers = view.snapshot, view.stows[head]
        stowing, why = State(snapshot.decision.states[head]) in STOWING, snapshot.why[head]
        silent = snapshot.inputs.heads.silent_s[head] > self.rules.safety.link_lease_s
        said = {
            StowReason.SCADA: self.who in askers,
            StowReason.PERSON: PERSON in askers,
            StowReason.WIND: stowing and view.windy,
            StowReason.LINK: stowing and (why == Event.LINK_LOST.name or bool(silent)),
        }
        known = reduce(or_, (reason for reason, holds in said.items() if holds), StowReason(0))
        another = bool(askers - {self.who, PERSON}) or (stowing and not known)
        return known | (StowReason.OTHER if another else StowReason(0))


def _local_time(view: View, timezone: str) -> datetime:
    moment: datetime = view.snapshot.utc.astype("datetime64[us]").item()
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(timezone))
