"""The commented site file: generated, whole, and always what the schema says."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.app.config import check_site_text
from tracker.app.site_file.schema import OPTIONAL, REPEATED, SECTIONS, facts
from tracker.app.site_file.template import site_template
from tracker.app.site_file.toml_text import toml_value


def test_the_template_is_the_defaults():
    document = tomllib.loads(site_template())
    assert OPTIONAL.isdisjoint(document)
    for name in SECTIONS.keys() - OPTIONAL:
        (table,) = document[name] if name in REPEATED else (document[name],)
        assert SECTIONS[name].model_validate(table) == SECTIONS[name]()


def test_the_template_has_every_key_of_the_schema_and_no_other():
    uncommented = re.sub(r"(?m)^# (?=[a-z_]+ = |\[)", "", site_template())
    document = tomllib.loads(uncommented)
    assert list(document) == list(SECTIONS)
    for name, model in SECTIONS.items():
        (table,) = document[name] if name in REPEATED else (document[name],)
        assert list(table) == list(model.model_fields)
        model.model_validate(table)


def test_every_key_is_preceded_by_its_meaning_and_bounds():
    text = re.sub(r"\n#   ", " ", site_template())
    for model in SECTIONS.values():
        for field in model.model_fields.values():
            assert f"# {field.description}: {facts(field)['allowed']}\n" in text


def test_the_template_has_no_errors_and_no_notes():
    check = check_site_text(site_template(), Path())
    assert (check.problems, check.notes) == ((), ())


values = st.recursive(
    st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(values)
def test_any_value_comes_back_from_toml_as_it_was(value):
    assert tomllib.loads(f"x = {toml_value(value)}")["x"] == value


def test_what_toml_cannot_hold_is_refused():
    with pytest.raises(ValueError, match="TOML has no NoneType"):
        toml_value(None)
