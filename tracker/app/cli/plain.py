"""Read a command line of the plainest kind: Typer, and pydantic with it, take 0.1 s to load.

Plain are flags, texts and paths, written in full. Whatever else is on the line (help, numbers, a slip),
nothing is read here, and Typer says what there is to say.
"""

import inspect
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Final, TypeAlias, get_args, get_origin

from tracker.app.cli.words import Word

Values: TypeAlias = dict[str, Any]


class _NotPlainError(Exception):
    """The line needs Typer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slot:
    """A parameter of a command, and the type of one value of it; many are collected in a list."""

    name: str
    word: Word
    kind: Any
    many: bool
    needed: bool

    @property
    def takes_text(self) -> bool:
        return self.kind is not bool and not self.word.count


def plain_values(command: Callable[..., None], words: Sequence[str]) -> Values | None:
    """Values of the command's parameters as Typer would read them, those not given left out; else None."""
    try:
        slots = [_slot(parameter) for parameter in inspect.signature(command).parameters.values()]
        values = _values(slots, words)
    except _NotPlainError:
        return None
    return values if all(slot.name in values for slot in slots if slot.needed) else None


def _slot(parameter: inspect.Parameter) -> _Slot:
    kind, word = (*get_args(parameter.annotation), None, None)[:2]
    if not isinstance(word, Word):
        raise _NotPlainError
    if isinstance(kind, UnionType):
        kind = next(one for one in get_args(kind) if one is not NoneType)
    many = get_origin(kind) is list
    return _Slot(
        name=parameter.name,
        word=word,
        kind=get_args(kind)[0] if many else kind,
        many=many,
        needed=parameter.default is parameter.empty,
    )


def _values(slots: Sequence[_Slot], words: Sequence[str]) -> Values:
    named = {name: slot for slot in slots for name in slot.word.names}
    places = iter([slot for slot in slots if not slot.word.names])
    values: Values = {}
    rest = iter(words)
    for word in rest:
        name, equals, text = word.partition("=") if word.startswith("-") else ("", "=", word)
        slot = named.get(name) if name else next(places, None)
        if slot is None or (equals and not slot.takes_text):
            raise _NotPlainError
        if slot.takes_text:
            _put(slot, values, _read(slot, text if equals else next(rest, "")))
        else:
            _put(slot, values, values.get(slot.name, 0) + 1 if slot.word.count else True)
    return values


def _put(slot: _Slot, values: Values, value: object) -> None:
    if slot.many:
        values.setdefault(slot.name, []).append(value)
    elif slot.name in values and slot.takes_text:
        raise _NotPlainError
    else:
        values[slot.name] = value


def _read(slot: _Slot, text: str) -> object:
    if slot.kind not in READ or not text.isprintable() or text[:1] in {"", "-"}:
        raise _NotPlainError
    return READ[slot.kind](text)


def _path(text: str) -> Path:
    if os.access(text, os.F_OK) and not os.access(text, os.R_OK):
        raise _NotPlainError
    return Path(text)


READ: Final[Mapping[Any, Callable[[str], object]]] = {str: str, Path: _path}
