"""Hamlib's rotctld, the side of the client.

It asks for extended answers: they begin by repeating the command and end with its result, so that an answer
that comes late is never taken for another's.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from firmware_bridge.dialects.requests import Declined, GetPose, GetRange, GoTo, Halt, Obeyed, Pose, Range
from firmware_bridge.dialects.text import number
from firmware_bridge.errors import LocalProtocolError
from firmware_bridge.wire.schema import Message

RESULT: Final = re.compile(r"RPRT (-?[0-9]{1,4})")
ERRORS: Final[Mapping[int, str]] = {  # RIG_E... of hamlib/rig.h
    -1: "invalid parameter, or outside its range",
    -4: "not implemented",
    -5: "its rotator does not answer",
    -6: "its rotator cannot be reached",
    -8: "its rotator answers nonsense",
    -9: "rejected by its rotator",
    -11: "not available for its rotator",
}
POSE_KEYS: Final = ("Azimuth", "Elevation")
RANGE_KEYS: Final = ("Minimum Azimuth", "Maximum Azimuth", "Minimum Elevation", "Maximum Elevation")


class Rotctld:
    """Fits `text_session.Language`."""

    terminators: Final = b"\r\n"

    def said(self, message: Message, attempt: int) -> bytes:
        """A message as bytes."""
        return f"+\\{_command(message)}\n".encode("ascii")

    def silence_s(self, message: Message) -> float | None:
        """Everything is answered."""
        return None

    def understood(self, message: Message, lines: Sequence[str]) -> Message | None:
        """What stands between the echo of the command and its result."""
        name, *arguments = _command(message).split()
        echo = " ".join([f"{name}:", *arguments])
        if echo not in lines:
            return None
        said = lines[lines.index(echo) + 1 :]
        result = next((match for match in map(RESULT.fullmatch, said) if match), None)
        if result is None:
            return None
        code = int(result[1])
        if code != 0:
            return Declined(f"rotctld says {code}: {ERRORS.get(code, 'see Hamlib')}")
        return _answer(message, _values(said))


def _command(message: Message) -> str:
    if isinstance(message, GoTo):
        return f"set_pos {message.azimuth_deg:.2f} {message.elevation_deg:.2f}"
    names: Mapping[type[Message], str] = {GetPose: "get_pos", GetRange: "dump_state", Halt: "stop"}
    if type(message) not in names:
        raise LocalProtocolError(f"rotctld cannot be told {type(message).__name__}; use another protocol")
    return names[type(message)]


def _values(lines: Sequence[str]) -> dict[str, float]:
    pairs = (line.partition(": ") for line in lines)
    numbers = {key: number(text) for key, _, text in pairs}
    return {key: value for key, value in numbers.items() if value is not None}


def _answer(message: Message, values: Mapping[str, float]) -> Message | None:
    if isinstance(message, GetPose):
        if not values.keys() >= set(POSE_KEYS):
            return None
        azimuth_deg, elevation_deg = (values[key] for key in POSE_KEYS)
        return Pose(azimuth_deg=azimuth_deg, elevation_deg=elevation_deg)
    if isinstance(message, GetRange):
        if not values.keys() >= set(RANGE_KEYS):
            return None
        low, high, lowest, highest = (values[key] for key in RANGE_KEYS)
        return Range(azimuth_deg=(low, high), elevation_deg=(lowest, highest))
    return Obeyed()
