"""Results: whole files or none, JSON that any reader takes, progress that keeps quiet."""

import json
import math
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tracker.app.output import emit, emit_line, json_text, progress, tell, write_atomically
from tracker.errors import OutputFailed


def test_a_file_is_written_whole_with_the_usual_permissions(tmp_path):
    (tmp_path / "plain").write_text("x")
    write_atomically(tmp_path / "text", "Zürich\n")
    write_atomically(tmp_path / "bytes", b"\x00\xff")
    assert (tmp_path / "text").read_text(encoding="utf-8") == "Zürich\n"
    assert (tmp_path / "bytes").read_bytes() == b"\x00\xff"
    assert (tmp_path / "text").stat().st_mode == (tmp_path / "plain").stat().st_mode
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bytes", "plain", "text"]


def test_a_link_keeps_pointing_to_the_file_that_is_replaced(tmp_path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    write_atomically(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("missing/x.html", "create the directory first"),
        ("file/x.html", "a part of the path is a file"),
        ("folder", "name a file, not a directory"),
        ("/dev/full", "free some space"),
    ],
)
def test_a_place_that_cannot_be_written_is_named_with_the_next_action(tmp_path, path, says):
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputFailed) as caught:
        write_atomically(tmp_path / path, "content")
    assert f"{tmp_path / path}: cannot be written: " in str(caught.value)
    assert says in str(caught.value)
    assert sorted(found.name for found in tmp_path.rglob("*")) == ["file", "folder"]


def test_a_device_is_written_and_not_replaced():
    write_atomically(Path("/dev/null"), "content")
    assert Path("/dev/null").is_char_device()


def test_a_write_that_breaks_off_leaves_the_old_file_and_nothing_else(tmp_path):
    target = tmp_path / "report.html"
    target.write_text("old")
    code = (
        "import sys; from pathlib import Path; from tracker.app.output import write_atomically\n"
        "write_atomically(Path(sys.argv[1]), b'x' * 100_000)"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", code, target],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
    )
    assert "OutputFailed" in done.stderr
    assert "raise the limit on file sizes" in done.stderr
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_json_takes_arrays_paths_and_numbers_that_json_lacks():
    document = {
        "array": np.array([[1.0, np.nan]]),
        "count": np.int64(3),
        "flag": np.bool_(True),
        "path": Path("a/b"),
        "pair": (1, -math.inf),
        "none": None,
    }
    assert json.loads(json_text(document)) == {
        "array": [[1.0, None]],
        "count": 3,
        "flag": True,
        "path": "a/b",
        "pair": [1, None],
        "none": None,
    }


def test_json_refuses_what_it_cannot_carry():
    with pytest.raises(TypeError, match="JSON has no object"):
        json_text({"x": object()})


def test_results_go_to_stdout_and_talk_to_stderr(capsys):
    emit({"a": 1}, as_json=False, text="one")
    emit({"a": 1}, as_json=True, text="one")
    emit_line({"b": [1, 2]})
    tell("wait")
    out, err = capsys.readouterr()
    assert out == 'one\n{\n  "a": 1\n}\n{"b": [1, 2]}\n'
    assert err == "wait\n"


def test_progress_is_silent_where_nobody_looks(capsys):
    with progress("comparing", 3.0) as advance:
        advance(1.0)
    assert capsys.readouterr() == ("", "")


def test_progress_shows_on_a_terminal():
    import os
    import pty

    code = "from tracker.app.output import progress\nwith progress('comparing', 2) as done:\n    done(2)"
    ours, theirs = pty.openpty()
    environment = os.environ | {"TERM": "xterm"}
    done = subprocess.run(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=theirs, check=True, env=environment
    )
    os.close(theirs)
    seen = os.read(ours, 65536)
    os.close(ours)
    assert done.stdout == b""
    assert b"comparing" in seen
