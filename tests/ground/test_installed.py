"""Versions told by folders' names are those that the packages themselves tell."""

from importlib import metadata

import pytest

from tracker.installed import installed, version_of


@pytest.mark.parametrize("name", ["numpy", "pvlib", "pandas", "scipy", "pydantic", "sunflower-tracker"])
def test_a_version_is_what_its_metadata_say(name):
    assert version_of(name) == metadata.version(name)


def test_names_are_compared_as_packaging_compares_them():
    assert (
        version_of("Typing.Extensions") == version_of("typing_extensions") == installed()["typing-extensions"]
    )


def test_what_keeps_its_version_elsewhere_is_asked_for_it(monkeypatch):
    installed.cache_clear()
    monkeypatch.setattr("tracker.installed.listdir", lambda _: ["numpy", "numpy.egg-info"])
    assert dict(installed()) == {}
    assert version_of("numpy") == metadata.version("numpy")
    installed.cache_clear()


def test_what_is_not_there_has_no_version():
    with pytest.raises(metadata.PackageNotFoundError):
        version_of("no-such-distribution")
