"""Why a head is in its state, and the wind, in words for people; the names stay with journals and JSON."""

import math
from collections.abc import Mapping
from typing import Final

from tracker.decision.states import Event
from tracker.ports.wind import CONTACT_CALM_M_S, CONTACT_WIND_M_S

CONTACT: Final[Mapping[float, str]] = {CONTACT_WIND_M_S: "wind", CONTACT_CALM_M_S: "calm"}

FOLDED: Final = "petals told to fold"  # what they do, no head can tell

WHY: Final[Mapping[Event, str]] = {
    Event.FOUND_OFF: "its drive was switched off before this run",
    Event.FOUND_HELD: "somebody stopped it before this run",
    Event.CALM: "nothing asks for a stow",
    Event.SUN_UP: "the sun is up",
    Event.SUN_DOWN: "the sun is down, or long behind the skyline",
    Event.JOG: "a person moves it",
    Event.MAY_HOME: "it does not know its position, and the wind is calm",
    Event.HOMED: "it knows its position",
    Event.HOME: "a person asked for it",
    Event.ARRIVED: "it has arrived",
    Event.STOW: "a person asked for it",
    Event.LINK_LOST: "it has not answered for longer than its lease",
    Event.WIND_HIGH: "the wind is high, or unknown",
    Event.POSITION_LOST: "its position is not known",
    Event.FAULT: "it reports a fault",
    Event.CLEARED: "its fault is cleared",
    Event.LOCK: "a person locked it",
    Event.UNLOCK: "a person unlocked it",
    Event.RELEASE: "a person released it",
    Event.STOP: "a person said stop",
    Event.EMERGENCY: "its emergency stop is pressed",
    Event.EMERGENCY_OVER: "its emergency stop is turned back",
    Event.DIFFUSE: "it lies flatter than the sun asks for, for the diffuse light of clouds",
    Event.DIRECT: "it faces the sun again: no clouds, or no irradiance reading",
}


def gust_words(gust_m_s: float) -> str:
    """The wind of a tick; a contact knows no speed."""
    if math.isnan(gust_m_s):
        return "no wind reading"
    said = CONTACT.get(gust_m_s)
    return f"gust {gust_m_s:.1f} m/s" if said is None else f"wind contact: {said}"
