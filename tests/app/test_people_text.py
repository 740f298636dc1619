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
        ({"leaning": 0.78, "settled": True}, ["settled, leans 78 % of the way", "diffuse light"], []),
        ({"leaning": 0.0}, [], ["lean"]),
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


@pytest.mark.parametrize(("ghi_w_m2", "says"), [(123.4, "light 123 W/m2"), (None, "gust 3.0 m/s")])
def test_the_line_of_the_site_tells_of_the_light_where_it_is_known(ghi_w_m2, says):
    sky = {
        "site": "Bench",
        "utc": "2026-06-21T04:00:00Z",
        "sun": {"azimuth_deg": 180.0, "apparent_elevation_deg": 80.0},
        "wind": {"gust_m_s": 3.0},
        "irradiance": {"ghi_w_m2": ghi_w_m2},
    }
    assert table(sky, []).endswith(says)
