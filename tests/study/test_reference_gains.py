"""Gains on real years against those computed beforehand with pvlib alone (docs/decisions/0005)."""

import pytest

POINTS = 0.5
POINTS_PHOENIX = 0.7


@pytest.mark.parametrize(
    ("over", "percent"),
    [("flat", 22.0), ("latitude_tilt", 17.0), ("best_fixed", 16.9), ("single_axis", 7.5)],
)
def test_shenzhen_poa_gain_of_two_axes(comparison_of, over, percent):
    gain = comparison_of("shenzhen").gain("two_axis_sun_facing", over)
    assert gain.poa_percent == pytest.approx(percent, abs=POINTS)


def test_shenzhen_poa_gain_over_a_single_axis_that_does_not_backtrack(comparison_of):
    gain = comparison_of("shenzhen", single_axis_backtrack=False).gain("two_axis_sun_facing", "single_axis")
    assert gain.poa_percent == pytest.approx(6.0, abs=POINTS)


def test_shenzhen_insolation(comparison_of):
    comparison = comparison_of("shenzhen")
    for name, kwh_m2 in (("flat", 1510.0), ("latitude_tilt", 1574.0), ("two_axis_sun_facing", 1841.0)):
        assert comparison.result(name).poa_kwh_m2 == pytest.approx(kwh_m2, rel=0.002), name


def test_phoenix_poa_gain_over_latitude_tilt(comparison_of):
    gain = comparison_of("phoenix").gain("two_axis_sun_facing", "latitude_tilt")
    assert gain.poa_percent == pytest.approx(39.5, abs=POINTS_PHOENIX)


@pytest.mark.parametrize(
    ("place", "over", "percent"),
    [
        ("shenzhen", "flat", 15.7),
        ("shenzhen", "latitude_tilt", 12.3),
        ("phoenix", "flat", 58.1),
        ("phoenix", "latitude_tilt", 39.5),
    ],
)
def test_hay_davies_gains(hay_davies_of, place, over, percent):
    gain = hay_davies_of(place).gain("two_axis_sun_facing", over)
    assert gain.poa_percent == pytest.approx(percent, abs=POINTS)


def test_the_brightest_plane_collects_more_than_the_sun_facing_one(comparison_of):
    comparison = comparison_of("shenzhen")
    facing, brightest = (comparison.result(n).poa_kwh_m2 for n in ("two_axis_sun_facing", "two_axis_optimal"))
    assert 100.0 * (brightest / facing - 1.0) == pytest.approx(1.4, abs=0.1)


def test_best_fixed_far_from_its_neighbours_leans_about_20_degrees_south_at_shenzhen(comparison_of):
    best = comparison_of("shenzhen", ground_cover_ratio=0.05).result("best_fixed")
    assert best.tilt_deg == pytest.approx(20.0, abs=1.0)
    assert best.azimuth_deg == pytest.approx(180.0, abs=5.0)
