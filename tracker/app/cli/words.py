"""What commands take, described without Typer: loading it costs more than most commands do.

`plain` reads well-written command lines from this; `application` makes of it what Typer needs to help,
and to say what is wrong.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One option, or without names an argument, which is known by its place.

    metavar stands for the value in help, least and most bound a number; count lets a flag be repeated.
    """

    names: tuple[str, ...]
    says: str
    metavar: str | None
    least: float | None
    most: float | None
    count: bool = False


def option(
    *names: str,
    says: str,
    metavar: str | None = None,
    least: float | None = None,
    most: float | None = None,
    count: bool = False,
) -> Word:
    """What is given by name: --json, -v, --report FILE."""
    return Word(names=names, says=says, metavar=metavar, least=least, most=most, count=count)


def argument(*, says: str, metavar: str | None = None) -> Word:
    """What is given by its place: the site file."""
    return Word(names=(), says=says, metavar=metavar, least=None, most=None)
