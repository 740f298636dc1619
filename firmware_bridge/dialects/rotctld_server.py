"""Hamlib's rotctld, the side of the server: text in, text out, so that Hamlib and Gpredict can look at us.

A line is one command with exactly its arguments; Hamlib's own server would go on looking for missing ones in
the next line. Both lines of a position come in one piece, because Gpredict reads once for each command.
Unknown commands get no answer at all, as from Hamlib 4.5. A `+` before a command asks for the extended
answer: the command's name, then each value with its name, then the result.

Protocol: rotctld(1); details as rotctld 4.5.4 answers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from firmware_bridge.dialects.rotator import Direction, Rotator, Verdict
from firmware_bridge.dialects.text import LineReader, numbers
from firmware_bridge.dialects.turns import as_said_deg

PROTOCOL_VERSION: Final = 1
MODEL: Final = 2  # NET rotctl: to whom it speaks, it is Hamlib's network rotator
OK, INVALID, IO_ERROR, REJECTED, UNAVAILABLE = 0, -1, -6, -9, -11  # negated RIG_E... of hamlib/rig.h
RESULTS: Final[Mapping[Verdict, int]] = {
    Verdict.DONE: OK,
    Verdict.OUTSIDE: INVALID,
    Verdict.REFUSED: REJECTED,
    Verdict.NOT_FITTED: UNAVAILABLE,
}
DIRECTIONS: Final[Mapping[float, Direction]] = {
    2: Direction.UP,
    4: Direction.DOWN,
    8: Direction.LEFT,
    16: Direction.RIGHT,
}
FULL_SPEED: Final = 100
UNCHANGED_SPEED: Final = -1
RESET_ALL: Final = 1
EXTENDED: Final = "+"
HEAD: Final = ("rotctld Protocol Ver", "Rotor Model")
ENDS: Final = (
    ("min_az", "Minimum Azimuth"),
    ("max_az", "Maximum Azimuth"),
    ("min_el", "Minimum Elevation"),
    ("max_el", "Maximum Elevation"),
)
QUIT: Final = frozenset({"q", "Q", "\\quit"})


@dataclass(frozen=True, slots=True)
class _Told:
    """The result of a command, and the lines that tell what was asked, in either form."""

    result: int
    plain: Sequence[str] = ()
    extended: Sequence[str] = ()


Command = Callable[[list[float]], _Told]


class RotctldServer:
    """One connection with one client. `finished` says that it has taken its leave."""

    def __init__(self, rotator: Rotator, *, name: str = "sunflower") -> None:
        self.finished = False
        self._rotator, self._speed = rotator, FULL_SPEED
        self._reader = LineReader(b"\r\n")
        commands: Mapping[tuple[str, str], tuple[int, Command]] = {
            ("p", "get_pos"): (0, self._position),
            ("P", "set_pos"): (2, self._move),
            ("S", "stop"): (0, lambda _: _Told(RESULTS[rotator.stop()])),
            ("K", "park"): (0, lambda _: _Told(RESULTS[rotator.park()])),
            ("R", "reset"): (1, self._reset),
            ("M", "move"): (2, self._turn),
            ("_", "get_info"): (0, lambda _: _Told(OK, [name], [f"Info: {name}"])),
            ("", "dump_state"): (0, self._state),
        }
        self._commands = {
            word: (long, *command)
            for (short, long), command in commands.items()
            for word in (short, "\\" + long)
            if word
        }

    def receive(self, data: bytes) -> bytes:
        """The answers to bytes in any chunks."""
        return "".join(map(self._answer, self._reader.feed(data))).encode(
            "ascii", errors="replace"
        )  # it repeats arguments

    def _answer(self, line: str) -> str:
        extended = line.startswith(EXTENDED)
        word, *arguments = line.removeprefix(EXTENDED).split() or [""]
        if self.finished or word in QUIT:
            self.finished = True
            return ""
        if word not in self._commands:
            return ""
        name, count, command = self._commands[word]
        values = numbers(arguments, count)
        told = _Told(INVALID) if values is None else command(values)
        return _extended(name, arguments, told) if extended else _plain(told)

    def _position(self, _: list[float]) -> _Told:
        seen = self._rotator.look()
        if seen is None:
            return _Told(IO_ERROR)
        azimuth, elevation = f"{seen.azimuth_deg:.2f}", f"{seen.elevation_deg:.2f}"
        return _Told(OK, [azimuth, elevation], [f"Azimuth: {azimuth}", f"Elevation: {elevation}"])

    def _move(self, pose_deg: list[float]) -> _Told:
        seen = self._rotator.look()
        if seen is None:
            return _Told(IO_ERROR)
        travel_deg = self._rotator.travel.azimuth_range_deg
        azimuth_deg = as_said_deg(pose_deg[0], travel_deg, near_deg=seen.azimuth_deg)
        if azimuth_deg is None:
            return _Told(INVALID)
        return _Told(RESULTS[self._rotator.move_to(azimuth_deg, pose_deg[1])])

    def _turn(self, how: list[float]) -> _Told:
        direction, speed = DIRECTIONS.get(how[0]), how[1]
        if direction is None or not (speed == UNCHANGED_SPEED or 1 <= speed <= FULL_SPEED):
            return _Told(INVALID)
        if speed != UNCHANGED_SPEED:
            self._speed = round(speed)
        rate_deg_s = self._rotator.travel.rate_deg_s(direction) * self._speed / FULL_SPEED
        return _Told(RESULTS[self._rotator.turn(direction, rate_deg_s)])

    def _reset(self, what: list[float]) -> _Told:
        return _Told(RESULTS[self._rotator.home()] if what == [RESET_ALL] else INVALID)

    def _state(self, _: list[float]) -> _Told:
        travel = self._rotator.travel
        ends_deg = [*travel.azimuth_range_deg, *travel.elevation_range_deg]
        plain = [f"{key}={end_deg:.6f}" for (key, _), end_deg in zip(ENDS, ends_deg, strict=True)]
        extended = [f"{key}: {end_deg:.6f}" for (_, key), end_deg in zip(ENDS, ends_deg, strict=True)]
        head, tail = (PROTOCOL_VERSION, MODEL), ["rot_type=AzEl", "done"]
        return _Told(
            OK,
            [*map(str, head), *plain, "south_zero=0", *tail],
            [
                *(f"{key}: {value}" for key, value in zip(HEAD, head, strict=True)),
                *extended,
                "South Zero: 0",
                *tail,
            ],
        )


def _plain(told: _Told) -> str:
    lines = told.plain if told.result == OK and told.plain else [f"RPRT {told.result}"]
    return "".join(f"{line}\n" for line in lines)


def _extended(name: str, arguments: Sequence[str], told: _Told) -> str:
    lines = [" ".join([f"{name}:", *arguments]), *told.extended, f"RPRT {told.result}"]
    return "".join(f"{line}\n" for line in lines)
