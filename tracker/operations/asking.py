"""What a person asks of a running site, checked against what its heads can do now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from tracker.aiming.limits import inside
from tracker.decision.states import TRANSITIONS, Event, State
from tracker.decision.values import Decision, Inputs, Request, Rules
from tracker.errors import InvalidInput, RefusedForSafety, TravelExceeded
from tracker.frames import AxisPose
from tracker.plant import Limits, Safety
from tracker.ports.wind import CONTACT_WIND_M_S

VERBS: Final[Mapping[str, Event]] = {
    "stop": Event.STOP,
    "stow": Event.STOW,
    "release": Event.RELEASE,
    "home": Event.HOME,
    "jog": Event.JOG,
    "lock": Event.LOCK,
    "unlock": Event.UNLOCK,
    "clear": Event.CLEARED,
}
ALWAYS: Final = ("stop", "stow", "release", "lock")  # never refused: they hold heads, or only let go
IN_CALM: Final = ("jog", "home")
MOST_DEG: Final = 1e6  # what is beyond is no angle; a whole number of JSON may be too large for a float
NEXT_ACTION: Final[Mapping[State, str]] = {
    State.STARTING: "it has not answered yet; look at its line",
    State.UNTRUSTED: "it is homed by itself when the wind is calm",
    State.HOMING: "wait until it is homed",
    State.FLATTENING: "wait for calm",
    State.STOWING: "wait for calm, or `release` a stow that was asked for",
    State.STOWED: "wait for calm, or `release` a stow that was asked for",
    State.FAULT: "look for the cause at the head, then `clear`",
    State.LOCKING: "`lock --off` when nobody is at the machine",
    State.LOCKED: "`lock --off` when nobody is at the machine",
    State.STOPPED: "`release` it first",
    State.EMERGENCY: "turn the emergency stop back at the head, then `release`",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A verb with the heads it is for, by index, and the pose of a jog."""

    verb: str
    heads: tuple[int, ...]
    azimuth_deg: float = np.nan
    elevation_deg: float = np.nan


def asked_from(document: Mapping[str, Any], names: Sequence[str]) -> Asked:
    """A call's JSON as a value. Raises InvalidInput for an unknown verb, head or angle."""
    verb = str(document.get("verb"))
    if verb not in VERBS:
        raise InvalidInput(f"verb {verb!r} is unknown; use one of {', '.join(VERBS)} or status")
    heads = heads_from(document.get("heads"), names)
    if verb != "jog":
        return Asked(verb=verb, heads=heads)
    return Asked(
        verb=verb,
        heads=heads,
        azimuth_deg=_angle(document, "azimuth_deg"),
        elevation_deg=_angle(document, "elevation_deg"),
    )


def heads_from(wanted: object, names: Sequence[str]) -> tuple[int, ...]:
    """Head names as indices; none, or an empty list, means all. Raises InvalidInput for an unknown one."""
    if wanted is None or wanted == []:
        return tuple(range(len(names)))
    if not isinstance(wanted, list | tuple):
        raise InvalidInput(f"heads is {wanted!r}; give a list of names such as {names[0]}")
    strangers = [name for name in wanted if name not in names]
    if strangers:
        raise InvalidInput(f"no head {strangers[0]!r} on this site; it has {names[0]} to {names[-1]}")
    return tuple(sorted({names.index(name) for name in wanted}))


def request_of(asked: Asked) -> Request:
    """The same as a request to the machine."""
    return Request(
        event=VERBS[asked.verb],
        heads=asked.heads,
        azimuth_deg=asked.azimuth_deg,
        elevation_deg=asked.elevation_deg,
    )


def refuse_unfit(
    asked: Asked, names: Sequence[str], inputs: Inputs, decision: Decision, rules: Rules
) -> None:
    """Raises RefusedForSafety for a head that must not do this now, given what was last seen and decided.

    Raises TravelExceeded for a jog past the end of travel. What only holds heads is never refused.
    """
    if asked.verb in ALWAYS:
        return
    _refuse_by_state(asked, names, decision)
    if asked.verb in IN_CALM:
        refuse_in_wind(asked.verb, float(inputs.gust_m_s), float(inputs.wind_age_s), rules.safety)
    if asked.verb == "jog":
        _refuse_unknown_positions(asked, names, inputs)
        refuse_past_travel(asked.azimuth_deg, asked.elevation_deg, rules.limits)


def refuse_in_wind(verb: str, gust_m_s: float, wind_age_s: float, safety: Safety) -> None:
    """Raises RefusedForSafety unless the wind is known and calm."""
    if np.isnan(gust_m_s):
        raise RefusedForSafety(f"{verb}: there is no wind reading; look at the wind sensor first")
    if wind_age_s > safety.wind_stale_after_s:
        raise RefusedForSafety(
            f"{verb}: the wind reading is {wind_age_s:.1f} s old, {safety.wind_stale_after_s:g} s is the "
            "most; look at the wind sensor first"
        )
    if gust_m_s == CONTACT_WIND_M_S:
        raise RefusedForSafety(f"{verb}: a wind contact feels wind; wait for calm")
    if gust_m_s >= safety.release_gust_m_s:
        raise RefusedForSafety(
            f"{verb}: a gust of {gust_m_s:.1f} m/s is not below "
            f"{safety.release_gust_m_s:.1f} m/s; wait for calm"
        )


def refuse_past_travel(azimuth_deg: float, elevation_deg: float, limits: Limits) -> None:
    """Raises TravelExceeded for angles outside the mount's travel."""
    pose = AxisPose(azimuth_deg=np.array(azimuth_deg), elevation_deg=np.array(elevation_deg))
    if bool(inside(pose, limits)):
        return
    for axis, wanted_deg, (low_deg, high_deg) in (
        ("azimuth", azimuth_deg, limits.azimuth_range_deg),
        ("elevation", elevation_deg, limits.elevation_range_deg),
    ):
        if not low_deg <= wanted_deg <= high_deg:
            raise TravelExceeded(axis, wanted_deg, low_deg if wanted_deg < low_deg else high_deg)


def _refuse_unknown_positions(asked: Asked, names: Sequence[str], inputs: Inputs) -> None:
    unknown = [names[head] for head in asked.heads if not inputs.heads.trusted[head]]
    if unknown:
        raise RefusedForSafety(
            f"jog is refused, nothing moves: {', '.join(unknown)} must find its position first; "
            "wait until it is homed"
        )


def _refuse_by_state(asked: Asked, names: Sequence[str], decision: Decision) -> None:
    event, refusals = VERBS[asked.verb], []
    for head in asked.heads:
        state = State(decision.states[head])
        if (state, event) not in TRANSITIONS:
            hint = NEXT_ACTION.get(state, "there is nothing to do")
            refusals.append(f"{names[head]} is {state.name}: {hint}")
    if refusals:
        raise RefusedForSafety(f"{asked.verb} is refused, nothing moves\n  " + "\n  ".join(refusals))


def _angle(document: Mapping[str, Any], name: str) -> float:
    value = document.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= MOST_DEG:
        raise InvalidInput(f"jog: {name} is {value!r}; give degrees on the axis")
    return float(value)
