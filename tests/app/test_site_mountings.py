"""Mountings as the site file names them."""

from pathlib import Path

import pytest

from tracker.app.config import check_site_text

REAL = '"azimuth_only", "single_axis_true", "east_west", "fixed:30:180", "sunflower"'


def problems(text):
    return [str(problem) for problem in check_site_text(f"[comparison]\n{text}", Path()).problems]


def test_every_kind_of_mounting_may_be_compared_and_claimed_over():
    assert problems(f'mountings = [{REAL}]\nclaim_over = "fixed:30:180"') == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            'mountings = ["best_fixed",\n "fixed:95:180", "sunflower"]',
            "line 2: comparison.mountings[1] = 'fixed:95:180' has a tilt of 95 deg; give 0 (level) to 90 deg",
        ),
        (
            'mountings = ["best_fixed", "sunflower", "fixed:30"]',
            "= 'fixed:30' names no plane; write fixed:TILT:AZIMUTH, as fixed:30:180",
        ),
    ],
)
def test_a_bad_plane_is_told_with_its_place_and_what_to_write(text, says):
    (told,) = problems(text)
    assert told.endswith(says)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('mountings = ["best_fixed", "azimuth_onli"]', "fixed:TILT:AZIMUTH (nearest: azimuth_only)"),
        ('claim_over = "fixd:30:180"', '= "fixd:30:180" is not known; give one of flat, latitude_tilt'),
        ('claim_over = "fixed:30:180"', '= "fixed:30:180" is not among mountings'),
    ],
)
def test_a_name_that_is_none_is_told_with_the_nearest(text, says):
    (told,) = problems(text)
    assert says in told
