"""Heads reached without a run: their ports are opened for one command, and every head is told by itself.

A head that is then left alone stows when its lease ends, unless it is stopped, locked, faulty, or does not
know its position.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from firmware_bridge.driver import open_bus
from firmware_bridge.errors import BridgeError, CommandRefused, DeviceFault, PortUnavailable
from firmware_bridge.mounts import Mount
from firmware_bridge.reports import AxisLimits, AxisStatus
from tracker.aiming.postures import FLAT_ELEVATION_DEG
from tracker.app.assemble import SIMULATED, axis_limits, bridges_of, heads_of_bridges
from tracker.errors import DeviceUnavailable, RefusedForSafety
from tracker.operations.asking import heads_from
from tracker.plant import Bridge, Plant

Action = Callable[[Mount], AxisStatus]
FLAT_WITHIN_DEG: Final = 0.15  # the flat switch itself may stay open for as much as the gear has play
NO_RUN: Final = "sim: heads live only inside a run; start `sunflower run SITE` first"
STAYS_STOPPED: Final = (
    "position unknown, so it cannot go flat and stays stopped; `sunflower home` it, or start `sunflower run`"
)
REFUSALS: Final = (CommandRefused, DeviceFault, RefusedForSafety)

STATES: Final[tuple[tuple[str, Callable[[AxisStatus], bool]], ...]] = (  # the first that fits
    ("EMERGENCY", lambda status: status.emergency_stop),
    ("LOCKED", lambda status: not status.drive_enabled),
    ("FAULT", lambda status: status.fault_code != 0),
    ("STOPPED", lambda status: status.held),
    ("HOMING", lambda status: status.homing),
    ("UNTRUSTED", lambda status: not status.position_trusted),
    ("STOWING", lambda status: status.stowing),
    ("MOVING", lambda status: status.moving),
    ("STOWED", lambda status: abs(status.elevation_deg - FLAT_ELEVATION_DEG) <= FLAT_WITHIN_DEG),
    ("STANDING", lambda _status: True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What came of telling one head: how it is, or why it did not do it."""

    name: str
    status: AxisStatus | None = None
    error: Exception | None = None


def tell_each(
    plant: Plant, port: str | None, heads: Sequence[str], action: Action, *, goes: bool = False
) -> list[Told]:
    """Tell the heads named (none: all) one after the other; one that fails keeps no other from being told.

    Before an action after which they may go somewhere, heads whose limits this host keeps are given them.
    Raises InvalidInput for an unknown head, DeviceUnavailable where all ports are simulated, and
    PortUnavailable when no port can be had.
    """
    chosen = chosen_heads(plant, heads)
    refuse_simulated(plant, port, chosen)
    told: dict[str, Told] = {}
    for bridge, addresses in heads_of_bridges(plant.array, bridges_of(plant, port)):
        wanted = {name: address for name, address in addresses.items() if name in chosen}
        limits = axis_limits(plant) if goes else None
        told |= {one.name: one for one in _tell_line(bridge, wanted, action, limits)}
    errors = [one.error for one in told.values()]
    if all(isinstance(error, PortUnavailable) for error in errors) and errors[0]:
        raise errors[0]
    return [told[name] for name in chosen]


def document_of(plant: Plant, told: Sequence[Told]) -> Mapping[str, Any]:
    """The JSON of what came of it; heads like those of `sunflower status`, states as far as they can say."""
    return {
        "through": "ports",
        "site": plant.site.name,
        "heads": [_head(one) for one in told],
    }


def chosen_heads(plant: Plant, heads: Sequence[str]) -> tuple[str, ...]:
    """The heads named, in the array's order; none named means all. Raises InvalidInput for an unknown one."""
    return tuple(plant.array.names[index] for index in heads_from(list(heads), plant.array.names))


def refuse_simulated(plant: Plant, port: str | None, chosen: Sequence[str]) -> None:
    """Raises DeviceUnavailable when all heads chosen are simulated ones: without a run there are none."""
    lines = heads_of_bridges(plant.array, bridges_of(plant, port))
    if all(bridge.port == SIMULATED for bridge, heads in lines if set(heads) & set(chosen)):
        raise DeviceUnavailable(NO_RUN)


def stow(head: Mount) -> AxisStatus:
    """Start the head toward flat, unless a person has stopped it: stop outranks stow."""
    _refuse_held(head.status())
    return head.stow()


def let_go(head: Mount) -> AxisStatus:
    """End a stop. Nobody leads the head now, so it goes where heads go that nobody leads: flat.

    One that does not know its position cannot go there: RefusedForSafety; homing ends its stop.
    """
    status = head.status()
    if status.held and not status.position_trusted:
        raise RefusedForSafety(STAYS_STOPPED)
    return head.stow() if status.held else status


def unlock(head: Mount) -> AxisStatus:
    """Switch the drive on; stopped first, so that it moves nothing, not even when the lease ends."""
    head.stop()
    return head.enable()


def _refuse_held(status: AxisStatus) -> None:
    if status.held:
        raise RefusedForSafety("it is stopped; `sunflower release` lets it go")


def _tell_line(
    bridge: Bridge, addresses: Mapping[str, int], action: Action, limits: AxisLimits | None
) -> list[Told]:
    if not addresses or bridge.port == SIMULATED:
        return [Told(name=name, error=DeviceUnavailable(NO_RUN)) for name in addresses]
    try:
        with open_bus(bridge.port, bridge.protocol, baud=bridge.baud) as bus:
            mounts = {name: bus.mount(address) for name, address in addresses.items()}
            first = None if limits is None or bus.capabilities.stores_limits else limits
            return [_tell(name, mount, action, first) for name, mount in mounts.items()]
    except BridgeError as error:
        return [Told(name=name, error=error) for name in addresses]


def _tell(name: str, head: Mount, action: Action, limits: AxisLimits | None) -> Told:
    try:
        if limits is not None:
            head.configure(limits)
        return Told(name=name, status=action(head))
    except REFUSALS as error:
        return Told(name=name, status=_how_it_is(head), error=error)
    except BridgeError as error:
        return Told(name=name, error=error)


def _how_it_is(head: Mount) -> AxisStatus | None:
    try:
        return head.status()
    except BridgeError:
        return None  # it has gone silent meanwhile; the refusal is what is told


def _head(told: Told) -> dict[str, Any]:
    status = told.status
    says = str(told.error or "")
    if status is None:
        unknown = {"state": "SILENT", "azimuth_deg": None, "elevation_deg": None, "silent_s": None}
        return {"name": told.name, **unknown, "moving": False, "trusted": False, "fault": 0, "says": says}
    return {
        "name": told.name,
        "state": next(name for name, holds in STATES if holds(status)),
        "azimuth_deg": round(status.azimuth_deg, 4),
        "elevation_deg": round(status.elevation_deg, 4),
        "silent_s": 0.0,
        "moving": status.moving,
        "trusted": status.position_trusted,
        "fault": status.fault_code,
        "wind_contact": status.wind_contact,
        "folded": status.folded,
        "says": says,
    }
