"""Shadows on the ground through a day."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import shapely

from tracker.array import on_slope, petal_polygons
from tracker.errors import InvalidInput
from tracker.plant import Horizon, Site
from tracker.study.layouts import shadows_of_day
from tracker.study.layouts.shadows import LOWEST_DEG, MOST_HEADS, rim

DAY = date(2025, 3, 20)
EDGE_M = 1e-6  # nearer to an outline a point may count as either
SHENZHEN = Site(
    name="Shenzhen",
    latitude_deg=22.61,
    longitude_deg=114.03,
    altitude_m=80.0,
    timezone="Asia/Shanghai",
)


@pytest.fixture(scope="module")
def plant(plant_with, weather_of):
    return replace(plant_with(weather_of("shenzhen")), site=SHENZHEN)


def sun_enu(day):
    azimuth, elevation = np.radians(day.sun_azimuth_deg), np.radians(day.sun_elevation_deg)
    level = np.cos(elevation)
    return np.column_stack([level * np.sin(azimuth), level * np.cos(azimuth), np.sin(elevation)])


def test_hours_are_local_and_the_sun_stands_where_it_should(plant):
    """At the equinox the sun rises in the east about 6:24 mean local time and culminates at 90 - latitude."""
    day = shadows_of_day(plant, DAY)
    assert day.local_hours == tuple(f"{hour:02d}:00" for hour in range(7, 19))
    assert day.sun_azimuth_deg[0] == pytest.approx(92.0, abs=2.0)
    assert day.sun_elevation_deg.max() == pytest.approx(90.0 - 22.61, abs=1.5)


def test_the_rim_encloses_the_petals(plant):
    outline = shapely.Polygon(rim(plant.array.head)[:, :2])
    petals = shapely.union_all([shapely.Polygon(petal) for petal in petal_polygons(plant.array.head)])
    assert outline.is_valid
    assert outline.buffer(EDGE_M).covers(petals)
    assert outline.symmetric_difference(petals.convex_hull).area < 0.02 * outline.area


def test_a_facing_head_s_shadow_has_its_area_over_the_sine_of_the_sun_s_height(plant):
    day = shadows_of_day(plant, DAY)
    area_m2 = shapely.Polygon(rim(plant.array.head)[:, :2]).area
    shadow_m2 = shapely.area(shapely.polygons(day.shadows_m))
    assert shadow_m2 == pytest.approx(
        np.broadcast_to(area_m2 / np.sin(np.radians(day.sun_elevation_deg))[:, np.newaxis], shadow_m2.shape),
        rel=1e-3,  # heads follow the sun in steps
    )


@pytest.mark.parametrize("slope_deg", [0.0, 12.0])
def test_ground_is_in_a_shadow_where_a_ray_to_the_sun_meets_the_head(plant, slope_deg, rng):
    """Rays from points on the ground, met with the panel's plane: nothing of the projection is used."""
    array = plant.array
    feet_m = on_slope(array.positions_enu_m, slope_deg, 300.0)
    sloped = replace(plant, array=replace(array, positions_enu_m=feet_m))
    day = shadows_of_day(sloped, DAY)
    fall = -np.tan(np.radians(slope_deg)) * np.array([np.sin(np.radians(300.0)), np.cos(np.radians(300.0))])
    outline = shapely.Polygon(rim(array.head)[:, :2])
    for number in (0, 3, 9):
        sun = sun_enu(day)[number]
        shadow = shapely.Polygon(day.shadows_m[number, 4])
        low_m, high_m = np.array(shadow.bounds).reshape(2, 2)
        points_m = rng.uniform(low_m, high_m, (500, 2))
        ground_m = np.column_stack([points_m, points_m @ fall])
        pivot_m = feet_m[4] + [0.0, 0.0, array.head.pivot_height_m]
        along_m = (pivot_m - ground_m) @ sun / (sun @ sun)  # the panel's normal is the sun's direction
        met_m = ground_m + along_m[:, np.newaxis] * sun - pivot_m
        up = np.cross(sun, np.cross([0.0, 0.0, 1.0], sun))
        up /= np.linalg.norm(up)
        right = np.cross(sun, up)
        head_m = np.column_stack([met_m @ right, met_m @ up])
        meets = np.array([outline.covers(shapely.Point(point)) for point in head_m])
        inside = np.array([shadow.covers(shapely.Point(point)) for point in points_m])
        clear = np.abs([outline.exterior.distance(shapely.Point(point)) for point in head_m]) > 0.05
        assert clear.sum() > 300
        assert np.array_equal(meets[clear], inside[clear])


def test_shares_are_what_shapely_cuts_in_the_plane_across_the_light(plant):
    """Parallel heads that face the sun: shadows seen from it are their outlines, moved."""
    dense = plant.array.positions_enu_m * (5.2 / 8.0)
    day = shadows_of_day(replace(plant, array=replace(plant.array, positions_enu_m=dense)), DAY)
    petals = petal_polygons(plant.array.head)
    head = shapely.union_all([shapely.Polygon(petal) for petal in petals])
    sun = sun_enu(day)[1]
    right = np.cross([0.0, 0.0, 1.0], sun)
    right /= np.linalg.norm(right)
    across_m = np.column_stack([dense @ right, dense @ np.cross(sun, right)])
    ahead_m = dense @ sun
    placed = [shapely.affinity.translate(head, *place) for place in across_m]
    for receiver, area in enumerate(placed):
        nearer = [placed[other] for other in np.flatnonzero(ahead_m > ahead_m[receiver] + EDGE_M)]
        share = area.intersection(shapely.union_all(nearer)).area / area.area
        assert day.shaded[1, receiver] == pytest.approx(share, abs=0.02)
    assert day.shaded[1].max() > 0.1


def test_a_lone_head_is_never_shaded(plant):
    lone = replace(
        plant, array=replace(plant.array, names=("H01",), positions_enu_m=np.array([[3.0, 4.0, 0.0]]))
    )
    assert np.all(shadows_of_day(lone, DAY).shaded == 0.0)


def test_hours_behind_the_skyline_are_left_out(plant):
    ridge = Horizon(azimuth_deg=np.array([0.0, 180.0]), elevation_deg=np.array([30.0, 30.0]))
    hidden = shadows_of_day(replace(plant, horizon=ridge), DAY)
    assert 0 < len(hidden.local_hours) < len(shadows_of_day(plant, DAY).local_hours)
    assert hidden.sun_elevation_deg.min() > 29.0


def test_a_polar_night_has_no_shadows_to_draw(plant):
    north = replace(plant, site=replace(SHENZHEN, latitude_deg=75.0))
    with pytest.raises(InvalidInput, match=f"2025-12-21 the sun is not {LOWEST_DEG:g} deg above the ground"):
        shadows_of_day(north, date(2025, 12, 21))


def test_more_heads_than_can_be_seen_are_refused(plant, plant_with, weather_of):
    crowd = plant_with(weather_of("shenzhen"), heads=MOST_HEADS + 1)
    with pytest.raises(InvalidInput, match="401 heads are too many"):
        shadows_of_day(crowd, DAY)
