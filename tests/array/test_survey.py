"""Surveys: what is read, and what is said about what cannot be."""

import numpy as np
import pytest

from tracker.array.survey import parse_survey, read_survey
from tracker.errors import InvalidInput

HEADER = "name,east_m,north_m,up_m\n"


def parse(text, disk_diameter_m=5.0):
    return parse_survey(text, place="survey.csv", disk_diameter_m=disk_diameter_m)


def test_heads_are_read_in_order_past_comments_blank_lines_and_other_columns():
    survey = parse(
        'note, north_m, name, east_m, up_m\n\n# total station\nok, 1, "A, east", 10, 0.5\nok,-2,B,0,0\n'
    )
    assert survey.names == ("A, east", "B")
    np.testing.assert_array_equal(survey.positions_enu_m, [[10.0, 1.0, 0.5], [0.0, -2.0, 0.0]])


def test_a_file_with_windows_line_ends_and_byte_order_mark_is_read(tmp_path):
    path = tmp_path / "survey.csv"
    path.write_bytes(b"\xef\xbb\xbf" + HEADER.replace("\n", "\r\n").encode() + b"A,0,0,0\r\nB,9,0,0\r\n")
    assert read_survey(path, disk_diameter_m=5.0).names == ("A", "B")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "survey.csv: empty"),
        ("# nothing\n\n", "survey.csv: empty"),
        ("name,east_m,up_m\nA,0,0\n", "survey.csv, line 1: no column north_m in name, east_m, up_m"),
        (HEADER, "survey.csv, line 1: no heads follow"),
        (HEADER + "A,0,0\n", "survey.csv, line 2: 3 fields under 4 columns"),
        (HEADER + "A,0,0,0\n\nA,9,0,0\n", "survey.csv, line 4: name 'A' stands on line 2 already"),
        (HEADER + ",0,0,0\n", "survey.csv, line 2: the name is empty"),
        (HEADER + "A,zero,0,0\n", "survey.csv, line 2: east_m = 'zero' is not a number"),
        (HEADER + "A,0,nan,0\n", "survey.csv, line 2: north_m = nan is not finite"),
        (HEADER + "A,0,0,-inf\n", "survey.csv, line 2: up_m = -inf is not finite"),
        (HEADER + "A,500000,0,0\n", "survey.csv, line 2: east_m = 500000 is beyond 100000 m"),
    ],
)
def test_an_error_names_its_line(text, says):
    with pytest.raises(InvalidInput) as caught:
        parse(text)
    assert says in str(caught.value)


def test_every_error_is_told_at_once():
    with pytest.raises(InvalidInput) as caught:
        parse(HEADER + "A,x,y,0\nA,0,0,0\nA,9,0,0\nB,1\n")
    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == [
        "survey.csv, line 2",
        "survey.csv, line 2",
        "survey.csv, line 4",
        "survey.csv, line 5",
    ]


def test_heads_that_would_touch_are_named_with_their_distance():
    with pytest.raises(InvalidInput, match=r"line 4: C stands 4\.000 m from A \(line 2\).*5\.000 m"):
        parse(HEADER + "A,0,0,0\nB,50,0,0\nC,0,4,0\n")


def test_heads_a_disk_apart_may_stand():
    assert parse(HEADER + "A,0,0,0\nB,5,0,0\n").names == ("A", "B")


@pytest.mark.parametrize("make", ["missing", "directory", "binary"])
def test_a_path_that_is_no_text_file_is_refused(tmp_path, make):
    path = tmp_path / "survey.csv"
    {"missing": lambda: None, "directory": path.mkdir, "binary": lambda: path.write_bytes(b"PK\x03\xff\xfe")}[
        make
    ]()
    with pytest.raises(InvalidInput, match=r"survey\.csv: "):
        read_survey(path, disk_diameter_m=5.0)
