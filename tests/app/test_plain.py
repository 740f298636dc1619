"""What is read without Typer is what Typer reads; whatever else is on a line is left to it."""

import functools
import inspect
import os
import subprocess
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.exceptions import Exit, TyperException

from tracker.app.cli import border
from tracker.app.cli.application import application, invoke
from tracker.app.cli.border import with_verbose
from tracker.app.cli.main import COMMANDS
from tracker.app.cli.plain import plain_values
from tracker.app.cli.words import Word

WORDS = (
    *("site.toml", "other.toml", "--json", "-v", "-vv", "--verbose", "--report", "--report=a.html", "r.html"),
    *("--weather", "--weather=", "climate:x", "--recorded", "a.csv=north", "--recorded=b.csv", "--data", "-"),
    *("--", "--require-claim", "--require-claim=1", "--help", "-h", "--jsn", "--js", "", "a b", "--latitude"),
    *("22.5", "--utc", "2025-06-21T04:00", "--head", "H01", "--heads", "7", "--pattern", "grid", "--out"),
    *("--latitude=1", "--no-json", "-vx", "/dev/null", "\udcff", "täglich", "--recorded-any-year", "--force"),
)


@pytest.fixture
def typers_values(monkeypatch):
    """What Typer runs a command with; None where it refuses the line or answers it itself."""

    def values(name, words):
        seen = {}
        monkeypatch.setattr(border, "set_up_logging", lambda verbose: seen.update(verbose=verbose))
        recorder = functools.wraps(command(name))(lambda **values: seen.update(values))
        with suppress(Exit, TyperException, UnicodeEncodeError):
            invoke(application({name: recorder}, {}), [name, *words])
        return seen or None

    return values


def command(name):
    return getattr(import_module(f"tracker.app.cli.{name}"), name)


def lines(name):
    """The command with up to six words, of which its own options are some."""
    own = [option for slot in inspect.signature(command(name)).parameters.values() for option in names(slot)]
    return st.tuples(st.just(name), st.lists(st.sampled_from((*WORDS, *own)), max_size=6))


def names(parameter):
    return next(word.names for word in get_args(parameter.annotation) if isinstance(word, Word))


def defaults(name):
    parameters = inspect.signature(with_verbose(command(name))).parameters.values()
    return {each.name: each.default for each in parameters}


@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(line=st.sampled_from(sorted(COMMANDS)).flatmap(lines))
def test_a_plain_line_means_what_typer_takes_it_for(typers_values, capsys, line):
    name, words = line
    plain = plain_values(with_verbose(command(name)), words)
    if plain is not None:
        assert defaults(name) | plain == typers_values(name, words)
    capsys.readouterr()


@pytest.mark.parametrize(
    ("name", "words", "values"),
    [
        ("compare", ["s.toml"], {"site": Path("s.toml")}),
        ("compare", ["--json", "s.toml"], {"as_json": True, "site": Path("s.toml")}),
        ("compare", ["s.toml", "--weather=a=b"], {"site": Path("s.toml"), "weather": "a=b"}),
        (
            "compare",
            ["s.toml", "--recorded", "a", "-v", "--recorded", "b", "-v"],
            {"site": Path("s.toml"), "recorded": ["a", "b"], "verbose": 2},
        ),
        ("sun", [], {}),
        ("check", ["x" * 5000], {"site": Path("x" * 5000)}),  # longer than a name can be
        ("check", ["/dev/null/x"], {"site": Path("/dev/null/x")}),
        ("demo", ["--out", "there"], {"out": Path("there")}),
    ],
)
def test_a_plain_line_is_read(typers_values, name, words, values):
    assert plain_values(with_verbose(command(name)), words) == values
    assert typers_values(name, words) == defaults(name) | values


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("compare", []),
        ("compare", ["a.toml", "b.toml"]),
        ("compare", ["a.toml", "--help"]),
        ("compare", ["a.toml", "--weather"]),
        ("compare", ["a.toml", "--weather", "--json"]),
        ("compare", ["a.toml", "--weather", "x", "--weather", "y"]),
        ("compare", ["a.toml", "--jso"]),
        ("compare", ["a.toml", "--json=1"]),
        ("compare", ["--", "a.toml"]),
        ("compare", [""]),
        ("compare", ["\udcff.toml"]),
        ("sun", ["--latitude", "22.5"]),
        ("sweep", ["plan.toml"]),
    ],
)
def test_what_is_not_plain_is_left_to_typer(name, words):
    assert plain_values(with_verbose(command(name)), words) is None


def test_a_path_that_cannot_be_read_is_left_to_typer(tmp_path, monkeypatch):
    (tmp_path / "site.toml").touch()
    monkeypatch.setattr("os.access", lambda _, mode: mode == os.F_OK)  # the superuser may read all
    assert plain_values(with_verbose(command("check")), [str(tmp_path / "site.toml")]) is None


@pytest.mark.parametrize("arguments", [["sun"], ["status", "missing.toml"]])
def test_a_plain_line_loads_no_typer(arguments, tmp_path):
    code = (
        "import sys; from tracker.app.cli.main import main; main(sys.argv[1:]);"
        "sys.exit('typer' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
