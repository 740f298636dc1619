"""The commands as Typer has them: for help, and to say what is wrong with a command line."""

import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Final, TypeAlias, get_args

import typer
from typer.main import get_command

from tracker.app.cli.border import with_verbose
from tracker.app.cli.exit_codes import DONE
from tracker.app.cli.words import Word

NAME: Final = "sunflower"
Commands: TypeAlias = Mapping[str, Callable[..., None]]


def invoke(app: typer.Typer, arguments: Sequence[str]) -> int:
    """Run one command line; the code that Typer ends it with. Raises what the command and Typer raise."""
    command = get_command(app)
    try:
        with command.make_context(NAME, list(arguments)) as context:
            command.invoke(context)
    except typer.Exit as asked:
        return asked.exit_code
    return DONE


def application(commands: Commands, groups: Mapping[str, tuple[str, Commands]]) -> typer.Typer:
    """The Typer application of commands by name, and of groups of them with what each group is for."""
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
    _add(app, commands)
    for name, (says, members) in groups.items():
        group = typer.Typer(help=says, rich_markup_mode="markdown")
        _add(group, members)
        app.add_typer(group, name=name)
    return app


def _add(app: typer.Typer, commands: Commands) -> None:
    for name, command in commands.items():
        told = with_verbose(command)
        signature = inspect.signature(told)
        ours = signature.parameters.values()
        typers = [parameter.replace(annotation=_hint(parameter.annotation)) for parameter in ours]
        vars(told)["__signature__"] = signature.replace(parameters=typers)
        app.command(name)(told)


def _hint(hint: Any) -> Any:
    """A parameter's type with Typer's description of it in place of ours."""
    kind, word = (*get_args(hint), None, None)[:2]
    if not isinstance(word, Word):
        return hint
    if not word.names:
        return Annotated[kind, typer.Argument(metavar=word.metavar, help=word.says)]
    told = typer.Option(
        *word.names,
        metavar=word.metavar,
        min=word.least,
        max=word.most,
        count=word.count,
        show_default=not word.count,
        help=word.says,
    )
    return Annotated[kind, told]


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
