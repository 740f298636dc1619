"""The command line as scripts and people meet it: codes, streams, help, JSON."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import typer

from tracker.app.cli.exit_codes import EXIT_CODES, exit_code
from tracker.errors import CheckFailed, DeviceUnavailable, InvalidInput, OutputFailed, RefusedForSafety

HEAVY = ("numpy", "pandas", "pvlib", "numba", "scipy", "matplotlib", "serial")
PROBE = f"""
import sys
from typer.main import get_command
from tracker.app.cli import main as cli

def walk(command, path):
    yield path
    for name, below in getattr(command, "commands", {{}}).items():
        yield from walk(below, [*path, name])

for path in walk(get_command(cli.application()), []):
    code = cli.main([*path, "--help"])
    heavy = [name for name in {HEAVY} if name in sys.modules]
    sys.stderr.write(f"{{' '.join(path) or 'sunflower'}}: {{code}} {{heavy}}\\n")
"""
LOADS = """
import sys
from tracker.app.cli.main import main
code = main(sys.argv[1:])
sys.stderr.write(" ".join(sorted({m.partition(".")[0] for m in sys.modules})))
sys.exit(code)
"""


def test_every_help_loads_nothing_heavy():
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)
    answers = dict(line.split(": ") for line in done.stderr.splitlines())
    assert {"sunflower", "init", "check", "sun"} <= set(answers)
    assert {name: answer for name, answer in answers.items() if answer != "0 []"} == {}


def test_brackets_in_help_are_shown_and_not_taken_for_markup(sunflower):
    assert "[0]" in sunflower("sun", "--help").stdout
    assert "table [sweep]" in sunflower("sweep", "--help").stdout


@pytest.mark.parametrize("arguments", [["init", "site.toml"], ["check", "site.toml"]])
def test_init_and_check_load_no_pandas_and_no_pvlib(tmp_path, arguments):
    (tmp_path / "site.toml").write_text("")
    arguments = [*arguments, "--force"] if arguments[0] == "init" else arguments
    done = subprocess.run(
        [sys.executable, "-c", LOADS, *arguments], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    loaded = set(done.stderr.split())
    assert "pydantic" in loaded
    assert loaded & {"pandas", "pvlib", "numba", "scipy", "matplotlib", "serial"} == set()


def test_every_command_takes_json_verbose_and_help():
    from typer.main import get_command

    from tracker.app.cli.main import application

    def leaves(command):
        below = getattr(command, "commands", None)
        return [command] if below is None else [leaf for one in below.values() for leaf in leaves(one)]

    for command in leaves(get_command(application())):
        names = {name for parameter in command.params for name in parameter.opts}
        assert {"--json", "--verbose", "-v"} <= names, command.name
        assert command.help, command.name


def raises(error):
    def command(as_json: bool = typer.Option(False, "--json")) -> None:
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CheckFailed("the claim does not hold"), 1),
        (InvalidInput("x.csv: empty"), 2),
        (DeviceUnavailable("/dev/x: busy"), 3),
        (ConnectionResetError("gone"), 3),
        (RefusedForSafety("wind"), 4),
        (OutputFailed("report.html: no space"), 5),
        (KeyboardInterrupt(), 130),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else str(value),
)
def test_an_error_becomes_its_exit_code_and_a_message_on_stderr(inside, error, code):
    assert inside("boom", boom=raises(error)) == (code, "", f"Error: {str(error) or 'interrupted'}\n")


def test_a_failed_system_call_names_the_file_and_the_next_action(inside):
    code, _, err = inside("boom", boom=raises(OSError(28, "No space left on device", "journal.db")))
    assert (code, err) == (
        5,
        "Error: journal.db: No space left on device; free some space, or write elsewhere\n",
    )


def test_errors_of_the_bridge_are_device_errors_without_loading_it():
    from firmware_bridge.errors import BridgeError, LinkLost

    assert exit_code(BridgeError("x")) == exit_code(LinkLost("x")) == 3


def test_the_exit_code_table_names_classes_that_exist():
    from importlib import import_module

    for name in EXIT_CODES:
        module, _, cls = name.rpartition(".")
        assert issubclass(getattr(import_module(module), cls), BaseException), name


def test_the_nearest_ancestor_decides():
    class MoreInvalid(InvalidInput, OSError):
        pass

    assert exit_code(MoreInvalid("x")) == 2
    assert exit_code(LookupError("x")) == 70


def test_with_json_an_error_is_a_document_too(inside):
    code, out, err = inside("boom", "--json", boom=raises(InvalidInput("x.csv: empty")))
    assert code == 2
    assert json.loads(out) == {"error": {"kind": "InvalidInput", "message": "x.csv: empty", "exit_code": 2}}
    assert err == "Error: x.csv: empty\n"


def test_an_error_of_the_program_shows_no_traceback_and_keeps_it_in_a_file(inside, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    code, out, err = inside("boom", boom=raises(ZeroDivisionError("division by zero")))
    assert (code, out) == (70, "")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    (log,) = tmp_path.glob("sunflower-error-*.log")
    assert str(log) in err
    assert "ZeroDivisionError: division by zero" in log.read_text()
    assert "Traceback" in log.read_text()


def test_an_error_of_the_program_is_told_even_where_no_file_can_be_written(inside, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    code, _, err = inside("boom", boom=raises(ZeroDivisionError("division by zero")))
    assert code == 70
    assert "ZeroDivisionError: division by zero. The details are in no file" in err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["bogus"], "No such command 'bogus'"),
        (["check"], "Missing argument 'SITE'"),
        (["check", "a.toml", "--jsn"], "No such option: --jsn"),
        (["check", "a.toml", "b.toml"], "unexpected extra argument"),
        (["sun", "--latitude", "north"], "Invalid value for '--latitude'"),
    ],
)
def test_wrong_use_is_code_2_with_usage(inside, arguments, says):
    code, out, err = inside(*arguments)
    assert (code, out) == (2, "")
    assert says in err
    assert err.startswith("Usage: sunflower")


def test_without_arguments_the_help_is_shown_and_the_use_is_wrong(sunflower):
    done = sunflower()
    assert done.returncode == 2
    assert "Usage: sunflower" in done.stdout


def test_the_version_is_that_of_the_distribution(inside):
    from importlib.metadata import version

    assert inside("--version") == (0, f"sunflower {version('sunflower-tracker')}\n", "")


def test_verbose_sends_the_log_to_stderr_only_when_asked(inside):
    def talk() -> None:
        import logging

        logging.getLogger("tracker.x").info("moved")

    assert inside("talk", talk=talk) == (0, "", "")
    code, out, err = inside("talk", "-v", talk=talk)
    assert (code, out) == (0, "")
    assert err.endswith("INFO tracker.x: moved\n")


def test_a_full_disk_behind_stdout_is_an_output_error(sunflower):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", "from tracker.app.cli.main import run; run()", "--version"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 5
    assert done.stderr == "Error: No space left on device; free some space, or write elsewhere\n"


FLOOD = """
import sys
from tracker.app.cli import main as cli
def flood() -> None:
    for _ in range(100_000):
        sys.stdout.write("x" * 80 + "\\n")
