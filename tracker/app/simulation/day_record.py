"""A simulated day as the tables of its report, filled tick by tick."""

from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from tracker.aiming.diffuse import leaned
from tracker.aiming.facing import desired_normals
from tracker.aiming.shade_avoidance import AimTable
from tracker.decision.states import Event, State
from tracker.decision.values import Decision, Inputs
from tracker.frames import angle_between_deg, azimuth_deg, elevation_deg
from tracker.operations.words import WHY
from tracker.plant import Plant
from tracker.report.tables import DayEvent, DayTables, PointingErrors
from tracker.units import FloatArray, UtcArray


class DayRecord:
    """Collects what each tick saw and decided, and where the panels really faced."""

    def __init__(self, plant: Plant, avoidance: AimTable | None) -> None:
        self._plant, self._avoidance = plant, avoidance
        self._utc: list[np.datetime64] = []
        self._sun_enu: list[FloatArray] = []
        self._gust_m_s: list[float] = []
        self._states: list[list[str]] = []
        self._error_deg: list[FloatArray] = []
        self._changes: list[tuple[np.datetime64, int, str, str]] = []

    @property
    def heads(self) -> int:
        """How many heads."""
        return self._plant.array.size

    def add(
        self, utc: np.datetime64, inputs: Inputs, decision: Decision, true_normal_enu: FloatArray
    ) -> None:
        """One tick, with the panels' true normals (H, 3)."""
        wanted = leaned(desired_normals(inputs.sun_enu, self.heads, self._avoidance), decision.leaning)
        error_deg = angle_between_deg(true_normal_enu, wanted)
        self._utc.append(utc)
        self._sun_enu.append(inputs.sun_enu)
        self._gust_m_s.append(float(inputs.gust_m_s))
        self._states.append([State(state).name for state in decision.states])
        self._error_deg.append(np.where(decision.settled, error_deg, np.nan))
        for head in np.flatnonzero(decision.reason >= 0).tolist():
            became, why = State(decision.states[head]).name.lower(), WHY[Event(decision.reason[head])]
            self._changes.append((utc, head, became, why))

    def settled_errors_deg(self) -> FloatArray:
        """Angle between panel normals and where they wish to look (T, H); NaN where a head is not settled."""
        return np.array(self._error_deg)

    def tables(self, before_deg: FloatArray) -> DayTables:
        """The day for the report; before_deg (S, H) is how far off the heads were before calibration."""
        after_deg, sun_enu = self.settled_errors_deg(), np.array(self._sun_enu)
        names = self._plant.array.names
        local_time = self._local(np.array(self._utc))
        date = np.datetime_as_string(local_time[0], unit="D")
        return DayTables(
            about=f"A simulation of {date}: the controller's own code drove {self.heads} simulated heads, "
            "built a little crooked, over a real serial line.",
            local_time=local_time,
            sun_apparent_elevation_deg=elevation_deg(sun_enu),
            sun_azimuth_deg=azimuth_deg(sun_enu),
            gust_m_s=np.array(self._gust_m_s),
            heads=names,
            state=np.array(self._states),
            events=self._events(),
            pointing=PointingErrors(
                heads=names,
                median_before_deg=np.median(before_deg, axis=0),
                max_before_deg=np.max(before_deg, axis=0),
                median_after_deg=np.nanmedian(after_deg, axis=0),
                max_after_deg=np.nanmax(after_deg, axis=0),
            ),
            stow_gust_m_s=self._plant.safety.stow_gust_m_s,
        )

    def _events(self) -> tuple[DayEvent, ...]:
        """Changes of state; heads that did the same at once share a line."""
        together: dict[tuple[np.datetime64, str, str], list[str]] = {}
        for utc, head, became, why in self._changes:
            together.setdefault((utc, became, why), []).append(self._plant.array.names[head])
        local = self._local(np.array([utc for utc, _, _ in together]))
        return tuple(
            DayEvent(time=time, head=self._said(heads), what=became, why=why)
            for time, ((_, became, why), heads) in zip(local, together.items(), strict=True)
        )

    def _said(self, heads: list[str]) -> str:
        return f"all {self.heads} heads" if len(heads) == self.heads else ", ".join(heads)

    def _local(self, utc: UtcArray) -> UtcArray:
        zone = ZoneInfo(self._plant.site.timezone)
        return np.asarray(pd.DatetimeIndex(utc).tz_localize("UTC").tz_convert(zone).tz_localize(None))
