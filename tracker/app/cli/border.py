"""What commands share at their border: common options, and wrong values told as wrong use."""

import functools
import inspect
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final, TypeAlias

from tracker.app.cli.exit_codes import Ended, exit_code
from tracker.app.cli.words import argument, option
from tracker.errors import InvalidInput, TrackerError
from tracker.named_files import LARGEST_SITE_BYTES, text_of

SiteFile: TypeAlias = Annotated[Path, argument(metavar="SITE", says="Site file; sunflower init writes one.")]
AsJson: TypeAlias = Annotated[bool, option("--json", says="Give one JSON document on stdout.")]
Verbose: TypeAlias = Annotated[
    int,
    option("--verbose", "-v", count=True, says="Tell more on stderr; twice: every detail."),
]
FILE_KEYS: Final = (
    ("site", "horizon"),
    ("array", "survey"),
    ("weather", "source"),
    ("wind", "source"),
    ("irradiance", "source"),
    ("sweep", "sites"),
    ("sweep", "weather"),
)
FILE_KINDS: Final = ("file", "modbus")  # of an instrument, before its path
LEVELS: Final = (logging.WARNING, logging.INFO, logging.DEBUG)


@contextmanager
def wrong_use(place: str) -> Iterator[None]:
    """Turn a ValueError about what a user gave into InvalidInput that names the place.

    Only at borders: elsewhere a ValueError is an error of the program and must be told as such.
    """
    try:
        yield
    except ValueError as error:
        raise InvalidInput(f"{place}: {error}") from error


def refuse_over_input(output: Path, *inputs: Path) -> None:
    """Raises InvalidInput when a result would take the place of a file that the command reads."""
    for given in inputs:
        if _one_file(output, given):
            raise InvalidInput(f"{output}: the command reads this file; name another one for the result")


def files_of(site: Path) -> tuple[Path, ...]:
    """A site file and the files beside it that it names: none of them may be a result."""
    import tomllib

    document = tomllib.loads(text_of(site, LARGEST_SITE_BYTES))
    named = (document.get(section, {}).get(key) for section, key in FILE_KEYS)
    return site, *(site.parent / _path(name) for name in named if isinstance(name, str))


def _one_file(output: Path, given: Path) -> bool:
    try:
        return output.samefile(given)
    except (OSError, ValueError):  # one is not there, or cannot be: nothing is lost
        return False


def _path(name: str) -> Path:
    kind, _, place = name.partition(":")
    return Path(place) if kind in FILE_KINDS else Path(name).expanduser()


def after_the_answer(error: TrackerError) -> Ended:
    """How a command ends that has given its one document: the error is told on stderr, and makes the code."""
    from tracker.app.output import tell

    tell(f"Error: {error}")
    return Ended(exit_code(error))


def with_verbose(command: Callable[..., None]) -> Callable[..., None]:
    """The command with -v/--verbose added, which sets up logging before it runs."""

    @functools.wraps(command)
    def verbose_command(*, verbose: int = 0, **arguments: object) -> None:
        set_up_logging(verbose)
        command(**arguments)

    parameter = inspect.Parameter("verbose", inspect.Parameter.KEYWORD_ONLY, default=0, annotation=Verbose)
    signature = inspect.signature(command)
    parameters = [*signature.parameters.values(), parameter]
    verbose_command.__annotations__ = {**command.__annotations__, "verbose": Verbose}
    vars(verbose_command)["__signature__"] = signature.replace(parameters=parameters)
    return verbose_command


def set_up_logging(verbose: int) -> None:
    """Send the log, and Python's warnings, to stderr: warnings, with 1 transitions, with 2 every frame."""
    logging.basicConfig(
        stream=sys.stderr,
        level=LEVELS[min(verbose, len(LEVELS) - 1)],
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        force=True,
    )
    logging.captureWarnings(True)
