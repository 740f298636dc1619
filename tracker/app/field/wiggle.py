"""Which head is which, and which way do its motors turn: each is turned a little while somebody looks."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from firmware_bridge.driver import open_bus
from firmware_bridge.errors import BridgeError, RemoteProtocolError
from firmware_bridge.mount import HeadMount
from firmware_bridge.reports import AxisStatus
from firmware_bridge.wire.schema import AxisName
from tracker.errors import RefusedForSafety

NUDGE_DEG: Final = 1.0  # chosen: seen from the ground, half of what a device allows by default
LOOKS_EVERY_S: Final = 0.2
ARRIVES_WITHIN_S: Final = 60.0  # chosen: a degree at a sixtieth of a degree a second
LOWER_FROM_DEG: Final = 45.0  # above this the panel is tilted down, below up: away from the nearer end

Ask = Callable[[str], str]
Say = Callable[[str], None]
Pause = Callable[[float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What somebody saw of one device. The directions are None where nobody could tell."""

    address: int
    name: str | None
    azimuth_right: bool | None
    elevation_right: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    axis: AxisName
    by_deg: float
    says: str
    question: str


def wiggled(
    url: str,
    addresses: Sequence[int],
    *,
    ask: Ask,
    say: Say,
    pause: Pause = time.sleep,
    baud: int | None = None,
) -> list[Seen]:
    """Turn each native device in turn by a degree and back, and ask what was seen.

    `ask` puts a question to whoever looks; an empty answer skips. `baud` is the line's speed, bit/s; None is
    that of the protocol. Whatever happens, the device is stopped in the end and holds where it is until it is
    released.

    Raises RefusedForSafety when it must not be turned, RemoteProtocolError for heads that cannot be nudged.
    """
    seen = []
    with open_bus(url, "native", baud=baud) as bus:
        for address in addresses:
            mount = bus.mount(address)
            if not isinstance(mount, HeadMount):
                raise RemoteProtocolError("only native devices can be nudged; move others with `jog`")
            try:
                seen.append(_looked_at(mount, ask, say, pause))
            finally:
                mount.stop()
                say(f"device {address} holds where it is until it is homed or released")
    return seen


def directions_of(seen: Sequence[Seen]) -> list[str]:
    """What is wrong with the motors' directions, a sentence each."""
    wrong = []
    for one in seen:
        who = one.name or f"device {one.address}"
        if one.azimuth_right is False:
            wrong.append(f"{who}: azimuth turns backward; swap its motor's and its encoder's wires, both")
        if one.elevation_right is False:
            wrong.append(f"{who}: elevation turns backward; swap its motor's and its encoder's wires, both")
    return wrong


def site_file_line(seen: Sequence[Seen]) -> str | None:
    """The line for [[bridge]] in the site file that gives the heads their addresses."""
    named = sorted((one.name, one.address) for one in seen if one.name)
    return f"heads = {{ {', '.join(f'{name} = {address}' for name, address in named)} }}" if named else None


def _looked_at(mount: HeadMount, ask: Ask, say: Say, pause: Pause) -> Seen:
    status = _fit(mount)
    right: dict[AxisName, bool | None] = {AxisName.AZIMUTH: None, AxisName.ELEVATION: None}
    name: str | None = None
    for turn in _turns(status):
        say(f"device {mount.address}: {turn.says} by {NUDGE_DEG:g} deg and back; keep clear of all heads")
        if ask("Enter turns it, s skips").strip().lower() != "s":
            _there_and_back(mount, turn, pause)
            name = name or ask("Which head moved? Its name, or Enter if none was seen").strip() or None
            right[turn.axis] = _yes(ask(f"{turn.question} y, n, or Enter if you cannot tell"))
    return Seen(
        address=mount.address,
        name=name,
        azimuth_right=right[AxisName.AZIMUTH],
        elevation_right=right[AxisName.ELEVATION],
    )


def _fit(mount: HeadMount) -> AxisStatus:
    status = mount.status()
    reasons = {
        "its emergency stop is pressed: turn it back at the head": status.emergency_stop,
        "it is locked: `sunflower lock --off` when nobody is at it": not status.drive_enabled,
        "it has a fault: look for the cause, then `sunflower clear`": status.fault_code != 0,
        "it moves: `sunflower stop` it first": status.moving,
        "it feels wind: wait for calm": status.wind_contact,
    }
    unfit = [says for says, holds in reasons.items() if holds]
    if unfit:
        raise RefusedForSafety(f"device {mount.address} is not turned: {'; '.join(unfit)}")
    return status


def _turns(status: AxisStatus) -> tuple[_Turn, _Turn]:
    down = status.elevation_deg > LOWER_FROM_DEG
    return (
        _Turn(
            axis=AxisName.AZIMUTH,
            by_deg=NUDGE_DEG,
            says="it turns clockwise, seen from above,",
            question="Did it first turn clockwise, seen from above?",
        ),
        _Turn(
            axis=AxisName.ELEVATION,
            by_deg=-NUDGE_DEG if down else NUDGE_DEG,
            says=f"its panel tilts {'toward the horizon' if down else 'toward flat'}",
            question=f"Did the panel first tilt {'toward the horizon' if down else 'toward flat'}?",
        ),
    )


def _there_and_back(mount: HeadMount, turn: _Turn, pause: Pause) -> None:
    start = mount.status()
    from_deg = start.azimuth_deg if turn.axis is AxisName.AZIMUTH else start.elevation_deg
    for target_deg in (from_deg + turn.by_deg, from_deg):
        mount.nudge(turn.axis, target_deg)
        _wait(mount, pause)


def _wait(mount: HeadMount, pause: Pause) -> None:
    for _ in range(round(ARRIVES_WITHIN_S / LOOKS_EVERY_S)):
        if not mount.keep_alive().moving:
            return
        pause(LOOKS_EVERY_S)
    raise BridgeError(
        f"device {mount.address} still moves after {ARRIVES_WITHIN_S:g} s; look at the head and its motors"
    )


def _yes(answer: str) -> bool | None:
    return {"y": True, "yes": True, "n": False, "no": False}.get(answer.strip().lower())
