"""The command as a process of its own, and in this one."""

import logging
import subprocess
import sys
import warnings
from types import SimpleNamespace

import pytest

from tracker.app.cli import main as cli_main

START = "from tracker.app.cli.main import run; run()"


@pytest.fixture(scope="session")
def sunflower():
    """Run the command in a process; stdout and stderr as text."""

    def run(*arguments, **options):
        command = [sys.executable, "-c", START, *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False, **options)

    return run


@pytest.fixture
def inside(capsys, monkeypatch):
    """Run the command in this process: (exit code, stdout, stderr); commands may be added to its table."""

    def run(*arguments, **commands):
        for name, command in commands.items():
            monkeypatch.setitem(sys.modules, f"tracker.app.cli.{name}", SimpleNamespace(command=command))
        added = {name: f"{name}.command" for name in commands}
        monkeypatch.setattr(cli_main, "COMMANDS", {**cli_main.COMMANDS, **added})
        code = cli_main.main([str(argument) for argument in arguments])
        return code, *capsys.readouterr()

    level, handlers, show = logging.root.level, logging.root.handlers[:], warnings.showwarning
    yield run
    logging.captureWarnings(False)
    logging.root.handlers[:], warnings.showwarning = handlers, show
    logging.root.setLevel(level)
