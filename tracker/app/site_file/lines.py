"""On which line each key of a TOML document stands: what tomllib does not tell.

The text must be valid TOML 1.0 (parse it first); then strings, comments and brackets are all that a scanner
has to recognise. Keys inside inline tables are not looked up: ask `line_of`, it falls back to the key that
holds them.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Final, TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]  # ("bridge", 0, "port"): an int counts in an array of tables

TOKEN: Final = re.compile(
    r'''(?P<string>"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*')'''
    r"""|(?P<comment>\#[^\n]*)|(?P<newline>\n)|(?P<mark>[\[\]{}=.,])|(?P<bare>[^\s\[\]{}=.,\#"']+)""",
    re.DOTALL,
)
DEPTH: Final = {"[": 1, "{": 1, "]": -1, "}": -1}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    line: int
    kind: str
    text: str

    def is_mark(self, mark: str) -> bool:
        return self.kind == "mark" and self.text == mark


def key_lines(text: str) -> dict[KeyPath, int]:
    """Line (from 1) of every table and key; a table with several headers counts where it first stands."""
    lines: dict[KeyPath, int] = {}
    arrays: dict[KeyPath, int] = {}
    here: KeyPath = ()
    for statement in _statements(text):
        if statement[0].is_mark("["):
            path = here = _table(statement, arrays)
        else:
            path = here + _key(statement)
        for end in range(1, len(path) + 1):
            lines.setdefault(path[:end], statement[0].line)
    return lines


def line_of(lines: Mapping[KeyPath, int], path: KeyPath) -> int | None:
    """The line of the path, or of the nearest key around it; None when the document has neither."""
    return next((lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in lines), None)


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for match in TOKEN.finditer(text.replace("\r\n", "\n")):
        kind, token = str(match.lastgroup), match.group()
        if kind != "comment":
            yield _Token(line=line, kind=kind, text=token)
        line += token.count("\n")


def _statements(text: str) -> Iterator[list[_Token]]:
    """Tokens up to each line's end outside all brackets: one header, or one key with its value."""
    depth, statement = 0, list[_Token]()
    for token in _tokens(text):
        if token.kind == "mark":
            depth += DEPTH.get(token.text, 0)
        if token.kind != "newline":
            statement.append(token)
        elif depth == 0 and statement:
            yield statement
            statement = []
    if statement:
        yield statement


def _table(statement: list[_Token], arrays: dict[KeyPath, int]) -> KeyPath:
    """Path of a header; [[name]] opens the array's next table, a name on the way enters its last one."""
    names = [_name(token) for token in statement if token.kind != "mark"]
    opens_next = statement[1].is_mark("[")
    path: KeyPath = ()
    for number, name in enumerate(names, start=1):
        path = (*path, name)
        if opens_next and number == len(names):
            arrays[path] = arrays.get(path, 0) + 1
        if path in arrays:
            path = (*path, arrays[path] - 1)
    return path


def _key(statement: list[_Token]) -> KeyPath:
    before_value = takewhile(lambda token: not token.is_mark("="), statement)
    return tuple(_name(token) for token in before_value if token.kind != "mark")


def _name(token: _Token) -> str:
    """A key as tomllib would give it, quotes and escapes resolved."""
    return next(iter(tomllib.loads(f"{token.text} = 0")))
