"""How a simulated head takes each command: what forbids it, and what it does."""

from collections.abc import Callable, Mapping
from typing import Final

from firmware_bridge.simulator.device import Head
from firmware_bridge.wire import schema
from firmware_bridge.wire.schema import AxisName, Fault, Message, Option, Refusal

KNOWN_OPTIONS: Final = sum(Option)

CONDITIONS: Final[Mapping[Refusal, Callable[[Head], bool]]] = {
    Refusal.EMERGENCY_STOP: lambda head: head.emergency_stop,
    Refusal.DRIVE_DISABLED: lambda head: not head.drive_enabled,
    Refusal.FAULT_LATCHED: lambda head: head.fault is not Fault.NONE,
    Refusal.WIND: lambda head: head.wind,
    Refusal.POSITION_NOT_TRUSTED: lambda head: not head.trusted,
    Refusal.MOVING: lambda head: head.moving,
}
_MOTION: Final = (Refusal.EMERGENCY_STOP, Refusal.DRIVE_DISABLED, Refusal.FAULT_LATCHED)
GUARDS: Final[Mapping[type[Message], tuple[Refusal, ...]]] = {
    schema.Move: (*_MOTION, Refusal.WIND, Refusal.POSITION_NOT_TRUSTED),
    schema.Stow: (*_MOTION, Refusal.POSITION_NOT_TRUSTED),
    schema.Home: (*_MOTION, Refusal.WIND),
    schema.Flatten: _MOTION,
    schema.Fold: _MOTION,
    schema.Nudge: (*_MOTION, Refusal.WIND),
    schema.Clear: (Refusal.EMERGENCY_STOP,),
    schema.SetParameters: (Refusal.MOVING,),
}


def obey(head: Head, command: Message) -> Refusal | None:
    """Carry out a command, or say why not and change nothing."""
    for reason in GUARDS.get(type(command), ()):
        if CONDITIONS[reason](head):
            return reason
    action = ACTIONS.get(type(command))
    return Refusal.UNKNOWN_MESSAGE if action is None else action(head, command)


def obey_broadcast(head: Head, command: Message) -> None:
    """As `obey`, but a head that cannot stow stands still: nobody would hear it refuse."""
    if isinstance(command, schema.Stow):
        head.stow_or_stop()
    else:
        obey(head, command)


def called(head: Head, call: Message) -> bool:
    """Whether a call to all is one that this head answers; given an address, it has taken it then."""
    if isinstance(call, schema.FindSerial):
        return call.serial_low <= head.serial <= call.serial_high
    if not isinstance(call, schema.SetAddress) or call.serial != head.serial or head.moving:
        return False
    known = schema.FIRST_ADDRESS <= call.address <= schema.LAST_ADDRESS
    if known:
        head.address = call.address
    return known


def _move(head: Head, command: Message) -> Refusal | None:
    if not isinstance(command, schema.Move):
        return Refusal.UNKNOWN_MESSAGE
    allowed = head.parameters
    if not (
        allowed.azimuth_min_counts <= command.azimuth_counts <= allowed.azimuth_max_counts
        and allowed.elevation_min_counts <= command.elevation_counts <= allowed.elevation_max_counts
    ):
        return Refusal.OUTSIDE_TRAVEL
    rates = command.azimuth_rate_counts_s, command.elevation_rate_counts_s
    fastest = allowed.azimuth_rate_max_counts_s, allowed.elevation_rate_max_counts_s
    if not (0 < rates[0] <= fastest[0] and 0 < rates[1] <= fastest[1]):
        return Refusal.RATE_NOT_ALLOWED
    head.move(command.azimuth_counts, command.elevation_counts, rates)
    return None


def _nudge(head: Head, command: Message) -> Refusal | None:
    if not isinstance(command, schema.Nudge) or command.axis not in set(AxisName):
        return Refusal.INVALID_PARAMETERS
    name = AxisName(command.axis)
    now, low, high = _place_in_travel(head, name)
    if abs(command.target_counts - now) > head.parameters.nudge_max_counts:
        return Refusal.TOO_FAR
    if head.trusted and not low <= command.target_counts <= high:
        return Refusal.OUTSIDE_TRAVEL
    head.nudge(name, command.target_counts)
    return None


def _place_in_travel(head: Head, name: AxisName) -> tuple[int, int, int]:
    stored = head.parameters
    if name is AxisName.AZIMUTH:
        return head.azimuth_counts, stored.azimuth_min_counts, stored.azimuth_max_counts
    return head.elevation_counts, stored.elevation_min_counts, stored.elevation_max_counts


def _fold(head: Head, command: Message) -> Refusal | None:
    if not isinstance(command, schema.Fold) or command.folded > 1:
        return Refusal.INVALID_PARAMETERS
    if not head.foldable:
        return Refusal.NOT_FITTED
    if head.wind and not command.folded:
        return Refusal.WIND
    head.folded = bool(command.folded)
    return None


def _store(head: Head, command: Message) -> Refusal | None:
    if not isinstance(command, schema.ParameterBlock) or not _consistent(command):
        return Refusal.INVALID_PARAMETERS
    if command.options & Option.FOLD_WHEN_STOWED and not head.foldable:
        return Refusal.NOT_FITTED
    head.store(command)
    return None


def _consistent(wanted: schema.ParameterBlock) -> bool:
    azimuth = (wanted.azimuth_min_counts, wanted.azimuth_home_counts, wanted.azimuth_max_counts)
    elevation = (wanted.elevation_min_counts, wanted.elevation_home_counts, wanted.elevation_max_counts)
    stow = (wanted.elevation_min_counts, wanted.stow_elevation_counts, wanted.elevation_max_counts)
    ordered = all(low <= middle <= high and low < high for low, middle, high in (azimuth, elevation, stow))
    positive = (
        wanted.azimuth_rate_max_counts_s,
        wanted.elevation_rate_max_counts_s,
        wanted.azimuth_acceleration_counts_s2,
        wanted.elevation_acceleration_counts_s2,
        wanted.nudge_max_counts,
        wanted.lease_ms,
    )
    return ordered and min(positive) > 0 and not wanted.options & ~KNOWN_OPTIONS


def _simply(action: Callable[[Head], None]) -> Callable[[Head, Message], Refusal | None]:
    def obeying(head: Head, command: Message) -> Refusal | None:
        action(head)
        return None

    return obeying


ACTIONS: Final[Mapping[type[Message], Callable[[Head, Message], Refusal | None]]] = {
    schema.GetStatus: _simply(lambda head: None),
    schema.KeepAlive: _simply(lambda head: None),
    schema.Move: _move,
    schema.Stop: _simply(Head.hold),
    schema.Stow: _simply(Head.stow),
    schema.Home: _simply(Head.home),
    schema.Flatten: _simply(Head.flatten),
    schema.Clear: _simply(Head.clear_fault),
    schema.Enable: _simply(Head.enable),
    schema.Disable: _simply(Head.disable),
    schema.Fold: _fold,
    schema.Nudge: _nudge,
    schema.SetParameters: _store,
}
