"""What shall go wrong on a line, as one text: "flip=1e-4,loss=0.01,delay=0.05,seed=7,disconnect=30/2"."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

SAME_S: Final = 1e-6  # moments nearer than this are one, however their floats were reached


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Something that is so for for_s, again every every_s, for the first time at every_s."""

    every_s: float
    for_s: float

    def holds(self, now_s: float) -> bool:
        """Whether it is so now."""
        number = self._number(now_s)
        return number >= 1 and now_s - number * self.every_s < self.for_s - SAME_S

    def next_change_s(self, now_s: float) -> float:
        """When it begins or ends next."""
        number = self._number(now_s)
        return number * self.every_s + (self.for_s if self.holds(now_s) else self.every_s)

    def _number(self, now_s: float) -> int:
        return math.floor((now_s + SAME_S) / self.every_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """How likely a frame arrives once more, and at most how much later."""

    probability: float = 0.0
    within_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultSpec:
    """Everything that can go wrong between a host and its devices; nothing does by default. See FAULTS."""

    seed: int = 0
    flip: float = 0.0
    drop: float = 0.0
    loss: float = 0.0
    half: float = 0.0
    noise: float = 0.0
    duplicate: float = 0.0
    stale: Stale = Stale()
    delay: float = 0.0
    jitter: float = 0.0
    reorder: bool = False
    echo: bool = False
    disconnect: Window | None = None
    rename: Window | None = None
    wrong_device: Window | None = None
    second_host: float = math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A key of the text: what it does, and how its value is read."""

    value: str
    meaning: str
    read: Callable[[str], Any]


def _probability(text: str) -> float:
    number = float(text)
    if not 0.0 <= number <= 1.0:
        raise ValueError("use a probability of 0 to 1")
    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not 0.0 <= number < math.inf:
        raise ValueError("use seconds from 0")
    return number


def _period(text: str) -> float:
    number = _seconds(text)
    if number == 0.0:
        raise ValueError("use seconds above 0")
    return number


def _yes(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError("use 1 or 0")
    return text == "1"


def _window(text: str) -> Window:
    every, _, length = text.partition("/")
    window = Window(every_s=_period(every), for_s=_period(length))
    if window.for_s >= window.every_s:
        raise ValueError("it must be shorter than the time from one to the next")
    return window


def _stale(text: str) -> Stale:
    probability, _, within = text.partition("/")
    return Stale(probability=_probability(probability), within_s=_period(within))


FAULTS: Final[Mapping[str, Fault]] = {
    "seed": Fault(value="NUMBER", meaning="same seed, same faults", read=int),
    "flip": Fault(value="P", meaning="each bit is wrong with this probability", read=_probability),
    "drop": Fault(value="P", meaning="each byte is lost", read=_probability),
    "loss": Fault(value="P", meaning="each frame is lost", read=_probability),
    "half": Fault(value="P", meaning="only the beginning of a frame arrives", read=_probability),
    "noise": Fault(value="P", meaning="1 to 8 random bytes come before a frame", read=_probability),
    "duplicate": Fault(value="P", meaning="a frame arrives twice in a row", read=_probability),
    "stale": Fault(value="P/S", meaning="a frame arrives once more, up to S seconds later", read=_stale),
    "delay": Fault(value="S", meaning="everything arrives S seconds late", read=_seconds),
    "jitter": Fault(value="S", meaning="and up to S seconds more, each frame another time", read=_seconds),
    "reorder": Fault(value="1", meaning="frames may overtake each other by their jitter", read=_yes),
    "echo": Fault(value="1", meaning="the host hears its own bytes (RS-485)", read=_yes),
    "disconnect": Fault(value="S/S", meaning="every S seconds the line is away, for S seconds", read=_window),
    "rename": Fault(value="S/S", meaning="the same, and then it is another device file", read=_window),
    "wrong_device": Fault(value="S/S", meaning="every S seconds a GPS is there, for S seconds", read=_window),
    "second_host": Fault(value="S", meaning="another host asks for a status every S seconds", read=_period),
}


def fault_spec(text: str) -> FaultSpec:
    """Read a text of KEY=VALUE, separated by commas; FAULTS has the keys.

    Raises ValueError naming what is wrong with which part.
    """
    values: dict[str, Any] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        key, _, value = part.partition("=")
        if key not in FAULTS:
            raise ValueError(f"fault {key!r} is unknown; use: {', '.join(FAULTS)}")
        if key in values:
            raise ValueError(f"fault {key} is given twice; give it once")
        try:
            values[key] = FAULTS[key].read(value)
        except ValueError as error:
            fault = FAULTS[key]
            raise ValueError(
                f"fault {part!r} cannot be read ({error}); write {key}={fault.value}: {fault.meaning}"
            ) from error
    return FaultSpec(**values)
