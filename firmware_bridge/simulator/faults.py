"""What can be made to go wrong with a simulated head, by name."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from firmware_bridge.simulator.line import Station
from firmware_bridge.wire.schema import ResetCause


def inject(station: Station, faults: Mapping[str, Any]) -> None:
    """Apply each named fault with its value. Raises ValueError for unknown names and values.

    All are true or false, but `reset`, which is the name of a `ResetCause`.
    """
    for name, value in faults.items():
        if name not in INJECTIONS:
            raise ValueError(f"fault {name!r} is unknown; use one of: {', '.join(sorted(INJECTIONS))}")
        INJECTIONS[name](station, value)


def _silence(station: Station, silent: Any) -> None:
    station.silent = bool(silent)


def _power(station: Station, on: Any) -> None:
    if on and not station.head.powered:
        station.head.boot(ResetCause.POWER_ON)
    elif not on:
        station.head.lose_power()


def _reset(station: Station, cause: Any) -> None:
    causes = {each.name.lower(): each for each in ResetCause}
    if cause not in causes:
        raise ValueError(f"reset cause {cause!r} is unknown; use one of: {', '.join(causes)}")
    station.head.reset(causes[cause])


def _feel_wind(station: Station, blows: Any) -> None:
    station.head.wind_contact = bool(blows)


def _damage_storage(station: Station, damaged: Any) -> None:
    station.head.storage_damaged = bool(damaged)


def _on(axis_name: str, flag: str) -> Callable[[Station, Any], None]:
    def set_flag(station: Station, holds: Any) -> None:
        setattr(getattr(station.head, axis_name), flag, bool(holds))

    return set_flag


AXIS_FAULTS: Final[Mapping[str, str]] = {
    "jammed": "jammed",
    "home_dead": "home_dead",
    "reversed": "reversed",
    "end_stop": "end_switch_stuck",
}
INJECTIONS: Final[Mapping[str, Callable[[Station, Any], None]]] = {
    "emergency_stop": lambda station, pressed: station.head.press_emergency_stop(bool(pressed)),
    "silent": _silence,
    "power": _power,
    "reset": _reset,
    "wind_contact": _feel_wind,
    "storage_damaged": _damage_storage,
    **{
        f"{axis}_{name}": _on(axis, flag)
        for axis in ("azimuth", "elevation")
        for name, flag in AXIS_FAULTS.items()
    },
}
