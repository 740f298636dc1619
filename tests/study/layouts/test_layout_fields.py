"""Fields that a layout study looks at."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from scipy.spatial.distance import pdist

from tracker.array import LAYOUTS, disk_radius_m, on_slope
from tracker.errors import InvalidInput
from tracker.study.layouts.fields import fields_of, ground_slope, plan_for

ROUND = 1000  # segments of a quarter circle: shapely's disk is then exact to 1e-6
LAND_M2 = 1e-3


@pytest.fixture(scope="module")
def plant(plant_with, weather_of):
    return plant_with(weather_of("shenzhen"))


def fenced_m2(feet_m, radius_m):
    return shapely.MultiPoint(feet_m[:, :2]).convex_hull.buffer(radius_m, quad_segs=ROUND).area


def test_every_pattern_at_every_spacing_with_the_closest_pair_that_far_apart(plant):
    found = fields_of(plant, plan_for(plant, spacings_m=(7.0, 5.0)))
    assert [(field.pattern, field.spacing_m) for field in found] == [
        (pattern, spacing_m) for pattern in LAYOUTS for spacing_m in (5.0, 7.0)
    ]
    for field in found:
        assert field.array.size == plant.array.size
        assert pdist(field.array.positions_enu_m).min() == pytest.approx(field.spacing_m)


def test_land_is_what_shapely_fences(plant):
    radius_m = disk_radius_m(plant.array.head)
    for field in fields_of(plant, plan_for(plant, heads=23)):
        assert field.land_m2 == pytest.approx(fenced_m2(field.array.positions_enu_m, radius_m), abs=LAND_M2)


@pytest.mark.parametrize("area_m2", [19.0, 60.0, 333.0, 1200.0])
@pytest.mark.parametrize("pattern", list(LAYOUTS))
def test_an_area_holds_as_many_heads_as_counting_upward_finds(plant, pattern, area_m2):
    (field,) = fields_of(plant, plan_for(plant, patterns=(pattern,), spacings_m=(6.0,), area_m2=area_m2))
    radius_m = disk_radius_m(plant.array.head)
    fits = [heads for heads in range(1, 80) if fenced_m2(LAYOUTS[pattern](heads, 6.0), radius_m) <= area_m2]
    assert field.array.size == max(fits)
    assert field.land_m2 <= area_m2


def test_heads_limit_what_an_area_is_filled_with(plant):
    plan = plan_for(plant, patterns=("grid",), spacings_m=(6.0,), heads=5, area_m2=1e9)
    assert [field.array.size for field in fields_of(plant, plan)] == [5]


def test_fields_lie_on_the_site_s_slope(plant):
    sloped = replace(
        plant, array=replace(plant.array, positions_enu_m=on_slope(plant.array.positions_enu_m, 10.0, 200.0))
    )
    for field in fields_of(sloped, plan_for(sloped, spacings_m=(6.0,))):
        feet_m = field.array.positions_enu_m
        level_m = np.column_stack([feet_m[:, :2], np.zeros(len(feet_m))])
        assert feet_m == pytest.approx(on_slope(level_m, 10.0, 200.0), abs=1e-9)


def test_the_ground_s_slope_is_found_among_bumps_and_is_level_for_a_lone_head(rng):
    east_north_m = rng.uniform(-50.0, 50.0, (400, 2))
    up_m = 3.0 + east_north_m @ [0.07, -0.02] + rng.normal(0.0, 0.05, 400)
    assert ground_slope(np.column_stack([east_north_m, up_m])) == pytest.approx([0.07, -0.02], abs=5e-4)
    assert ground_slope(np.array([[4.0, 5.0, 6.0]])) == pytest.approx([0.0, 0.0])


def test_spacings_left_out_run_from_near_touching_to_three_diameters(plant):
    diameters = np.array(plan_for(plant).spacings_m) / (2.0 * disk_radius_m(plant.array.head))
    assert 1.05 <= diameters[0] < 1.08
    assert 3.0 <= diameters[-1] < 3.03


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({"patterns": ("grd",)}, "pattern 'grd' is unknown; did you mean grid?"),
        ({"patterns": ("",)}, "choose from vogel, ring, grid"),
        ({"spacings_m": (4.0,)}, "spacing 4 m is less than the disks' diameter of 4.878 m"),
        ({"spacings_m": (np.nan,)}, "spacing nan m"),
        ({"spacings_m": (np.inf,)}, "spacing inf m"),
        ({"heads": 0}, "heads is 0; give 1 to 10000"),
        ({"heads": 10_001}, "heads is 10001"),
        ({"area_m2": -3.0}, "area is -3 m2"),
        ({"area_m2": np.nan}, "area is nan m2"),
        ({"area_m2": 18.0}, "area is 18 m2, but one head takes 18.7 m2; give that or more"),
        ({"area_m2": 1e7}, "holds 10000 heads or more"),
    ],
)
def test_impossible_wishes_are_refused_by_name(plant, wish, says):
    with pytest.raises(InvalidInput) as refusal:
        fields_of(plant, plan_for(plant, **wish))
    assert says in str(refusal.value)


def test_a_disk_s_diameter_is_far_enough_and_a_hair_less_is_not(plant):
    diameter_m = 2.0 * disk_radius_m(plant.array.head)
    assert plan_for(plant, spacings_m=(diameter_m,)).spacings_m == (diameter_m,)
    with pytest.raises(InvalidInput):
        plan_for(plant, spacings_m=(np.nextafter(diameter_m, 0.0),))
