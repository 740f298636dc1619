"""Layouts: spacing, centre, slope, order, names."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist

from tracker.array.layout import LAYOUTS, MOST_HEADS, closest_pair_m, grid, head_names, on_slope, ring, vogel

ROUNDING_M = 1e-9
layouts = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())


@layouts
@pytest.mark.parametrize("heads", [2, 3, 6, 7, 8, 19, 20, 37, 250, 1200])
def test_the_closest_pair_is_exactly_the_spacing_apart(layout, heads):
    feet_m = layout(heads, 7.0)
    assert feet_m.shape == (heads, 3)
    assert pdist(feet_m).min() == pytest.approx(7.0, abs=ROUNDING_M)


@layouts
@given(heads=st.integers(1, 300), spacing_m=st.floats(0.5, 50.0))
@settings(max_examples=40, deadline=None)
def test_layouts_are_level_centred_and_scale_with_the_spacing(layout, heads, spacing_m):
    feet_m = layout(heads, spacing_m)
    assert np.abs(feet_m.mean(axis=0)).max() < ROUNDING_M * spacing_m * heads
    assert not feet_m[:, 2].any()
    np.testing.assert_allclose(feet_m, spacing_m * layout(heads, 1.0), atol=ROUNDING_M * spacing_m * heads)


def test_vogel_turns_by_the_golden_angle_from_head_to_head():
    golden_deg = 180.0 * (3.0 - 5.0**0.5)
    seeds = vogel(500, 1.0)[:, :2]
    middle = seeds - (seeds[0] - _polar(seeds))  # undo the centring
    bearing_deg = np.degrees(np.arctan2(middle[:, 0], middle[:, 1]))
    turn_deg = np.mod(np.diff(bearing_deg), 360.0)
    np.testing.assert_allclose(turn_deg, golden_deg, atol=1e-6)
    radius = np.hypot(*middle.T)
    np.testing.assert_allclose(radius**2 / radius[0] ** 2, 2.0 * np.arange(500) + 1.0, rtol=1e-6)


def _polar(seeds):
    """Where the first seed would be if the spiral's pole were the origin: three seeds fix the pole.

    r_n^2 = c^2 (n + 1/2) is linear in the pole and c^2, so least squares finds both.
    """
    n = np.arange(len(seeds)) + 0.5
    unknowns = np.column_stack([2.0 * seeds, n, np.ones(len(seeds))])
    pole = np.linalg.lstsq(unknowns, (seeds**2).sum(axis=1), rcond=None)[0][:2]
    return seeds[0] - pole


def test_a_full_ring_layout_is_a_centre_and_rings_of_six_k():
    feet_m = ring(1 + 6 + 12 + 18, 7.0)
    ring_number, count = np.unique(
        np.round(np.hypot(feet_m[:, 0], feet_m[:, 1]) / 7.0, 9), return_counts=True
    )
    np.testing.assert_array_equal(ring_number, [0, 1, 2, 3])
    np.testing.assert_array_equal(count, [1, 6, 12, 18])
    np.testing.assert_allclose(feet_m[1], [0.0, 7.0, 0.0], atol=ROUNDING_M)  # north first
    assert feet_m[2, 0] > 0.0  # then clockwise


def test_heads_left_over_spread_evenly_over_the_outermost_ring():
    feet_m = ring(7 + 4, 7.0)
    outer = feet_m[7:] - feet_m[0]
    np.testing.assert_allclose(np.hypot(*outer[:, :2].T), 14.0, atol=ROUNDING_M)
    np.testing.assert_allclose(np.linalg.norm(np.diff(outer, axis=0), axis=1), 14.0 * 2**0.5, atol=ROUNDING_M)


def test_a_grid_runs_row_by_row_from_the_north_west():
    feet_m = grid(9, 5.0)
    np.testing.assert_allclose(feet_m[0], [-5.0, 5.0, 0.0], atol=ROUNDING_M)
    np.testing.assert_allclose(feet_m[1], [0.0, 5.0, 0.0], atol=ROUNDING_M)
    np.testing.assert_allclose(feet_m[8], [5.0, -5.0, 0.0], atol=ROUNDING_M)


def test_the_ground_falls_toward_the_slope_azimuth_and_the_plan_stays():
    level_m = grid(25, 7.0)
    feet_m = on_slope(level_m, 10.0, 90.0)  # falls to the east
    np.testing.assert_array_equal(feet_m[:, :2], level_m[:, :2])
    np.testing.assert_allclose(feet_m[:, 2], -np.tan(np.radians(10.0)) * level_m[:, 0], atol=ROUNDING_M)


@given(slope_deg=st.floats(0.0, 45.0), azimuth_deg=st.floats(0.0, 360.0))
@settings(deadline=None)
def test_a_slope_never_brings_heads_closer_and_keeps_the_centre(slope_deg, azimuth_deg):
    feet_m = on_slope(vogel(40, 7.0), slope_deg, azimuth_deg)
    assert pdist(feet_m).min() > 7.0 - ROUNDING_M
    assert np.abs(feet_m.mean(axis=0)).max() < ROUNDING_M * 40


@layouts
@pytest.mark.parametrize(
    ("heads", "spacing_m", "named"),
    [(0, 7.0, "heads"), (MOST_HEADS + 1, 7.0, "heads"), (5, 0.0, "spacing_m"), (5, np.nan, "spacing_m")],
)
def test_layouts_refuse_numbers_without_a_meaning(layout, heads, spacing_m, named):
    with pytest.raises(ValueError, match=named):
        layout(heads, spacing_m)


def test_a_slope_of_a_right_angle_is_refused():
    with pytest.raises(ValueError, match="slope_deg is 90"):
        on_slope(grid(4, 1.0), 90.0, 0.0)


def test_names_carry_as_many_digits_as_the_last_one_needs():
    assert head_names(3) == ("H01", "H02", "H03")
    assert head_names(120)[0] == "H001"
    assert len(set(head_names(MOST_HEADS))) == MOST_HEADS
    assert list(head_names(1000)) == sorted(head_names(1000))


@given(st.lists(st.tuples(*[st.integers(-9, 9)] * 3), min_size=2, max_size=40))
@settings(deadline=None)
def test_the_closest_pair_is_that_of_all_pairs(points):
    positions_m = np.array(points, dtype=np.float64)
    first, second, distance_m = closest_pair_m(positions_m)
    assert distance_m == pytest.approx(pdist(positions_m).min())
    assert first != second
    assert np.linalg.norm(positions_m[first] - positions_m[second]) == pytest.approx(distance_m)
