"""Arrays that were worked out before are the same arrays, and only then."""

import os
import subprocess
import sys

import numpy as np
import pytest

from tracker.kept_arrays import cache_folder, kept_arrays, state_of


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("SUNFLOWER_CACHE", str(tmp_path))
    return tmp_path


@pytest.fixture
def made():
    return []


def counted(made, value):
    def make():
        made.append(value)
        return {"value": np.array(value)}

    return make


def test_the_second_time_nothing_is_worked_out(cache, made):
    for _ in range(2):
        assert kept_arrays("here", ("a", 1.5), counted(made, [1.0, 2.0]))["value"].tolist() == [1.0, 2.0]
    assert len(made) == 1


def test_other_sources_have_copies_of_their_own(cache, made):
    sources = [("a", 1.5), ("a", 1.25), ("a", np.array([1.5])), ("a1.5",)]
    for number, source in enumerate(sources):
        assert kept_arrays("here", source, counted(made, number))["value"] == number
    assert len(made) == len(sources)


def test_nothing_at_all_is_kept_as_such(cache, made):
    for _ in range(2):
        assert kept_arrays("here", ("none",), lambda: made.append(1) or {}) == {}
    assert len(made) == 1


def test_a_broken_copy_is_worked_out_again(cache, made):
    kept_arrays("here", ("a",), counted(made, 3))
    next((cache / "here").glob("*.arrays")).write_bytes(b"not a copy")
    assert kept_arrays("here", ("a",), counted(made, 3))["value"] == 3
    assert len(made) == 2


def test_without_a_folder_everything_is_worked_out(monkeypatch, made):
    monkeypatch.setenv("SUNFLOWER_CACHE", "")
    for _ in range(2):
        kept_arrays("here", ("a",), counted(made, 3))
    assert len(made) == 2


def test_an_edited_source_file_is_another_state(tmp_path):
    file = tmp_path / "room" / "code.py"
    file.parent.mkdir()
    file.write_text("a = 1\n")
    before = state_of(tmp_path)
    (tmp_path / "notes.txt").write_text("no code\n")
    assert state_of(tmp_path) == before
    file.write_text("a = 10\n")
    assert state_of(tmp_path) != before
    (tmp_path / "room" / "more.py").touch()
    assert len(state_of(tmp_path)) == 2


def test_a_copy_that_others_may_write_is_worked_out_again(cache, made):
    kept_arrays("here", ("a",), counted(made, 3))
    (copy,) = (cache / "here").iterdir()
    assert copy.stat().st_mode & 0o777 == 0o600
    copy.chmod(0o620)
    kept_arrays("here", ("a",), counted(made, 3))
    assert len(made) == 2
    assert copy.stat().st_mode & 0o777 == 0o600


def test_a_copy_of_another_user_is_worked_out_again(cache, made, monkeypatch):
    kept_arrays("here", ("a",), counted(made, 3))
    monkeypatch.setattr("os.geteuid", lambda: 4711)
    kept_arrays("here", ("a",), counted(made, 3))
    assert len(made) == 2


def test_a_folder_that_may_only_be_read_still_serves(cache, made, monkeypatch):
    kept_arrays("here", ("a",), counted(made, 3))

    def refused(*_):
        raise PermissionError(30, "Read-only file system")

    monkeypatch.setattr("os.utime", refused)
    monkeypatch.setattr("os.open", refused)  # the superuser may write everywhere
    assert kept_arrays("here", ("a",), counted(made, 3))["value"] == 3
    assert len(made) == 1
    for _ in range(2):
        assert kept_arrays("here", ("b",), counted(made, 4))["value"] == 4
    assert len(made) == 3


def test_without_a_home_everything_is_worked_out(monkeypatch, made):
    for name in ("SUNFLOWER_CACHE", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pwd.getpwuid", lambda _: (_ for _ in ()).throw(KeyError()))
    assert cache_folder() is None
    assert kept_arrays("here", ("a",), counted(made, 3))["value"] == 3


def test_only_the_last_used_remain(cache, made):
    for number in range(4):
        kept_arrays("here", (number,), counted(made, number), 3)
        for age, copy in enumerate(sorted((cache / "here").iterdir(), key=lambda one: one.stat().st_mtime)):
            os.utime(copy, (age, age))
    kept_arrays("here", (1,), counted(made, 1), 3)
    kept_arrays("here", (4,), counted(made, 4), 3)
    assert made == [0, 1, 2, 3, 4]
    assert len(list((cache / "here").iterdir())) == 3
    kept_arrays("here", (1,), counted(made, 1), 3)
    assert made == [0, 1, 2, 3, 4]


WRITER = """
import sys
import numpy as np
from tracker.kept_arrays import kept_arrays
for number in range(200):
    value = kept_arrays("here", (number % 5,), lambda: {"value": np.full(20_000, number % 5)}, 3)["value"]
    assert value.shape == (20_000,) and (value == number % 5).all()
"""


def test_processes_at_once_disturb_nobody(cache):
    command = [sys.executable, "-c", WRITER]
    writers = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    assert [writer.communicate()[1] for writer in writers] == ["", ""]
    assert [writer.returncode for writer in writers] == [0, 0]
