"""What is wrong in a site file, said so that its author can mend it: line, key, value, what is allowed."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from tracker.app.site_file.lines import KeyPath, line_of
from tracker.app.site_file.schema import SECTIONS, Section, facts
from tracker.app.site_file.toml_text import toml_value

if TYPE_CHECKING:
    from pydantic import ValidationError

Finding: TypeAlias = tuple[KeyPath, str]  # what a check says about a key, before its line is looked up

LONGEST_VALUE: Final = 60  # characters of a value repeated in a message
FAULTS: Final[Mapping[str, str]] = {  # pydantic's error types, in a user's words
    "greater_than_equal": "is out of range",
    "less_than_equal": "is out of range",
    "finite_number": "is not finite",
    "float_type": "is not a number",
    "int_type": "is not a whole number",
    "bool_type": "is neither true nor false",
    "string_type": "is not text",
    "string_too_short": "is empty",
    "string_too_long": "is too long",
    "literal_error": "is not known",
    "tuple_type": "is not a list",
    "list_type": "is not a list",
    "dict_type": "is not a table",
    "too_long": "has too many values",
    "too_short": "has too few values",
    "missing": "has too few values",
    "value_error": "is out of range or out of order",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One finding: the line (None where the key keeps its default), the key's path, what is wrong with it."""

    line: int | None
    key: str
    says: str

    def __str__(self) -> str:
        place = "" if self.line is None else f"line {self.line}: "
        return f"{place}{self.key} {self.says}"


def problem(lines: Mapping[KeyPath, int], path: KeyPath, says: str) -> Problem:
    """A problem at a key path, its line looked up."""
    return Problem(line=line_of(lines, path), key=key_text(path), says=says)


def key_text(path: KeyPath) -> str:
    """A path as people write it: bridge[0].port."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def value_text(value: object) -> str:
    """A value as its author wrote it, shortened."""
    text = toml_value(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}..."


def section_problems(
    error: "ValidationError", model: type[Section], at: KeyPath, lines: Mapping[KeyPath, int]
) -> list[Problem]:
    """Every fault that a section's validation found."""
    return [
        problem(lines, (*at, *fault["loc"]), _says(fault, model)) for fault in error.errors(include_url=False)
    ]


def unknown_key(name: str, known: Iterable[str]) -> str:
    """What to say about a key that the schema lacks, with the nearest one that it has."""
    names = tuple(known)
    if nearest := difflib.get_close_matches(name, names, n=1, cutoff=0.5):
        return f"is not a known key; did you mean {nearest[0]}?"
    if homes := [home for home, model in SECTIONS.items() if name in model.model_fields]:
        return f"is not a known key here; it belongs in [{homes[0]}]"
    return f"is not a known key; known are {', '.join(names)}"


def nearest_name(name: object, known: Iterable[str]) -> str:
    """' (nearest: x)' for a misspelt name, else nothing."""
    nearest = difflib.get_close_matches(str(name), tuple(known), n=1, cutoff=0.5)
    return f" (nearest: {nearest[0]})" if nearest else ""


def _says(fault: Any, model: type[Section]) -> str:
    name, kind, value = str(fault["loc"][0]), str(fault["type"]), fault["input"]
    if kind == "extra_forbidden":
        return unknown_key(name, model.model_fields)
    allowed = facts(model.model_fields[name])["allowed"]
    known = re.findall(r"'([^']+)'", fault["ctx"]["expected"]) if kind == "literal_error" else ()
    return (
        f"= {value_text(value)} {FAULTS.get(kind, fault['msg'])}; give {allowed}{nearest_name(value, known)}"
    )
