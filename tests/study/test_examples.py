"""The examples of the documentation run as they stand, so that they cannot rot."""

import re
import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
SECTION = re.compile(r"^## (.+?)$(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
# What each must come to tell; figures live in the tests of what computes them.
TELLS = {
    "One roof": "+40.0 % is not supported.",
    "Your own weather": "year to year",
    "A tracker whose clock is late": "the late clock costs",
    "In Python": "none: beam and diffuse as given",
}


def blocks():
    texts = [(DOCS / name).read_text(encoding="utf-8") for name in ("examples.md", "weather.md")]
    return [
        (title, code)
        for text in texts
        for title, body in SECTION.findall(text)
        for code in BLOCK.findall(body)
    ]


def test_there_are_the_three_examples_and_the_one_of_weather():
    assert [title for title, _ in blocks()] == list(TELLS)


@pytest.mark.parametrize(("title", "code"), blocks(), ids=[title for title, _ in blocks()])
def test_an_example_runs_as_it_stands(title, code, tmp_path, capsys):
    (tmp_path / "example.py").write_text(code, encoding="utf-8")
    runpy.run_path(str(tmp_path / "example.py"))
    assert TELLS[title] in capsys.readouterr().out
