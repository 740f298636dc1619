"""Lines and numbers of text protocols, read strictly: what is not certain is nothing."""

import re
from typing import Final

LONGEST_LINE: Final = 128  # chosen: twice the longest that any of the dialects needs
SPOILED: Final = "\ufffd"  # no word of any dialect

_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,6}(\.[0-9]{1,9})?")


class LineReader:
    """Cuts bytes into lines; unprintable bytes become SPOILED, and a line that is too long is dropped whole.

    Memory is bounded.
    """

    def __init__(self, terminators: bytes) -> None:
        self._ends = re.compile(b"[" + re.escape(terminators) + b"]")
        self._begun = b""
        self._overlong = False

    def feed(self, data: bytes) -> list[str]:
        """All lines that have ended, without their ends; empty ones are left out."""
        *ended, rest = self._ends.split(data)
        lines = [self._ended(line) for line in ended]
        self._begin(rest)
        return [line for line in lines if line]

    def clear(self) -> None:
        """Forget what has begun."""
        self._begun, self._overlong = b"", False

    def _ended(self, rest: bytes) -> str:
        self._begin(rest)
        line = "" if self._overlong else self._begun.decode("latin-1")
        self.clear()
        if line.isascii() and line.isprintable():
            return line
        return "".join(each if each.isascii() and each.isprintable() else SPOILED for each in line)

    def _begin(self, data: bytes) -> None:
        self._overlong |= len(self._begun) + len(data) > LONGEST_LINE
        self._begun = b"" if self._overlong else self._begun + data


def number(text: str) -> float | None:
    """A decimal number with a point, such as -12.5; None for anything else, exponents and nan included."""
    return float(text) if _NUMBER.fullmatch(text) else None


def numbers(texts: list[str], count: int) -> list[float] | None:
    """Exactly so many numbers, or None."""
    values = [value for value in map(number, texts) if value is not None]
    return values if len(values) == len(texts) == count else None
