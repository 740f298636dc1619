"""What people ask, checked before it reaches the machine."""

import pytest

from tracker.decision.states import Event
from tracker.errors import InvalidInput, RefusedForSafety, TravelExceeded
from tracker.operations.asking import asked_from, heads_from, refuse_in_wind, refuse_past_travel
from tracker.operations.words import WHY
from tracker.plant import Limits, Safety

NAMES = ("H01", "H02", "H03")
SAFETY = Safety(
    stow_gust_m_s=12.0, release_gust_m_s=8.0, release_after_s=1800.0,
    wind_stale_after_s=10.0, link_lease_s=5.0, gust_factor=1.5,
)  # fmt: skip
LIMITS = Limits(
    azimuth_range_deg=(-270.0, 270.0), elevation_range_deg=(0.0, 95.0),
    azimuth_rate_deg_s=0.5, elevation_rate_deg_s=0.3,
)  # fmt: skip


def test_no_heads_named_means_all():
    assert heads_from(None, NAMES) == heads_from([], NAMES) == (0, 1, 2)


def test_heads_are_taken_once_each_in_the_arrays_order():
    assert heads_from(["H03", "H01", "H03"], NAMES) == (0, 2)


@pytest.mark.parametrize("wanted", ["H01", 3, ["H04"], [None], [["H01"]], {"H01": 1}])
def test_what_names_no_head_is_refused_with_what_the_site_has(wanted):
    with pytest.raises(InvalidInput, match=r"H01"):
        heads_from(wanted, NAMES)


def test_an_unknown_verb_names_the_known_ones():
    with pytest.raises(InvalidInput, match=r"'dance' is unknown; use one of stop, .* or status"):
        asked_from({"verb": "dance"}, NAMES)


@pytest.mark.parametrize("angle", [None, True, "5", float("nan"), float("inf"), 10**400, [5.0]])
def test_a_jog_needs_angles(angle):
    with pytest.raises(InvalidInput, match="give degrees on the axis"):
        asked_from({"verb": "jog", "azimuth_deg": angle, "elevation_deg": 90.0}, NAMES)


@pytest.mark.parametrize(
    ("gust_m_s", "age_s", "says"),
    [
        (float("nan"), 0.0, "there is no wind reading"),
        (3.0, 10.5, "10.5 s old, 10 s is the most"),
        (8.0, 0.0, "8.0 m/s is not below 8.0 m/s"),
    ],
)
def test_nothing_is_moved_by_hand_unless_the_wind_is_known_and_calm(gust_m_s, age_s, says):
    with pytest.raises(RefusedForSafety, match=says):
        refuse_in_wind("jog", gust_m_s, age_s, SAFETY)
    refuse_in_wind("jog", 7.9, 10.0, SAFETY)


@pytest.mark.parametrize(("azimuth_deg", "elevation_deg"), [(270.1, 0.0), (0.0, -0.1), (-271.0, 95.0)])
def test_travel_ends_where_the_mount_ends(azimuth_deg, elevation_deg):
    refuse_past_travel(-270.0, 95.0, LIMITS)
    with pytest.raises(TravelExceeded):
        refuse_past_travel(azimuth_deg, elevation_deg, LIMITS)


def test_every_event_has_words():
    assert set(WHY) == set(Event)
