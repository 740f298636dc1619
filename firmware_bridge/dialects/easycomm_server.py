"""EasyComm II and III, the side of the rotator: text in, text out.

A line is obeyed whole or not at all: one word that is not understood, one axis named twice, or two kinds of
motion, and nothing moves. Only a stop is obeyed in a spoiled line. Nothing is ever said unasked, because
hosts take the first line for their answer.

Words and registers: easycomm.txt beside Hamlib's EasyComm back end. PARK and RESET are Hamlib's additions;
`;` separates like a space, since Hamlib 4.5 sends one behind the end of its register queries.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from firmware_bridge.dialects.rotator import LETTERS, Rotator, Seen
from firmware_bridge.dialects.text import LineReader, number
from firmware_bridge.dialects.turns import equivalent_deg

VERSION: Final = "1.0"
HEARD_AZIMUTH_DEG: Final = (-180.0, 450.0)  # chosen: what Hamlib lets any rotator have
IDLE, MOVING, ERROR = 1, 2, 8
MAX_SPEED: Final = "CR0"

STOPS: Final = frozenset({"SA", "SE"})
REGISTER: Final = re.compile(r"\bCR ([0-9a-f])\b")
# What concerns the radio, and is no business of ours. EasyComm I follows a frequency by a bare mode.
RADIO: Final = re.compile(r"(UM|DM)[A-Z0-9-]{0,8}|(UR|DR)[0-9]{1,3}|AO|LO|ST[0-9:]{1,17}")
FREQUENCY: Final = re.compile(r"(UP|DN)[0-9]{0,12}")
MODE: Final = re.compile(r"[A-Z][A-Z0-9-]{0,7}")
ANGLE: Final = re.compile(r"(AZ|EL)(\S+)")
TURN: Final = re.compile(r"M([UDLR])")
TURN_AT: Final = re.compile(r"V([UDLR])([0-9]{1,5})")  # mdeg/s


@dataclass(slots=True)
class _Line:
    """What one line asks for."""

    angles_deg: dict[str, float] = field(default_factory=dict)
    motions: list[Callable[[], object]] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)


class EasyCommServer:
    """One conversation with one host. `version` is 2 or 3: the latter knows velocities and registers."""

    finished: Final = False  # a serial line has no end

    def __init__(self, rotator: Rotator, *, version: int = 2) -> None:
        self._rotator = rotator
        self._reader = LineReader(b"\r\n")
        self._queries: dict[str, Callable[[Seen], str]] = {
            "AZ": lambda seen: f"AZ{_told_azimuth_deg(seen):.1f}",
            "EL": lambda seen: f"EL{seen.elevation_deg:.1f}",
            "VE": lambda _seen: f"VE{VERSION}",
        }
        self._motions: list[tuple[re.Pattern[str], Callable[[re.Match[str]], Callable[[], object]]]] = [
            (re.compile("PARK"), lambda _match: rotator.park),
            (re.compile("RESET"), lambda _match: rotator.home),
            (TURN, lambda match: lambda: rotator.turn(LETTERS[match[1]], math.inf)),
        ]
        if version >= 3:
            self._queries |= {
                "GS": lambda seen: f"GS{(MOVING if seen.moving else IDLE) | (ERROR if seen.stuck else 0)}",
                "GE": lambda seen: f"GE{int(seen.trouble)}",
                MAX_SPEED: lambda _seen: f"{MAX_SPEED},{1000.0 * rotator.travel.azimuth_rate_deg_s:.0f}",
            }
            self._motions.append((TURN_AT, lambda match: lambda: self._turn_at(match[1], match[2])))

    def receive(self, data: bytes) -> bytes:
        """The answers to bytes in any chunks."""
        return "".join(map(self._answer, self._reader.feed(data))).encode("ascii")

    def _answer(self, text: str) -> str:
        words = REGISTER.sub(r"CR\1", text).replace(";", " ").split()
        if not STOPS.isdisjoint(words):
            self._rotator.stop()
            return ""
        line = self._understood(words)
        if line is None:
            return ""
        for motion in line.motions:
            motion()
        if line.angles_deg:
            self._move(line.angles_deg.get("AZ"), line.angles_deg.get("EL"))
        seen = self._rotator.look() if line.queries else None
        return "" if seen is None else " ".join(self._queries[word](seen) for word in line.queries) + "\n"

    def _understood(self, words: list[str]) -> _Line | None:
        line = _Line()
        for before, word in zip(["", *words], words, strict=False):
            radio = RADIO.fullmatch(word) or FREQUENCY.fullmatch(word)
            mode = FREQUENCY.fullmatch(before) and MODE.fullmatch(word) and not ANGLE.fullmatch(word)
            if not (radio or self._noted(word, line) or mode):
                return None
        return line if len(line.motions) + bool(line.angles_deg) <= 1 else None

    def _noted(self, word: str, line: _Line) -> bool:
        if word in self._queries:
            line.queries.append(word)
            return True
        for pattern, motion in self._motions:
            match = pattern.fullmatch(word)
            if match:
                line.motions.append(motion(match))
                return True
        return _noted_angle(word, line)

    def _move(self, azimuth_deg: float | None, elevation_deg: float | None) -> None:
        seen = self._rotator.look()
        if azimuth_deg is not None:
            if seen is None or not HEARD_AZIMUTH_DEG[0] <= azimuth_deg <= HEARD_AZIMUTH_DEG[1]:
                return
            travel_deg = self._rotator.travel.azimuth_range_deg
            azimuth_deg = equivalent_deg(azimuth_deg, travel_deg, near_deg=seen.azimuth_deg)
            if azimuth_deg is None:
                return
        self._rotator.move_to(azimuth_deg, elevation_deg)

    def _turn_at(self, letter: str, rate_mdeg_s: str) -> None:
        if int(rate_mdeg_s) == 0:
            self._rotator.stop()
        else:
            self._rotator.turn(LETTERS[letter], int(rate_mdeg_s) / 1000.0)


def _noted_angle(word: str, line: _Line) -> bool:
    match = ANGLE.fullmatch(word)
    angle_deg = number(match[2]) if match else None
    if match is None or angle_deg is None or match[1] in line.angles_deg:
        return False
    line.angles_deg[match[1]] = angle_deg
    return True


def _told_azimuth_deg(seen: Seen) -> float:
    return seen.azimuth_deg % 360.0
