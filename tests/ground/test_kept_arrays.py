"""Arrays that were worked out before are the same arrays, and only then."""

import numpy as np
import pytest

from tracker.kept_arrays import kept_arrays, state_of


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
    next((cache / "here").glob("*.npz")).write_bytes(b"PK not a copy")
    assert kept_arrays("here", ("a",), counted(made, 3))["value"] == 3
    assert len(made) == 2


def test_without_a_folder_everything_is_worked_out(monkeypatch, made):
    monkeypatch.setenv("SUNFLOWER_CACHE", "")
    for _ in range(2):
        kept_arrays("here", ("a",), counted(made, 3))
    assert len(made) == 2


def test_an_edited_source_file_is_another_state(tmp_path):
    file = tmp_path / "code.py"
    file.write_text("a = 1\n")
    before = state_of([file])
    file.write_text("a = 10\n")
    assert state_of([file]) != before
