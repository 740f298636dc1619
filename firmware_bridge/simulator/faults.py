"""What can be made to go wrong with a simulated head, by name."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from firmware_bridge.simulator.line import Station
from firmware_bridge.simulator.plant import Axis
from firmware_bridge.wire.schema import ResetCause


def inject(station: Station, faults: Mapping[str, Any]) -> None:
    """Apply each named fault with its value. Raises ValueError for unknown names and values.

    emergency_stop, silent, power, azimuth_jammed, elevation_jammed, azimuth_home_dead and
    elevation_home_dead are true or false; reset is the name of a `ResetCause`.
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


def _jam(axis: Callable[[Station], Axis]) -> Callable[[Station, Any], None]:
    def set_jammed(station: Station, jammed: Any) -> None:
        axis(station).jammed = bool(jammed)

    return set_jammed


def _kill_home_switch(axis: Callable[[Station], Axis]) -> Callable[[Station, Any], None]:
    def set_dead(station: Station, dead: Any) -> None:
        axis(station).home_dead = bool(dead)

    return set_dead


INJECTIONS: Final[Mapping[str, Callable[[Station, Any], None]]] = {
    "emergency_stop": lambda station, pressed: station.head.press_emergency_stop(bool(pressed)),
    "silent": _silence,
    "power": _power,
    "reset": _reset,
    "azimuth_jammed": _jam(lambda station: station.head.azimuth),
    "elevation_jammed": _jam(lambda station: station.head.elevation),
    "azimuth_home_dead": _kill_home_switch(lambda station: station.head.azimuth),
    "elevation_home_dead": _kill_home_switch(lambda station: station.head.elevation),
}
