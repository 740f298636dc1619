"""Yaesu GS-232A and B, the side of the rotator: text in, text out.

Whole degrees, three digits each. A line that is not understood, or cannot be done, is dropped and answered
`?>`. `A` and `E` stop both axes: a stop never stops less than was asked. `X` sets the speed of R, L, U and D.

Commands: GS-232A and GS-232B manuals, as Hamlib's back ends use them. Timed tracking (T, M and W with lists),
calibration (O, F) and switching the range (P36, P45) are refused.
"""

import re
from enum import Enum
from typing import TYPE_CHECKING, Final

from firmware_bridge.dialects.rotator import LETTERS, Direction, Rotator, Verdict
from firmware_bridge.dialects.text import LineReader
from firmware_bridge.dialects.turns import TURN_DEG, as_said_deg, equivalent_deg

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NOT_UNDERSTOOD: Final = "?>\r\n"
SPEEDS: Final = 4


class Style(Enum):
    """How positions are said: azimuth alone, elevation alone, both."""

    A = ("+0{azimuth:03d}", "+0{elevation:03d}", "+0{azimuth:03d}+0{elevation:03d}")
    B = ("AZ={azimuth:03d}", "EL={elevation:03d}", "AZ={azimuth:03d}  EL={elevation:03d}")


class Gs232Server:
    """One conversation with one host. With a span of 450 deg, azimuths past the turn are said and heard."""

    finished: Final = False  # a serial line has no end

    def __init__(self, rotator: Rotator, style: Style, *, span_deg: int = 360) -> None:
        self._rotator, self._span_deg, self._speed = rotator, span_deg, SPEEDS
        self._reader = LineReader(b"\r\n")
        azimuth, elevation, both = style.value
        commands: Mapping[str, Callable[[re.Match[str]], str]] = {
            "C": lambda _: self._told(azimuth),
            "B": lambda _: self._told(elevation),
            "C2": lambda _: self._told(both),
            "[SAE]": lambda _: _confirmed(rotator.stop()),
            "[UDLR]": lambda match: self._turn(LETTERS[match[0]]),
            "M([0-9]{3})": lambda match: self._move(int(match[1]), None),
            "W([0-9]{3}) ([0-9]{3})": lambda match: self._move(int(match[1]), int(match[2])),
            f"X([1-{SPEEDS}])": lambda match: self._set_speed(int(match[1])),
        }
        self._commands = [(re.compile(pattern), command) for pattern, command in commands.items()]

    def receive(self, data: bytes) -> bytes:
        """The answers to bytes in any chunks."""
        return "".join(map(self._answer, self._reader.feed(data))).encode("ascii")

    def _answer(self, line: str) -> str:
        for pattern, command in self._commands:
            match = pattern.fullmatch(line)
            if match:
                return command(match)
        return NOT_UNDERSTOOD

    def _told(self, form: str) -> str:
        seen = self._rotator.look()
        if seen is None:
            return NOT_UNDERSTOOD
        azimuth_deg = round(seen.azimuth_deg)
        if not 0 <= azimuth_deg <= self._span_deg:
            azimuth_deg %= round(TURN_DEG)
        return form.format(azimuth=azimuth_deg, elevation=max(0, round(seen.elevation_deg))) + "\r\n"

    def _move(self, azimuth_deg: int, elevation_deg: int | None) -> str:
        seen = self._rotator.look()
        if seen is None or azimuth_deg > self._span_deg:
            return NOT_UNDERSTOOD
        wanted_deg = self._meant_deg(azimuth_deg, seen.azimuth_deg)
        if wanted_deg is None:
            return NOT_UNDERSTOOD
        return _confirmed(self._rotator.move_to(wanted_deg, elevation_deg))

    def _meant_deg(self, azimuth_deg: int, now_deg: float) -> float | None:
        travel_deg = self._rotator.travel.azimuth_range_deg
        says_turn = self._span_deg > TURN_DEG
        return (as_said_deg if says_turn else equivalent_deg)(azimuth_deg, travel_deg, now_deg)

    def _turn(self, direction: Direction) -> str:
        fastest_deg_s = self._rotator.travel.rate_deg_s(direction)
        return _confirmed(self._rotator.turn(direction, fastest_deg_s * self._speed / SPEEDS))

    def _set_speed(self, speed: int) -> str:
        self._speed = speed
        return ""


def _confirmed(verdict: Verdict) -> str:
    return "" if verdict is Verdict.DONE else NOT_UNDERSTOOD