sys.modules["tracker.app.cli.flood"] = sys.modules["__main__"]
cli.COMMANDS = {"flood": "flood.flood"}
sys.argv = ["sunflower", "flood"]
cli.run()
"""


def test_a_reader_that_leaves_is_nothing_to_talk_about():
    with subprocess.Popen(
        [sys.executable, "-c", FLOOD], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout.readline().startswith(b"xxx")
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_a_pipe_that_breaks_elsewhere_is_an_error(inside, monkeypatch):
    monkeypatch.setattr("tracker.app.cli.failures._reader_is_gone", lambda: False)
    code, _, err = inside("boom", boom=raises(BrokenPipeError(32, "Broken pipe")))
    assert (code, err) == (3, "Error: Broken pipe\n")


def test_an_interrupt_ends_with_130_and_no_traceback():
    code = (
        "import os, signal\n"
        "from tracker.app.cli import main as cli\n"
        "def wait() -> None:\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    signal.pause()\n"
        "import sys; sys.modules['tracker.app.cli.wait'] = sys.modules['__main__']\n"
        "cli.COMMANDS = {'wait': 'wait.wait'}\n"
        "sys.argv = ['sunflower', 'wait']; cli.run()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (128 + signal.SIGINT, "", "Error: interrupted\n")


def test_init_then_check_is_clean(inside, tmp_path):
    path = tmp_path / "site.toml"
    code, out, _ = inside("init", path)
    assert code == 0
    assert f"sunflower check {path}" in out
    code, out, err = inside("check", path)
    assert (code, err) == (0, "")
    assert f"{path}: no errors" in out
    assert "19, layout vogel, the closest 7.00 m apart" in out
    assert "note" not in out


def test_init_refuses_to_overwrite_unless_forced(inside, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("precious")
    code, _, err = inside("init", path)
    assert code == 2
    assert "--force" in err
    assert path.read_text() == "precious"
    assert inside("init", path, "--force")[0] == 0
    assert path.read_text() != "precious"


def test_init_in_a_directory_writes_site_toml_there(inside, tmp_path):
    code, out, _ = inside("init", tmp_path, "--json")
    assert code == 0
    assert json.loads(out) == {"written": str(tmp_path / "site.toml")}
    assert inside("init", tmp_path)[0] == 2


def test_init_where_no_directory_is_says_so(inside, tmp_path):
    code, _, err = inside("init", tmp_path / "no" / "site.toml")
    assert code == 5
    assert "create the directory first" in err


def test_check_as_json_summarises_the_site(inside, tmp_path):
    path = tmp_path / "site.toml"
    path.write_text('[array]\nheads = 4\nlayout = "grid"\n')
    code, out, _ = inside("check", path, "--json")
    document = json.loads(out)
    assert code == 0
    assert (document["valid"], document["problems"], document["notes"]) == (True, [], [])
    summary = document["summary"]
    assert (summary["heads"], summary["layout"], summary["dc_capacity_kw"]) == (4, "grid", 10.0)
    radius_m = summary["disk_diameter_m"] / 2.0
    assert summary["land_area_m2"] == pytest.approx(49.0 + 28.0 * radius_m + np.pi * radius_m**2)


def test_check_tells_all_problems_in_both_forms(inside, tmp_path):
    path = tmp_path / "site.toml"
    path.write_text("[site]\nlatitude = 3\n[head]\npetals = 2\n")
    code, out, err = inside("check", path)
    assert (code, out) == (2, "")
    assert err.startswith(f"Error: {path}: 2 errors\n  line 2: site.latitude is not a known key")
    code, out, err_with_json = inside("check", path, "--json")
    document = json.loads(out)
    assert (code, err_with_json, document["valid"]) == (2, err, False)
    assert [(problem["line"], problem["key"]) for problem in document["problems"]] == [
        (2, "site.latitude"),
        (4, "head.petals"),
    ]


def test_check_of_a_missing_file_is_wrong_use(sunflower, tmp_path):
    done = sunflower("check", tmp_path / "no.toml", "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["kind"] == "InvalidSite"
    assert "sunflower init PATH" in done.stderr
