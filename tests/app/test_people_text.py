"""How heads look to a person who must decide whether to put a hand in."""

import pytest

from tracker.app.cli.people import table


def head(**changes):
    well = {
        "name": "H01",
        "state": "TRACKING",
        "azimuth_deg": 123.456,
        "elevation_deg": 45.0,
        "moving": False,
        "settled": False,
        "trusted": True,
        "fault": 0,
        "silent_s": 0.0,
    }
    return {**well, **changes}


@pytest.mark.parametrize(
    ("changes", "says", "silent_about"),
    [
        ({}, ["TRACKING", "123.46", "45.00"], ["moving", "NOT SAFE"]),
        ({"moving": True, "silent_s": 45.0}, ["moving when last heard", "silent for 45 s"], []),
        ({"state": "LOCKING", "moving": True}, ["NOT SAFE TO TOUCH YET"], []),
        ({"state": "LOCKED", "silent_s": 3.0}, ["NOT SAFE TO TOUCH YET"], []),
        ({"state": "LOCKED"}, ["LOCKED"], ["NOT SAFE"]),
        ({"folded": True}, ["petals told to fold"], []),
        ({"folded": False}, [], ["fold"]),
        ({"state": "HOMING", "moving": True, "trusted": False}, ["position unknown", "?"], ["123.46"]),
    ],
)
def test_a_line_says_what_is_known_and_no_more(changes, says, silent_about):
    line = table({"heads": []}, [head(**changes)])
    for words in says:
        assert words in line
    for words in silent_about:
        assert words not in line
