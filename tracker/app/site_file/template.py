"""The commented site file, made from the schema so that its comments cannot drift from what is checked."""

import textwrap
from collections.abc import Iterator
from typing import Final

from pydantic.fields import FieldInfo

from tracker.app.site_file.schema import OPTIONAL, REPEATED, SECTIONS, Section, facts
from tracker.app.site_file.toml_text import toml_value

WIDTH: Final = 110
HEAD: Final = """\
# A site for sunflower. Every key may be left out: its value here is its default.
# Check the file after every change: sunflower check THIS_FILE
"""


def site_template() -> str:
    """A whole site file with every key, its default, meaning, unit and allowed range."""
    return HEAD + "".join(_section(name, model) for name, model in SECTIONS.items())


def _section(name: str, model: type[Section]) -> str:
    header = f"[[{name}]]" if name in REPEATED else f"[{name}]"
    off = "# " if name in OPTIONAL else ""
    keys = "\n".join(line for key, field in model.model_fields.items() for line in _key(key, field, off))
    return f"\n{off}{header}  # {_first_letter_small(str(model.__doc__))}\n{keys}\n"


def _key(key: str, field: FieldInfo, off: str) -> Iterator[str]:
    """The comment and the key; one without a default value stays commented out, with an example."""
    comment = f"{field.description}: {facts(field)['allowed']}"
    yield from textwrap.wrap(
        comment, WIDTH, initial_indent="# ", subsequent_indent="#   ", break_on_hyphens=False
    )
    example = facts(field).get("example")
    yield f"{off}{key} = {toml_value(field.default)}" if example is None else f"# {key} = {example}"


def _first_letter_small(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:].rstrip(".")
