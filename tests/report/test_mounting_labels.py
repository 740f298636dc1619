"""Mountings in words and colours."""

import pytest

from tracker.mounting_names import NAMES
from tracker.report import labels
from tracker.report.document import read_document
from tracker.report.headline import headline_of
from tracker.report.palette import MOUNTINGS, STILL, mounting_colours


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("fixed:30:180", "fixed 30 deg south"),
        ("fixed:12.5:100", "fixed 12.5 deg toward 100 deg"),
        ("fixed:nonsense", "fixed:nonsense"),
        ("single_axis_true", "single axis, true tracking"),
        ("some_new_one", "some new one"),
    ],
)
def test_a_mounting_is_called_by_what_it_is(name, words):
    assert labels.mounting(name) == words


def test_every_mounting_has_its_own_words_and_colour():
    assert set(NAMES) <= set(labels.MOUNTINGS)
    colours = mounting_colours((*NAMES, "fixed:30:180", "fixed:20:180", "stranger"))
    assert len(set(colours.values())) == len(colours)
    assert [colours[name] for name in NAMES] == [MOUNTINGS[name] for name in NAMES]
    assert (colours["fixed:30:180"], colours["fixed:20:180"]) == STILL[:2]


def test_a_plane_in_the_name_is_not_said_twice(document):
    for row in document["mountings"]:
        row["name"] = {"best_fixed": "fixed:20:180"}.get(row["name"], row["name"])
    for gain in document["gains"]:
        gain["over"] = {"best_fixed": "fixed:20:180"}.get(gain["over"], gain["over"])
    document["claim"]["over"] = "fixed:20:180"
    assert "over the fixed 20 deg south" in headline_of(document).answer
    assert labels.plane(read_document(document).mounting("fixed:20:180")) == ""


def test_planes_by_name_stand_still():
    assert labels.stands_still("fixed:30:180")
    assert labels.stands_still("east_west")
    assert not labels.stands_still("azimuth_only")
