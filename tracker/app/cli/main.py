"""The command sunflower: a table of commands, and one place where errors become exit codes.

A command is a function in a module of its own, named in the table below. Its module imports nothing heavy;
the function's body does, so that every --help is quick and each command loads only what it needs. A line
that is as it should be is read without Typer, too.
"""

import gc
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Final

from tracker.app.cli.border import with_verbose
from tracker.app.cli.exit_codes import DONE, Ended
from tracker.app.cli.failures import report_failure
from tracker.app.cli.plain import plain_values

if TYPE_CHECKING:
    import typer

WRONG_USE: Final = 2

COMMANDS: Final[Mapping[str, str]] = {  # name: module.function of this folder
    "demo": "demo.demo",
    "init": "init.init",
    "check": "check.check",
    "sun": "sun.sun",
    "layout": "layout.layout",
    "compare": "compare.compare",
    "sweep": "sweep.sweep",
    "replay": "replay.replay",
    "export": "export.export",
    "run": "run.run",
    "status": "status.status",
    "stop": "stop.stop",
    "stow": "stow.stow",
    "release": "release.release",
    "home": "home.home",
    "jog": "jog.jog",
    "lock": "lock.lock",
    "clear": "clear.clear",
    "simulate": "simulate.simulate",
    "probe": "probe.probe",
    "doctor": "doctor.doctor",
}
GROUPS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {  # name: (help, its commands)
    "calibrate": (
        "Find out how the heads really point, and correct for it.",
        {"fit": "calibrate.fit", "verify": "calibrate.verify", "apply": "calibrate.apply"},
    ),
}


def run() -> None:
    """Entry point of the installed command."""
    # Sums over hours and small matrices gain nothing by BLAS threads, which cost 50 ms to start: numpy
    # reads this when it is loaded, and processes that are started here inherit it.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    code = main(sys.argv[1:])
    gc.freeze()  # all that is left goes with the process: without a last look at each object, 20 ms sooner
    sys.exit(code)


def main(arguments: Sequence[str]) -> int:
    """Run one command line; the exit code. No exception leaves."""
    try:
        code = _invoke(arguments or ["--help"])
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the last resort: a message and a code
        return report_failure(error, as_json="--json" in arguments)
    return code if arguments else WRONG_USE


def application() -> "typer.Typer":
    """The Typer application with every command of the tables."""
    from tracker.app.cli import application as by_typer

    groups = {name: (says, _functions(commands)) for name, (says, commands) in GROUPS.items()}
    return by_typer.application(_functions(COMMANDS), groups)


def _invoke(arguments: Sequence[str]) -> int:
    try:
        if not _done_plainly(*arguments):
            from tracker.app.cli.application import invoke  # Typer: for help, for numbers, for what is wrong

            return invoke(application(), arguments)
    except Ended as ended:
        return ended.code
    return DONE


def _done_plainly(name: str, *words: str) -> bool:
    """Run the command where its line needs no Typer; False, and nothing done, where it does."""
    if name not in COMMANDS:
        return False
    command = with_verbose(_function(COMMANDS[name]))
    values = plain_values(command, words)
    if values is None:
        return False
    command(**values)
    return True


def _functions(commands: Mapping[str, str]) -> dict[str, Callable[..., None]]:
    return {name: _function(place) for name, place in commands.items()}


def _function(place: str) -> Callable[..., None]:
    module, _, name = place.partition(".")
    found: Callable[..., None] = getattr(import_module(f"tracker.app.cli.{module}"), name)
    return found
