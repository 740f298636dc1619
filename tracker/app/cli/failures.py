"""How a command that failed tells people, and programs, about it."""

import os
import select
import sys
from contextlib import suppress
from pathlib import Path

from tracker.app.cli.exit_codes import EXIT_CODES, READER_GONE, UNEXPECTED, exit_code
from tracker.app.output import NEXT_ACTIONS, json_text, tell

INTERRUPTED = EXIT_CODES["builtins.KeyboardInterrupt"]


def report_failure(error: BaseException, *, as_json: bool) -> int:
    """Say what went wrong on stderr, with as_json also as a document on stdout; the exit code."""
    if isinstance(error, BrokenPipeError) and _reader_is_gone():
        _silence_stdout()
        return READER_GONE
    code = exit_code(error)
    message = _message(error, code)
    if as_json:
        document = {"error": {"kind": type(error).__name__, "message": message, "exit_code": code}}
        with suppress(OSError):  # stdout itself may be what failed; stderr says so
            sys.stdout.write(f"{json_text(document, indent=2)}\n")
    tell(f"{_usage(error)}Error: {message}")
    _flush_stdout()
    return code


def _silence_stdout() -> None:
    """Send what is still buffered for stdout nowhere, so that the interpreter's own flush cannot fail."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _message(error: BaseException, code: int) -> str:
    if code == INTERRUPTED:
        return "interrupted"
    if code == UNEXPECTED:
        return _unexpected(error)
    if isinstance(error, OSError) and error.strerror:
        place = f"{error.filename}: " if error.filename else ""
        action = NEXT_ACTIONS.get(error.errno or 0)
        return f"{place}{error.strerror}" + (f"; {action}" if action else "")
    if callable(spoken := getattr(error, "format_message", None)):  # Typer's own errors
        return str(spoken())
    return str(error) or type(error).__name__


def _usage(error: BaseException) -> str:
    """Usage of the command that Typer refused to start; nothing for other errors."""
    context = getattr(error, "ctx", None)
    if context is None:
        return ""
    return f"{context.get_usage()}\nTry '{context.command_path} --help' for help.\n"


def _unexpected(error: BaseException) -> str:
    """One line about an error of the program itself; the traceback goes to a file."""
    import traceback

    summary = traceback.format_exception_only(error)[-1].strip().replace("\n", " ")
    place = _write_log("".join(traceback.format_exception(error)))
    return (
        f"this is an error of sunflower itself: {summary}. The details are in {place}; "
        "please report it to its maintainers with that file and the command you gave"
    )


def _write_log(text: str) -> str:
    import tempfile

    try:
        handle, name = tempfile.mkstemp(prefix="sunflower-error-", suffix=".log")
        with open(handle, "w", encoding="utf-8") as log:  # noqa: PTH123 - a handle, not a path
            log.write(text)
    except OSError as failure:
        return f"no file, because none could be written ({failure.strerror})"
    return str(Path(name))


def _flush_stdout() -> None:
    try:
        sys.stdout.flush()
    except OSError:  # stdout itself is what failed; stderr has said so
        _silence_stdout()


def _reader_is_gone() -> bool:
    """Whether nobody reads stdout any more, as opposed to a pipe or socket of ours that broke."""
    poll = select.poll()
    poll.register(sys.stdout.fileno(), select.POLLOUT)
    return any(event & select.POLLERR for _, event in poll.poll(0))
