"""The command sunflower: a table of commands, and one place where errors become exit codes.

A command is a function in a module of its own, named in the table below. Its module imports nothing heavy;
the function's body does, so that every --help is quick and each command loads only what it needs.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Final

import typer
from typer.main import get_command

from tracker.app.cli import (
    calibrate,
    check,
    clear,
    compare,
    demo,
    doctor,
    export,
    home,
    init,
    jog,
    layout,
    lock,
    probe,
    release,
    replay,
    simulate,
    status,
    stop,
    stow,
    sun,
    sweep,
)
from tracker.app.cli import run as cli_run
from tracker.app.cli.border import with_verbose
from tracker.app.cli.exit_codes import DONE
from tracker.app.cli.failures import report_failure

NAME: Final = "sunflower"
WRONG_USE: Final = 2

COMMANDS: Final[Mapping[str, Callable[..., None]]] = {
    "demo": demo.demo,
    "init": init.init,
    "check": check.check,
    "sun": sun.sun,
    "layout": layout.layout,
    "compare": compare.compare,
    "sweep": sweep.sweep,
    "replay": replay.replay,
    "export": export.export,
    "run": cli_run.run,
    "status": status.status,
    "stop": stop.stop,
    "stow": stow.stow,
    "release": release.release,
    "home": home.home,
    "jog": jog.jog,
    "lock": lock.lock,
    "clear": clear.clear,
    "simulate": simulate.simulate,
    "probe": probe.probe,
    "doctor": doctor.doctor,
}
GROUPS: Final[Mapping[str, tuple[str, Mapping[str, Callable[..., None]]]]] = {  # name: (help, its commands)
    "calibrate": (
        "Find out how the heads really point, and correct for it.",
        {"fit": calibrate.fit, "verify": calibrate.verify, "apply": calibrate.apply},
    ),
}


def run() -> None:
    """Entry point of the installed command."""
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Run one command line; the exit code. No exception leaves."""
    try:
        code = _invoke(arguments or ["--help"])
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the last resort: a message and a code
        return report_failure(error, as_json="--json" in arguments)
    return code if arguments else WRONG_USE


def application() -> typer.Typer:
    """The Typer application with every command of the tables."""
    app = typer.Typer(
        name=NAME,
        help="Control, calibrate and value a sunflower-style two-axis solar array.",
        epilog="Exit codes: 0 done, 1 a check failed, 2 wrong use or file, 3 device or link, "
        "4 refused for safety, 5 output, 70 an error of sunflower itself, 130 interrupted.",
        context_settings={"help_option_names": ["-h", "--help"]},
        rich_markup_mode="markdown",  # so that a default in [brackets] is not taken for markup
        add_completion=False,
        pretty_exceptions_enable=False,
        callback=_root,
    )
    _add(app, COMMANDS)
    for name, (says, commands) in GROUPS.items():
        group = typer.Typer(help=says, rich_markup_mode="markdown")
        _add(group, commands)
        app.add_typer(group, name=name)
    return app


def _add(app: typer.Typer, commands: Mapping[str, Callable[..., None]]) -> None:
    for name, command in commands.items():
        app.command(name)(with_verbose(command))


def _invoke(arguments: Sequence[str]) -> int:
    command = get_command(application())
    try:
        with command.make_context(NAME, list(arguments)) as context:
            command.invoke(context)
    except typer.Exit as asked:
        return asked.exit_code
    return DONE


def _show_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        sys.stdout.write(f"{NAME} {version('sunflower-tracker')}\n")
        raise typer.Exit


def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    """Take the options that stand before a command; version has been answered by then."""
