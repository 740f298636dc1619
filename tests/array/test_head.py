"""Petals: area, convexity, gaps, order."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.array.head import HUB_FRACTION, MOST_PETALS, disk_radius_m, petal_polygons
from tracker.plant import Head

heads = st.builds(
    Head,
    petals=st.integers(3, MOST_PETALS),
    area_m2=st.floats(0.1, 500.0),
    pivot_height_m=st.just(3.0),
    foldable=st.booleans(),
)
AREA_RELATIVE = 1e-12


def head(petals=12, area_m2=18.0):
    return Head(petals=petals, area_m2=area_m2, pivot_height_m=3.0, foldable=True)


def shoelace_m2(polygons):
    following = np.roll(polygons, -1, axis=-2)
    cross = polygons[..., 0] * following[..., 1] - polygons[..., 1] * following[..., 0]
    return 0.5 * cross.sum(axis=-1)


@given(heads)
@settings(deadline=None)
def test_petals_are_equal_and_their_areas_sum_to_the_head(head):
    areas_m2 = shoelace_m2(petal_polygons(head))
    assert areas_m2.sum() == pytest.approx(head.area_m2, rel=AREA_RELATIVE)
    np.testing.assert_allclose(areas_m2, head.area_m2 / head.petals, rtol=AREA_RELATIVE * 10)


@given(heads)
@settings(deadline=None)
def test_petals_are_convex_and_run_anticlockwise(head):
    corners_m = petal_polygons(head)
    edges_m = np.roll(corners_m, -1, axis=1) - corners_m
    following = np.roll(edges_m, -1, axis=1)
    assert (edges_m[..., 0] * following[..., 1] - edges_m[..., 1] * following[..., 0] > 0.0).all()


@given(heads)
@settings(deadline=None)
def test_petals_stay_inside_their_own_sectors_with_a_gap_between_them(head):
    """Convex polygons inside disjoint cones narrower than half a turn cannot overlap."""
    corners_m = petal_polygons(head)
    sector_deg = 360.0 / head.petals
    bearing_deg = np.degrees(np.arctan2(corners_m[..., 0], corners_m[..., 1]))
    middle_deg = sector_deg * np.arange(head.petals)[:, np.newaxis]
    off_deg = np.mod(bearing_deg - middle_deg + 180.0, 360.0) - 180.0
    assert np.abs(off_deg).max() < sector_deg / 2.0 - sector_deg / 200.0
    assert sector_deg < 180.0


@given(heads)
@settings(deadline=None)
def test_petals_fill_the_disk_from_the_hub_to_its_radius(head):
    distance_m = np.linalg.norm(petal_polygons(head), axis=-1)
    assert distance_m.max() == pytest.approx(disk_radius_m(head), rel=1e-12)
    assert distance_m.min() == pytest.approx(HUB_FRACTION * disk_radius_m(head), rel=1e-12)
    assert disk_radius_m(head) > np.sqrt(head.area_m2 / np.pi)


def test_the_first_petal_points_up_and_the_second_lies_to_its_right():
    middle_m = petal_polygons(head())[:, 2]
    np.testing.assert_allclose(middle_m[0], [0.0, disk_radius_m(head())], atol=1e-12)
    assert middle_m[1, 0] > 0.0


@pytest.mark.parametrize("petals", [0, 2, MOST_PETALS + 1])
def test_a_count_that_makes_no_convex_petals_is_refused(petals):
    with pytest.raises(ValueError, match=f"petals is {petals}"):
        petal_polygons(head(petals=petals))


@pytest.mark.parametrize("area_m2", [0.0, -1.0, float("nan"), float("inf")])
def test_an_area_that_is_none_is_refused(area_m2):
    with pytest.raises(ValueError, match="area_m2 is"):
        disk_radius_m(head(area_m2=area_m2))
