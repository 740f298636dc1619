"""The scanner that knows on which line a key stands."""

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.app.site_file.lines import key_lines, line_of

DOCUMENT = '''\
# a comment with [brackets] and = signs
top = 1

[site]   # after a header
name = "a # b ] = [" # after a value
"quoted key" = 'literal \\'
a . b = 2
multi = [
  1, # one ]
  [2, 3],
]
text = """
[not.a.table]
not_a_key = 1 \\""" still
"""""
raw = \'\'\'
[x]
\'\'\'
inline = { one = 1, two = [1,
  2] }

[[bridge]]
port = "sim:"
[bridge.heads]
H01 = 1

[[bridge]]
port = "x"
"p\\u006frt2" = 1.5e3
[ site . deeper ]
last = 1979-05-27T07:32:00Z'''

EXPECTED = {
    ("top",): 2,
    ("site",): 4,
    ("site", "name"): 5,
    ("site", "quoted key"): 6,
    ("site", "a"): 7,
    ("site", "a", "b"): 7,
    ("site", "multi"): 8,
    ("site", "text"): 12,
    ("site", "raw"): 16,
    ("site", "inline"): 19,
    ("bridge",): 22,
    ("bridge", 0): 22,
    ("bridge", 0, "port"): 23,
    ("bridge", 0, "heads"): 24,
    ("bridge", 0, "heads", "H01"): 25,
    ("bridge", 1): 27,
    ("bridge", 1, "port"): 28,
    ("bridge", 1, "port2"): 29,
    ("site", "deeper"): 30,
    ("site", "deeper", "last"): 31,
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_key_is_found_on_its_line(newline):
    text = DOCUMENT.replace("\n", newline)
    tomllib.loads(text)  # the document is valid
    assert key_lines(text) == EXPECTED


def test_a_key_inside_an_inline_table_falls_back_to_the_key_that_holds_it():
    lines = key_lines(DOCUMENT)
    assert line_of(lines, ("site", "inline", "two")) == 19
    assert line_of(lines, ("bridge", 1, "missing")) == 27
    assert line_of(lines, ("nowhere", "x")) is None


def test_an_empty_document_has_no_keys():
    assert key_lines("") == {}
    assert key_lines("\n# only this\n") == {}


@pytest.mark.parametrize(
    "text",
    [
        'a = """x"""""\nb = 1',
        "a = '''x'''''\nb = 1",
        'a = ""\nb = 1',
        'a = """"""\nb = 1',
        "a = ''''''\nb = 1",
    ],
)
def test_quotes_at_the_end_of_a_string_do_not_swallow_the_next_key(text):
    assert set(tomllib.loads(text)) == {"a", "b"}
    assert key_lines(text) == {("a",): 1, ("b",): 2}


bare_keys = st.text("abcXYZ019_-", min_size=1, max_size=6)
values = st.sampled_from(
    [
        "1",
        "-2.5",
        "true",
        '"#[=]"',
        "'it\"s'",
        '"\\"]"',
        "[1, 2]",
        "[\n 1, # ]\n 2,\n]",
        '"""\na = 1\n"""',
        "{ x = 1 }",
    ]
)
comments = st.sampled_from(["", " # [c] = 'd", "  "])
fillers = st.lists(st.sampled_from(["", "# [x]", "   "]), max_size=2)


@given(
    tables=st.lists(
        st.tuples(
            bare_keys, st.lists(st.tuples(bare_keys, values, comments), max_size=4, unique_by=lambda e: e[0])
        ),
        max_size=4,
        unique_by=lambda table: table[0],
    ),
    filler=fillers,
)
@settings(deadline=None)
def test_keys_of_any_document_are_where_they_were_written(tables, filler):
    rows, expected = [], {}
    for table, entries in tables:
        rows += [*filler, f"[{table}]"]
        expected[table,] = "\n".join(rows).count("\n") + 1
        for key, value, comment in entries:
            rows += filler
            expected[table, key] = "\n".join([*rows, ""]).count("\n") + 1
            rows.append(f"{key} = {value}{comment}")
    text = "\n".join(rows)
    assert set(tomllib.loads(text)) == {table for table, _ in tables}
    assert key_lines(text) == expected
