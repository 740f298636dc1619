"""What commands give out: a document on stdout, files that are whole or not there, progress on a terminal."""

import errno
import json
import math
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from tracker.errors import OutputFailed

NEXT_ACTIONS: Final[Mapping[int, str]] = {
    errno.ENOSPC: "free some space, or write elsewhere",
    errno.EDQUOT: "free some space, or write elsewhere",
    errno.EFBIG: "raise the limit on file sizes, or write elsewhere",
    errno.EACCES: "ask for permission, or write elsewhere",
    errno.EPERM: "ask for permission, or write elsewhere",
    errno.EROFS: "the disk is read-only: write elsewhere",
    errno.EISDIR: "name a file, not a directory",
    errno.ENOTDIR: "a part of the path is a file: name another place",
    errno.ENOENT: "create the directory first, or write elsewhere",
}


def emit(document: Mapping[str, object], *, as_json: bool, text: str) -> None:
    """Write a command's result to stdout: the document as JSON, or the text for people."""
    sys.stdout.write(f"{json_text(document, indent=2) if as_json else text}\n")


def emit_line(document: Mapping[str, object]) -> None:
    """Write one line of JSON Lines to stdout, at once."""
    sys.stdout.write(f"{json_text(document)}\n")
    sys.stdout.flush()


def tell(message: str) -> None:
    """Say something to people on stderr; stdout stays with the result."""
    sys.stderr.write(f"{message}\n")


def json_text(document: object, *, indent: int | None = None) -> str:
    """JSON text; arrays become lists, paths text, and numbers that JSON lacks (NaN, infinity) null."""
    return json.dumps(_plain(document), indent=indent, ensure_ascii=False, allow_nan=False)


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write a whole file or leave what was there; text as UTF-8.

    The content goes to a file beside the target, to the disk, and then takes the target's place in one step.
    Devices and pipes (/dev/stdout) are written as they are. Raises OutputFailed with the place and the next
    action.
    """
    data = content.encode() if isinstance(content, str) else content
    with writing(path):
        target = path.resolve()
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if target.exists() and not target.is_file():
            target.write_bytes(data)
        else:
            _replace(target, data)


@contextmanager
def writing(place: Path) -> Iterator[None]:
    """Turn an OSError inside into OutputFailed that names the place and the next action."""
    try:
        yield
    except OSError as error:
        action = NEXT_ACTIONS.get(error.errno or 0, "write elsewhere")
        raise OutputFailed(f"{place}: cannot be written: {error.strerror or error}; {action}") from error


@contextmanager
def progress(title: str, total: float) -> Iterator[Callable[[float], None]]:
    """A bar on stderr while the block runs; call what it gives with the amount done so far.

    Silent unless stderr is a terminal.
    """
    if not sys.stderr.isatty():
        yield lambda _done: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda done: bar.update(task, completed=done)


def _replace(target: Path, data: bytes) -> None:
    part = target.with_name(f".{target.name}.{os.urandom(4).hex()}.part")
    try:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except BaseException:  # an interrupt must not leave the part behind either
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def _plain(value: object) -> object:
    match value:
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(item) for item in value]
        case float():
            return float(value) if math.isfinite(value) else None
        case str() | bool() | int() | None:
            return value
        case Path():
            return str(value)
    if callable(to_list := getattr(value, "tolist", None)):  # arrays and their scalars
        return _plain(to_list())
    raise TypeError(
        f"JSON has no {type(value).__name__}; turn it into text, numbers, lists or mappings first"
    )
