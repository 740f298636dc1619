"""What a running site says of itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tracker.decision.states import Event, State
from tracker.decision.values import Decision, Inputs
from tracker.frames import azimuth_deg, elevation_deg
from tracker.operations.words import CONTACT


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Snapshot:
    """The last tick of a run; why[h] is the last reason that head h gave."""

    utc: np.datetime64
    inputs: Inputs
    decision: Decision
    why: tuple[str, ...]


def after(last: Snapshot | None, utc: np.datetime64, inputs: Inputs, decision: Decision) -> Snapshot:
    """The snapshot of a new tick."""
    before = last.why if last else ("",) * decision.states.size
    changed = decision.reason.tolist()
    why = tuple(Event(r).name if r >= 0 else old for r, old in zip(changed, before, strict=True))
    return Snapshot(utc=utc, inputs=inputs, decision=decision, why=why)


def status_document(site: str, names: Sequence[str], snapshot: Snapshot) -> dict[str, Any]:
    """The JSON of `sunflower status`; unknown numbers are null."""
    inputs, decision = snapshot.inputs, snapshot.decision
    return {
        "site": site,
        "utc": f"{np.datetime_as_string(snapshot.utc, unit='s')}Z",
        "sun": {
            "azimuth_deg": _rounded(azimuth_deg(inputs.sun_enu)),
            "apparent_elevation_deg": _rounded(elevation_deg(inputs.sun_enu)),
        },
        "wind": {
            "gust_m_s": _rounded(inputs.gust_m_s),
            "contact": CONTACT.get(float(inputs.gust_m_s)),
            "age_s": _rounded(inputs.wind_age_s),
        },
        "irradiance": {"ghi_w_m2": _rounded(inputs.ghi_w_m2), "age_s": _rounded(inputs.ghi_age_s)},
        "heads": [_head(names[h], h, snapshot) for h in range(decision.states.size)],
    }


def _head(name: str, h: int, snapshot: Snapshot) -> dict[str, Any]:
    seen, decision = snapshot.inputs.heads, snapshot.decision
    return {
        "name": name,
        "state": State(decision.states[h]).name,
        "why": snapshot.why[h],
        "azimuth_deg": _rounded(seen.azimuth_deg[h]),
        "elevation_deg": _rounded(seen.elevation_deg[h]),
        "target_azimuth_deg": _rounded(decision.target.azimuth_deg[h]),
        "target_elevation_deg": _rounded(decision.target.elevation_deg[h]),
        "settled": bool(decision.settled[h]),
        "leaning": _rounded(decision.leaning[h]),
        "moving": bool(seen.moving[h]),
        "trusted": bool(seen.trusted[h]),
        "fault": int(seen.fault[h]),
        "wind_contact": bool(seen.wind_contact[h]),
        "folded": bool(seen.folded[h]),
        "silent_s": _rounded(seen.silent_s[h]),
    }


def _rounded(value: Any) -> float | None:
    number = float(value)
    return round(number, 4) if np.isfinite(number) else None
